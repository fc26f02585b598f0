import Basics
import Core
import Database
import Drawing
import EInvoice

/// The document of an issued invoice, made once and given out for ever.
struct KeptDocument: Record, Sendable {
    /// The PDF/A-3.
    var content: [UInt8]
    var sha256: String
    /// The Cross Industry Invoice that is attached to it; nil where none is.
    var cii: String?

    init(row: Row) throws {
        content = try row["content"]
        sha256 = try row["sha256"]
        cii = try row["cii"]
    }

    fileprivate init(_ made: MadeDocument) {
        content = made.content
        sha256 = made.sha256
        cii = made.cii
    }
}

extension Transaction {
    /// The document as it left the house; made and kept now if that was not done yet. What was imported
    /// or is a draft has none.
    func keptDocument(of invoice: Invoice) throws -> KeptDocument {
        guard invoice.isLive, invoice.kind != .openingBalance else {
            throw Problem.noElectronicInvoice
        }
        if let known = try knownDocument(of: invoice.id) { return known }
        let made = try MadeDocument(invoicePrint(invoice))
        let isFirst = try run(
            """
            INSERT INTO kept_documents (organisation_id, invoice_id, sha256, content, cii, rules, kept_at)
            VALUES (\(organisation), \(invoice.id), \(made.sha256), \(made.content), \(made.cii),
                \(made.rules), \(now))
            ON CONFLICT DO NOTHING
            """)
        // Somebody else may have kept it at the same moment: theirs is the one.
        return try isFirst == 1
            ? KeptDocument(made) : knownDocument(of: invoice.id) ?? KeptDocument(made)
    }

    func knownDocument(of invoice: Invoice.ID) throws -> KeptDocument? {
        try first(
            """
            SELECT content, sha256, cii FROM kept_documents
            WHERE organisation_id = \(organisation) AND invoice_id = \(invoice)
            """)
    }
}

/// A document about to be kept.
private struct MadeDocument {
    let content: [UInt8]
    let sha256: String
    let cii: String?
    let rules: String

    /// An invoice that holds to the rules carries itself for programs. One that was issued under older
    /// rules and breaks those of today is kept as a PDF alone: no invalid e-invoice leaves the house.
    init(_ print: InvoicePrint) throws {
        let form = ElectronicForm(seller: print.seller, currency: print.invoice.currency)
        cii =
            print.breaches.isEmpty && !print.invoice.isReversal
            ? print.electronic.map(CIIWriter.xml) : nil
        rules = cii == nil ? "" : RuleBook.editions(form?.origins ?? [])
        let printed = PrintedDocument(print)
        content = try PDFArchive(printed, cii: cii).bytes(
            of: DocumentPDF.bytes(of: printed), colors: DocumentColors.shared.get())
        sha256 = hexadecimal(Digest.sha256(content))
    }
}

/// The colours of all documents, read from the disk once.
enum DocumentColors {
    static let shared = Result { () throws(DrawingError) in try ColorProfile.sRGB() }
}

extension PDFArchive {
    /// - Parameter cii: the invoice for programs; nil leaves a PDF/A without attachment.
    init(_ printed: PrintedDocument, cii: String?) {
        self.init(
            title: printed.fullTitle, author: printed.brand, producer: "Comptoir",
            language: printed.language.rawValue, createdAt: Int64(printed.settledAtSeconds ?? 0))
        guard let cii else { return }
        attachment = Attachment(
            name: FacturX.fileName, mimeType: "text/xml", description: "Factur-X",
            bytes: Array(cii.utf8))
        metadata = XMPSchema(
            prefix: FacturX.prefix, namespace: FacturX.namespace, title: FacturX.schema,
            properties: FacturX.properties)
    }
}
