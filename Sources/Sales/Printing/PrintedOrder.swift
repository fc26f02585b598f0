import Basics
import Core

extension Transaction {
    /// The confirmation of an order, in the client's language.
    func printedOrder(_ id: Order.ID) throws -> PrintedDocument {
        let order = try order(id)
        let client = try client(order.clientID)
        let seller = try seller()
        let contact = try contacts(of: client.id).first { $0.id == order.head.contactID }
        let buyer = Buyer(client, contact: contact?.name ?? "")
        let (lines, logo) = (try lines(of: .order, id.value), try logo(seller.logo))
        return .laidOut(by: seller.layout, in: client.language) { say in
            PrintedDocument(order, lines: lines, to: buyer, in: say, from: seller, logo: logo)
        }
    }
}

extension PrintedDocument {
    init(
        _ order: Order, lines: [DocumentLine], to buyer: Buyer, in say: Language,
        from seller: Seller, logo: [UInt8]?
    ) {
        let rows = DocumentTotals(lines, in: order.currency).vatRows
        let written = PrintedLines(
            lines, in: order.currency, say: say,
            speaksOfVAT: InvoicePrint.speaksOfVAT(rows, seller))
        self.init(
            kind: .order, language: say,
            title: say("Confirmation de commande", "Order confirmation"), number: order.number,
            draftMark: PrintedDocument.mark(of: order, say), brand: seller.name, logo: logo,
            accentColor: seller.accentColor, seller: Party(seller, say: say),
            buyer: Party(buyer, home: seller.address.country, say: say),
            facts: PrintedDocument.facts(of: order, buyer, say), subject: order.head.subject,
            columns: written.columns, lines: written.printed, vatColumns: written.vatColumns,
            vatLines: written.vatLines(rows), sums: written.sums, message: order.head.message,
            payment: nil, acceptance: nil,
            mentions: seller.chargesVAT ? [] : [LegalTexts.franchise],
            footer: PrintedDocument.footer(of: seller, say), settledAtSeconds: nil)
    }

    private static func mark(of order: Order, _ say: Language) -> String? {
        switch order.status {
        case .draft: say("Brouillon", "Draft")
        case .cancelled: say("Annulée", "Cancelled")
        default: nil
        }
    }

    private static func facts(of order: Order, _ buyer: Buyer, _ say: Language) -> [Fact] {
        [
            Fact(say("Date", "Date"), say.longDay(order.orderedOn)),
            Fact(say("Échéance", "Due"), order.dueOn.map { say.longDay($0) } ?? ""),
            Fact(say("Votre référence", "Your reference"), order.head.reference),
            Fact(say("N° client", "Client no."), buyer.number),
        ].filter { !$0.value.isEmpty }
    }
}
