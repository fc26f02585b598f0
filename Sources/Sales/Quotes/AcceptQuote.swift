import Basics
import Core
import Database

extension Transaction {
    /// The client agrees: the quote becomes an order with its lines. Once only: whoever comes second
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
        return try insertOrder(draft, status: .confirmed, in: quote.currency)
    }
}

extension Problem {
    static let quoteIsAnOrder = Problem.conflict(
        Text("Ce devis est déjà devenu une commande.", "This quote already became an order."))
}
