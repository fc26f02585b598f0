import Basics
import Core

extension Transaction {
    /// A deposit request as its client reads it, in the client's language.
    func printedDepositRequest(_ id: DepositRequest.ID) throws -> PrintedDocument {
        let deposit = try depositRequest(id)
        let order = try order(deposit.orderID)
        let client = try client(deposit.clientID)
        let contact = try contacts(of: client.id).first { $0.id == order.head.contactID }
        let seller = try seller()
        let buyer = Buyer(client, contact: contact?.name ?? "")
        let logo = try logo(seller.logo)
        return .laidOut(by: seller.layout, in: client.language) { say in
            PrintedDocument(deposit, on: order, to: buyer, in: say, from: seller, logo: logo)
        }
    }
}

extension PrintedDocument {
    init(
        _ deposit: DepositRequest, on order: Order, to buyer: Buyer, in say: Language,
        from seller: Seller, logo: [UInt8]?
    ) {
        func money(_ amount: Amount) -> String { say.money(amount, deposit.currency) }
        self.init(
            kind: .depositRequest, language: say,
            title: say("Demande d’acompte", "Deposit request"), number: deposit.number,
            draftMark: deposit.status == .cancelled ? say("Annulée", "Cancelled") : nil,
            brand: seller.name, logo: logo, accentColor: seller.accentColor,
            seller: Party(seller, say: say),
            buyer: Party(buyer, home: seller.address.country, say: say),
            facts: PrintedDocument.facts(of: deposit, order, buyer, say),
            subject: order.head.subject,
            columns: [
                Column(.label, say("Désignation", "Description")),
                Column(.quantity, say("Quantité", "Quantity")),
                Column(.price, say("Montant TTC", "Amount")),
                Column(.net, say("Total TTC", "Total")),
            ],
            lines: [.item(PrintedDocument.item(deposit, say))], vatColumns: [], vatLines: [],
            sums: [
                Sum(
                    label: say("Total de la commande, TTC", "Total of the order"),
                    value: money(order.totalGross)),
                Sum(
                    label: say("Acompte demandé, TTC", "Deposit requested"),
                    value: money(deposit.amount), isTotal: true),
            ],
            message: deposit.message, payment: PrintedDocument.payment(of: deposit, seller, say),
            acceptance: nil,
            mentions: [
                say(
                    "Ce document n’est pas une facture. La facture d’acompte vous sera adressée "
                        + "dès réception de votre règlement.",
                    "This document is not an invoice. The deposit invoice will be sent to you "
                        + "on receipt of your payment.")
            ] + (seller.chargesVAT ? [] : [LegalTexts.franchise]),
            footer: PrintedDocument.footer(of: seller, say),
            settledAtSeconds: deposit.createdAt.seconds)
    }

    private static func item(_ deposit: DepositRequest, _ say: Language) -> Item {
        let number = deposit.orderNumber
        let amount = say.amount(deposit.amount, deposit.currency)
        let share = say.percentage(deposit.percentage)
        return Item(
            label: deposit.percentage > .zero
                ? say(
                    "Acompte de \(share) sur la commande \(number)",
                    "\(share) deposit on order \(number)")
                : say("Acompte sur la commande \(number)", "Deposit on order \(number)"),
            cells: [.quantity: "1", .price: amount, .net: amount], count: "1")
    }

    private static func facts(
        of deposit: DepositRequest, _ order: Order, _ buyer: Buyer, _ say: Language
    ) -> [Fact] {
        [
            Fact(say("Date", "Date"), say.longDay(deposit.requestedOn)),
            Fact(say("À payer avant le", "Due date"), say.longDay(deposit.dueOn)),
            Fact(say("Commande", "Order"), order.number),
            Fact(say("Votre référence", "Your reference"), order.head.reference),
            Fact(say("N° client", "Client no."), order.head.reference.isEmpty ? buyer.number : ""),
        ].filter { !$0.value.isEmpty }
    }

    /// The code asks for what is still expected.
    private static func payment(
        of deposit: DepositRequest, _ seller: Seller, _ say: Language
    ) -> Payment? {
        guard deposit.openAmount > .zero else { return nil }
        let hasAccount = !seller.iban.isEmpty
        let way =
            hasAccount
            ? say("Règlement par virement", "Payment by bank transfer")
            : say("Règlement", "Payment")
        let rows =
            hasAccount
            ? [
                Fact("IBAN", Grouped.iban(seller.iban)), Fact("BIC", seller.bic),
                Fact(say("Libellé", "Reference"), deposit.number),
            ].filter { !$0.value.isEmpty } : []
        return Payment(
            heading: way + say(" au plus tard le ", " by ") + say.longDay(deposit.dueOn),
            rows: rows,
            code: PaymentCode.text(
                name: seller.name, iban: seller.iban, bic: seller.bic, amount: deposit.openAmount,
                currency: deposit.currency, reference: deposit.number))
    }
}
