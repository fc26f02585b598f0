import Basics
import Core
import TestSupport
import Testing

@testable import Sales

/// What the French reform makes of issued invoices, and their receipts by rate of VAT.
struct SentLifeCycleTests {
    private static let reduced = VATRate(.standard, Percentage(hundredths: 1000))

    private func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self, Payments.self)
    }

    private func statuses(_ invoice: Invoice, _ test: TestApplication) throws -> [LifeCycleEntry] {
        try test.read { try $0.lifeCycle(ofSent: invoice.id) }.reversed()
    }

    @Test func eachSaleIsMarkedAtItsIssue() throws {
        let test = try application()
        let company = try test.issued(for: test.client())
        let person = try test.issued(
            for: test.client("Jeanne Roux", kind: .person))
        let markings = try [company, person].map { issued in
            try test.read { try $0.sentLifeCycle(issued.id)?.marking }
        }
        #expect(markings == [.domestic, .consumer])
        #expect(
            try test.get(company.path).text.contains("E-facture (entre entreprises, en France)"))
    }

    @Test func receiptsAreSplitByRateAndRefundsAreNegative() throws {
        let test = try application()
        let client = try test.client()
        let issued = try test.issued(
            [test.item(price: 100), test.item("Livre", price: 33, vat: Self.reduced)], for: client)
        let part = try test.pay(5_001, from: client, [(issued, 5_001)])
        let rest = issued.totalGross.minorUnits - 5_001
        _ = try test.pay(rest, from: client, [(issued, rest)])
        let first = try statuses(issued, test)
        #expect(first.map(\.status) == [.cashed, .cashed])
        let parts = first.map { ReceiptByRate.read($0.amounts) }
        #expect(parts[0].map(\.amount).sum() == Amount(5_001))
        let whole = Dictionary(grouping: parts.flatMap(\.self), by: \.rate.hundredths)
            .mapValues { $0.map(\.amount).sum().minorUnits }
        #expect(whole == [2000: 12_000, 1000: 3_630])
        try test.write { _ = try $0.undoPayment(part.id, reason: "Rejeté") }
        let last = try statuses(issued, test).last
        #expect(ReceiptByRate.read(last?.amounts).map(\.amount).sum() == Amount(-5_001))
    }

    /// What the receipts of an invoice come to at each rate, in hundredths of a per cent and cents.
    private func receipts(_ invoice: Invoice, _ test: TestApplication) throws -> [Int: Int] {
        let parts = try statuses(invoice, test).flatMap { ReceiptByRate.read($0.amounts) }
        return Dictionary(grouping: parts, by: \.rate.hundredths)
            .mapValues { $0.map(\.amount).sum().minorUnits }
    }

    @Test func creditTakesReceiptsFromItsInvoiceAndGivesThemToTheOneItSettles() throws {
        let test = try application()
        let client = try test.client()
        let paid = try test.issued(
            [test.item(price: 100), test.item("Livre", price: 33, vat: Self.reduced)], for: client)
        let gross = paid.totalGross.minorUnits
        _ = try test.pay(gross, from: client, [(paid, gross)])
        let note = try test.write { transaction in
            let draft = CreditNoteDraft(quantities: [
                try transaction.lines(of: .invoice, paid.id.value)[0].id: Quantity(1)
            ])
            return try transaction.issueCreditNote(of: paid.id, draft)
        }
        #expect(try receipts(paid, test) == [2000: 12_000, 1000: 3_630])
        let next = try test.issued([test.item("Livre", price: 50, vat: Self.reduced)], for: client)
        try test.write {
            try $0.allocateCredit(
                .creditNote(note.id), to: [PlannedAllocation(next.id, Amount(5_500))])
        }
        #expect(try receipts(paid, test) == [2000: 6_500, 1000: 3_630])
        #expect(try receipts(next, test) == [1000: 5_500])
        let refund = try test.write { transaction in
            try transaction.refundCredit(
                .creditNote(note.id),
                RefundDraft(method: .transfer, day: transaction.today, amount: Amount(6_500)))
        }
        #expect(try receipts(paid, test) == [2000: 0, 1000: 3_630])
        try test.write { _ = try $0.undoPayment(refund.id, reason: "Revenu") }
        #expect(try receipts(paid, test) == [2000: 6_500, 1000: 3_630])
    }

    @Test func creditOfAnUnpaidInvoiceIsNoReceiptOfIt() throws {
        let test = try application()
        let invoice = try test.issued(for: test.client())
        try test.write { _ = try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        #expect(try statuses(invoice, test).isEmpty)
    }

    @Test func statusesOutOfOrderAreKeptAndTheSameMessageCountsOnce() throws {
        let test = try application()
        let issued = try test.issued(for: test.client())
        func say(_ status: LifeCycleStatus, _ message: String) throws -> LifeCycleEntry? {
            var said = SaidStatus(status, reasonCode: status == .rejected ? "REJ_ADR" : "")
            said.actor = "Plateforme"
            said.message = message
            return try test.write { try $0.noteStatus(said, ofSent: issued.id) }
        }
        #expect(try say(.filed, "1")?.outcome == .current)
        #expect(try say(.rejected, "2")?.outcome == .current)
        #expect(try say(.rejected, "2") == nil)
        #expect(try say(.issued, "3")?.outcome == .late)
        #expect(try say(.approved, "4")?.outcome == .contradictory)
        #expect(try test.read { try $0.sentLifeCycle(issued.id)?.status } == .rejected)
        let page = try test.get(issued.path).text
        #expect(page.contains("L’adresse du client n’est pas dans l’annuaire"))
        #expect(page.contains("Contredit ce qui précède"))
    }
}
