import Basics
import Core
import Database
import TestSupport
import Testing

@testable import Sales

/// Amounts that never divide evenly, credited piece by piece.
struct CreditNoteRoundingTests {
    /// Dice of a fixed seed: a failure is found again.
    struct Dice {
        var state: UInt64

        mutating func roll(_ range: ClosedRange<Int>) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int((state >> 33) % UInt64(range.count))
        }
    }

    private let rates = [2000, 1000, 550, 210].map {
        VATRate(.standard, Percentage(hundredths: $0))
    }

    private func lines(_ dice: inout Dice, _ test: TestApplication) -> [DocumentLine] {
        (0..<dice.roll(1...6)).map { number in
            var line = test.item(
                "Article \(number)", quantity: dice.roll(1...90_000), vat: rates[dice.roll(0...3)])
            if dice.roll(0...2) > 0 { line.quantity = Quantity(dice.roll(2...9)) }
            line.unitPrice = UnitPrice(millionths: dice.roll(100_000...40_000_000))
            let gross = line.grossAmount(in: .euro)
            switch dice.roll(0...2) {
            case 0: line.discount = .percent(Percentage(hundredths: dice.roll(1...9_000)))
            case 1 where gross.minorUnits > 1:
                line.discount = .amount(Amount(dice.roll(1...gross.minorUnits)))
            default: line.discount = .none
            }
            return line
        }
    }

    /// Allowances and charges of every sort, and in every other document prices with VAT.
    private func withAdjustments(
        _ dice: inout Dice, _ lines: [DocumentLine], _ test: TestApplication
    ) -> [DocumentLine] {
        var lines = lines
        if dice.roll(0...1) == 1 {
            lines.append(test.adjustment(.allowance, percent: dice.roll(1...3_000)))
        }
        if dice.roll(0...1) == 1 {
            lines.append(
                test.adjustment(.charge, amount: dice.roll(1...2_000), rates[dice.roll(0...3)]))
        }
        if dice.roll(0...1) == 1 {
            lines.append(test.adjustment(.charge, percent: dice.roll(1...2_000)))
        }
        if dice.roll(0...2) == 1 {
            for index in lines.indices { lines[index].includesVAT = true }
        }
        return lines
    }

    /// Some of what is left of some lines.
    private func part(
        _ dice: inout Dice, of invoice: Invoice, _ test: TestApplication
    ) throws -> [DocumentLine.ID: Quantity] {
        var quantities: [DocumentLine.ID: Quantity] = [:]
        for line in try test.read({ try $0.creditableLines(of: invoice) }) {
            let left = line.leftQuantity.tenThousandths
            guard left > 0, dice.roll(0...2) > 0 else { continue }
            quantities[line.line.id] = Quantity(
                tenThousandths: min(left, dice.roll(1...max(1, left / 2))))
        }
        return quantities
    }

    private func leftQuantity(of invoice: Invoice, _ test: TestApplication) throws -> Quantity {
        try test.read { try $0.creditableLines(of: invoice) }
            .reduce(Quantity.zero) { $0 + $1.leftQuantity }
    }

    @Test(arguments: 1...48)
    func anyNumberOfPartsEndsAtNothingOpen(seed: UInt64) throws {
        let test = try TestApplication(Invoicing.self)
        var dice = Dice(state: seed)
        let lines = withAdjustments(&dice, lines(&dice, test), test)
        guard DocumentTotals(lines, in: .euro).gross > .zero else { return }
        let client = try test.client()
        let invoice = try test.issued(lines, for: client)
        for _ in 0..<dice.roll(2...9) {
            let part = CreditNoteDraft(quantities: try part(&dice, of: invoice, test))
            // Parts of nothing, or of less than a cent, are refused.
            let refusal = problem {
                try test.write { _ = try $0.issueCreditNote(of: invoice.id, part) }
            }
            #expect(refusal == nil || refusal?.fields.map(\.field) == ["lines"])
        }
        if try test.read({ try $0.invoice(invoice.id).openAmount }) > .zero {
            try test.write { _ = try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        }
        let after = try test.read { try $0.invoice(invoice.id) }
        #expect(after.openAmount == .zero)
        #expect(after.creditedAmount == invoice.totalGross)
        #expect(try test.clientOpenAmount(client.id) == .zero)
        try expectExact(invoice, test)
    }

    private func expectExact(_ invoice: Invoice, _ test: TestApplication) throws {
        let (rows, credited, notes) = try test.read { transaction in
            (
                try transaction.vatRows(of: invoice.id),
                try transaction.creditedVATRows(of: invoice.id),
                try transaction.invoices(correcting: invoice.id)
            )
        }
        #expect(Set(rows.filter { $0.base > .zero }) == Set(credited.filter { $0.base > .zero }))
        for note in notes {
            #expect(note.totalVAT >= .zero)
            for row in try test.read({ try $0.vatRows(of: note.id) }) {
                let own = row.base.share(row.rate.percentage)
                #expect(abs(own.minorUnits - row.vat.minorUnits) <= 1, "more than rounding")
            }
        }
        for check in Invoicing.checks { #expect(try test.findings(of: check) == []) }
    }

    /// The prices on paper are those of the invoice, as long as they come to the amount.
    @Test func aPartThatDividesEvenlyKeepsItsPriceAndItsDiscount() throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued([
            test.item(
                quantity: 30_000, price: 10, discount: .percent(Percentage(hundredths: 1000)))
        ])
        let line = try test.lines(of: invoice)[0]
        let note = try test.write {
            try $0.issueCreditNote(of: invoice.id, CreditNoteDraft(quantities: [line.id: .one]))
        }
        let credit = try test.lines(of: note)[0]
        #expect(credit.unitPrice == line.unitPrice)
        #expect(credit.discount == line.discount)
    }

    @Test func aPartOfVeryManyUnitsReachesItsAmountByADiscount() throws {
        let test = try TestApplication()
        var line = test.item(quantity: 1)
        line.quantity = Quantity(3_000_000)
        line.unitPrice = UnitPrice(millionths: 333_333)
        line.takeNetAmount(Amount(99_999_907), in: .euro)
        #expect(line.netAmount(in: .euro) == Amount(99_999_907))
        guard case .amount(let discount) = line.discount else {
            Issue.record("no discount")
            return
        }
        #expect(discount > .zero)
    }

    @Test func thePrintedSumsOfACreditNoteAreItsTotals() throws {
        let test = try TestApplication(Invoicing.self)
        var line = test.item(quantity: 30_000)
        line.unitPrice = UnitPrice(millionths: 130_000)
        let invoice = try test.issued([line])
        let stored = try test.lines(of: invoice)[0].id
        for _ in 0..<3 {
            let note = try test.write {
                try $0.issueCreditNote(
                    of: invoice.id, CreditNoteDraft(quantities: [stored: .one]))
            }
            let printed = try test.read { try $0.printedInvoice(note.id) }
            #expect(printed.sums.last?.value == Language.french.money(note.totalGross, .euro))
        }
        #expect(try test.read { try $0.invoice(invoice.id).openAmount } == .zero)
    }

    /// What SQL itself may write: no cent more of VAT than all credit notes together have.
    @Test func theDatabaseRefusesAnotherRounding() throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued()
        #expect(throws: DatabaseError.self) {
            try test.write { transaction in
                let note = try transaction.issueCreditNote(
                    of: invoice.id,
                    CreditNoteDraft(quantities: [
                        try transaction.lines(of: .invoice, invoice.id.value)[0].id:
                            Quantity(tenThousandths: 5_000)
                    ]))
                try transaction.run(
                    """
                    INSERT INTO invoices (organisation_id, id, kind, series, status, number,
                        client_id, corrected_invoice_id, issued_on, due_on, currency, total_net,
                        total_vat, total_gross, open_amount, seller, buyer, mentions)
                    SELECT organisation_id, gen_random_uuid(), kind, series, status, 'X',
                        client_id, corrected_invoice_id, issued_on, due_on, currency, 0, 1, 1, 1,
                        seller, buyer, mentions
                    FROM invoices
                    WHERE organisation_id = \(transaction.organisation) AND id = \(note.id)
                    """)
            }
        }
        #expect(try test.read { try $0.invoices(correcting: invoice.id) }.isEmpty)
    }
}
