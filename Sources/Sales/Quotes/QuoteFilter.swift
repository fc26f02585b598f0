import Basics
import Core
import Database
import HTTP

/// What the list of quotes is narrowed to, from the address of the page.
struct QuoteFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, until, total }

    let scope: DocumentScope
    let status: Quote.Status?
    let order: ListOrder<Sort>
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        scope = DocumentScope(query)
        status = query["view"].flatMap(Quote.Status.init)
        order = ListOrder(query, usual: .day)
    }

    var address: ListAddress {
        ListAddress(
            "/quotes", query, keeping: ["q", "view", "client", "period", "from", "to", "sort"])
    }
    var isNarrowed: Bool { scope.isNarrowed || status != nil }

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
        return out
            + scope.conditions(
                .quote, id: "q.id", client: "q.client_id", day: "q.quoted_on", today: today)
    }

    var sortColumn: SQL {
        switch order.column {
        case .day: "q.quoted_on"
        case .number: "q.number"
        case .client: "c.sort_name"
        case .until: "q.valid_until"
        case .total: "q.total_gross"
        }
    }

    var sorting: SQL { order.sorting(by: sortColumn, id: "q.id") }

    /// Behind the last row of the page before.
    var position: SQL { order.position(by: sortColumn, id: "q.id", last: sortValue) }

    private func sortValue(_ text: String) -> SQL? {
        switch order.column {
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
