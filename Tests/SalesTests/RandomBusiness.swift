import Basics
import Core
import Database
import TestSupport

@testable import Sales

/// A year and more of sales as chance has it: invoices, credit notes, payments, refunds, reversals, quotes
/// orders and deposits, made through the verbs, and some imported history.
struct RandomBusiness {
    let test: TestApplication
    private var dice: Dice
    private var clients: [Client] = []
    private var items: [Item] = []
    private var payments: [Payment] = []

    init(_ seed: Int, steps: Int = 40, withHistory: Bool = true) throws {
        test = try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self, Payments.self,
            Receivables.self, Statistics.self)
        dice = Dice("statistics", seed)
        for name in ["Aubrac", "Bories", "Causse", "Dourbie"] {
            clients.append(try test.client(name) { $0.siren = "" })
        }
        for number in 1...4 {
            items.append(
                try test.catalogued("Prestation \(number)", reference: "P\(number)", price: 40))
        }
        let end = test.clock.now
        test.clock.advance(seconds: -steps * 10 * 86_400)
        for _ in 1...steps {
            try step()
            test.clock.advance(seconds: dice.number(1...10) * 86_400)
        }
        if withHistory { try importHistory() }
        if test.clock.now < end { test.clock.now = end }
    }

    private mutating func step() throws {
        let client = dice.pick(clients)
        let lines = try (1...dice.number(1...3)).map { _ in try line() }
        let invoice = try test.issued(lines, for: client)
        if dice.hits(70) { try settle(client) }
        if dice.hits(25) { try credit(invoice) }
        if dice.hits(20), let paid = payments.popLast() {
            try test.write { _ = try $0.undoPayment(paid.id, reason: "Chèque rejeté") }
        }
        try offer(to: client, lines)
    }

    private mutating func line() throws -> DocumentLine {
        var line = test.item(
            quantity: dice.number(1...50) * 1000, price: dice.number(1...900),
            vat: VATRate(.standard, Percentage(hundredths: dice.pick([550, 1000, 2000]))))
        if dice.hits(80) { line.itemID = dice.pick(items).id.value }
        return line
    }

    private mutating func settle(_ client: Client) throws {
        let open = try test.read { try $0.openInvoices(of: client.id) }
        guard let invoice = open.first else { return }
        let owed = invoice.openAmount.minorUnits
        let part = dice.hits(50) ? owed : 1 + owed / 3
        let extra = dice.hits(20) ? 1_000 : 0
        let today = try test.today
        let day = max(invoice.issuedOn, today.adding(days: -dice.number(0...5)))
        let payment = try test.write {
            try $0.recordPayment(
                PaymentDraft(
                    client: client.id, method: .transfer, day: day, amount: Amount(part + extra),
                    settlements: [PlannedAllocation(invoice.id, Amount(part))]))
        }
        if extra == 0 {
            payments.append(payment)
        } else {
            try test.write {
                try $0.refundCredit(
                    .payment(payment.id),
                    RefundDraft(method: .transfer, day: today, amount: Amount(400)))
            }
        }
    }

    private mutating func credit(_ invoice: Invoice) throws {
        let lines = try test.lines(of: invoice)
        let whole = dice.hits(50)
        let quantities = [lines[0].id: Quantity(tenThousandths: 500)]
        try test.write {
            _ = try $0.issueCreditNote(
                of: invoice.id,
                CreditNoteDraft(quantities: whole ? nil : quantities, reason: "Geste"),
                on: $0.today)
        }
    }

    private mutating func offer(to client: Client, _ lines: [DocumentLine]) throws {
        let chance = dice.number(1...5)
        let moves: [OrderStatus] = [.confirmed, .inProgress, .completed]
        let count = dice.number(0...moves.count)
        try test.write { transaction in
            let quote = try transaction.createQuote(
                QuoteDraft(
                    head: DocumentHead(client: client.id), quotedOn: transaction.today,
                    validUntil: transaction.today.adding(days: 20), lines: lines))
            if chance == 1 { return }
            _ = try transaction.markQuoteSent(quote.id)
            if chance == 2 { return }
            if chance == 3 {
                _ = try transaction.refuseQuote(quote.id, note: "")
                return
            }
            let order = try transaction.acceptQuote(quote.id)
            for status in moves.prefix(count) where order.status != status {
                _ = try transaction.moveOrder(order.id, to: status)
            }
            if chance == 4 { try deposit(on: order, transaction) }
        }
    }

    /// A deposit that is paid, whole or in part, or invoiced beforehand; then perhaps a part of the order
    /// or all of it, issued or still a draft; and sometimes everything is taken back.
    private mutating func deposit(on order: Order, _ transaction: Transaction) throws {
        let share = Percentage(hundredths: dice.number(1...10_000))
        guard order.totalGross.share(share) > .zero else { return }
        let request = try transaction.requestDeposit(
            on: order.id, DepositRequestDraft(.percent(share), dueOn: transaction.today))
        if dice.hits(70) {
            let part = dice.hits(60) ? request.amount : Amount(1 + request.amount.minorUnits / 3)
            _ = try transaction.receiveDeposit(
                request.id, RefundDraft(method: .card, day: transaction.today, amount: part))
        } else {
            _ = try transaction.issueDepositInvoice(of: request.id)
        }
        guard dice.hits(80) else { return }
        let progress = Progress(Percentage(hundredths: dice.pick([2_500, 6_000, 10_000])))
        let draft = try transaction.draftProgressInvoice(of: order.id, progress)
        guard dice.hits(75) else { return }
        let invoice = try transaction.issueInvoice(draft.id)
        guard dice.hits(30) else { return }
        _ = try transaction.issueCreditNote(of: invoice.id, CreditNoteDraft(reason: "Refait"))
        guard dice.hits(50) else { return }
        for deposit in try transaction.invoices(ofDepositRequest: request.id) {
            _ = try transaction.issueCreditNote(of: deposit.id, CreditNoteDraft(reason: "Rendu"))
        }
    }

    /// One old invoice and one credit note, issued from the start as an import writes them.
    private func importHistory() throws {
        for (kind, units) in [("invoice", 7_700), ("credit_note", 1_100)] {
            try test.write { transaction in
                let id: Invoice.ID = transaction.newID()
                let line: DocumentLine.ID = transaction.newID()
                let day = transaction.today.adding(days: -30)
                try transaction.run(
                    """
                    INSERT INTO invoices (organisation_id, id, kind, origin, series, status,
                        number, client_id, issued_on, due_on, currency, total_net, total_gross,
                        seller, buyer, mentions)
                    VALUES (\(transaction.organisation), \(id), \(kind), 'import', 'import',
                        'issued', \(kind), \(clients[0].id), \(day), \(day), 'EUR',
                        \(units), \(units), '{}'::jsonb, '{}'::jsonb, '[]'::jsonb)
                    """)
                try transaction.run(
                    """
                    INSERT INTO invoice_vat_rows (organisation_id, invoice_id, vat_category,
                        vat_rate, base_amount, vat_amount)
                    VALUES (\(transaction.organisation), \(id), 'O', 0, \(units), 0)
                    """)
                try transaction.run(
                    """
                    INSERT INTO invoice_lines (organisation_id, id, invoice_id, position, kind,
                        item_id, label, quantity, unit_price, vat_category, net_amount)
                    VALUES (\(transaction.organisation), \(line), \(id), 1, 'item',
                        \(items[0].id), 'Ancien', 10000, 0, 'O', \(units))
                    """)
            }
        }
    }
}
