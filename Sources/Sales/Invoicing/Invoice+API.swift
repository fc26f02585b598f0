import Basics
import Core

// What programs read and write of invoices and credit notes.

/// An invoice with its lines and its VAT.
struct InvoiceDetails: Sendable {
    var invoice: Invoice
    var lines: [DocumentLine]
    var vatRows: [VATRow]
    /// Deposits that it takes off; they are no lines to write.
    var deductions: [DeductedDeposit]
    var settlements: [InvoiceSettlement]
    var today: Day
}

extension Transaction {
    func invoiceDetails(_ id: Invoice.ID) throws -> InvoiceDetails {
        let invoice = try invoice(id)
        let lines = try lines(of: .invoice, id.value)
        return InvoiceDetails(
            invoice: invoice, lines: lines.filter { $0.deduction == nil },
            vatRows: try invoice.isDraft
                ? DocumentTotals(lines, in: invoice.currency).vatRows : vatRows(of: id),
            deductions: lines.compactMap { DeductedDeposit($0, in: invoice.currency) },
            settlements: try settlements(of: invoice), today: today)
    }
}

extension InvoiceDetails: APIRecord {
    static let schemaName = "Invoice"
    static let members: [Member<InvoiceDetails>] = identity + facts + amounts + frozen

    private static let identity: [Member<InvoiceDetails>] = [
        .id { $0.invoice.id }, .choice("kind") { $0.invoice.kind },
        .choice("origin") { $0.invoice.origin }, .choice("status") { $0.invoice.status },
        .flag("is_overdue") { $0.invoice.daysOverdue(on: $0.today) != nil },
        .text("number", most: 100) { $0.invoice.number },
        .id("client_id") { $0.invoice.clientID }, .text("client_name") { $0.invoice.clientName },
        .id("contact_id") { $0.invoice.contactID },
        .id("delivery_address_id") { $0.invoice.deliveryAddressID },
        .id("order_id") { $0.invoice.orderID },
        .id("corrected_invoice_id") { $0.invoice.correctedInvoiceID },
        .id("replaced_invoice_id") { $0.invoice.replacedInvoiceID },
        .id("deposit_request_id") { $0.invoice.depositRequestID },
    ]

    private static let facts: [Member<InvoiceDetails>] = [
        .day("issued_on") { $0.invoice.issuedOn }, .day("due_on") { $0.invoice.dueOn },
        .day("service_on") { $0.invoice.serviceOn }, .text("subject") { $0.invoice.subject },
        .text("reference") { $0.invoice.reference }, .text("message") { $0.invoice.message },
        .text("notes") { $0.invoice.notes }, .integer("payment_days") { $0.invoice.terms.days },
        .flag("payment_end_of_month") { $0.invoice.terms.endOfMonth },
        .choice("vat_exemption") { $0.invoice.exemption },
        .choice("language") { $0.invoice.language },
    ]

    private static let amounts: [Member<InvoiceDetails>] = [
        .currency { $0.invoice.currency }, .amount("total_net") { $0.invoice.totalNet },
        .amount("total_vat") { $0.invoice.totalVAT },
        .amount("total_rounding") { $0.invoice.totalRounding },
        .amount("total_gross") { $0.invoice.totalGross },
        Member("prices", TypedPrices.type) { TypedPrices.json($0.lines) },
        .amount("paid_amount") { $0.invoice.paidAmount },
        .amount("credited_amount") { $0.invoice.creditedAmount },
        .amount("open_amount") { $0.invoice.openAmount },
        .list("lines") { $0.lines.priced(in: $0.invoice.currency) },
        .list("deductions") { $0.deductions }, .list("vat_rows") { $0.vatRows },
        .list("settlements") { $0.settlements },
    ]

    private static let frozen: [Member<InvoiceDetails>] = [
        Member("seller", .nullable(.frozen)) { $0.invoice.seller ?? .null },
        Member("buyer", .nullable(.frozen)) { $0.invoice.buyer ?? .null },
        Member("mentions", .nullable(.frozen)) { $0.invoice.mentions ?? .null },
        .instant("issued_at") { $0.invoice.issuedAt }, .instant("sent_at") { $0.invoice.sentAt },
        .integer("version") { $0.invoice.version },
        .instant("created_at") { $0.invoice.createdAt },
    ]
}

/// A part of a deposit that an invoice takes off.
struct DeductedDeposit: Sendable {
    var invoiceID: Invoice.ID
    var label: String
    var rate: VATRate
    var net: Amount
    var vat: Amount

