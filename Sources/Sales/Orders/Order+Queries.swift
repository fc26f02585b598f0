import Basics
import Core
import Database

extension Order {
    /// The columns that `init(row:)` reads, from `orders o` and `clients c`.
    static let columns: SQL = """
        o.id, o.number, o.client_id, c.name AS client_name, o.contact_id, o.quote_id, o.status,
        o.subject, o.reference, o.sector, o.priority, o.ordered_on, o.due_on, o.message,
        shown('notes', o.notes) AS notes, o.assigned_to,
        (SELECT u.name FROM users u WHERE u.id = o.assigned_to) AS assignee, o.currency, o.total_net, o.total_vat, o.total_gross, o.completed_at, o.version,
        o.created_at
        """
}

extension Transaction {
    public func order(_ id: Order.ID) throws -> Order {
        try one(
            """
            SELECT \(Order.columns) FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation) AND o.id = \(id)
            """)
    }

    /// The order, kept from every other change until this transaction ends.
    func lockedOrder(_ id: Order.ID) throws -> Order {
        let found = try run(
            """
            SELECT id FROM orders
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        guard found == 1 else { throw Problem.notFound }
        return try order(id)
    }

    /// The order that a quote became.
    public func order(ofQuote quote: Quote.ID) throws -> Order? {
        try first(
            """
            SELECT \(Order.columns) FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation) AND o.quote_id = \(quote)
            """)
    }

    /// What was drawn from an order: invoices, drafts included, and their credit notes.
    func invoices(ofOrder order: Order.ID) throws -> [Invoice] {
        // Those of this order alone, and those that share lines of several.
        let drawn: [UniqueID] = try values(
            """
            SELECT id FROM invoices
            WHERE organisation_id = \(organisation) AND order_id = \(order)
            UNION
            SELECT l.invoice_id FROM order_lines o
            JOIN invoice_lines l
                ON l.organisation_id = \(organisation) AND l.order_line_id = o.id
            WHERE o.organisation_id = \(organisation) AND o.order_id = \(order)
            """)
        guard !drawn.isEmpty else { return [] }
        return try all(
            """
            SELECT \(Invoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.id IN (
                SELECT unnest(\(drawn)::uuid[])
                UNION
                SELECT id FROM invoices
                WHERE organisation_id = \(organisation) AND corrected_invoice_id = ANY (\(drawn)))
            ORDER BY i.created_at, i.id
            """)
    }

    /// One page of orders, one row more than a page when there is a next one.
    func orders(_ filter: OrderFilter) throws -> Listing<OrderRow> {
        let rows: [OrderRow] = try all(
            """
            SELECT \(Order.columns), \(filter.sortColumn)::text AS sort_value FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation) \(filter.conditions(today)) \(filter.position)
            ORDER BY \(filter.sorting) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.sortValue, id: $0.order.id.value) }
    }

    /// Orders under way that are due within these days or late, the first due on top.
    public func ordersDue(withinDays days: Int, most: Int) throws -> [Order] {
        try all(
            """
            SELECT \(Order.columns) FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation)
                AND o.status IN ('confirmed', 'in_progress', 'suspended')
                AND o.due_on <= \(today.adding(days: days))
            ORDER BY o.due_on, o.id LIMIT \(most)
            """)
    }

    /// A client's orders, the newest first.
    public func orders(of client: Client.ID, most: Int) throws -> [Order] {
        try all(
            """
            SELECT \(Order.columns) FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation) AND o.client_id = \(client)
            ORDER BY o.ordered_on DESC, o.id DESC LIMIT \(most)
            """)
    }

    func exportOrders(_ filter: OrderFilter, to file: TableFile, _ say: Language) throws {
        try each(
            """
            SELECT \(Order.columns) FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation) \(filter.conditions(today))
            ORDER BY o.ordered_on, o.id
            """
        ) { row in
            let order = try Order(row: row)
            func money(_ amount: Amount) -> TableCell { .amount(amount, order.currency) }
            try file.add([
                .text(order.number), .text(order.clientName), .text(order.head.subject),
                .text(order.head.reference), .text(order.head.sector),
                .text(say(order.status.label)), .text(say(order.priority.label)),
                .day(order.orderedOn), .day(order.dueOn), money(order.totalNet),
                money(order.totalVAT), money(order.totalGross), .text(order.currency.code),
            ])
        }
    }
}

/// An order in a list, with the value that its page was sorted by.
struct OrderRow: Record, Sendable {
    let order: Order
    let sortValue: String

    init(row: Row) throws {
        order = try Order(row: row)
        sortValue = try row["sort_value"]
    }
}
