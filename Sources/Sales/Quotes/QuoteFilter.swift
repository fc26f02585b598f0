import Basics
import Core
import Database
import HTTP

/// What the list of quotes is narrowed to, from the address of the page.
struct QuoteFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, until, total }

    /// Views of several statuses, which figures open.
    enum Outcome: String, CaseIterable {
        /// Refused or expired.
        case lost
        /// Won or lost.
        case decided
    }

    let scope: DocumentScope
    let outcome: Outcome?
    let status: Quote.Status?
    let order: ListOrder<Sort>
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        scope = DocumentScope(query)
        status = query["view"].flatMap(Quote.Status.init)
        outcome = query["view"].flatMap(Outcome.init)
        order = ListOrder(query, usual: .day)
    }

    var address: ListAddress {
        ListAddress(
            "/quotes", query, keeping: ["q", "view", "client", "period", "from", "to", "sort"])
    }
    var isNarrowed: Bool { scope.isNarrowed || status != nil || outcome != nil }

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
        if let outcome { out += " AND (\(QuoteFilter.lost(today)) \(outcome.won))" }
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

    private static func lost(_ today: Day) -> SQL {
        """
        q.status IN ('refused', 'expired') OR (q.status = 'sent' AND q.valid_until < \(today))
        """
    }

    /// Behind the last row of the page before.
    var position: SQL { order.position(by: sortColumn, id: "q.id", last: sortValue) }

    private func sortValue(_ text: String) -> SQL? {
        switch order.column {
        case .day, .until: Day(text).map { "\($0)" }
        case .number, .client: "\(text)"
        case .total: Int(text).map { "\($0)" }
        }
    }

    /// How many there are and their net, for a list of one status or outcome and certain days.
    var hasTotal: Bool {
        (status != nil || outcome != nil) && scope.from != nil && scope.to != nil
    }

    static let headings = [
        Text("Numéro", "Number"), Text("Client", "Client"), Text("Objet", "Subject"),
        Text("Référence", "Reference"), Text("État", "Status"), Text("Date", "Date"),
        Text("Valable jusqu’au", "Valid until"), Text("Total HT", "Net"), Text("TVA", "VAT"),
        Text("Total TTC", "Total"), Text("Devise", "Currency"),
    ]
}

extension QuoteFilter.Outcome {
    fileprivate var won: SQL { self == .decided ? "OR q.status = 'accepted'" : "" }
}

extension Transaction {
    func quotesTotal(_ filter: QuoteFilter) throws -> ListTotal? {
        guard filter.hasTotal else { return nil }
        return try one(
            """
            SELECT count(*) AS document_count, coalesce(sum(q.total_net), 0)::bigint AS net
            FROM quotes q WHERE q.organisation_id = \(organisation) \(filter.conditions(today))
            """)
    }
}
