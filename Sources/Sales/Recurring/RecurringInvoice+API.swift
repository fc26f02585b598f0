import Basics
import Core

// What programs read and write of recurring invoices.

/// A recurring invoice with its lines and what became of its periods.
struct RecurringInvoiceDetails: Sendable {
    var recurring: RecurringInvoice
    var lines: [DocumentLine]
    var periods: [RecurringPeriod]
}

extension Transaction {
    func recurringInvoiceDetails(_ id: RecurringInvoice.ID) throws -> RecurringInvoiceDetails {
        RecurringInvoiceDetails(
            recurring: try recurringInvoice(id),
            lines: try lines(of: .recurringInvoice, id.value), periods: try periods(of: id))
    }
}

extension RecurringInvoice: APIRecord {
    public static let schemaName = "RecurringInvoiceSummary"
    public static let members: [Member<RecurringInvoice>] = [
        .id { $0.id }, .text("number") { $0.number }, .choice("status") { $0.status },
        .id("client_id") { $0.head.clientID }, .text("client_name") { $0.clientName },
        .id("contact_id") { $0.head.contactID }, .text("subject") { $0.head.subject },
        .text("reference") { $0.head.reference }, .text("message") { $0.head.message },
        .text("notes") { $0.head.notes }, .choice("frequency") { $0.schedule.frequency },
        .day("starts_on") { $0.schedule.startsOn }, .day("ends_on") { $0.schedule.endsOn },
        .integer("day_of_month") { $0.schedule.dayOfMonth }, .choice("delivery") { $0.delivery },
        .day("next_on") { $0.nextOn }, .text("problem") { $0.problem },
        .currency { $0.currency }, .amount("total_net") { $0.totalNet },
        .amount("total_vat") { $0.totalVAT }, .amount("total_gross") { $0.totalGross },
        .integer("version") { $0.version }, .instant("created_at") { $0.createdAt },
    ]
}

extension RecurringInvoiceDetails: APIRecord {
    static let schemaName = "RecurringInvoice"
    static let members: [Member<RecurringInvoiceDetails>] =
        Member.all { $0.recurring } + [
            Member("prices", TypedPrices.type) { TypedPrices.json($0.lines) },
            .list("lines") { $0.lines.priced(in: $0.recurring.currency) },
            .list("periods") { $0.periods },
        ]
}

extension RecurringPeriod: APIRecord {
    static let schemaName = "RecurringPeriod"
    static let members: [Member<RecurringPeriod>] = [
        .day("period_on") { $0.periodOn }, .id("invoice_id") { $0.invoiceID },
        .text("invoice_number", most: 100) { $0.invoiceNumber }, .text("problem") { $0.problem },
    ]
}

extension RecurringInvoiceDraft: APIBody {
    public static let schemaName = "RecurringInvoiceInput"
    public static let body: [BodyField] =
        DocumentHead.bodyFields + [
            BodyField("frequency", .choice(of: Frequency.self)),
            BodyField("starts_on", .day, required: true), BodyField("ends_on", .nullable(.day)),
            BodyField(
                "day_of_month", .integer(1...31),
                note: Text(
                    "Le dernier jour des mois plus courts.", "The last day of shorter months.")),
            BodyField("delivery", .choice(of: RecurringInvoice.Delivery.self)), LineDraft.body,
        ]
}
