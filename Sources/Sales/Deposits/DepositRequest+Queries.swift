import Basics
import Core
import Database

extension DepositRequest {
    /// The columns that `init(row:)` reads, from `deposit_requests q`, `orders o` and `clients c`.
    static let columns: SQL = """
        q.id, q.number, q.order_id, o.number AS order_number, o.subject AS order_subject,
        q.client_id, c.name AS client_name, q.status, q.percentage, q.amount, q.currency,
        q.requested_on, q.due_on, q.message, q.invoiced_amount, q.paid_amount, q.sent_at,
        q.version, q.created_at
        """
}

extension Transaction {
    public func depositRequest(_ id: DepositRequest.ID) throws -> DepositRequest {
        try one("\(depositRequests) AND q.id = \(id)")
    }

    /// The request and its order, kept from every other change until this transaction ends.
    func lockedDepositRequest(_ id: DepositRequest.ID) throws -> (DepositRequest, Order) {
        let order = try lockedOrder(depositRequest(id).orderID)
        try run(
            """
            SELECT id FROM deposit_requests
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        return (try depositRequest(id), order)
    }

    /// Those of an order, the oldest first.
    public func depositRequests(of order: Order.ID) throws -> [DepositRequest] {
        try all("\(depositRequests) AND q.order_id = \(order) ORDER BY q.created_at, q.id")
    }

    /// The latest of a client.
    func depositRequests(ofClient client: Client.ID, most: Int) throws -> [DepositRequest] {
        try all(
            """
            \(depositRequests) AND q.client_id = \(client)
            ORDER BY q.requested_on DESC, q.id DESC LIMIT \(most)
            """)
    }

    func depositRequests(withIDs ids: [UniqueID]) throws -> [DepositRequest] {
        try all("\(depositRequests) AND q.id = ANY (\(ids))")
    }

    /// One page, one row more than a page when there is a next one.
    func depositRequests(_ filter: DepositRequestFilter) throws -> Listing<DepositRequest> {
        let rows: [DepositRequest] = try all(
            """
            \(depositRequests) \(filter.conditions(today)) \(filter.position)
            ORDER BY \(filter.sorting) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: filter.sortValue(of: $0), id: $0.id.value) }
    }

    /// Those that wait for their money, the first due on top.
    func expectedDeposits(most: Int) throws -> [DepositRequest] {
        try all(
            """
            \(depositRequests) AND q.status = 'requested' ORDER BY q.due_on, q.id LIMIT \(most)
            """)
    }

    private var depositRequests: SQL {
        """
        SELECT \(DepositRequest.columns) FROM deposit_requests q
        JOIN orders o ON o.organisation_id = \(organisation) AND o.id = q.order_id
        JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
        WHERE q.organisation_id = \(organisation)
        """
    }

    /// The deposit invoices that were issued for a request.
    func invoices(ofDepositRequest id: DepositRequest.ID) throws -> [Invoice] {
        try all(
            """
            SELECT \(Invoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.deposit_request_id = \(id)
            ORDER BY i.issued_on, i.id
            """)
    }
}
