import Basics
import Core
import Database
import TestSupport
import Testing

@testable import Sales

/// Deposits from the request to the invoice that deducts them.
@Suite struct DepositTests {
    @Test func aQuoteWithADepositEndsWithNothingOpenToTheCent() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        var draft = try test.quoteDraft(for: client, test.mixedLines())
        draft.depositPercentage = Percentage(hundredths: 3000)
        let quote = try test.write { try $0.createQuote(draft) }
        #expect(try test.get("\(quote.path)").text.contains("Acompte à la commande"))
        _ = try test.post("\(quote.path)/sent")
        #expect(try test.post("\(quote.path)/accept").status == 303)
        let order = try #require(try test.read { try $0.order(ofQuote: quote.id) })
        let request = try #require(try test.read { try $0.depositRequests(of: order.id) }.first)
        #expect(request.amount == order.totalGross.share(Percentage(hundredths: 3000)))
        let paid = try test.post(
            "\(request.path)/receive",
            [
                "amount": Payments.amountText(request.amount, test), "day": "2026-11-21",
                "method": "transfer",
            ])
        #expect(paid.status == 303)
        let deposit = try #require(
            try test.read { try $0.invoices(ofDepositRequest: request.id) }.first)
        #expect(deposit.kind == .deposit && deposit.number == "FACT-2026-001")
        #expect(deposit.totalGross == request.amount && deposit.openAmount == .zero)
        #expect(try test.read { try $0.vatRows(of: deposit.id) }.count == 3)
        #expect(try test.post("\(order.path)/invoice").status == 303)
        let final = try #require(
            try test.read { try $0.invoices(ofOrder: order.id) }.first { $0.isDraft })
        #expect(try test.post("\(final.path)/issue", ["day": "2026-11-21"]).status == 303)
        let issued = try test.read { try $0.invoice(final.id) }
        #expect(issued.totalGross + deposit.totalGross == order.totalGross)
        #expect(issued.totalVAT + deposit.totalVAT == order.totalVAT)
        #expect(issued.openAmount == issued.totalGross)
        try test.pay(
            issued.openAmount.minorUnits, from: client, [(issued, issued.openAmount.minorUnits)])
        #expect(try test.account(client) == [0, 0])
        #expect(try test.read { try $0.depositsHeld(on: order.id) }.allSatisfy { $0.base == .zero })
        try test.expectSound()
        let mentions = Mentions(issued.mentions ?? .null)
        #expect(mentions.deposits.map(\.number) == ["FACT-2026-001"])
    }

    @Test func aPartThatIsPaidIsInvoicedForWhatCame() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        let request = try test.request(.amount(Amount(300_00)), on: order)
        let payment = try test.receive(100_01, for: request)
        #expect(payment.openAmount == .zero)
        let after = try test.read { try $0.depositRequest(request.id) }
        #expect(after.status == .requested && after.openAmount == Amount(199_99))
        #expect(
            problem { _ = try test.receive(200_00, for: request) }?.fields.map(\.field)
                == ["amount"])
        try test.receive(199_99, for: request)
        #expect(try test.read { try $0.depositRequest(request.id).status } == .paid)
        #expect(problem { _ = try test.receive(1, for: request) }?.status == 409)
        try test.expectSound()
    }

    @Test func aDepositInvoiceCanComeBeforeItsMoney() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, test.mixedLines())
        let request = try test.request(.percent(Percentage(hundredths: 5000)), on: order)
        #expect(try test.post("\(request.path)/invoice").status == 303)
        let invoice = try #require(
            try test.read { try $0.invoices(ofDepositRequest: request.id) }.first)
        #expect(invoice.openAmount == request.amount)
        #expect(
            try test.get("\(request.path)/receive").text
                .contains("/payments/new?invoice=\(invoice.id)"))
        let units = invoice.openAmount.minorUnits
        let payment = try test.pay(units, from: client, [(invoice, units)])
        #expect(try test.read { try $0.depositRequest(request.id).status } == .paid)
        try test.write { _ = try $0.undoPayment(payment.id, reason: "Chèque rejeté") }
        #expect(try test.read { try $0.depositRequest(request.id).status } == .requested)
        try test.expectSound()
    }

    @Test func moreThanTheOrderIsNeverAskedFor() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), [test.item(price: 1000)])
        let request = try test.request(.percent(Percentage(hundredths: 6000)), on: order)
        func ask(_ units: Int) -> Problem? {
            problem { try test.request(.amount(Amount(units)), on: order) }
        }
        #expect(ask(480_01)?.fields.map(\.field) == ["amount"])
        try test.request(.amount(Amount(480_00)), on: order)
        #expect(ask(1)?.status == 422)
        try test.write { _ = try $0.cancelDepositRequest(request.id) }
        #expect(ask(720_00) == nil)
        #expect(problem { try test.request(.percent(.zero), on: order) }?.status == 422)
        let draft = try test.newOrder()
        #expect(problem { try test.request(.amount(Amount(1)), on: draft.id) }?.status == 409)
    }

    @Test func aDraftHoldsWhatItDeductsAndGivesItBack() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, [test.item(quantity: 20_000, price: 500)])
        let deposit = try test.deposit(240_00, on: order)
        let draft = try test.write { try $0.draftInvoice(from: order) }
        #expect(draft.totalGross == Amount(960_00))
        #expect(
            try test.deductions(of: draft).map(\.label) == [
                "Acompte FACT-2026-001 du 21 novembre 2026"
            ])
        try test.write { try $0.deleteInvoiceDraft(draft.id) }
        let again = try test.write { try $0.draftInvoice(from: order) }
        #expect(again.totalGross == Amount(960_00))
        // Half of the work: the deposit still fits. A tenth of it: only a part does.
        func save(_ quantity: Int) throws -> Invoice {
            try test.write { transaction in
                let before = try transaction.invoice(again.id)
                var lines = try transaction.lines(of: .invoice, again.id.value)
                lines[0].quantity = Quantity(tenThousandths: quantity)
                return try transaction.updateInvoice(
                    again.id, InvoiceDraft(before, lines: lines), version: nil)
            }
        }
        #expect(try save(10_000).totalGross == Amount(360_00))
        #expect(try save(2_000).totalGross == .zero)
        #expect(try save(20_000).totalGross == Amount(960_00))
        try test.expectSound()
        _ = deposit
    }

    @Test func anOrderPaidInAdvanceEndsWithAnInvoiceOfNothing() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, test.mixedLines())
        let total = try test.read { try $0.order(order).totalGross.minorUnits }
        try test.deposit(total / 3, on: order)
        try test.deposit(total - total / 3, on: order)
        let final = try test.invoiced(order)
        #expect(final.totalNet == .zero && final.totalVAT == .zero && final.openAmount == .zero)
        #expect(InvoiceState.states(of: final, on: try test.today) == [.paid])
        #expect(try test.deductions(of: final).count == 6)
        #expect(try test.account(client) == [0, 0])
        try test.expectSound()
        // Taken back as a whole, its deposits can be deducted again.
        let note = try test.write { try $0.issueCreditNote(of: final.id, CreditNoteDraft()) }
        #expect(note.totalGross == .zero && note.openAmount == .zero)
        #expect(try test.invoiced(order).totalGross == .zero)
        try test.expectSound()
    }

    @Test func aDepositThatIsTakenBackIsDeductedNoMore() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, test.mixedLines())
        let total = try test.read { try $0.order(order).totalGross }
        let deposit = try test.deposit(333_33, on: order)
        let draft = try test.write { try $0.draftInvoice(from: order) }
        #expect(draft.totalGross == total - Amount(333_33))
        let note = try test.write { try $0.issueCreditNote(of: deposit.id, CreditNoteDraft()) }
        #expect(note.totalGross == deposit.totalGross && note.totalVAT == deposit.totalVAT)
        #expect(note.openAmount == deposit.totalGross)
        // The draft was told.
        #expect(try test.read { try $0.invoice(draft.id).totalGross } == total)
        let final = try test.write { try $0.issueInvoice(draft.id) }
        #expect(final.totalGross == total)
        #expect(try test.account(client)[0] == (total - deposit.totalGross).minorUnits)
        try test.expectSound()
    }

    @Test func aDepositThatAnInvoiceDeductsCannotBeTakenBack() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        let deposit = try test.deposit(200_00, on: order)
        let final = try test.invoiced(order)
        func creditDeposit() throws {
            _ = try test.write { try $0.issueCreditNote(of: deposit.id, CreditNoteDraft()) }
        }
        #expect(problem(creditDeposit)?.status == 409)
        #expect(try test.read { try $0.invoices(correcting: deposit.id) }.isEmpty)
        _ = try test.write { try $0.issueCreditNote(of: final.id, CreditNoteDraft()) }
        try creditDeposit()
        try test.expectSound()
    }

    @Test func partsOfAnInvoiceThatDeductsAreCreditedUpToItsTotal() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        try test.deposit(500_00, on: order)
        let final = try test.invoiced(order)
        let lines = try test.lines(of: final).filter { $0.deduction == nil }
        func credit(_ quantities: [DocumentLine.ID: Quantity]?) throws -> Invoice {
            try test.write {
                try $0.issueCreditNote(of: final.id, CreditNoteDraft(quantities: quantities))
            }
        }
        let part = try credit([lines[2].id: .one])
        #expect(try test.deductions(of: part).isEmpty)
        #expect(problem { _ = try credit([lines[0].id: Quantity(2)]) }?.status == 409)
        let rest = try credit(nil)
        #expect(part.totalGross + rest.totalGross == final.totalGross)
        #expect(try test.open(final) == 0)
        try test.expectSound()
    }

    @Test func anOrderWithADepositIsNotCancelledUnseen() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(for: test.client(), test.mixedLines())
        let request = try test.request(.amount(Amount(50_00)), on: order)
        let deposit = try test.deposit(100_00, on: order)
        func cancel() throws { _ = try test.write { try $0.moveOrder(order, to: .cancelled) } }
        #expect(problem(cancel)?.status == 409)
        _ = try test.write { try $0.issueCreditNote(of: deposit.id, CreditNoteDraft()) }
        try cancel()
        #expect(try test.read { try $0.depositRequest(request.id).status } == .cancelled)
    }

    @Test(arguments: [31, 32, 33]) func whateverHappensEveryCheckHolds(_ seed: Int) throws {
        let test = try RandomBusiness(seed, steps: 30, withHistory: false).test
        try test.expectSound()
        let deposits: Int? = try test.read { transaction in
            try transaction.value(
                """
                SELECT count(*) FROM invoices
                WHERE organisation_id = \(transaction.organisation) AND kind = 'deposit'
                """)
        }
        #expect(deposits ?? 0 > 0)
    }

    @Test func faultsBehindTheProgramsBackAreFound() throws {
        let test = try TestApplication.forDeposits()
        let own = test.organisationID
        let order = try test.order(for: test.client(), test.mixedLines())
        let deposit = try test.deposit(200_00, on: order)
        let final = try test.invoiced(order)
        let faults: [(String, SQL)] = [
            ("deposits.deducted", "UPDATE deposit_rows SET deducted_net = deducted_net - 1"),
            ("deposits.deducted", "UPDATE deposit_rows SET vat_amount = vat_amount + 1"),
            ("deposits.requests", "UPDATE deposit_requests SET paid_amount = paid_amount - 1"),
            ("deposits.requests", "UPDATE deposit_requests SET invoiced_amount = 0"),
        ]
        for (name, change) in faults {
            let found = try test.findings(
                of: Deposits.checks, after: ["\(change) WHERE organisation_id = \(own)"])
            #expect(found.keys.sorted() == [name], "\(change.text)")
        }
        let elsewhere = try test.findings(
            of: Deposits.checks,
            after: [
                "UPDATE invoices SET order_id = NULL WHERE organisation_id = \(own) AND id = \(final.id)",
                """
                UPDATE invoice_lines SET order_line_id = NULL
                WHERE organisation_id = \(own) AND invoice_id = \(final.id)
                """,
            ])
        #expect(elsewhere["deposits.orders"]?.count == 1)
        _ = deposit
    }

    @Test func theDatabaseRefusesASecondDeduction() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, test.mixedLines())
        try test.deposit(200_00, on: order)
        let final = try test.write { try $0.draftInvoice(from: order) }
        let other = try test.draft(for: client)
        let line = try test.deductions(of: final)[0]
        let refusal = problem {
            try test.write { transaction in
                var copy = line
                copy.id = transaction.newID()
                try transaction.insertLines(of: .invoice, other.id.value, [copy], in: .euro)
                _ = try transaction.invoice(other.id)
            }
        }
        #expect(refusal?.status == 409)
    }

    @Test func twoPeopleDeductADepositOnce() async throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, [test.item(quantity: 100_000, price: 100)])
        try test.deposit(600_00, on: order)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    _ = try? test.write {
                        let progress = Progress(Percentage(hundredths: 10_000))
                        return try $0.draftProgressInvoice(of: order, progress)
                    }
                }
            }
        }
        let drafts = try test.read { try $0.invoices(ofOrder: order) }.filter(\.isDraft)
        #expect(drafts.map(\.totalGross) == [Amount(600_00)])
        try test.expectSound()
    }
}

extension Payments {
    fileprivate static func amountText(_ amount: Amount, _ test: TestApplication) -> String {
        ScaledDecimal.plain(amount.minorUnits, decimals: 2, point: ",")
    }
}
