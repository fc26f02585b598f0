import Basics
import Core
import Database
import HTTP

/// What the list of orders is narrowed to, from the address of the page.
struct OrderFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, due, total }

    let scope: DocumentScope
    let status: OrderStatus?
    let isLate: Bool
    let sector: String
    let priority: Order.Priority?
    let order: ListOrder<Sort>
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        scope = DocumentScope(query)
        status = query["view"].flatMap(OrderStatus.init)
        isLate = query["view"] == "late"
        sector = query["sector"] ?? ""
        priority = query["priority"].flatMap(Order.Priority.init)
        order = ListOrder(query, usual: .day)
    }

    var address: ListAddress {
        ListAddress(
            "/orders", query,
            keeping: ["q", "view", "client", "sector", "priority", "period", "from", "to", "sort"])
    }
    var isNarrowed: Bool {
        scope.isNarrowed || status != nil || isLate || !sector.isEmpty || priority != nil
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
        if !sector.isEmpty { out += " AND o.sector = \(sector)" }
        if let priority { out += " AND o.priority = \(priority)" }
        return out
            + scope.conditions(
                .order, id: "o.id", client: "o.client_id", day: "o.ordered_on", today: today)
    }

    /// Orders without a due day stand behind all others.
    var sortColumn: SQL {
        switch order.column {
        case .day: "o.ordered_on"
        case .number: "o.number"
        case .client: "c.sort_name"
        case .due: "coalesce(o.due_on, 'infinity'::date)"
        case .total: "o.total_gross"
        }
    }

    var sorting: SQL { order.sorting(by: sortColumn, id: "o.id") }

    /// Behind the last row of the page before.
    var position: SQL { order.position(by: sortColumn, id: "o.id", last: sortValue) }

    private func sortValue(_ text: String) -> SQL? {
        switch order.column {
        case .due where text == "infinity": "'infinity'::date"
        case .day, .due: Day(text).map { "\($0)" }
        case .number, .client: "\(text)"
        case .total: Int(text).map { "\($0)" }
        }
    }

    /// How many there are and their net, for a list of one status and certain days.
    var hasTotal: Bool { status != nil && scope.from != nil && scope.to != nil }

    static let headings = [
        Text("Numéro", "Number"), Text("Client", "Client"), Text("Objet", "Subject"),
        Text("Référence", "Reference"), Text("Secteur", "Sector"), Text("État", "Status"),
        Text("Priorité", "Priority"), Text("Date", "Date"), Text("Échéance", "Due"),
        Text("Total HT", "Net"), Text("TVA", "VAT"), Text("Total TTC", "Total"),
        Text("Devise", "Currency"),
    ]
}

extension Transaction {
    func ordersTotal(_ filter: OrderFilter) throws -> ListTotal? {
        guard filter.hasTotal else { return nil }
        return try one(
            """
            SELECT count(*) AS document_count, coalesce(sum(o.total_net), 0)::bigint AS net
            FROM orders o WHERE o.organisation_id = \(organisation) \(filter.conditions(today))
            """)
    }
}
