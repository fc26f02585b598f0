import Basics
import Core
import Database
import HTTP

/// What the list of invoices is narrowed to, from the address of the page.
struct InvoiceFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, due, total, open }
    enum View: String, CaseIterable {
        case drafts, open, overdue, paid, imported
        case toSend = "to_send"
        case creditNotes = "credit_notes"
    }

    let words: String
    /// Nil: everything but what was imported.
    let view: View?
    let client: Client.ID?
    /// Days of issue, both included.
    let from: Day?
    let to: Day?
    /// Totals with VAT, both included.
    let least: Amount?
    let most: Amount?
    let sort: Sort
    let isDescending: Bool
    let after: PagePosition?
    let query: Fields
    let today: Day

    init(_ query: Fields, currency: Currency, today: Day) {
        self.query = query
        self.today = today
        words = PlainText.line(query["q"] ?? "")
        view = query["view"].flatMap(View.init)
        client = query["client"].flatMap { Client.ID($0) }
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        func amount(_ name: String) -> Amount? {
            let text = PlainText.line(query[name] ?? "")
            guard !text.isEmpty else { return nil }
            return (try? ScaledDecimal.parse(text, decimals: currency.exponent)).map { Amount($0) }
        }
        least = amount("min")
        most = amount("max")
        let wanted = query["sort"].flatMap { $0.isEmpty ? nil : $0 } ?? "-day"
        isDescending = wanted.hasPrefix("-")
        sort = Sort(rawValue: String(wanted.drop { $0 == "-" })) ?? .day
        after = PagePosition(query["after"])
    }

    init(_ request: Request) {
        self.init(request.http.query, currency: request.currency, today: request.today)
    }

    var address: ListAddress {
        ListAddress(
            "/invoices", query,
            keeping: ["q", "view", "client", "from", "to", "min", "max", "sort"])
    }
    var sortText: String { (isDescending ? "-" : "") + sort.rawValue }
    var isNarrowed: Bool {
        !words.isEmpty || view != nil || client != nil || from != nil || to != nil
            || least != nil || most != nil
    }

    /// Every condition is a literal of its own, so that equal filters share one prepared statement.
    var conditions: SQL {
        var out = viewCondition
        if let found = SearchQuery(words) {
            out +=
                """
                 AND i.id IN (SELECT record_id FROM search_records('invoice', \(found.text), 5000))
                """
        }
        if let client { out += " AND i.client_id = \(client)" }
        if let from { out += " AND i.issued_on >= \(from)" }
        if let to { out += " AND i.issued_on <= \(to)" }
        if let least { out += " AND i.total_gross >= \(least)" }
        if let most { out += " AND i.total_gross <= \(most)" }
        return out
    }

    private var viewCondition: SQL {
        switch view {
        case nil: "AND i.origin = 'comptoir'"
        case .drafts: "AND i.status = 'draft'"
        case .toSend:
            """
            AND i.status = 'issued' AND i.origin = 'comptoir' AND i.kind = 'invoice'
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
        case .creditNotes: "AND i.kind = 'credit_note' AND i.origin = 'comptoir'"
        case .imported: "AND i.origin = 'import'"
        }
    }

    /// Drafts have no day yet: they stand before everything that was issued.
    var sortColumn: SQL {
        switch sort {
        case .day: "coalesce(i.issued_on, 'infinity')"
        case .number: "coalesce(i.number, '')"
        case .client: "c.sort_name"
        case .due: "coalesce(i.due_on, 'infinity')"
        case .total: "i.total_gross"
        case .open: "i.open_amount"
        }
    }

    var order: SQL {
        isDescending ? "\(sortColumn) DESC, i.id DESC" : "\(sortColumn), i.id"
    }

    /// Behind the last row of the page before.
    var position: SQL {
        guard let after, let value = sortValue(after.value) else { return "" }
        return isDescending
            ? " AND (\(sortColumn), i.id) < (\(value), \(after.id))"
            : " AND (\(sortColumn), i.id) > (\(value), \(after.id))"
    }

    private func sortValue(_ text: String) -> SQL? {
        switch sort {
        case .number, .client: return "\(text)"
        case .total, .open: return Int(text).map { "\($0)" }
        case .day, .due:
            if text == "infinity" { return "'infinity'::date" }
            return Day(text).map { "\($0)" }
        }
    }
}
