import Basics
import Core
import Database
import Foundation
import TestSupport
import Testing

@testable import Sales

/// What is taken off or added on a whole document, and prices that include VAT.
struct AdjustmentTests {
    private let twenty = VATRate(.standard, Percentage(hundredths: 2000))
    private let low = VATRate(.standard, Percentage(hundredths: 550))

    @Test func aPercentageOverSeveralRatesIsSpreadToTheCent() throws {
        let test = try TestApplication()
        let lines = [
            test.item(quantity: 10_000, price: 100, vat: twenty),
            test.item(quantity: 10_000, price: 33, vat: low),
            test.adjustment(.allowance, percent: 333),
        ]
        let totals = DocumentTotals(lines, in: .euro)
        #expect(totals.lineNet == Amount(13_300))
        #expect(totals.allowances == Amount(443), "3.33% of 133.00, rounded once")
        #expect(totals.vatRows.map(\.base) == [Amount(9_667), Amount(3_190)])
        #expect(totals.net == Amount(13_300 - 443))
    }

    @Test func aChargeAtItsOwnRateOpensARowOfThatRate() throws {
        let test = try TestApplication()
        let totals = DocumentTotals(
            [test.item(vat: low), test.adjustment(.charge, amount: 1200, twenty)], in: .euro)
        #expect(totals.vatRows.map(\.rate) == [low, twenty])
        #expect(totals.vat == Amount(550 + 240))
        #expect(totals.charges == Amount(1200))
    }

    /// Each allowance and charge is computed on the lines alone, so their order does not matter.
    @Test func theOrderOfAllowancesChangesNothing() throws {
        let test = try TestApplication()
        let items = [test.item(price: 77, vat: twenty), test.item(price: 31, vat: low)]
        let adjustments = [
            test.adjustment(.allowance, percent: 1000), test.adjustment(.charge, amount: 999),
            test.adjustment(.allowance, amount: 101),
        ]
        let one = DocumentTotals(items + adjustments, in: .euro)
        let other = DocumentTotals(items + adjustments.reversed(), in: .euro)
        #expect(one.vatRows == other.vatRows && one.gross == other.gross)
    }

    /// In decimal arithmetic that shares nothing with ours: whatever is typed with VAT is what is due.
    @Test(arguments: [Currency.euro, .westAfricanFranc])
    func pricesWithVATAreWhatIsDue(currency: Currency) throws {
        let test = try TestApplication()
        var numbers = SeededNumbers(20_261_129)
        var rounded = 0
        for _ in 0..<2000 {
            var typed = 0
            let lines = (0..<Int.random(in: 1...6, using: &numbers)).map { _ in
                var line = test.item(
                    quantity: 10_000,
                    vat: [twenty, low, VATRate(.standard, Percentage(hundredths: 210))]
                        .randomElement(using: &numbers)!)
                let minor = Int.random(in: 1...99_999, using: &numbers)
                line.unitPrice = UnitPrice(
                    millionths: minor * (1_000_000 / currency.minorUnitsPerUnit))
                line.includesVAT = true
                typed += minor
                return line
            }
            let totals = DocumentTotals(lines, in: currency)
            #expect(totals.gross == Amount(typed), "due is what was typed")
            #expect(totals.net + totals.vat + totals.rounding == totals.gross)
            for row in totals.vatRows {
                #expect(row.vat == row.base.share(row.rate.percentage), "VAT once, on the net")
            }
            #expect(abs(totals.rounding.minorUnits) <= totals.vatRows.count)
            #expect(lines.settled(in: currency).map(\.settledNet).sum() == totals.net)
            if totals.rounding != .zero { rounded += 1 }
        }
        #expect(rounded > 200, "one gross in six has no exact net")
    }

    @Test func theNearestNetLeavesACentToTheRounding() throws {
        let test = try TestApplication()
        var line = test.item(vat: twenty)
        line.unitPrice = UnitPrice(millionths: 40_000)
        line.includesVAT = true
        let totals = DocumentTotals([line], in: .euro)
        #expect(totals.net == Amount(3) && totals.vat == Amount(1))
        line.unitPrice = UnitPrice(millionths: 30_000)
        let odd = DocumentTotals([line], in: .euro)
        #expect((odd.net, odd.vat, odd.rounding) == (Amount(3), Amount(1), Amount(-1)))
    }

