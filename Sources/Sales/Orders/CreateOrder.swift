import Basics
import Core
import Database

extension Transaction {
    /// A new order, a draft with the next number of its series.
    public func createOrder(_ draft: OrderDraft) throws -> Order {
        try checkParty(draft.head, isNew: true)
        return try insertOrder(draft, status: .draft, in: currency)
    }

    /// The same once more: its client, words and lines in a new draft of today.
    public func duplicateOrder(_ id: Order.ID) throws -> Order {
        let original = try order(id)
        return try createOrder(
            OrderDraft(
                head: original.head, priority: original.priority, orderedOn: today,
                lines: lines(of: .order, id.value)))
    }

    func insertOrder(_ draft: OrderDraft, status: OrderStatus, in currency: Currency) throws
        -> Order
    {
        let id: Order.ID = newID()
        let lines = try newLines(draft.lines)
        let totals = DocumentTotals(lines, in: currency)
        let head = draft.head
        // Last of all that is asked: others who want a number wait from here on.
        let number = try nextNumber(.order, on: draft.orderedOn)
        try runLater(
            """
            INSERT INTO orders (organisation_id, id, number, client_id, contact_id, quote_id,
                status, subject, reference, sector, priority, ordered_on, due_on, message, notes,
                currency, total_net, total_vat, total_gross, created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), \(number), \(head.clientID), \(head.contactID),
                \(draft.quoteID), \(status), \(head.subject), \(head.reference), \(head.sector),
                \(draft.priority), \(draft.orderedOn), \(draft.dueOn), \(head.message),
                \(head.notes), \(currency), \(totals.net), \(totals.vat), \(totals.gross), \(now),
                \(scope.user?.id), \(now))
            """)
        try insertLines(of: .order, id.value, lines, in: currency)
        try record(.orderCreated, .order, id.value, label: number)
        return try order(id)
    }

    func saveLines(ofOrder id: Order.ID, _ lines: [DocumentLine], in currency: Currency) throws {
        let totals = try saveLines(of: .order, id.value, lines, in: currency)
        try run(
            """
            UPDATE orders SET total_net = \(totals.net), total_vat = \(totals.vat),
                total_gross = \(totals.gross)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }
}
