import Basics
import Core
import Database
import HTTP
import Markup

/// The work that is assigned to whoever looks, without prices: what a technician needs on the way.
public enum MyDay: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("my-day", .readOwnDay, show)
    }

    static func show(_ request: Request) throws -> Reply {
        let orders = try request.read { try $0.assignedOrders(to: request.session.user.id) }
        return .page(MyDayPage(orders, request).page)
    }
}

/// An order as the person who does it sees it.
struct AssignedOrder: Record, Sendable {
    static let mostShown = 100

    struct Line: Sendable {
        var label: String
        var quantity: Quantity
        var unit: String
    }

    var id: Order.ID
    var number: String
    var subject: String
    var message: String
    var notes: String
    var status: OrderStatus
    var priority: Order.Priority
    var dueOn: Day?
    var clientName: String
    var phone: String
    var contact: String
    var address: PostalAddress
    var lines: [Line] = []

    init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        subject = try row["subject"]
        message = try row["message"]
        notes = try row["notes"]
        status = try row["status"]
        priority = try row["priority"]
        dueOn = try row["due_on"]
        clientName = try row["client_name"]
        phone = try row["phone"]
        contact = try row["contact"]
        address = try PostalAddress(row: row)
    }
}

extension Transaction {
    /// What is under way, the first due on top, then what has no day.
    func assignedOrders(to person: User.ID) throws -> [AssignedOrder] {
        var orders: [AssignedOrder] = try all(
            """
            SELECT o.id, o.number, o.subject, o.message, shown('notes', o.notes) AS notes, o.status,
                o.priority, o.due_on, c.name AS client_name,
                coalesce(nullif(p.phone, ''), c.phone) AS phone, coalesce(p.name, '') AS contact,
                c.street, c.street_more, c.postal_code, c.city, c.country
            FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            LEFT JOIN contacts p ON p.organisation_id = \(organisation) AND p.id = o.contact_id
            WHERE o.organisation_id = \(organisation) AND o.assigned_to = \(person)
                AND o.status IN ('confirmed', 'in_progress', 'suspended')
            ORDER BY o.due_on, o.id LIMIT \(AssignedOrder.mostShown)
            """)
        var places: [Order.ID: Int] = [:]
        for (place, order) in orders.enumerated() { places[order.id] = place }
        try each(
            """
            SELECT order_id, label, quantity, unit FROM order_lines
            WHERE organisation_id = \(organisation) AND order_id = ANY (\(orders.map(\.id.value)))
                AND kind = 'item'
            ORDER BY order_id, position
            """
        ) { row in
            guard let place = places[try row["order_id"]] else { return }
            orders[place].lines.append(
                AssignedOrder.Line(
                    label: try row["label"], quantity: try row["quantity"], unit: try row["unit"]))
        }
        return orders
    }
}

struct MyDayPage {
    let orders: [AssignedOrder]
    let request: Request

    init(_ orders: [AssignedOrder], _ request: Request) {
        self.orders = orders
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    private func isToday(_ order: AssignedOrder) -> Bool {
        order.dueOn.map { $0 <= request.today } ?? false
    }

    var page: Page {
        let today = request.today
        let (now, later) = (orders.filter(isToday), orders.filter { !isToday($0) })
        return Page(
            title: say("Ma journée", "My day"), section: .myDay, frame: .narrow,
            body: """
                <div class="hello"><div><p class="day"><time datetime="\(today.iso)">\(say.weekday(today)) \(say.longDay(today))</time></p>\
                <h1>\(say("Ma journée", "My day"))</h1><p>\(summary(now.count))</p></div></div>
                <div class="stack">\(now, card)\(if: !later.isEmpty, "<h2>\(say("Ensuite", "Later"))</h2>")\(later, card)</div>
                """)
    }

    private func summary(_ count: Int) -> String {
        count == 0
            ? say("Rien n’est prévu pour aujourd’hui.", "Nothing is planned for today.")
            : say.count(
                count, Text("commande aujourd’hui.", "order today."),
                Text("commandes aujourd’hui.", "orders today."))
    }

    private func card(_ order: AssignedOrder) -> HTML {
        let place = order.address.lines(home: request.organisation.address.country, in: say)
            .joined(separator: ", ")
        let title = order.subject.isEmpty ? order.number : order.subject
        return """
            <section class="card" aria-labelledby="o-\(order.id)"><header><h3 id="o-\(order.id)">\(title)</h3>\
            <span class="sp"></span>\(StatusPill(request).order(order.status))\(StatusPill(request).priority(order.priority))</header>
            <div class="body form-stack"><p class="meta"><span>\(icon("hash", .small))\(order.number)</span>\(due(order))</p>
            <p><b>\(order.clientName)</b>\(if: !order.contact.isEmpty, " · \(order.contact)")</p>
            \(if: !order.phone.isEmpty || !place.isEmpty, reach(order, place))\
            \(if: !order.lines.isEmpty, "<ul class=\"plain\">\(order.lines, line)</ul>")\
            \(if: !order.message.isEmpty, "<p class=\"pre\">\(order.message)</p>")\
            \(if: !order.notes.isEmpty, "<p class=\"pre mut\">\(order.notes)</p>")</div></section>
            """
    }

    private func reach(_ order: AssignedOrder, _ place: String) -> HTML {
        """
        <p class="meta">\(if: !order.phone.isEmpty, "<a href=\"tel:\(order.phone)\">\(icon("phone", .small))\(PhoneNumber.shown(order.phone))</a>")\
        \(if: !place.isEmpty, "<a href=\"geo:0,0?q=\(PercentEncoding.encoded(place))\">\(icon("map-pin", .small))\(place)</a>")</p>
        """
    }

    private func line(_ line: AssignedOrder.Line) -> HTML {
        let word = Unit(rawValue: line.unit).map { $0.counted(line.quantity, in: say) } ?? line.unit
        let unit = word.isEmpty ? "" : " " + word
        return
            "<li><span class=\"num\">\(say.quantity(line.quantity))\(unit)</span> \(line.label)</li>"
    }

    private func due(_ order: AssignedOrder) -> HTML {
        guard let due = order.dueOn else { return .empty }
        let isLate = due < request.today
        return """
            <span\(attribute: "class", isLate ? "late" : nil)>\(icon("calendar", .small))\
            \(isLate ? say("en retard depuis le ", "late since ") : "")\(say.longDay(due))</span>
            """
    }
}
