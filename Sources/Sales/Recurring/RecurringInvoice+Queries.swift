import Basics
import Core
import Database
import HTTP

extension RecurringInvoice {
    /// The columns that `init(row:)` reads, from `recurring_invoices r` and `clients c`.
    static let columns: SQL = """
        r.id, r.number, r.client_id, c.name AS client_name, r.contact_id, r.status, r.frequency,
        r.starts_on, r.ends_on, r.day_of_month, r.delivery, r.next_on, r.problem, r.subject,
        r.reference, '' AS sector, r.message,
        shown('notes', r.notes) AS notes, r.currency, r.total_net, r.total_vat, r.total_gross,
        r.version, r.created_at
        """
}

/// What the list of recurring invoices is narrowed to, from the address of the page.
struct RecurringInvoiceFilter: Sendable {
    let words: String
    let client: Client.ID?
    let status: RecurringInvoice.Status?
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        client = query["client"].flatMap { Client.ID($0) }
        status = query["view"].flatMap(RecurringInvoice.Status.init)
        after = PagePosition(query["after"])
    }

    var address: ListAddress {
        ListAddress("/recurring-invoices", query, keeping: ["q", "view", "client"])
    }
    var isNarrowed: Bool { !words.isEmpty || client != nil || status != nil }

    var conditions: SQL {
        var out: SQL = ""
        if let status { out += " AND r.status = \(status)" }
        if let client { out += " AND r.client_id = \(client)" }
        if let found = SearchQuery(words) {
            out +=
                " AND r.id IN (SELECT record_id FROM search_records('recurring_invoice', \(found.text), 5000))"
        }
        return out
    }

    var position: SQL {
        guard let after else { return "" }
        if after.value == "infinity" {
            return
                " AND (coalesce(r.next_on, 'infinity'), r.id) > ('infinity'::date, \(after.id))"
        }
        guard let day = Day(after.value) else { return "" }
        return " AND (coalesce(r.next_on, 'infinity'), r.id) > (\(day), \(after.id))"
    }

    static let parameters: [Property] = [
        Property("q", .line), Property("view", .choice(of: RecurringInvoice.Status.self)),
        Property("client", .id), .after,
    ]
}

extension Transaction {
    public func recurringInvoice(_ id: RecurringInvoice.ID) throws -> RecurringInvoice {
        try one("\(recurringInvoices) AND r.id = \(id)")
    }

    /// The record, kept from every other change until this transaction ends.
    func lockedRecurringInvoice(_ id: RecurringInvoice.ID) throws -> RecurringInvoice {
        let found = try run(
            """
            SELECT id FROM recurring_invoices
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        guard found == 1 else { throw Problem.notFound }
        return try recurringInvoice(id)
    }

    /// One page, what comes next on top and what has ended at the end.
    func recurringInvoices(_ filter: RecurringInvoiceFilter) throws -> Listing<RecurringInvoice> {
        let rows: [RecurringInvoice] = try all(
            """
            \(recurringInvoices) \(filter.conditions) \(filter.position)
            ORDER BY coalesce(r.next_on, 'infinity'), r.id LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) {
            PagePosition(value: $0.nextOn?.iso ?? "infinity", id: $0.id.value)
        }
    }

    func recurringInvoices(withIDs ids: [UniqueID]) throws -> [RecurringInvoice] {
        try all("\(recurringInvoices) AND r.id = ANY (\(ids))")
    }

    private var recurringInvoices: SQL {
        """
        SELECT \(RecurringInvoice.columns) FROM recurring_invoices r
        JOIN clients c ON c.organisation_id = \(organisation) AND c.id = r.client_id
        WHERE r.organisation_id = \(organisation)
        """
    }

    /// The latest periods, the newest first.
    func periods(of id: RecurringInvoice.ID, most: Int = 60) throws -> [RecurringPeriod] {
        try all(
            """
            SELECT p.period_on, p.invoice_id, p.problem, i.number AS invoice_number,
                i.status AS invoice_status, i.total_gross
            FROM recurring_invoice_periods p
            LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = p.invoice_id
            WHERE p.organisation_id = \(organisation) AND p.recurring_invoice_id = \(id)
            ORDER BY p.period_on DESC LIMIT \(most)
            """)
    }
}
