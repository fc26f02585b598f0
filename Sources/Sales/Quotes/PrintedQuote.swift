import Basics
import Core

extension Transaction {
    /// The document of a quote, for the page and the PDF, in the client's language.
    func printedQuote(_ id: Quote.ID) throws -> PrintedDocument {
        let quote = try quote(id)
        let client = try client(quote.clientID)
        let seller = try seller()
        let contact = try contacts(of: client.id).first { $0.id == quote.head.contactID }
        let (lines, logo) = (try lines(of: .quote, id.value), try logo(seller.logo))
        return .laidOut(by: seller.layout, in: client.language) { say in
            PrintedDocument(
                quote, lines: lines, to: client, contact, in: say, from: seller, logo: logo)
        }
    }
}

extension PrintedDocument {
    init(
        _ quote: Quote, lines: [DocumentLine], to client: Client, _ contact: Contact?,
        in say: Language, from seller: Seller, logo: [UInt8]?
    ) {
        let rows = DocumentTotals(lines, in: quote.currency).vatRows
        let written = PrintedLines(
            lines, in: quote.currency, say: say,
            speaksOfVAT: InvoicePrint.speaksOfVAT(rows, seller))
        var buyer = Party(Buyer(client), home: seller.address.country, say: say)
        if let contact {
            buyer.lines.insert(say("À l’attention de ", "Attn. ") + contact.name, at: 0)
        }
        self.init(
            kind: .quote, language: say, title: say("Devis", "Quote"), number: quote.number,
            draftMark: quote.status == .draft ? say("Brouillon", "Draft") : nil,
            brand: seller.name, logo: logo, accentColor: seller.accentColor,
            seller: Party(seller, say: say), buyer: buyer,
            facts: PrintedDocument.facts(of: quote, client, say), subject: quote.head.subject,
            columns: written.columns, lines: written.printed, vatColumns: written.vatColumns,
            vatLines: written.vatLines(rows), sums: written.sums, message: quote.head.message,
            payment: nil, acceptance: PrintedDocument.acceptance(of: quote, say),
            mentions: seller.chargesVAT ? [] : [LegalTexts.franchise],
            footer: PrintedDocument.footer(of: seller, say), settledAtSeconds: quote.sentAt?.seconds
        )
    }

    private static func facts(of quote: Quote, _ client: Client, _ say: Language) -> [Fact] {
        [
            Fact(say("Date", "Date"), say.longDay(quote.quotedOn)),
            Fact(say("Valable jusqu’au", "Valid until"), say.longDay(quote.validUntil)),
            Fact(say("Acompte à la commande", "Deposit on order"), deposit(of: quote, say)),
            Fact(say("Votre référence", "Your reference"), quote.head.reference),
            Fact(say("N° client", "Client no."), client.number),
        ].filter { !$0.value.isEmpty }
    }

    /// `30 %, soit 360,00 € TTC`
    private static func deposit(of quote: Quote, _ say: Language) -> String {
        guard quote.depositAmount > .zero else { return "" }
        let share = say.percentage(quote.depositPercentage)
        let amount = say.money(quote.depositAmount, quote.currency)
        return say("\(share), soit \(amount) TTC", "\(share): \(amount)")
    }

    private static func acceptance(of quote: Quote, _ say: Language) -> Acceptance? {
        guard quote.status != .refused else { return nil }
        return Acceptance(
            heading: say("Bon pour accord", "Agreed"),
            text: say(
                "Date, nom et signature, précédés de la mention « Bon pour accord »",
                "Date, name and signature, preceded by “Agreed”"))
    }
}

extension PrintedDocument {
    /// Who sells, as every document says it at its foot.
    static func footer(of seller: Seller, _ say: Language) -> String {
        let capital =
            seller.shareCapital.isEmpty
            ? "" : say("au capital de ", "with a capital of ") + seller.shareCapital
        let siret = seller.siret.isEmpty ? "" : "SIRET " + Grouped.siret(seller.siret)
        let vat =
            seller.vatNumber.isEmpty
            ? "" : say("TVA ", "VAT ") + Grouped.vatNumber(seller.vatNumber)
        let form = [seller.legalForm, capital].filter { !$0.isEmpty }.joined(separator: " ")
        return [seller.name, form, seller.tradeRegister, siret, vat].filter { !$0.isEmpty }
            .joined(separator: ", ")
    }
}
