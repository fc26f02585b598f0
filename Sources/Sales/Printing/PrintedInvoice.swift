import Basics
import Core

/// An invoice with everything that is printed of it: as it was frozen, or for a draft as it would be
/// today.
struct InvoicePrint {
    var invoice: Invoice
    var lines: [DocumentLine]
    var vatRows: [VATRow]
    var seller: Seller
    var buyer: Buyer
    var mentions: Mentions
    var logo: [UInt8]?
    /// False where the organisation charges no VAT.
    var speaksOfVAT: Bool
}

extension Transaction {
    /// The document of an invoice or credit note, for the page and the PDF.
    func printedInvoice(_ id: Invoice.ID) throws -> PrintedDocument {
        try PrintedDocument(invoicePrint(try invoice(id)))
    }

    func invoicePrint(_ invoice: Invoice) throws -> InvoicePrint {
        guard !invoice.isDraft, let seller = invoice.seller, let buyer = invoice.buyer else {
            return try draftPrint(invoice)
        }
        let rows = try vatRows(of: invoice.id)
        let frozen = Seller(seller)
        return InvoicePrint(
            invoice: invoice, lines: try lines(of: .invoice, invoice.id.value), vatRows: rows,
            seller: frozen, buyer: Buyer(buyer), mentions: Mentions(invoice.mentions ?? .null),
            logo: try logo(frozen.logo), speaksOfVAT: InvoicePrint.speaksOfVAT(rows, frozen))
    }

    private func draftPrint(_ draft: Invoice) throws -> InvoicePrint {
        let candidate = try issueCandidate(draft)
        let facts = try mentionFacts(candidate, correcting: replaced(by: draft))
        let seller = candidate.seller
        let rows = DocumentTotals(candidate.lines, in: draft.currency).vatRows
        return InvoicePrint(
            invoice: draft, lines: candidate.lines, vatRows: rows, seller: seller,
            buyer: candidate.buyer, mentions: Mentions(facts),
            logo: try logo(seller.logo), speaksOfVAT: InvoicePrint.speaksOfVAT(rows, seller))
    }
}

extension InvoicePrint {
    /// Where no VAT is ever charged, a column and a table of zeros would only confuse.
    static func speaksOfVAT(_ rows: [VATRow], _ seller: Seller) -> Bool {
        seller.chargesVAT || rows.contains { $0.vat > .zero }
    }
}

extension PrintedDocument {
    init(_ print: InvoicePrint) {
        self = .laidOut(by: print.seller.layout, in: print.invoice.language) { say in
            var print = print
            print.invoice.language = say
            return PrintedDocument(undressed: print)
        }
    }

    private init(undressed print: InvoicePrint) {
        let (invoice, say) = (print.invoice, print.invoice.language)
        let lines = PrintedLines(
            print.lines, in: invoice.currency, say: say, speaksOfVAT: print.speaksOfVAT,
            settled: print.vatRows, rounding: invoice.totalRounding)
        self.init(
            kind: invoice.kind == .creditNote ? .creditNote : .invoice, language: say,
            title: say(invoice.label), number: invoice.number ?? "",
            draftMark: invoice.isDraft ? say("Brouillon", "Draft") : nil,
            brand: print.seller.name, logo: print.logo, accentColor: print.seller.accentColor,
            seller: Party(print.seller, say: say),
            buyer: Party(print.buyer, home: print.seller.address.country, say: say),
            facts: print.facts, subject: invoice.subject, columns: lines.columns,
            lines: lines.printed, vatColumns: lines.vatColumns,
            vatLines: lines.vatLines(print.vatRows), sums: lines.sums, message: invoice.message,
            payment: print.payment, acceptance: nil,
            mentions: print.mentions.sentences.map(\.text), footer: print.mentions.footer,
            settledAtSeconds: invoice.issuedAt?.seconds)
    }
}

extension InvoicePrint {
    private var say: Language { invoice.language }

