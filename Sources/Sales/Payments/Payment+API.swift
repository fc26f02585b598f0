import Basics
import Core

// What programs read and write of payments and credit.

/// A payment with what it settled.
struct PaymentDetails: Sendable {
    var payment: Payment
    var allocations: [Allocation]
}

extension Transaction {
    func paymentDetails(_ id: Payment.ID) throws -> PaymentDetails {
        let payment = try payment(id)
        return PaymentDetails(payment: payment, allocations: try allocations(of: payment))
    }
}

extension PaymentDetails: APIRecord {
    static let schemaName = "Payment"
    static let members: [Member<PaymentDetails>] =
        Member.all { $0.payment } + [.list("allocations") { $0.allocations }]
}

extension Payment: APIRecord {
    public static let schemaName = "PaymentSummary"
    public static let members: [Member<Payment>] = [
        .id { $0.id }, .text("number") { $0.number }, .id("client_id") { $0.clientID },
        .text("client_name") { $0.clientName }, .choice("direction") { $0.direction },
        .choice("method") { $0.method }, .day("paid_on") { $0.paidOn },
        .amount("amount") { $0.amount }, .currency { $0.currency },
        .text("reference") { $0.reference }, .text("notes") { $0.notes },
        .id("reversed_payment_id") { $0.reversedPaymentID },
        .amount("allocated_amount") { $0.allocatedAmount }, .flag("is_reversed") { $0.isReversed },
        .amount("open_amount") { $0.openAmount }, .instant("created_at") { $0.createdAt },
    ]
}

extension Allocation: APIRecord {
    public static let schemaName = "Allocation"
    public static let members: [Member<Allocation>] = [
        .id("payment_id") { $0.paymentID }, .id("credit_note_id") { $0.creditNoteID },
        .id("invoice_id") { $0.invoiceID }, .id("refund_id") { $0.refundID },
        .amount("amount") { $0.amount },
    ]
}

extension PlannedAllocation {
    static let body = BodyField.keyed(
        "settlements", id: "invoice_id", value: Property("amount", .paid), prefix: fieldPrefix,
        most: 1000,
        note: Text(
            "Ce qui va à chaque facture ; sans rien, les plus anciennes d’abord.",
            "What goes to each invoice; without any, the oldest first."))
}

extension PaymentDraft: APIBody {
    public static let schemaName = "PaymentInput"
    public static let body: [BodyField] =
        [BodyField("client_id", .id, field: "client", required: true)] + RefundDraft.body + [
            PlannedAllocation.body,
            BodyField(
                "keep", .flag,
                note: Text(
                    "Rien n’est réglé : tout reste un crédit.",
                    "Nothing is settled: all of it stays a credit.")),
        ]
}

extension RefundDraft: APIBody {
    public static let schemaName = "RefundInput"
    public static let body: [BodyField] = [
        BodyField("method", .choice(of: Payment.Method.self)),
        BodyField("paid_on", .day, field: "day", required: true),
        BodyField("amount", .amount(1...Amount.maximum.minorUnits), required: true),
        BodyField("reference", .text(most: 100)), BodyField("notes", .text(most: 2000)),
    ]
}

/// Why a payment is undone.
enum UndoBody: APIBody {
    static let schemaName = "Undo"
    static let body = [BodyField("reason", .line, required: true)]
}

/// Which invoices a credit settles.
enum CreditUseBody: APIBody {
    static let schemaName = "CreditUse"
    static let body = [PlannedAllocation.body]
}

extension PaymentFilter {
    static let parameters: [Property] = [
        Property("q", .line), Property("client", .id),
        Property("method", .choice(of: Payment.Method.self)),
        Property("direction", .choice(of: Payment.Direction.self)), Property("from", .day),
        Property("to", .day), Property("view", .choice(of: View.self)),
        .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
