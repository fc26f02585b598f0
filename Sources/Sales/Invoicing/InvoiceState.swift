import Basics
import Core
import Markup

/// What can be said of an invoice today. Several at once: sent, partly paid and overdue. Everything
/// but the draft follows from dates and amounts; nothing of it is ever typed in.
public enum InvoiceState: Sendable, Hashable {
    case draft, imported, openingBalance
    case toSend, sent
    case overdue(days: Int)
    case partlyPaid, paid
    case partlyCredited, credited
    /// Of a credit note: something of it is left to use or refund.
    case toUse
    /// Of a credit note: nothing of it is left.
    case used

    public var label: Text {
        switch self {
        case .draft: Text("Brouillon", "Draft")
        case .imported: Text("Importée", "Imported")
        case .openingBalance: Text("Solde de départ", "Opening balance")
        case .toSend: Text("À envoyer", "To send")
        case .sent: Text("Envoyée", "Sent")
        case .overdue(let days): Text("En retard \(days)\u{A0}j", "Overdue \(days)\u{A0}d")
        case .partlyPaid: Text("Partiellement payée", "Partly paid")
        case .paid: Text("Payée", "Paid")
        case .partlyCredited: Text("Partiellement créditée", "Partly credited")
        case .credited: Text("Annulée par avoir", "Credited")
        case .toUse: Text("À utiliser", "To use")
        case .used: Text("Utilisé", "Used")
        }
    }

    /// The class of the pill: its colour.
    var tone: StaticString {
        switch self {
        case .draft, .imported, .openingBalance, .credited, .used: "pill"
        case .toSend, .partlyPaid, .partlyCredited, .toUse: "pill warn"
        case .sent: "pill info"
        case .overdue: "pill bad"
        case .paid: "pill ok"
        }
    }

    var icon: StaticString {
        switch self {
        case .draft: "pencil"
        case .imported: "history"
        case .openingBalance: "landmark"
        case .toSend: "mail"
        case .sent: "send"
        case .overdue: "triangle-alert"
        case .partlyPaid, .partlyCredited: "clock"
        case .paid, .used: "check"
        case .credited: "undo-2"
        case .toUse: "coins"
        }
    }

    /// The states of an invoice on a day, in the order in which they are shown.
    static func states(of standing: InvoiceStanding, on today: Day) -> [InvoiceState] {
        if standing.status == .draft { return [.draft] }
        if standing.origin == .imported { return [.imported] }
        if standing.kind == .creditNote {
            return (standing.sentAt == nil ? [] : [.sent])
                + [standing.openAmount > .zero ? .toUse : .used]
        }
        var states: [InvoiceState] = []
        switch (standing.kind, standing.sentAt) {
        case (.openingBalance, _): states.append(.openingBalance)
        case (_, .some): states.append(.sent)
        // What was settled before it was sent needs no sending.
        case (_, .none): if standing.openAmount > .zero { states.append(.toSend) }
        }
        if let days = standing.daysOverdue(on: today) { states.append(.overdue(days: days)) }
        return states + settlement(of: standing)
    }

    private static func settlement(of standing: InvoiceStanding) -> [InvoiceState] {
        guard standing.openAmount > .zero else {
            return standing.paidAmount > .zero || standing.creditedAmount == .zero
                ? [.paid] : [.credited]
        }
        if standing.paidAmount > .zero { return [.partlyPaid] }
        return standing.creditedAmount > .zero ? [.partlyCredited] : []
    }
}

/// What the states of an invoice follow from.
protocol InvoiceStanding {
    var kind: Invoice.Kind { get }
    var origin: Invoice.Origin { get }
    var status: Invoice.Status { get }
    var sentAt: Instant? { get }
    var dueOn: Day? { get }
    var paidAmount: Amount { get }
    var creditedAmount: Amount { get }
    var openAmount: Amount { get }
}

extension Invoice: InvoiceStanding {}

extension InvoiceStanding {
    /// What of it counts towards what a client owes: a credit note takes away.
    func signed(_ amount: Amount) -> Amount { kind == .creditNote ? -amount : amount }

    /// How long an issued invoice has been waiting beyond its due date; nil when it is not late.
    func daysOverdue(on today: Day) -> Int? {
        guard status == .issued, origin == .comptoir, kind != .creditNote, openAmount > .zero,
            let dueOn, dueOn < today
        else { return nil }
        return today - dueOn
    }
}

extension InvoiceState {
    func pill(_ request: Request) -> HTML {
        """
        <span class="\(tone.description)">\(request.icon(icon, .small))\(request.say(label))</span>
        """
    }
}
