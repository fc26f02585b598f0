import Basics
import Core
import Database
import HTTP

/// What one client owes.
public struct ClientReceivables: Record, Sendable {
    public var clientID: Client.ID
    public var number: String
    public var name: String
    public var amounts: AgedAmounts
    /// Credit notes and payments that are still to be used.
    public var credit: Amount

    public init(row: Row) throws {
        clientID = try row["id"]
        number = try row["number"]
        name = try row["name"]
        amounts = try AgedAmounts(row: row)
        credit = try row["credit"]
    }

    public var balance: Amount { amounts.total - credit }
}

/// What the receivables are narrowed to, from the address of the page.
struct ReceivablesFilter: Sendable {
    let words: String
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        after = PagePosition(query["after"])
    }

    var address: ListAddress { ListAddress("/receivables", query, keeping: ["q"]) }
    var isNarrowed: Bool { !words.isEmpty }

    var conditions: SQL {
        guard let found = SearchQuery(words) else { return "" }
        return " AND c.id IN (SELECT record_id FROM search_records('client', \(found.text), 5000))"
    }

    var position: SQL {
        guard let after, let total = Int(after.value) else { return "" }
        return " AND (r.total, c.id) < (\(total), \(after.id))"
    }
}

extension Transaction {
    /// One page of clients who owe or have something to use, those who owe most first.
    func receivables(_ filter: ReceivablesFilter) throws -> Listing<ClientReceivables> {
        let rows: [ClientReceivables] = try all(
            """
            \(receivables(filter.conditions + filter.position))
            ORDER BY r.total DESC, c.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) {
            PagePosition(value: String($0.amounts.total.minorUnits), id: $0.clientID.value)
        }
    }

    func allReceivables(_ filter: ReceivablesFilter) throws -> [ClientReceivables] {
        try all("\(receivables(filter.conditions)) ORDER BY r.total DESC, c.id DESC")
    }

    private func receivables(_ conditions: SQL) -> SQL {
        """
        SELECT c.id, c.number, c.name, r.age_current, r.age_30, r.age_60, r.age_90, r.age_older,
            r.invoice_count, r.overdue_count, r.credit_notes + c.credit_amount AS credit
        FROM clients c
        CROSS JOIN LATERAL (
            SELECT \(AgedAmounts.columns(on: today)),
                coalesce(sum(i.open_amount) FILTER (WHERE i.kind <> 'credit_note'), 0)::bigint
                    AS total,
                coalesce(sum(i.open_amount) FILTER (WHERE i.kind = 'credit_note'), 0)::bigint
                    AS credit_notes
            FROM invoices i
            WHERE i.organisation_id = \(organisation) AND i.client_id = c.id AND i.open_amount > 0
        ) r
        WHERE c.organisation_id = \(organisation)
            AND (r.total > 0 OR r.credit_notes > 0 OR c.credit_amount > 0) \(conditions)
        """
    }

    /// The sum over all clients of the filter, and what they have to use.
    func receivablesTotal(_ filter: ReceivablesFilter) throws -> (AgedAmounts, credit: Amount) {
        let amounts: AgedAmounts? = try first(
            """
            SELECT \(AgedAmounts.columns(on: today)) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.open_amount > 0 \(filter.conditions)
            """)
        let credit: Amount? = try value(
            """
            SELECT (coalesce(sum(c.credit_amount), 0) + coalesce((
                SELECT sum(i.open_amount) FROM invoices i
                JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
                WHERE i.organisation_id = \(organisation) AND i.kind = 'credit_note'
                    AND i.open_amount > 0 \(filter.conditions)), 0))::bigint
            FROM clients c WHERE c.organisation_id = \(organisation) \(filter.conditions)
            """)
        return (amounts ?? .zero, credit ?? .zero)
    }

    /// What all clients owe today, by age. Added up by day first, as the index has them: the ages are
    /// then looked at once a day rather than once an invoice.
    public func agedReceivables() throws -> AgedAmounts {
        try first(
            """
            SELECT \(AgedAmounts.columns(on: today, counted: "i.documents")) FROM (\(owedByDay)) i
            """) ?? .zero
    }

    var owedByDay: SQL {
        """
        SELECT due_on, 'invoice' AS kind, sum(open_amount) AS open_amount, count(*) AS documents
        FROM invoices
        WHERE organisation_id = \(organisation) AND open_amount > 0 AND kind <> 'credit_note'
        GROUP BY due_on
        """
    }

    /// The open invoices behind a figure, the oldest due first.
    func openInvoices(_ filter: OpenInvoiceFilter) throws -> Listing<OpenInvoice> {
        let rows: [OpenInvoice] = try all(
            """
            SELECT \(OpenInvoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.open_amount > 0
                AND i.kind <> 'credit_note' \(filter.conditions(on: today)) \(filter.position)
            ORDER BY i.due_on, i.id LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.dueOn.iso, id: $0.id.value) }
    }

    func openInvoicesTotal(_ filter: OpenInvoiceFilter) throws -> Amount {
        try value(
            """
            SELECT coalesce(sum(i.open_amount), 0)::bigint FROM invoices i
            WHERE i.organisation_id = \(organisation) AND i.open_amount > 0
                AND i.kind <> 'credit_note' \(filter.conditions(on: today))
            """) ?? .zero
    }
}

/// The invoices behind one figure of the receivables.
struct OpenInvoiceFilter: Sendable {
    let client: Client.ID?
    let age: Age?
    /// All that is late, whatever its age.
    let isOverdue: Bool
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        client = query["client"].flatMap { Client.ID($0) }
        age = query["age"].flatMap(Age.init)
        isOverdue = query["age"] == OpenInvoiceFilter.overdue
        after = PagePosition(query["after"])
    }

    static let overdue = "overdue"
    static let overdueOnly = OpenInvoiceFilter(Fields([.init(name: "age", value: overdue)]))

    var address: ListAddress {
        ListAddress("/receivables/invoices", query, keeping: ["client", "age"])
    }

    func conditions(on today: Day) -> SQL {
        var out: SQL = ""
        if let client { out += " AND i.client_id = \(client)" }
        if let age { out += " AND \(age.condition(on: today))" }
        if isOverdue { out += " AND i.due_on < \(today)" }
        return out
    }

    var position: SQL {
        guard let after, let day = Day(after.value) else { return "" }
        return " AND (i.due_on, i.id) > (\(day), \(after.id))"
    }
}
