import Basics
import Core
import Database
import HTTP

/// What the list of invoices is narrowed to, from the address of the page.
struct InvoiceFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, due, total, open }
    enum View: String, CaseIterable {
        case drafts, issued, open, overdue, paid, deposits, imported
        case toSend = "to_send"
        case creditNotes = "credit_notes"
    }

    let scope: DocumentScope
    /// Nil: everything but what was imported.
    let view: View?
    /// Whether imported history stands among what was issued.
    let withImported: Bool
    /// Totals with VAT, both included.
    let least: Amount?
    let most: Amount?
    let order: ListOrder<Sort>
    let query: Fields
    let today: Day

    init(_ query: Fields, currency: Currency, today: Day) {
        self.query = query
        self.today = today
        scope = DocumentScope(query, hasPeriods: false)
        view = query["view"].flatMap(View.init)
        withImported = query["imported"] == "yes"
        func amount(_ name: String) -> Amount? {
            let text = PlainText.line(query[name] ?? "")
            guard !text.isEmpty else { return nil }
            return (try? ScaledDecimal.parse(text, decimals: currency.exponent)).map { Amount($0) }
        }
        least = amount("min")
        most = amount("max")
        order = ListOrder(query, usual: .day)
    }

    init(_ request: Request) {
        self.init(request.http.query, currency: request.currency, today: request.today)
    }

    var address: ListAddress {
        ListAddress(
            "/invoices", query,
            keeping: ["q", "view", "client", "from", "to", "min", "max", "imported", "sort"])
    }
    var isNarrowed: Bool { scope.isNarrowed || view != nil || least != nil || most != nil }

    var conditions: SQL {
        var out = viewCondition
        if let least { out += " AND i.total_gross >= \(least)" }
        if let most { out += " AND i.total_gross <= \(most)" }
        return out
            + scope.conditions(
                .invoice, id: "i.id", client: "i.client_id", day: "i.issued_on", today: today)
    }

    private var viewCondition: SQL {
        switch view {
        case nil: "AND i.origin = 'comptoir'"
        case .drafts: "AND i.status = 'draft'"
        case .issued:
            """
            AND \(Invoice.isRevenue)
                AND i.origin = ANY (\(StatisticsPeriod.origins(withImported)))
            """
        case .toSend:
            """
            AND i.status = 'issued' AND i.origin = 'comptoir' AND i.kind IN ('invoice', 'deposit')
                AND i.sent_at IS NULL AND i.open_amount > 0
            """
        case .open: "AND i.open_amount > 0 AND i.kind <> 'credit_note'"
        case .overdue:
            "AND i.open_amount > 0 AND i.kind <> 'credit_note' AND i.due_on < \(today)"
        case .paid:
            """
            AND i.status = 'issued' AND i.origin = 'comptoir' AND i.kind <> 'credit_note'
                AND i.open_amount = 0
            """
        case .deposits: "AND i.kind = 'deposit'"
        case .creditNotes: "AND i.kind = 'credit_note' AND i.origin = 'comptoir'"
        case .imported: "AND i.origin = 'import'"
        }
    }

    /// Drafts have no day yet: they stand before everything that was issued.
    var sortColumn: SQL {
        switch order.column {
        case .day: "coalesce(i.issued_on, 'infinity')"
        case .number: "coalesce(i.number, '')"
        case .client: "c.sort_name"
        case .due: "coalesce(i.due_on, 'infinity')"
        case .total: "i.total_gross"
        case .open: "i.open_amount"
        }
    }

    var sorting: SQL { order.sorting(by: sortColumn, id: "i.id") }

    /// Behind the last row of the page before.
    var position: SQL { order.position(by: sortColumn, id: "i.id", last: sortValue) }

    /// How many there are and their net, credit notes taken off: the revenue of certain days.
    var hasTotal: Bool { view == .issued }

    private func sortValue(_ text: String) -> SQL? {
        switch order.column {
        case .number, .client: return "\(text)"
        case .total, .open: return Int(text).map { "\($0)" }
        case .day, .due:
            if text == "infinity" { return "'infinity'::date" }
            return Day(text).map { "\($0)" }
        }
    }
}

extension Transaction {
    func invoicesTotal(_ filter: InvoiceFilter) throws -> ListTotal? {
        guard filter.hasTotal else { return nil }
        return try one(
            """
            SELECT count(*) AS document_count,
                coalesce(sum(\(Invoice.signedNet)), 0)::bigint AS net
            FROM invoices i WHERE i.organisation_id = \(organisation) \(filter.conditions)
            """)
    }
}
