import Basics
import Core
import Database

extension Transaction {
    /// Changes an order that is not done. What is invoiced of it stays: neither its lines nor its
    /// client can go. `version` is the one that the person saw.
    public func updateOrder(_ id: Order.ID, _ draft: OrderDraft, version: Int?) throws -> Order {
        let before = try lockedOrder(id)
        guard before.version == version ?? before.version else { throw Problem.changedMeanwhile }
        guard before.status.canBeEdited else { throw Problem.orderIsClosed }
        let head = draft.head
        let isForAnother = head.clientID != before.clientID
        try checkParty(head, isNew: isForAnother)
        if isForAnother,
            try !invoices(ofOrder: id).isEmpty || !depositRequests(of: id).isEmpty
        {
            throw Problem.invalid(
                "client",
                Text(
                    "Cette commande est facturée : son client ne change plus.",
                    "This order is invoiced: its client cannot change."))
        }
        if before.status != .draft, !draft.lines.holdsItems { throw Problem.noLines }
        try run(
            """
            UPDATE orders SET client_id = \(head.clientID), contact_id = \(head.contactID),
                subject = \(head.subject), reference = \(head.reference),
                sector = \(head.sector), priority = \(draft.priority),
                ordered_on = \(draft.orderedOn), due_on = \(draft.dueOn),
                message = \(head.message), notes = kept('notes', notes, \(head.notes)), version = version + 1,
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try saveLines(ofOrder: id, draft.lines, in: before.currency)
        try record(.orderUpdated, .order, id.value, label: before.number)
        return try order(id)
    }

    /// Only a draft can go; a confirmed order is cancelled.
    public func deleteOrder(_ id: Order.ID) throws {
        let order = try lockedOrder(id)
        guard order.status == .draft else {
            throw Problem.conflict(
                Text(
                    "Seul un brouillon se supprime ; annulez plutôt cette commande.",
                    "Only a draft can be deleted; cancel this order instead."))
        }
        try run("DELETE FROM orders WHERE organisation_id = \(organisation) AND id = \(id)")
        try record(.orderDeleted, .order, id.value, label: order.number)
    }
}

extension Problem {
    static let orderIsClosed = Problem.conflict(
        Text(
            "Cette commande est close : rouvrez-la pour la modifier.",
            "This order is closed: reopen it to change it."))
}
