import Basics
import Core
import Database
import HTTP

/// What the list of payments is narrowed to, from the address of the page.
struct PaymentFilter: Sendable {
    enum Sort: String, CaseIterable { case day, amount, number }
    enum View: String, CaseIterable {
        /// Money received and not yet allocated.
        case credit
        case undone
    }

    let words: String
    let client: Client.ID?
    let method: Payment.Method?
    let direction: Payment.Direction?
    let from: Day?
    let to: Day?
    let view: View?
    let sort: Sort
    let isDescending: Bool
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        client = query["client"].flatMap { Client.ID($0) }
        method = query["method"].flatMap(Payment.Method.init)
        direction = query["direction"].flatMap(Payment.Direction.init)
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        view = query["view"].flatMap(View.init)
        let wanted = query["sort"] ?? "-" + Sort.day.rawValue
        isDescending = wanted.hasPrefix("-")
        sort = Sort(rawValue: String(wanted.drop { $0 == "-" })) ?? .day
        after = PagePosition(query["after"])
    }

    var address: ListAddress {
        ListAddress(
            "/payments", query,
            keeping: ["q", "client", "method", "direction", "from", "to", "view", "sort"])
    }
    var sortText: String { (isDescending ? "-" : "") + sort.rawValue }
    var isNarrowed: Bool {
        !words.isEmpty || client != nil || method != nil || direction != nil || from != nil
            || to != nil || view != nil
    }

    var conditions: SQL {
        var out: SQL =
            switch view {
            case nil: ""
            case .credit: "AND p.open_amount > 0"
            case .undone: "AND (p.is_reversed OR p.reversed_payment_id IS NOT NULL)"
            }
        if let found = SearchQuery(words) {
            out +=
                " AND p.id IN (SELECT record_id FROM search_records('payment', \(found.text), 5000))"
        }
        if let client { out += " AND p.client_id = \(client)" }
        if let method { out += " AND p.method = \(method)" }
        if let direction { out += " AND p.direction = \(direction)" }
        if let from { out += " AND p.paid_on >= \(from)" }
        if let to { out += " AND p.paid_on <= \(to)" }
        return out
    }

    private var sortColumn: SQL {
        switch sort {
        case .day: "p.paid_on"
        case .amount: "p.amount"
        case .number: "p.number"
        }
    }

    var order: SQL { isDescending ? "\(sortColumn) DESC, p.id DESC" : "\(sortColumn), p.id" }

    /// Behind the last row of the page before.
    var position: SQL {
        guard let after, let value = bound(after.value) else { return "" }
        return isDescending
            ? " AND (\(sortColumn), p.id) < (\(value), \(after.id))"
            : " AND (\(sortColumn), p.id) > (\(value), \(after.id))"
    }

    func sortValue(of payment: Payment) -> String {
        switch sort {
        case .day: payment.paidOn.iso
        case .amount: String(payment.amount.minorUnits)
        case .number: payment.number
        }
    }

    private func bound(_ text: String) -> SQL? {
        switch sort {
        case .day: Day(text).map { "\($0)" }
        case .amount: Int(text).map { "\($0)" }
        case .number: "\(text)"
        }
    }
}
