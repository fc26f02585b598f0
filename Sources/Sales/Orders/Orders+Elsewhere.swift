import Basics
import Core
import Markup

// Orders on other pages: home and search.

extension Orders {
    /// Days before it is due at which an order asks for attention.
    static let warningDays = 3
    static let mostOnHome = 4

    public static let checks = [LineOwner.order.totalsCheck]

    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .order, Section.orders.label, icon: "shopping-cart", .readOrders, list: "/orders"
            ) { transaction, ids, say in
                try transaction.orders(withIDs: ids).map { order in
                    SearchRow(
                        id: order.id.value, title: order.number,
                        note: [order.clientName, order.head.subject, say(order.status.label)]
                            .filter { !$0.isEmpty }.joined(separator: ", "),
                        amount: order.totalGross)
                }
            }
        ]
    }

    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readOrders) else { return }
        let due = try transaction.ordersDue(withinDays: warningDays, most: 100)
        guard !due.isEmpty else { return }
        let isAnyLate = due.contains { $0.isLate(on: request.today) }
        home.toDo.append(
            ToDoGroup(
                Text("Commandes à livrer", "Orders due"), icon: "calendar-clock",
                tone: isAnyLate ? .bad : .warn, count: due.count,
                address: isAnyLate ? "/orders?view=late&sort=due" : "/orders?sort=due",
                items: due.prefix(mostOnHome).map { order in
                    ToDoItem(
                        order.clientName, address: order.path, note: note(order, request),
                        amount: order.totalGross)
                }))
    }

    private static func note(_ order: Order, _ request: Request) -> HTML {
        let say = request.say
        guard let due = order.dueOn else { return "\(order.number)" }
        let days = request.today - due
        guard days > 0 else {
            let day = say.shortDay(due, today: request.today)
            return "\(order.number) · \(say("échéance", "due")) \(day)"
        }
        let late = say.count(
            days, Text("jour de retard", "day late"), Text("jours de retard", "days late"))
        return "\(order.number) · <b class=\"late\">\(late)</b>"
    }
}

extension Catalogue {
    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .item, Section.catalogue.label, icon: "package", .readCatalogue, list: "/items"
            ) { transaction, ids, say in
                try transaction.items(withIDs: ids).map { item in
                    SearchRow(id: item.id.value, title: item.label, note: item.reference)
                }
            }
        ]
    }
}

extension Transaction {
    func orders(withIDs ids: [UniqueID]) throws -> [Order] {
        try all(
            """
            SELECT \(Order.columns) FROM orders o
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = o.client_id
            WHERE o.organisation_id = \(organisation) AND o.id = ANY (\(ids))
            """)
    }

    func items(withIDs ids: [UniqueID]) throws -> [Item] {
        try all(
            """
            SELECT \(Item.columns) FROM items
            WHERE organisation_id = \(organisation) AND id = ANY (\(ids))
            """)
    }
}
