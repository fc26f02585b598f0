import Basics
import Core
import Database
import HTTP

/// What the list of quotes is narrowed to, from the address of the page.
struct QuoteFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, until, total }

    let words: String
    let status: Quote.Status?
    let client: Client.ID?
    let period: Period?
    let from: Day?
    let to: Day?
    let sort: Sort
    let isDescending: Bool
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        status = query["view"].flatMap(Quote.Status.init)
        client = query["client"].flatMap { Client.ID($0) }
        period = query["period"].flatMap(Period.init)
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        let wanted = query["sort"].flatMap { $0.isEmpty ? nil : $0 } ?? "-day"
        isDescending = wanted.hasPrefix("-")
        sort = Sort(rawValue: String(wanted.drop { $0 == "-" })) ?? .day
        after = PagePosition(query["after"])
    }

    var address: ListAddress {
        ListAddress(
            "/quotes", query, keeping: ["q", "view", "client", "period", "from", "to", "sort"])
    }
    var sortText: String { (isDescending ? "-" : "") + sort.rawValue }
    var isNarrowed: Bool {
        !words.isEmpty || status != nil || client != nil || period != nil || from != nil
            || to != nil
    }

    func conditions(_ today: Day) -> SQL {
        var out: SQL = ""
        switch status {
        case nil: break
        // Expired is also what the daily job has not noted yet.
        case .sent: out += " AND q.status = 'sent' AND q.valid_until >= \(today)"
        case .expired:
            out +=
                " AND (q.status = 'expired' OR (q.status = 'sent' AND q.valid_until < \(today)))"
        case .some(let status): out += " AND q.status = \(status)"
        }
        if let found = SearchQuery(words) {
            out +=
                " AND q.id IN (SELECT record_id FROM search_records('quote', \(found.text), 5000))"
        }
        if let client { out += " AND q.client_id = \(client)" }
        if let days = period?.days(today) {
            out += " AND q.quoted_on BETWEEN \(days.lowerBound) AND \(days.upperBound)"
        }
        if let from { out += " AND q.quoted_on >= \(from)" }
        if let to { out += " AND q.quoted_on <= \(to)" }
        return out
    }

    var sortColumn: SQL {
        switch sort {
        case .day: "q.quoted_on"
        case .number: "q.number"
        case .client: "c.sort_name"
        case .until: "q.valid_until"
        case .total: "q.total_gross"
        }
    }

    var order: SQL { isDescending ? "\(sortColumn) DESC, q.id DESC" : "\(sortColumn), q.id" }

    /// Behind the last row of the page before.
    var position: SQL {
        guard let after, let value = sortValue(after.value) else { return "" }
        return isDescending
            ? " AND (\(sortColumn), q.id) < (\(value), \(after.id))"
            : " AND (\(sortColumn), q.id) > (\(value), \(after.id))"
    }

    private func sortValue(_ text: String) -> SQL? {
        switch sort {
        case .day, .until: Day(text).map { "\($0)" }
        case .number, .client: "\(text)"
        case .total: Int(text).map { "\($0)" }
        }
    }

    static let headings = [
        Text("Numéro", "Number"), Text("Client", "Client"), Text("Objet", "Subject"),
        Text("Référence", "Reference"), Text("État", "Status"), Text("Date", "Date"),
        Text("Valable jusqu’au", "Valid until"), Text("Total HT", "Net"), Text("TVA", "VAT"),
        Text("Total TTC", "Total"), Text("Devise", "Currency"),
    ]
}
