import Basics
import Core
import Database

/// How far an order is, and what may follow.
public enum OrderStatus: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case draft, confirmed
    case inProgress = "in_progress"
    case suspended, completed, cancelled

    public var label: Text {
        switch self {
        case .draft: Text("Brouillon", "Draft")
        case .confirmed: Text("Confirmée", "Confirmed")
        case .inProgress: Text("En cours", "In progress")
        case .suspended: Text("Suspendue", "Suspended")
        case .completed: Text("Terminée", "Completed")
        case .cancelled: Text("Annulée", "Cancelled")
        }
    }

    /// The transitions that make sense; the first is the usual one.
    public var next: [OrderStatus] {
        switch self {
        case .draft: [.confirmed, .cancelled]
        case .confirmed: [.inProgress, .suspended, .cancelled]
        case .inProgress: [.completed, .suspended, .cancelled]
        case .suspended: [.inProgress, .confirmed, .cancelled]
        case .completed: [.inProgress]
        case .cancelled: []
        }
    }

    /// Confirmed and not yet done.
    public var isUnderWay: Bool { [.confirmed, .inProgress, .suspended].contains(self) }
    public var canBeEdited: Bool { self == .draft || isUnderWay }
    public var canBeInvoiced: Bool { self != .draft && self != .cancelled }
}

extension Transaction {
    /// Moves an order on. What is wrong in its present status is refused; so is cancelling what is
    /// invoiced.
    public func moveOrder(_ id: Order.ID, to status: OrderStatus, note: String = "") throws
        -> Order
    {
        let order = try lockedOrder(id)
        guard order.status.next.contains(status) else {
            throw Problem.orderCannotBecome(status, from: order.status)
        }
        let lines = try lines(of: .order, id.value)
        if status == .confirmed, !lines.holdsItems { throw Problem.noLines }
        if status == .cancelled, lines.contains(where: { $0.invoicedQuantity > .zero }) {
            throw Problem.conflict(
                Text(
                    "Cette commande est facturée, au moins en partie : faites d’abord un avoir.",
                    "This order is invoiced, at least in part: make a credit note first."))
        }
        if status == .cancelled { try cancelDeposits(of: order) }
        try run(
            """
            UPDATE orders SET status = \(status), version = version + 1, updated_at = \(now),
                completed_at = \(status == .completed ? now : nil)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(
            .orderMoved(to: status, from: order.status), .order, id.value, label: order.number,
            details: note.isEmpty ? .object([]) : ["note": .string(note)])
        return try self.order(id)
    }
}

extension Problem {
    static func orderCannotBecome(_ next: OrderStatus, from status: OrderStatus) -> Problem {
        func sentence(_ say: Language) -> String {
            let (now, wanted) = (say(status.label).lowercased(), say(next.label).lowercased())
            return say(
                "Cette commande est « \(now) » : elle ne peut pas devenir « \(wanted) ».",
                "This order is “\(now)” and cannot become “\(wanted)”.")
        }
        return .conflict(Text(sentence(.french), sentence(.english)))
    }
}
