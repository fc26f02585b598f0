import Basics
import Core
import Database

extension Payment {
    /// The columns that `init(row:)` reads, from `payments p`, `clients c` and `users u`.
    static let columns: SQL = """
        p.id, p.number, p.client_id, c.name AS client_name, p.direction, p.method, p.paid_on,
        p.amount, p.currency, p.reference, shown('notes', p.notes) AS notes, p.reversed_payment_id, p.allocated_amount,
        p.is_reversed, p.open_amount, p.created_at, u.name AS created_by_name
        """
}

extension Transaction {
    public func payment(_ id: Payment.ID) throws -> Payment {
        try one(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) AND p.id = \(id)
            """)
    }

    /// The payment, kept from every other change until this transaction ends. Invoices that it settles
    /// are locked before it, and clients after it, by everybody: so nobody waits in a circle.
    func lockedPayment(_ id: Payment.ID) throws -> Payment {
        let found = try run(
            """
            SELECT id FROM payments
            WHERE organisation_id = \(organisation) AND id = \(id) FOR NO KEY UPDATE
            """)
        guard found == 1 else { throw Problem.notFound }
        return try payment(id)
    }

    /// What undid a payment.
    func reversal(of id: Payment.ID) throws -> Payment? {
        try first(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) AND p.reversed_payment_id = \(id)
            """)
    }

    /// One page of payments, the latest first.
    func payments(_ filter: PaymentFilter) throws -> Listing<Payment> {
        let rows: [Payment] = try all(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) \(filter.conditions) \(filter.position)
            ORDER BY \(filter.order) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: filter.sortValue(of: $0), id: $0.id.value) }
    }

    /// The latest of a client.
    func payments(of client: Client.ID, most: Int) throws -> [Payment] {
        try all(
            """
            SELECT \(Payment.columns) FROM payments p
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
            LEFT JOIN users u ON u.id = p.created_by
            WHERE p.organisation_id = \(organisation) AND p.client_id = \(client)
            ORDER BY p.paid_on DESC, p.id DESC LIMIT \(most)
            """)
    }

    /// Money received less money paid back, of a whole filter.
    func paymentsTotal(_ filter: PaymentFilter) throws -> Amount {
        try value(
            """
            SELECT coalesce(sum(CASE p.direction WHEN 'in' THEN p.amount ELSE -p.amount END), 0)::bigint
            FROM payments p
            WHERE p.organisation_id = \(organisation) \(filter.conditions)
            """) ?? .zero
    }
}
