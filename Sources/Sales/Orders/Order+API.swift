import Basics
import Core

// What programs read and write of orders.

/// An order with its lines.
struct OrderDetails: Sendable {
    var order: Order
    var lines: [DocumentLine]
    var invoices: [Invoice.ID]
    var depositRequests: [DepositRequest.ID]
}

extension Transaction {
    func orderDetails(_ id: Order.ID) throws -> OrderDetails {
        OrderDetails(
            order: try order(id), lines: try lines(of: .order, id.value),
            invoices: try invoices(ofOrder: id).map(\.id),
            depositRequests: try depositRequests(of: id).map(\.id))
    }
}

extension OrderDetails: APIRecord {
    static let schemaName = "Order"
    static let members: [Member<OrderDetails>] = [
        .id { $0.order.id }, .text("number") { $0.order.number },
        .choice("status") { $0.order.status }, .choice("priority") { $0.order.priority },
        .id("quote_id") { $0.order.quoteID },
        .id("client_id") { $0.order.head.clientID }, .text("client_name") { $0.order.clientName },
        .id("contact_id") { $0.order.head.contactID }, .text("subject") { $0.order.head.subject },
        .text("reference") { $0.order.head.reference }, .text("sector") { $0.order.head.sector },
        .text("message") { $0.order.head.message }, .text("notes") { $0.order.head.notes },
        .day("ordered_on") { $0.order.orderedOn }, .day("due_on") { $0.order.dueOn },
        .currency { $0.order.currency }, .amount("total_net") { $0.order.totalNet },
        .amount("total_vat") { $0.order.totalVAT }, .amount("total_gross") { $0.order.totalGross },
        .instant("completed_at") { $0.order.completedAt },
        .id("assigned_to") { $0.order.assignedTo },
        Member("invoice_ids", .list(.id, most: 1000)) { .array($0.invoices.map { JSON($0) }) },
        Member("deposit_request_ids", .list(.id, most: 1000)) {
            .array($0.depositRequests.map { JSON($0) })
        },
        Member("prices", TypedPrices.type) { TypedPrices.json($0.lines) },
        .list("lines") { $0.lines.priced(in: $0.order.currency) },
        .integer("version") { $0.order.version }, .instant("created_at") { $0.order.createdAt },
    ]
}

extension OrderRow: APIRecord {
    static let schemaName = "OrderSummary"
    static let members: [Member<OrderRow>] = [
        .id { $0.order.id }, .text("number") { $0.order.number },
        .choice("status") { $0.order.status }, .choice("priority") { $0.order.priority },
        .id("client_id") { $0.order.clientID }, .text("client_name") { $0.order.clientName },
        .text("subject") { $0.order.head.subject }, .text("sector") { $0.order.head.sector },
        .day("ordered_on") { $0.order.orderedOn }, .day("due_on") { $0.order.dueOn },
        .currency { $0.order.currency }, .amount("total_net") { $0.order.totalNet },
        .amount("total_vat") { $0.order.totalVAT }, .amount("total_gross") { $0.order.totalGross },
    ]
}

extension OrderDraft: APIBody {
    public static let schemaName = "OrderInput"
    public static let body: [BodyField] =
        DocumentHead.bodyFields + [
            BodyField("sector", .text(most: 100)),
            BodyField("priority", .choice(of: Order.Priority.self)),
            BodyField("ordered_on", .day, required: true), BodyField("due_on", .nullable(.day)),
            LineDraft.body,
        ]
}

/// Who does the work of an order; empty for nobody.
enum OrderAssignBody: APIBody {
    static let schemaName = "OrderAssignment"
    static let body = [BodyField("assigned_to", .nullable(.id))]
}

/// Where an order moves on to.
enum OrderMoveBody: APIBody {
    static let schemaName = "OrderMove"
    static let body = [
        BodyField("status", .choice(of: OrderStatus.self), required: true),
        BodyField("note", .text(most: 1000)),
    ]
}

extension OrderFilter {
    static let parameters: [Property] = [
        Property("q", .line),
        Property("view", .choice(OrderStatus.allCases.map(\.rawValue) + ["late"])),
        Property("client", .id), Property("sector", .text(most: 100)),
        Property("priority", .choice(of: Order.Priority.self)),
        Property("period", .choice(of: Period.self)), Property("from", .day), Property("to", .day),
        .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
