import Basics
import Core

/// What a link opens, as its client reads it.
struct SharedContent {
    var printed: PrintedDocument
    var quote: Quote?
    var invoice: Invoice?
    var deposit: DepositRequest?
    /// The link has expired, or was withdrawn.
    var isOver: Bool
    var today: Day

    /// Whether the client may still accept or refuse.
    func isAnswerable(at today: Day) -> Bool { quote?.status(on: today) == .sent }
}

extension Transaction {
    /// A draft is nobody's business yet: `Problem.notFound`.
    func content(of link: SharedLink) throws -> SharedContent {
        let known = try sharedDocument(link.subject)
        let isRevoked = known?.revokedBefore.map { link.madeAt <= $0 } ?? false
        var content: SharedContent
        switch link.subject.kind {
        case .quote:
            let id: Quote.ID = ID(link.subject.id)
            let quote = try quote(id)
            guard quote.status != .draft else { throw Problem.notFound }
            content = SharedContent(
                printed: try printedQuote(id), quote: quote, isOver: false, today: today)
        case .invoice:
            let id: Invoice.ID = ID(link.subject.id)
            let invoice = try invoice(id)
            guard invoice.goesToClient else { throw Problem.notFound }
            content = SharedContent(
                printed: try printedInvoice(id), invoice: invoice, isOver: false, today: today)
        case .depositRequest:
            let id: DepositRequest.ID = ID(link.subject.id)
            content = SharedContent(
                printed: try printedDepositRequest(id), deposit: try depositRequest(id),
                isOver: false, today: today)
        }
        content.isOver = isRevoked || link.expiresAt < now
        return content
    }

    /// The page of a shared record and its number.
    func place(of subject: SharedSubject) throws -> (path: String, number: String) {
        switch subject.kind {
        case .quote:
            let quote = try quote(ID(subject.id))
            return (quote.path, quote.number)
        case .invoice:
            let invoice = try invoice(ID(subject.id))
            return (invoice.path, invoice.number ?? "")
        case .depositRequest:
            let deposit = try depositRequest(ID(subject.id))
            return (deposit.path, deposit.number)
        }
    }
}
