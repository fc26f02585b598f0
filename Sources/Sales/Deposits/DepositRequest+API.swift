import Basics
import Core

// What programs read and write of deposits.

/// A request with the deposit invoices that answer it.
struct DepositRequestDetails: Sendable {
    var request: DepositRequest
    var invoices: [Invoice.ID]
}

extension Transaction {
    func depositRequestDetails(_ id: DepositRequest.ID) throws -> DepositRequestDetails {
        DepositRequestDetails(
            request: try depositRequest(id),
            invoices: try invoices(ofDepositRequest: id).map(\.id))
    }
}

extension DepositRequest: APIRecord {
    public static let schemaName = "DepositRequestSummary"
    public static let members: [Member<DepositRequest>] = [
        .id { $0.id }, .text("number") { $0.number }, .choice("status") { $0.status },
        .id("order_id") { $0.orderID }, .text("order_number") { $0.orderNumber },
        .id("client_id") { $0.clientID }, .text("client_name") { $0.clientName },
        .percentage("percent") { $0.percentage }, .amount("amount") { $0.amount },
        .currency { $0.currency }, .day("requested_on") { $0.requestedOn },
        .day("due_on") { $0.dueOn }, .text("message") { $0.message },
        .amount("invoiced_amount") { $0.invoicedAmount },
        .amount("paid_amount") { $0.paidAmount }, .amount("open_amount") { $0.openAmount },
        .instant("sent_at") { $0.sentAt }, .instant("created_at") { $0.createdAt },
    ]
}

extension DepositRequestDetails: APIRecord {
    static let schemaName = "DepositRequest"
    static let members: [Member<DepositRequestDetails>] =
        Member.all { $0.request } + [
            Member("invoice_ids", .list(.id, most: 1000)) { .array($0.invoices.map { JSON($0) }) }
        ]
}

extension DepositSize {
    static let bodyFields: [BodyField] = [
        BodyField(
            "percent", .nullable(.percentage),
            note: Text("Du total TTC de la commande.", "Of the order’s total with VAT.")),
        BodyField(
            "amount", .nullable(.paid),
            note: Text(
                "TTC ; ou bien `percent`, pas les deux.", "With VAT; or `percent`, not both.")),
    ]
}

extension DepositRequestDraft: APIBody {
    public static let schemaName = "DepositRequestInput"
    public static let body: [BodyField] =
        DepositSize.bodyFields + [
            BodyField("due_on", .day, required: true), BodyField("message", .text(most: 2000)),
        ]
}

/// A deposit that is invoiced before it is paid.
enum DepositInvoiceBody: APIBody {
    static let schemaName = "DepositInvoiceInput"
    static let body: [BodyField] = DepositSize.bodyFields + [BodyField("due_on", .day)]
}

extension DepositRequestFilter {
    static let parameters: [Property] = [
        Property("q", .line), Property("view", .choice(of: View.self)), Property("client", .id),
        Property("from", .day), Property("to", .day), .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
