import Basics
import Core

extension Transaction {
    /// A client's account as it is sent, in the client's language and the layout of today.
    func printedStatement(of id: Client.ID, _ period: StatementPeriod) throws -> PrintedDocument {
        let statement = try statement(of: id, period)
        let (seller, today) = (try seller(), today)
        let logo = try logo(seller.logo)
        return .laidOut(by: seller.layout, in: statement.client.language) { say in
            PrintedDocument(statement, from: seller, logo: logo, on: today, in: say)
        }
    }
}

extension PrintedDocument {
    init(
        _ statement: Statement, from seller: Seller, logo: [UInt8]?, on day: Day, in say: Language
    ) {
        func money(_ amount: Amount) -> String { say.money(amount, statement.currency) }
        self.init(
            kind: .statement, language: say,
            title: say("Relevé de compte", "Statement of account"), number: "",
            draftMark: nil, brand: seller.name, logo: logo, accentColor: seller.accentColor,
            seller: Party(seller, say: say),
            buyer: Party(Buyer(statement.client), home: seller.address.country, say: say),
            facts: [
                Fact(say("Établi le", "Date"), say.longDay(day)),
                Fact(say("Du", "From"), say.longDay(statement.from)),
                Fact(say("Au", "To"), say.longDay(statement.to)),
                Fact(say("N° client", "Client no."), statement.client.number),
            ],
            subject: "",
            columns: [
                Column(.label, say("Mouvement", "Movement")), Column(.day, say("Date", "Date")),
                Column(.reference, say("Référence", "Reference")),
                Column(.debit, say("Débit", "Debit")), Column(.credit, say("Crédit", "Credit")),
                Column(.balance, say("Solde", "Balance")),
            ],
            lines: statement.lines.map { .item(PrintedDocument.movement($0, statement, say)) },
            vatColumns: [], vatLines: [],
            sums: [
                Sum(label: say("Solde avant", "Balance before"), value: money(statement.before)),
                Sum(
                    label: say("Solde", "Balance"), value: money(statement.after), isTotal: true),
            ],
            message: "", payment: PrintedDocument.account(seller, statement, say),
            acceptance: nil, mentions: [], footer: PrintedDocument.footer(of: seller, say),
            settledAtSeconds: nil)
    }

    private static func movement(_ line: StatementLine, _ statement: Statement, _ say: Language)
        -> Item
    {
        func amount(_ amount: Amount) -> String { say.amount(amount, statement.currency) }
        let entry = line.entry
        return Item(
            label: say(entry.kind.label) + " " + entry.number,
            cells: [
                .day: say.day(entry.day), .reference: entry.reference,
                .debit: entry.amount > .zero ? amount(entry.amount) : "",
                .credit: entry.amount > .zero ? "" : amount(-entry.amount),
                .balance: amount(line.balance),
            ])
    }

    /// Where to pay what is owed.
    private static func account(_ seller: Seller, _ statement: Statement, _ say: Language)
        -> Payment?
    {
        guard statement.after > .zero, !seller.iban.isEmpty else { return nil }
        return Payment(
            heading: say("Règlement par virement", "Payment by bank transfer"),
            rows: [Fact("IBAN", Grouped.iban(seller.iban)), Fact("BIC", seller.bic)].filter {
                !$0.value.isEmpty
            },
            code: PaymentCode.text(
                name: seller.name, iban: seller.iban, bic: seller.bic, amount: statement.after,
                currency: statement.currency, reference: statement.client.number))
    }
}
