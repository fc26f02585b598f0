import Basics
import Core
import TestSupport
import Testing

@testable import Sales

/// Invoices by how far the work has come.
@Suite struct ProgressTests {
    private func progress(_ percent: Int) -> Progress {
        Progress(Percentage(hundredths: percent * 100))
    }

    @Test func percentagesAddUpToTheWholeOrder() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(
            for: client,
            [
                test.text(.section, "Gros œuvre"), test.item("A", quantity: 10_000, price: 900),
                test.item("B", quantity: 33_333, price: 70, discount: .amount(Amount(10_01))),
            ])
        let total = try test.read { try $0.order(order).totalNet }
        var sum = Amount.zero
        for percent in [33, 66, 100] {
            let draft = try test.write {
                try $0.draftProgressInvoice(of: order, progress(percent))
            }
            sum += try test.write { try $0.issueInvoice(draft.id) }.totalNet
        }
        #expect(abs((sum - total).minorUnits) <= 2)
        let lines = try test.read { try $0.lines(of: .order, order.value) }
        #expect(lines.allSatisfy { $0.invoicedQuantity == $0.quantity })
        #expect(
            problem {
                _ = try test.write { try $0.draftProgressInvoice(of: order, progress(100)) }
            }?
            .fields.map(\.field) == ["percent"])
        try test.expectSound()
    }

    @Test func aLineMayBeElsewhereThanTheOthers() throws {
        let test = try TestApplication.forDeposits()
        let order = try test.order(
            for: test.client(), [test.item("A", price: 1000), test.item("B", price: 1000)])
        let lines = try test.read { try $0.lines(of: .order, order.value) }
        let answer = try test.post(
            "/orders/\(order)/progress-invoices",
            ["percent": "40", "percent_\(lines[1].id)": "75,5"])
        #expect(answer.status == 303)
        let draft = try #require(try test.read { try $0.invoices(ofOrder: order) }.first)
        let drawn = try test.lines(of: draft)
        #expect(drawn.map(\.quantity.tenThousandths) == [4_000, 7_550])
        #expect(drawn[1].description == "Avancement : 75,5\u{A0}%")
        #expect(draft.subject.hasPrefix("Situation n° 1"))
        let less = try test.post(
            "/orders/\(order)/progress-invoices", ["percent_\(lines[1].id)": "60"])
        #expect(less.status == 422 && less.text.contains("Déjà facturé"))
        #expect(try test.get("/orders/\(order)").text.contains("75,5\u{A0}%"))
    }

    @Test func aDepositIsDeductedFromTheFirstThatHasRoomForIt() throws {
        let test = try TestApplication.forDeposits()
        let client = try test.client()
        let order = try test.order(for: client, [test.item(price: 1000)])
        try test.deposit(360_00, on: order)
        var totals: [Amount] = []
        for percent in [20, 50, 100] {
            let draft = try test.write {
                try $0.draftProgressInvoice(of: order, progress(percent))
            }
            totals.append(try test.write { try $0.issueInvoice(draft.id) }.totalGross)
        }
        #expect(totals == [.zero, Amount(240_00), Amount(600_00)])
        try test.expectSound()
    }
}