    /// Nil for any other line.
    init?(_ line: DocumentLine, in currency: Currency) {
        guard let deduction = line.deduction else { return nil }
        invoiceID = deduction.invoiceID
        label = line.label
        rate = line.vat
        net = line.netAmount(in: currency)
        vat = deduction.vat
    }
}

extension DeductedDeposit: APIRecord {
    static let schemaName = "Deduction"
    static let members: [Member<DeductedDeposit>] = [
        .id("deposit_invoice_id") { $0.invoiceID }, .text("label") { $0.label },
        .text("vat", most: 8) { $0.rate.code }, .amount("net_amount") { $0.net },
        .amount("vat_amount") { $0.vat },
    ]
}

extension VATRow: APIRecord {
    public static let schemaName = "VATRow"
    public static let members: [Member<VATRow>] = [
        .text("vat", most: 8) { $0.rate.code }, .amount("base_amount") { $0.base },
        .amount("vat_amount") { $0.vat },
    ]
}

extension InvoiceSettlement: APIRecord {
    static let schemaName = "Settlement"
    static let members: [Member<InvoiceSettlement>] = [
        .text("path") { $0.path }, .text("number") { $0.number },
        .text("method", most: 20) { $0.method }, .day("day") { $0.day },
        .amount("amount") { $0.amount },
    ]
}

extension InvoiceRow: APIRecord {
    static let schemaName = "InvoiceSummary"
    static let members: [Member<InvoiceRow>] = [
        .id { $0.id }, .choice("kind") { $0.kind }, .choice("origin") { $0.origin },
        .choice("status") { $0.status }, .text("number", most: 100) { $0.number },
        .id("client_id") { $0.clientID }, .text("client_name") { $0.clientName },
        .text("subject") { $0.subject }, .text("reference") { $0.reference },
        .day("issued_on") { $0.issuedOn }, .day("due_on") { $0.dueOn },
        .instant("sent_at") { $0.sentAt }, .currency { $0.currency },
        .amount("total_net") { $0.totalNet }, .amount("total_vat") { $0.totalVAT },
        .amount("total_gross") { $0.totalGross }, .amount("paid_amount") { $0.paidAmount },
        .amount("credited_amount") { $0.creditedAmount }, .amount("open_amount") { $0.openAmount },
    ]
}

extension InvoiceDraft: APIBody {
    public static let schemaName = "InvoiceInput"
    public static let body: [BodyField] =
        DocumentHead.bodyFields + [
            BodyField("service_on", .nullable(.day)),
            BodyField("payment_days", .integer(0...PaymentTerms.maximumDays)),
            BodyField("payment_end_of_month", .flag),
            BodyField(
                "delivery_address_id", .nullable(.id), field: "delivery_address",
                note: Text(
                    "Une autre adresse du client, où l’on livre.",
                    "Another address of the client, where goods go.")),
            BodyField("vat_exemption", .choice(of: VATExemption.self)),
            BodyField("language", .choice(of: Language.self)), LineDraft.body,
        ]
}

/// The day that an invoice bears.
enum IssueBody: APIBody {
    static let schemaName = "Issue"
    static let body = [BodyField("issued_on", .day, field: "day", required: true)]
}

extension CreditNoteDraft: APIBody {
    public static let schemaName = "CreditNoteInput"
    public static let body: [BodyField] = [
        BodyField("issued_on", .day, field: "day", required: true),
        BodyField("reason", .text(most: 1000)),
        .keyed(
            "lines", id: "line_id", value: Property("quantity", .quantity),
            prefix: CreditNotePage.fieldPrefix, most: LineDrafts.maximumLines,
            note: Text(
                "Ce qui est repris de chaque ligne de la facture.",
                "What is taken back of each line of the invoice.")),
    ]
}

extension InvoiceFilter {
    static let parameters: [Property] = [
        Property("q", .line), Property("view", .choice(of: View.self)), Property("client", .id),
        Property("from", .day, note: Text("Émise à partir de.", "Issued from.")),
        Property("to", .day, note: Text("Émise jusqu’à.", "Issued until.")),
        Property(
            "imported", .choice(["yes"]),
            note: Text(
                "Avec la vue `issued` : l’historique importé aussi.",
                "With the view `issued`: imported history too.")),
        Property("min", .decimal(places: 2, signed: true), note: InvoiceFilter.total),
        Property("max", .decimal(places: 2, signed: true), note: InvoiceFilter.total),
        .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
    private static let total = Text("Total TTC, comme 12.50.", "Total with VAT, such as 12.50.")
}
