import Basics
@testable import Core
import TestSupport
import Testing

@testable import Sales

@Suite struct StatementTests {
    private static func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Orders.self, Invoicing.self, Payments.self, Receivables.self)
    }

    @Test func theBalanceIsWhatTheClientOwesAfterWhateverHappened() throws {
        let test = try StatementTests.application()
        let client = try test.client()
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<12 {
            let invoice = try test.issued([test.item(price: .random(in: 1...900))], for: client)
            switch Int.random(in: 0...4, using: &dice) {
            case 0:
                _ = try test.write {
                    try $0.issueCreditNote(of: invoice.id, CreditNoteDraft(), on: $0.today)
                }
            case 1: try test.pay(invoice.totalGross.minorUnits + 500, from: client, [])
            case 2:
                let payment = try test.pay(700, from: client, [])
                _ = try test.write { try $0.undoPayment(payment.id, reason: "Chèque rejeté") }
            default: break
            }
        }
        let after = try test.read { try $0.client(client.id) }
        let statement = try test.program().get("/clients/\(client.id)/statement")
        #expect(statement.status == 200, "\(statement.text)")
        #expect(
            statement.json?["balance_after"]?.int
                == (after.openAmount - after.creditAmount).minorUnits)
        let last = statement.json?["lines"]?.array?.last
        #expect(last?["balance"] == statement.json?["balance_after"])
    }

    @Test func whatCameBeforeIsTheFirstBalance() throws {
        let test = try StatementTests.application()
        let client = try test.client()
        let invoice = try test.issued([test.item(price: 100)], for: client)
        test.clock.advance(seconds: 10 * 86_400)
        try test.pay(2_000, from: client, [])
        let today = try test.read { $0.today }
        let page = try test.get("/clients/\(client.id)/statement?from=\(today.iso)")
        #expect(page.text.contains("120,00"), "before")
        #expect(page.text.contains("100,00"), "after")
        #expect(!page.text.contains(invoice.number ?? "-"))
        #expect(faultsOfMarkup(page.text) == [])
        let csv = try test.get("/clients/\(client.id)/statement/export?from=\(today.iso)").text
        #expect(csv.split(separator: "\r\n").count == 3)
        #expect(csv.contains(";-20,00;100,00"))
    }

    @Test func thePageLeadsFromTheClientAndWrongDaysMeanThisYear() throws {
        let test = try StatementTests.application()
        let client = try test.client()
        #expect(try test.get(client.path).text.contains(client.path + "/statement"))
        let page = try test.get("/clients/\(client.id)/statement?from=x&to=1")
        #expect(page.status == 200)
        #expect(page.text.contains("value=\"2026-01-01\""))
    }
}
