import Basics
import Core
import EInvoice

// What programs read and write of received invoices.

extension ReceivedInvoice: APIRecord {
    public static let schemaName = "ReceivedInvoiceSummary"
    public static let members: [Member<ReceivedInvoice>] = [
        .id { $0.id }, .text("number") { $0.number }, .text("type_code", most: 10) { $0.typeCode },
        .integer("status") { $0.status.rawValue }, .text("sha256", most: 64) { $0.sha256 },
        .text("file_name") { $0.fileName }, .text("media_type", most: 40) { $0.mediaType },
        .text("syntax", most: 3) { $0.syntax }, .choice("channel") { $0.channel },
        .instant("received_at") { $0.receivedAt }, .day("issued_on") { $0.issuedOn },
        .day("due_on") { $0.dueOn }, .text("currency", most: 3) { $0.currencyCode },
        stated("total_net") { $0.totalNet }, stated("total_vat") { $0.totalVAT },
        stated("total_gross") { $0.totalGross }, stated("due_amount") { $0.dueAmount },
        .text("seller_name") { $0.sellerName }, .text("seller_siren") { $0.sellerSIREN },
        .text("seller_vat_number") { $0.sellerVATNumber },
        .id("supplier_id") { $0.supplierID }, .integer("breach_count") { $0.breachCount },
        .integer("difference_count") { $0.differenceCount }, .text("rules") { $0.rules },
        .integer("version") { $0.version },
    ]

    private static func stated(
        _ name: String, _ read: @escaping @Sendable (ReceivedInvoice) -> Amount?
    ) -> Member<ReceivedInvoice> {
        Member(name, .nullable(.money)) { read($0).map { JSON($0) } ?? .null }
    }
}

/// One with what is to be said against it, and what was done with it.
struct ReceivedInvoiceDetails: Sendable {
    var invoice: ReceivedInvoice
    var verdict: InvoiceVerdict
    var entries: [LifeCycleEntry]
}

extension Transaction {
    func receivedInvoiceDetails(_ id: ReceivedInvoice.ID) throws -> ReceivedInvoiceDetails {
        let invoice = try receivedInvoice(id)
        return ReceivedInvoiceDetails(
            invoice: invoice, verdict: InvoiceVerdict(try statedInvoice(invoice)),
            entries: try lifeCycle(ofReceived: id))
    }
}

extension ReceivedInvoiceDetails: APIRecord {
    static let schemaName = "ReceivedInvoice"
    static let members: [Member<ReceivedInvoiceDetails>] =
        Member.all { $0.invoice } + [
            Member("breaches", .list(.object(breach), most: 10_000)) { details in
                .array(
                    details.verdict.breaches.map { breach in
                        [
                            "code": .string(breach.code), "term": .string(breach.term),
                            "message": .string(breach.message.french),
                        ]
                    })
            },
            Member("differences", .list(.object(difference), most: 10_000)) { details in
                .array(
                    details.verdict.differences.map { difference in
                        [
                            "term": .string(difference.term),
                            "stated": JSON(difference.stated?.text(atLeast: 2)),
                            "computed": .string(difference.computed.text(atLeast: 2)),
                        ]
                    })
            },
            Member("life_cycle", .list(.object(LifeCycleEntry.properties), most: 200)) {
                .array($0.entries.map(\.json))
            },
        ]

    private static let breach = [
        Property("code", .text(most: 40), required: true),
        Property("term", .text(most: 20), required: true),
        Property("message", .text(most: 1000), required: true),
    ]
    private static let difference = [
        Property("term", .text(most: 20), required: true),
        Property("stated", .nullable(.text(most: 40)), required: true),
        Property("computed", .text(most: 40), required: true),
    ]
}

extension LifeCycleEntry {
    static let properties = [
        Property("status", .integer(200...213), required: true),
        Property("outcome", .choice(of: LifeCycleStatus.Outcome.self), required: true),
        Property("occurred_at", .instant, required: true),
        Property("actor", .text(most: 400), required: true),
        Property("reason_code", .text(most: 40), required: true),
        Property("reason", .text(most: 2000), required: true),
    ]

    var json: JSON {
        [
            "status": .int(status.rawValue), "outcome": .string(outcome.rawValue),
            "occurred_at": JSON(occurredAt), "actor": .string(actor),
            "reason_code": .string(reasonCode), "reason": .string(reason),
        ]
    }
}

/// A file that a program hands over.
enum ReceivedInvoiceBody: APIBody {
    static let schemaName = "ReceivedInvoiceInput"
    static let body: [BodyField] = [
        BodyField("file_name", .line, required: true),
        BodyField(
            "content", .text(most: Routes.standardBodyBytes), required: true,
            note: Text("Le fichier, en Base64.", "The file, in Base64.")),
    ]
}

/// What becomes of a received invoice.
enum ReceivedStatusBody: APIBody {
    static let schemaName = "ReceivedInvoiceStatusInput"
    static let body: [BodyField] = [
        BodyField(
            "status", .integer(204...211), required: true,
            note: Text(
                "204 à 208, 210 ou 211, les codes de la réforme française.",
                "204 to 208, 210 or 211, the codes of the French reform.")),
        BodyField("reason_code", .text(most: 40)), BodyField("reason", .text(most: 1000)),
    ]
}

enum SupplierLinkBody: APIBody {
    static let schemaName = "ReceivedInvoiceSupplierInput"
    static let body: [BodyField] = [
        BodyField(
            "supplier", .id,
            note: Text(
                "Sans lui, le vendeur de la facture devient un fournisseur.",
                "Without it, the seller of the invoice becomes a supplier."))
    ]
}