    @Test func theDatabaseRefusesSumsThatAreNotThoseOfTheParts() throws {
        let test = try TestApplication()
        let client = try test.client()
        let draft = try test.draft(
            for: client, [test.item(), test.adjustment(.allowance, percent: 500)])
        #expect(draft.totalNet == Amount(9_500))
        for change: SQL in [
            "UPDATE invoices SET total_gross = total_gross + 1 WHERE id = \(draft.id)",
            """
            UPDATE invoices SET total_net = total_net + 1, total_vat = total_vat - 1
            WHERE id = \(draft.id)
            """,
            """
            UPDATE invoice_lines SET net_amount = net_amount - 1
            WHERE invoice_id = \(draft.id) AND kind = 'allowance'
            """,
        ] {
            #expect(throws: DatabaseError.self) { try test.write { _ = try $0.run(change) } }
        }
    }

    @Test func theyGoFromQuoteToOrderToInvoice() throws {
        let test = try TestApplication(Invoicing.self, Orders.self)
        let client = try test.client()
        let order = try test.order(
            for: client,
            [
                test.item("Vol", quantity: 20_000, vat: twenty), test.item("Tirage", vat: low),
                test.adjustment(.allowance, percent: 1000),
                test.adjustment(.charge, amount: 1200, twenty),
            ])
        let half = try test.write {
            try $0.draftProgressInvoice(of: order, Progress(Percentage(hundredths: 5000)))
        }
        #expect(half.totalNet == Amount(15_000 - 1_500 + 600), "10 % of half, half of the charge")
        let rest = try test.write { try $0.draftInvoice(from: order) }
        #expect(half.totalNet + rest.totalNet == Amount(30_000 - 3_000 + 1_200))
        for check in Invoicing.checks + Orders.checks {
            #expect(try test.findings(of: check) == [])
        }
    }

    @Test func aCreditNoteTakesAllowancesBackInProportionAndChargesLast() throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued([
            test.item(quantity: 20_000, vat: twenty), test.adjustment(.allowance, percent: 1000),
            test.adjustment(.charge, amount: 1200, twenty),
        ])
        let line = try test.lines(of: invoice)[0]
        let part = CreditNoteDraft(quantities: [line.id: .one])
        let first = try test.write { try $0.issueCreditNote(of: invoice.id, part) }
        #expect(first.totalNet == Amount(9_000))
        let second = try test.write {
            try $0.issueCreditNote(of: invoice.id, CreditNoteDraft())
        }
        #expect(second.totalNet == Amount(9_000 + 1_200))
        #expect(try test.read { try $0.invoice(invoice.id).openAmount } == .zero)
    }

    @Test func aCreditNoteOfTheWholeTakesTheRoundingBack() throws {
        let test = try TestApplication(Invoicing.self)
        var line = test.item(vat: twenty)
        line.unitPrice = UnitPrice(millionths: 30_000)
        line.includesVAT = true
        let invoice = try test.issued([line])
        #expect(invoice.totalGross == Amount(3) && invoice.totalRounding == Amount(-1))
        let note = try test.write { try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        #expect(note.totalGross == Amount(3) && note.totalRounding == Amount(-1))
        for check in Invoicing.checks { #expect(try test.findings(of: check) == []) }
    }

    @Test func theEditorKeepsThemBelowTheLinesAndNamesWhatIsWrong() throws {
        let rules = try LineRules.french()
        let ids = CountedIDs()
        var drafts = LineDrafts(
            lineFields([
                ["kind": "allowance", "label": "Remise", "discount": "5", "vat": "spread"],
                [
                    "kind": "item", "label": "Vol", "quantity": "1", "unit_price": "100",
                    "vat": "S2000",
                ],
                ["kind": "charge", "label": "Port", "discount": "", "discount_kind": "amount"],
            ]), newID: ids.next)
        #expect(drafts.lines.map(\.kind) == [.item, .allowance, .charge])
        #expect(drafts.checked(rules).problems.map(\.field) == ["lines[2][discount]"])
        drafts.apply(.text, items: .none, rules, newID: ids.next)
        #expect(drafts.lines.map(\.kind) == [.item, .text, .allowance, .charge])
    }

    @Test func moreThanTheLinesCannotBeTakenOff() throws {
        let drafts = LineDrafts(
            lineFields([
                [
                    "kind": "item", "label": "Vol", "quantity": "1", "unit_price": "100",
                    "vat": "S2000",
                ],
                [
                    "kind": "allowance", "label": "Remise", "discount": "101",
                    "discount_kind": "amount", "vat": "S2000",
                ],
            ]), newID: CountedIDs().next)
        #expect(
            drafts.checked(try .french()).problems.map(\.field) == ["lines[1][discount]"])
    }
}
