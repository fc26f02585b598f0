import Basics
import Core
import Database
import EInvoice
import HTTP

/// A file with the invoice that was read from it.
struct IncomingInvoice: Sendable {
    let content: [UInt8]
    let fileName: String
    let file: InvoiceFile
    let sha256: String

    /// Reads a file in a helper. Outside any transaction: it takes its time.
    init(_ content: [UInt8], named name: String, by program: String) throws {
        try IncomingFile.refuseOthers(content)
        self.content = content
        fileName = UploadedFile.safeName(PlainText.line(name))
        file = try IsolatedReading.read(content, by: program)
        sha256 = hexadecimal(Digest.sha256(content))
    }
}

extension Transaction {
    /// Keeps an invoice with its file. The same file again is the invoice that is here already.
    func receiveInvoice(_ incoming: IncomingInvoice, by channel: ReceivedInvoice.Channel) throws
        -> (invoice: ReceivedInvoice, isNew: Bool)
    {
        if let known = try receivedInvoice(sha256: incoming.sha256) { return (known, false) }
        let id: ReceivedInvoice.ID = newID()
        guard try keep(incoming, as: id, by: channel) else {
            guard let known = try receivedInvoice(sha256: incoming.sha256) else {
                throw Problem.unavailable
            }
            return (known, false)
        }
        try run(
            """
            INSERT INTO received_files (organisation_id, received_invoice_id, content, xml)
            VALUES (\(organisation), \(id), \(incoming.content),
                \(incoming.file.attachment == nil ? nil : incoming.file.xml))
            """)
        _ = try note(SaidStatus(.received), of: .received(id), after: nil)
        let invoice = try receivedInvoice(id)
        try record(
            .invoiceReceived, .receivedInvoice, id.value, label: invoice.journalLabel,
            details: ["sha256": .string(incoming.sha256)])
        return (invoice, true)
    }

    /// False when the same file came in at the same moment.
    private func keep(
        _ incoming: IncomingInvoice, as id: ReceivedInvoice.ID,
        by channel: ReceivedInvoice.Channel
    ) throws -> Bool {
        let stated = StatedFacts(incoming.file.invoice)
        let supplier = try supplier(siren: stated.siren, vatNumber: stated.vatNumber)
        let verdict = InvoiceVerdict(incoming.file.invoice)
        let type =
            incoming.file.attachment == nil ? "application/xml" : "application/pdf"
        return try run(
            """
            INSERT INTO received_invoices (organisation_id, id, sha256, file_name, media_type,
                byte_count, syntax, attachment, channel, received_at, received_by, number, type_code,
                issued_on, due_on, currency, total_net, total_vat, total_gross, due_amount,
                seller_name, seller_siren, seller_vat_number, breach_count, difference_count, rules,
                supplier_id, updated_at)
            VALUES (\(organisation), \(id), \(incoming.sha256), \(incoming.fileName), \(type),
                \(incoming.content.count), \(incoming.file.syntax.rawValue),
                \(incoming.file.attachment ?? ""), \(channel), \(now), \(scope.user?.id),
                \(stated.number), \(stated.typeCode), \(stated.issuedOn), \(stated.dueOn),
                \(stated.currency.code), \(stated.net), \(stated.vat), \(stated.gross),
                \(stated.due), \(stated.sellerName), \(stated.siren), \(stated.vatNumber),
                \(verdict.breaches.count), \(verdict.differences.count), \(verdict.rules),
                \(supplier?.id), \(now))
            ON CONFLICT (organisation_id, sha256) DO NOTHING
            """) == 1
    }
}

/// What of an invoice stands in columns, to be listed, sorted and searched.
struct StatedFacts: Sendable {
    let number: String
    let typeCode: String
    let issuedOn: Day?
    let dueOn: Day?
    let currency: Currency
    let net: Amount?
    let vat: Amount?
    let gross: Amount?
    let due: Amount?
    let sellerName: String
    let siren: String
    let vatNumber: String

    init(_ invoice: EInvoice) {
        func line(_ text: String?, most: Int = 200) -> String {
            String(PlainText.line(text ?? "").unicodeScalars.prefix(most))
        }
        number = line(invoice.number)
        typeCode = line(invoice.typeCode, most: 10)
        issuedOn = Day(invoice.issuedOn)
        dueOn = Day(invoice.dueOn)
        let currency = Currency.stated(line(invoice.currency, most: 3))
        self.currency = currency
        net = Amount(invoice.totals?.net, in: currency)
        vat = Amount(invoice.totals?.vat, in: currency)
        gross = Amount(invoice.totals?.gross, in: currency)
        due = Amount(invoice.totals?.due, in: currency)
        sellerName = line(invoice.seller?.name)
        siren = invoice.seller?.siren ?? ""
        vatNumber = CompanyNumbers.compact(line(invoice.seller?.vatID, most: 30))
    }
}

extension EInvoice.Party {
    /// The SIREN that it states, of itself or of one of its places; nil for a number of another kind.
    var siren: String? {
        let stated = [legalID].compactMap(\.self) + identifiers
        for number in stated {
            let digits = CompanyNumbers.compact(number.value)
            if number.scheme == "0002" || number.scheme == nil, CompanyNumbers.isSIREN(digits) {
                return digits
            }
            if ["0002", "0009"].contains(number.scheme ?? ""), CompanyNumbers.isSIRET(digits) {
                return String(digits.prefix(9))
            }
        }
        return nil
    }
}

/// What is to be said against an invoice: rules that it breaks, sums that come out otherwise.
struct InvoiceVerdict: Sendable {
    let breaches: [Breach]
    let differences: [Difference]
    let rules: String

    init(_ invoice: EInvoice) {
        let origins = RuleBook.origins(for: invoice)
        breaches = RuleBook.breaches(in: invoice, origins)
        differences = invoice.differences
        rules = RuleBook.editions(origins)
    }
}

extension ReceivedInvoice {
    var journalLabel: String {
        [number, sender].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension Action {
    static let invoiceReceived = Action(
        "received_invoice.received", Text("a reçu la facture", "received the invoice"),
        icon: "inbox")
    static let receivedInvoiceLinked = Action(
        "received_invoice.linked", Text("a rattaché la facture", "linked the invoice"),
        icon: "link")
    static let receivedInvoiceStatus = Action(
        "received_invoice.status", Text("a traité la facture", "handled the invoice"),
        icon: "check")
}
