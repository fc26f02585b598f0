import Basics
import Core
import Database

extension Transaction {
    /// The client agrees: the quote becomes an order with its lines, and the deposit that it speaks of
    /// is asked for. Once only: whoever comes second
    /// waits for the first and is told.
    public func acceptQuote(_ id: Quote.ID, note: String = "") throws -> Order {
        let quote = try lockedQuote(id)
        guard quote.status != .accepted else { throw Problem.quoteIsAnOrder }
        guard quote.status.allows(.accepted) else {
            throw Problem.quoteCannotBecome(.accepted, from: quote.status)
        }
        guard quote.status(on: today) != .expired else { throw Problem.quoteIsExpired }
        let lines = try lines(of: .quote, id.value)
        guard lines.holdsItems else { throw Problem.noLines }
        let accepted = try move(quote, to: .accepted, .quoteAccepted, note: note)
        var draft = OrderDraft(head: quote.head, orderedOn: today, lines: lines)
        draft.quoteID = accepted.id
        let order = try insertOrder(draft, status: .confirmed, in: quote.currency)
        if quote.depositAmount > .zero {
            _ = try requestDeposit(
                on: order.id,
                DepositRequestDraft(.percent(quote.depositPercentage), dueOn: today))
        }
        return order
    }
}

extension Problem {
    static let quoteIsAnOrder = Problem.conflict(
        Text("Ce devis est déjà devenu une commande.", "This quote already became an order."))
}
