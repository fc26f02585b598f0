import Basics
import Core
import Database
import HTTP

/// What the list of orders is narrowed to, from the address of the page.
struct OrderFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, due, total }

    let words: String
    let status: OrderStatus?
    let isLate: Bool
    let client: Client.ID?
    let sector: String
    let priority: Order.Priority?
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
        status = query["view"].flatMap(OrderStatus.init)
        isLate = query["view"] == "late"
        client = query["client"].flatMap { Client.ID($0) }
        sector = query["sector"] ?? ""
        priority = query["priority"].flatMap(Order.Priority.init)
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
            "/orders", query,
            keeping: ["q", "view", "client", "sector", "priority", "period", "from", "to", "sort"])
    }
    var sortText: String { (isDescending ? "-" : "") + sort.rawValue }
    var isNarrowed: Bool {
        !words.isEmpty || status != nil || isLate || client != nil || !sector.isEmpty
            || priority != nil || period != nil || from != nil || to != nil
    }

    func conditions(_ today: Day) -> SQL {
        var out: SQL = ""
        if let status { out += " AND o.status = \(status)" }
        if isLate {
            out +=
                """
                 AND o.status IN ('confirmed', 'in_progress', 'suspended') AND o.due_on < \(today)
                """
        }
        if let found = SearchQuery(words) {
            out +=
                " AND o.id IN (SELECT record_id FROM search_records('order', \(found.text), 5000))"
        }
        if let client { out += " AND o.client_id = \(client)" }
        if !sector.isEmpty { out += " AND o.sector = \(sector)" }
        if let priority { out += " AND o.priority = \(priority)" }
        if let days = period?.days(today) {
            out += " AND o.ordered_on BETWEEN \(days.lowerBound) AND \(days.upperBound)"
        }
        if let from { out += " AND o.ordered_on >= \(from)" }
        if let to { out += " AND o.ordered_on <= \(to)" }
        return out
    }

    /// Orders without a due day stand behind all others.
    var sortColumn: SQL {
        switch sort {
        case .day: "o.ordered_on"
        case .number: "o.number"
        case .client: "c.sort_name"
        case .due: "coalesce(o.due_on, 'infinity'::date)"
        case .total: "o.total_gross"
        }
    }

    var order: SQL { isDescending ? "\(sortColumn) DESC, o.id DESC" : "\(sortColumn), o.id" }

    /// Behind the last row of the page before.
    var position: SQL {
        guard let after, let value = sortValue(after.value) else { return "" }
        return isDescending
            ? " AND (\(sortColumn), o.id) < (\(value), \(after.id))"
            : " AND (\(sortColumn), o.id) > (\(value), \(after.id))"
    }

    private func sortValue(_ text: String) -> SQL? {
        switch sort {
        case .due where text == "infinity": "'infinity'::date"
        case .day, .due: Day(text).map { "\($0)" }
        case .number, .client: "\(text)"
        case .total: Int(text).map { "\($0)" }
        }
    }

    static let headings = [
        Text("Numéro", "Number"), Text("Client", "Client"), Text("Objet", "Subject"),
        Text("Référence", "Reference"), Text("Secteur", "Sector"), Text("État", "Status"),
        Text("Priorité", "Priority"), Text("Date", "Date"), Text("Échéance", "Due"),
        Text("Total HT", "Net"), Text("TVA", "VAT"), Text("Total TTC", "Total"),
        Text("Devise", "Currency"),
    ]
}
