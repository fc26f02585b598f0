import Basics
import Core
import Markup

extension Transaction {
    /// Says who does the work; nil for nobody. It stands in the day of that person.
    public func assignOrder(_ id: Order.ID, to person: User.ID?) throws -> Order {
        let before = try lockedOrder(id)
        let member = try person.map { person -> TeamMember in
            guard let member = try team().first(where: { $0.id == person }) else {
                throw Problem.notFound
            }
            return member
        }
        guard before.assignedTo != person else { return before }
        try run(
            """
            UPDATE orders SET assigned_to = \(person), updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        let change: JSON = [
            "field": "assigned_to", "before": .string(before.assignee ?? ""),
            "after": .string(member?.name ?? ""),
        ]
        try record(
            .orderAssigned, .order, id.value, label: before.number, details: ["changes": [change]])
        return try order(id)
    }
}

extension Orders {
    static func assign(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        let typed = try request.form().fields["assigned_to"] ?? ""
        let person: User.ID? = User.ID(typed)
        guard person != nil || typed.isEmpty else { throw Problem.notFound }
        let order = try request.write { try $0.assignOrder(id, to: person) }
        return .done(
            at: order.path,
            say: order.assignee.map {
                Text("Commande confiée à \($0).", "Order assigned to \($0).")
            } ?? Text("Commande confiée à personne.", "Order assigned to nobody."))
    }
}

/// On the page of an order: who does it.
struct OrderAssignment {
    let record: OrderRecord
    let request: Request

    init(_ record: OrderRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    var card: HTML {
        let (say, order) = (request.say, record.order)
        let title = Text("Confiée à", "Assigned to")
        guard request.may(.writeOrders), order.status.canBeEdited else {
            return order.assignee.map {
                RecordParts(request).card(
                    "assigned", title, "<div class=\"body\"><p>\($0)</p></div>")
            } ?? .empty
        }
        // Who left keeps the order until somebody else takes it.
        let left: HTML =
            order.assignedTo.map { person in
                record.team.contains { $0.id == person }
                    ? .empty
                    : "<option value=\"\(person)\" selected>\(order.assignee ?? "")</option>"
            } ?? .empty
        return RecordParts(request).card(
            "assigned", title,
            """
            <form class="body" method="post" action="\(order.path)/assign">\(FormToken.input(for: request))\
            <div class="with-button"><select class="in" name="assigned_to" aria-labelledby="h-assigned">\
            <option value="">\(say("Personne", "Nobody"))</option>\(left)\
            \(record.team, { member in
                """
                <option value="\(member.id)"\(attribute: "selected", if: member.id == order.assignedTo)>\(member.name)</option>
                """
            })</select><button class="btn">\(say("Confier", "Assign"))</button></div></form>
            """)
    }
}

extension Action {
    static let orderAssigned = Action(
        "order.assigned", Text("a confié", "assigned"), icon: "user-round")
}
