import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct ClosingTests {
    private func business() throws -> (test: TestApplication, month: Day, client: Client) {
        let test = try TestApplication(Invoicing.self, Payments.self, Books.self)
        let month = try test.today.firstOfMonth.adding(months: -1)
        return (test, month, try test.client())
    }

    private func close(_ test: TestApplication, _ start: Day) throws -> PeriodClosing {
        try test.write { try $0.closePeriod(ClosingDraft(kind: .month, startsOn: start)) }
    }

    private func pay(_ amount: Int, from client: Client, on day: Day, _ test: TestApplication)
        throws
    {
        try test.write {
            _ = try $0.recordPayment(
                PaymentDraft(client: client.id, method: .transfer, day: day, amount: Amount(amount))
            )
        }
    }

    @Test func aClosingHoldsTheTotalsOfItsMonthAndOfEverythingBefore() throws {
        let (test, month, client) = try business()
        _ = try test.issued([test.item(price: 100)], for: client, on: month.adding(days: -3))
        _ = try test.issued([test.item(price: 50)], for: client, on: month)
        try pay(2_000, from: client, on: month, test)
        let before = try close(test, month.adding(months: -1))
        let closing = try close(test, month)
        #expect(before.totals.gross == Amount(12_000))
        #expect(closing.totals.net == Amount(5_000))
        #expect(closing.totals.vat == Amount(1_000))
        #expect(closing.totals.received == Amount(2_000))
        #expect(closing.totals.perpetualGross == Amount(18_000))
        let details = try test.read { try $0.periodClosingDetails(closing.id) }
        #expect(details.vatRows.map(\.vat) == [Amount(1_000)])
        try test.seal()
        #expect(try test.report().findings.isEmpty)
    }

    @Test func theCentOfPricesWithVATIsShownBesideTheTotals() throws {
        let (test, month, client) = try business()
        var retail = test.item()
        retail.unitPrice = UnitPrice(millionths: 30_000)
        retail.includesVAT = true
        _ = try test.issued([retail], for: client, on: month)
        let closing = try close(test, month)
        #expect(closing.totals.gross == Amount(3))
        #expect(closing.totals.net + closing.totals.vat != Amount(3))
        let page = try test.get(closing.path, as: .accountant)
        #expect(page.text.contains("Arrondi"))
        #expect(page.text.contains("1\u{A0}facture, 0\u{A0}avoir<"))
    }

    @Test func nothingIsDatedInAClosedPeriodAnyMore() throws {
        let (test, month, client) = try business()
        let draft = try test.draft(for: client)
        _ = try close(test, month)
        let last = month.endOfMonth
        let invoice = problem { try test.write { _ = try $0.issueInvoice(draft.id, on: last) } }
        #expect(invoice?.fields.map(\.field) == ["day"])
        let payment = problem { try pay(100, from: client, on: last, test) }
        #expect(payment?.fields.map(\.field) == ["day"])
        // The day after is open.
        try pay(100, from: client, on: last.adding(days: 1), test)
        try test.write { _ = try $0.issueInvoice(draft.id, on: last.adding(days: 1)) }
    }

    @Test func closingsFollowEachOtherAndPeriodsMustHaveEnded() throws {
        let (test, month, client) = try business()
        _ = try test.issued(for: client, on: month.adding(months: -2))
        let running = problem { _ = try close(test, month.adding(months: 1)) }
        #expect(running?.fields.map(\.field) == ["starts_on"])
        _ = try close(test, month.adding(months: -2))
        let gap = problem { _ = try close(test, month) }
        #expect(gap?.fields.map(\.field) == ["starts_on"])
        let twice = problem { _ = try close(test, month.adding(months: -2)) }
        #expect(twice?.fields.map(\.field) == ["starts_on"])
        _ = try close(test, month.adding(months: -1))
        _ = try close(test, month)
    }

    @Test func anAccountantClosesOnThePageAndAnAgentDoesNot() throws {
        let (test, month, client) = try business()
        _ = try test.issued(for: client, on: month)
        let form: KeyValuePairs = ["kind": "month", "starts_on": month.iso]
        #expect(try test.post("/books/closings", form, as: .agent).status == 403)
        let answer = try test.post("/books/closings", form, as: .accountant)
        #expect(answer.status == 303)
        let page = try test.get(answer.location ?? "", as: .accountant)
        #expect(page.text.contains("120,00"))
        let again = try test.post("/books/closings", form, as: .accountant)
        #expect(again.status == 422)
        #expect(again.text.contains("déjà clôturée"))
    }
}
