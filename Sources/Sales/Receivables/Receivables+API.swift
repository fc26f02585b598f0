import Basics
import Core

// What programs read of what clients owe.

extension ClientReceivables: APIRecord {
    public static let schemaName = "ClientReceivables"
    public static let members: [Member<ClientReceivables>] = [
        .id("client_id") { $0.clientID }, .text("number") { $0.number }, .text("name") { $0.name },
        Member(
            "ages", .object(Age.allCases.map { Property($0.rawValue, .money, required: true) }),
            note: Text("Par ancienneté, en jours.", "By age, in days.")
        ) { row in .object(Age.allCases.map { ($0.rawValue, JSON(row.amounts[$0])) }) },
        .amount("total") { $0.amounts.total }, .amount("credit") { $0.credit },
        .amount("balance") { $0.balance },
    ]
}

extension OpenInvoice: APIRecord {
    public static let schemaName = "OpenInvoice"
    public static let members: [Member<OpenInvoice>] = [
        .id { $0.id }, .text("number") { $0.number }, .id("client_id") { $0.clientID },
        .text("client_name") { $0.clientName }, .day("issued_on") { $0.issuedOn },
        .day("due_on") { $0.dueOn }, .amount("total_gross") { $0.totalGross },
        .amount("open_amount") { $0.openAmount },
    ]
}

extension OpeningBalanceDraft: APIBody {
    public static let schemaName = "OpeningBalanceInput"
    public static let body: [BodyField] = [
        BodyField("client_id", .id, field: "client", required: true),
        BodyField("number", .text(most: maximumNumberLength), required: true),
        BodyField("issued_on", .day, required: true), BodyField("due_on", .day, required: true),
        BodyField("amount", .amount(1...Amount.maximum.minorUnits), required: true),
        BodyField("subject", .line),
    ]
}

extension ReceivablesFilter {
    static let parameters: [Property] = [Property("q", .line), .after]
}

extension OpenInvoiceFilter {
    static let parameters: [Property] = [
        Property("client", .id),
        Property("age", .choice(Age.allCases.map(\.rawValue) + [OpenInvoiceFilter.overdue])),
        .after,
    ]
}
