import Basics
@testable import Core
import TestSupport
import Testing

@testable import Sales

@Suite struct SeveralOrdersTests {
    private static func application() throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self)
    }

    @Test func oneInvoiceTakesWhatIsLeftOfSeveralOrders() throws {
        let test = try SeveralOrdersTests.application()
        let client = try test.client()
        let first = try test.order(for: client, [test.item(price: 100)])
        let second = try test.order(for: client, [test.item(quantity: 20_000, price: 50)])
        let browser = test.browser()
        try browser.get("\(client.path)/orders-to-invoice")
        try browser.submit("\(client.path)/orders-to-invoice")
        #expect(browser.status == 200)
        let invoice = try #require(
            try test.read { try $0.invoices(ofOrder: first) }.first)
        #expect(invoice.totalNet == Amount(200_00))
        let lines = try test.read { try $0.lines(of: .invoice, invoice.id.value) }
        #expect(lines.map(\.kind) == [.section, .item, .section, .item])
        #expect(try test.read { try $0.invoices(ofOrder: second) }.map(\.id) == [invoice.id])
        #expect(try test.read { try $0.ordersToInvoice(of: client.id) }.isEmpty)
        let issued = try test.write { try $0.issueInvoice(invoice.id) }
        let numbers = try test.read { transaction in
            try [first, second].map { try transaction.order($0).number }
        }
        #expect(
            Mentions(issued.mentions ?? .null).orderNumber
                == numbers.sorted().joined(separator: ", "))
        let page = try test.get(issued.path).text
        for order in [first, second] { #expect(page.contains("/orders/\(order)")) }
        try browser.get("\(client.path)/orders-to-invoice")
        #expect(browser.text.contains("Tout est facturé"))
    }

    @Test func aDeletedDraftGivesBackWhatItTookOfEachOrder() throws {
        let test = try SeveralOrdersTests.application()
        let client = try test.client()
        let orders = try (0..<3).map { _ in try test.order(for: client, [test.item()]) }
        let draft = try test.write { try $0.draftInvoice(from: orders) }
        #expect(throws: Problem.self) { try test.write { try $0.draftInvoice(from: orders[0]) } }
        try test.write { try $0.deleteInvoiceDraft(draft.id) }
        #expect(try test.read { try $0.ordersToInvoice(of: client.id) }.count == 3)
    }

    @Test func ordersOfAnotherClientAreRefusedByTheirField() throws {
        let test = try SeveralOrdersTests.application()
        let (client, other) = (
            try test.client(), try test.client("Notaires Faure") { $0.siren = "" }
        )
        let own = try test.order(for: client, [test.item()])
        let foreign = try test.order(for: other, [test.item()])
        #expect(throws: Problem.self) {
            try test.write { try $0.draftInvoice(from: [own, foreign]) }
        }
        let program = try test.program()
        let answer = try program.post(
            "/clients/\(client.id)/orders-to-invoice", ["order_ids": [JSON(own), JSON(foreign)]])
        #expect(answer.status == 422)
        #expect(answer.text.contains("/order_ids"))
        let made = try program.post(
            "/clients/\(client.id)/orders-to-invoice", ["order_ids": [JSON(own)]])
        #expect(made.status == 201, "\(made.text)")
    }

    @Test func twoPeopleInvoiceTheSameOrdersOnce() async throws {
        let test = try SeveralOrdersTests.application()
        let client = try test.client()
        let orders = try (0..<4).map { _ in try test.order(for: client, [test.item()]) }
        let made = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                let wanted = number % 2 == 0 ? orders : orders.reversed()
                group.addTask {
                    do {
                        _ = try test.write { try $0.draftInvoice(from: wanted) }
                        return true
                    } catch is Problem {
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(made == 1)
    }
}
