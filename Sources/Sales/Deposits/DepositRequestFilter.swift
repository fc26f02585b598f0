import Basics
import Core
import Database
import HTTP

/// What the list of deposit requests is narrowed to, from the address of the page.
struct DepositRequestFilter: Sendable {
    enum Sort: String, CaseIterable { case day, number, client, due, amount }
    enum View: String, CaseIterable { case requested, late, paid, cancelled }

    let scope: DocumentScope
    let view: View?
    let order: ListOrder<Sort>
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        scope = DocumentScope(query, hasPeriods: false)
        view = query["view"].flatMap(View.init)
        order = ListOrder(query, usual: .day)
    }

    var address: ListAddress {
        ListAddress(
            "/deposit-requests", query, keeping: ["q", "view", "client", "from", "to", "sort"])
    }
    var isNarrowed: Bool { scope.isNarrowed || view != nil }

    func conditions(_ today: Day) -> SQL {
        let state: SQL =
            switch view {
            case nil: ""
            case .late: " AND q.status = 'requested' AND q.due_on < \(today)"
            case .requested: " AND q.status = 'requested'"
            case .paid: " AND q.status = 'paid'"
            case .cancelled: " AND q.status = 'cancelled'"
            }
        return state
            + scope.conditions(
                .depositRequest, id: "q.id", client: "q.client_id", day: "q.requested_on",
                today: today)
    }

    private var sortColumn: SQL {
        switch order.column {
        case .day: "q.requested_on"
        case .number: "q.number"
        case .client: "c.name"
        case .due: "q.due_on"
        case .amount: "q.amount"
        }
    }

    var sorting: SQL { order.sorting(by: sortColumn, id: "q.id") }

    /// Behind the last row of the page before.
    var position: SQL { order.position(by: sortColumn, id: "q.id", last: sortValue) }

    private func sortValue(_ text: String) -> SQL? {
        switch order.column {
        case .day, .due: Day(text).map { "\($0)" }
        case .number, .client: "\(text)"
        case .amount: Int(text).map { "\($0)" }
        }
    }

    func sortValue(of request: DepositRequest) -> String {
        switch order.column {
        case .day: request.requestedOn.iso
        case .number: request.number
        case .client: request.clientName
        case .due: request.dueOn.iso
        case .amount: String(request.amount.minorUnits)
        }
    }
}