    var facts: [PrintedDocument.Fact] {
        var out: [PrintedDocument.Fact] = []
        func add(_ label: String, _ value: String?) {
            if let value, !value.isEmpty { out.append(PrintedDocument.Fact(label, value)) }
        }
        let issued = invoice.issuedOn.map { say.longDay($0) }
        add(say("Date d’émission", "Issue date"), issued ?? "—")
        if invoice.kind == .invoice || invoice.kind == .deposit {
            add(
                say("Échéance", "Due date"),
                invoice.dueOn.map { say.longDay($0) } ?? invoice.terms.label(in: say))
        }
        let service =
            invoice.kind == .deposit
            ? say("Acompte reçu le", "Deposit received") : say("Date de réalisation", "Supply date")
        add(service, invoice.serviceOn.map { say.longDay($0) })
        add(
            invoice.replacedInvoiceID == nil
                ? say("Facture d’origine", "Original invoice")
                : say("Facture remplacée", "Replaced invoice"), mentions.correctedNumber)
        add(say("Commande", "Order"), mentions.orderNumber)
        add(say("Votre référence", "Your reference"), invoice.reference)
        add(say("N° client", "Client no."), out.count < 4 ? buyer.number : "")
        return out
    }

    /// How to pay. A credit note is not paid, a deposit that was invoiced when its money came is paid
    /// already, and a draft has no reference yet to pay with. The code asks for what the document
    /// states: it is kept as it was issued, whatever was paid since.
    var payment: PrintedDocument.Payment? {
        guard [.invoice, .deposit].contains(invoice.kind), !invoice.isReceivedDeposit else {
            return nil
        }
        let hasAccount = !seller.iban.isEmpty
        let way =
            hasAccount
            ? say("Règlement par virement", "Payment by bank transfer")
            : say("Règlement", "Payment")
        let time =
            invoice.dueOn.map { say("au plus tard le ", "by ") + say.longDay($0) }
            ?? invoice.terms.label(in: say)
        var rows: [PrintedDocument.Fact] = []
        if hasAccount {
            rows.append(.init("IBAN", Grouped.iban(seller.iban)))
            if !seller.bic.isEmpty { rows.append(.init("BIC", seller.bic)) }
            if let number = invoice.number {
                rows.append(.init(say("Libellé", "Reference"), number))
            }
        }
        return PrintedDocument.Payment(
            heading: "\(way) \(time)", rows: rows,
            code: invoice.number.flatMap { number in
                PaymentCode.text(
                    name: seller.name, iban: seller.iban, bic: seller.bic,
                    amount: invoice.totalGross, currency: invoice.currency, reference: number)
            })
    }
}

extension PrintedDocument.Party {
    init(_ seller: Seller, say: Language) {
        self.init(
            heading: say("Vendeur", "Seller"),
            name: [seller.name, seller.legalForm].filter { !$0.isEmpty }.joined(separator: " "),
            lines: seller.address.lines(home: seller.address.country, in: say)
                + [seller.email, PhoneNumber.shown(seller.phone), seller.website]
                .filter { !$0.isEmpty },
            numbers: Self.numbers(
                siren: seller.siren, vat: seller.vatNumber, at: seller.address, say))
    }

    init(_ buyer: Buyer, home: String, say: Language) {
        self.init(
            heading: say("Client", "Bill to"), name: buyer.name,
            lines: (buyer.contact.isEmpty
                ? [] : [say("À l’attention de ", "Attn. ") + buyer.contact])
                + buyer.address.lines(home: home, in: say),
            numbers: Self.numbers(
                siren: buyer.siren, vat: buyer.vatNumber, at: buyer.address, say))
    }

    private static func numbers(
        siren: String, vat: String, at address: PostalAddress, _ say: Language
    ) -> [String] {
        [
            siren.isEmpty ? "" : "SIREN\u{A0}" + Grouped.siren(siren),
            vat.isEmpty
                ? "" : say(address.shortTaxNumberName) + "\u{A0}" + Grouped.vatNumber(vat),
        ].filter { !$0.isEmpty }
    }
}
