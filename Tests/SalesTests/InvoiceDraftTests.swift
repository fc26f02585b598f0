import Basics
import Core
import Testing
import TestSupport

@testable import Sales

struct InvoiceDraftTests {
    @Test func aDraftTakesWhatIsLeftOfAnOrderOnceAndForAll() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let order = try test.order(for: client, [test.item(quantity: 30_000)])
        let draft = try test.write { try $0.draftInvoice(from: order) }
        #expect(draft.totalGross == Amount(36_000))
        #expect(try test.lines(of: draft).map(\.quantity) == [Quantity(3)])
        let again = problem { _ = try test.write { try $0.draftInvoice(from: order) } }
        #expect(again?.status == 409)
    }

    @Test func deletingADraftGivesItsQuantitiesBack() throws {
        let test = try TestApplication(Invoicing.self)
        let order = try test.order(for: try test.client(), [test.item()])
        let draft = try test.write { try $0.draftInvoice(from: order) }
        try test.write { try $0.deleteInvoiceDraft(draft.id) }
        let second = try test.write { try $0.draftInvoice(from: order) }
        #expect(second.totalGross == draft.totalGross)
    }

    @Test func aDraftCutShortLeavesTheRestToTheNext() throws {
        let test = try TestApplication(Invoicing.self)
        let line = test.item(quantity: 100_000, discount: .amount(Amount(10_001)))
        let order = try test.order(for: try test.client(), [line])
        let draft = try test.write { try $0.draftInvoice(from: order) }
        var lines = try test.lines(of: draft)
        lines[0].quantity = Quantity(3)
        lines[0].discount = .amount(Amount(3_000))
        try test.write {
            _ = try $0.updateInvoice(
                draft.id, InvoiceDraft(draft, lines: lines), version: draft.version)
        }
        let rest = try test.write { try $0.draftInvoice(from: order) }
        let left = try test.lines(of: rest)
        #expect(left[0].quantity == Quantity(7))
        #expect(left[0].discount == .amount(Amount(7_001)))
    }

    @Test func sectionsAndTextsGoWithTheirLines() throws {
        let test = try TestApplication(Invoicing.self)
        let lines = [
            test.text(.section, "Tournage"), test.item("Vol"), test.text(.text, "Par beau temps"),
            test.text(.section, "Montage"), test.item("Montage"),
        ]
        let order = try test.order(for: try test.client(), lines)
        let whole = try test.write { try $0.draftInvoice(from: order) }
        #expect(try test.lines(of: whole).map(\.label) == lines.map(\.label))
        let kept = try test.lines(of: whole).filter { $0.label != "Montage" }
        try test.write {
            _ = try $0.updateInvoice(whole.id, InvoiceDraft(whole, lines: kept), version: nil)
        }
        let rest = try test.write { try $0.draftInvoice(from: order) }
        #expect(try test.lines(of: rest).map(\.label) == ["Montage", "Montage"])
    }

    @Test func aLineCannotTakeMoreThanItsOrderHas() throws {
        let test = try TestApplication(Invoicing.self)
        let order = try test.order(for: try test.client(), [test.item()])
        let draft = try test.write { try $0.draftInvoice(from: order) }
        var lines = try test.lines(of: draft)
        lines[0].quantity = Quantity(2)
        let refusal = problem {
            _ = try test.write {
                try $0.updateInvoice(draft.id, InvoiceDraft(draft, lines: lines), version: nil)
            }
        }
        #expect(refusal?.status == 409)
    }

    @Test func aFormCannotTieALineToAnOrder() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let order = try test.order(for: client, [test.item()])
        let orderLine = try test.read { try $0.lines(of: .order, order.value)[0].id }
        let draft = try test.draft(for: client)
        var line = test.item("Autre")
        line.orderLineID = orderLine
        try test.write {
            _ = try $0.updateInvoice(draft.id, InvoiceDraft(draft, lines: [line]), version: nil)
        }
        #expect(
            try test.read { try $0.lines(of: .order, order.value)[0].invoicedQuantity } == .zero)
    }

    @Test func whatSomebodyElseSavedMeanwhileIsNotOverwritten() throws {
        let test = try TestApplication(Invoicing.self)
        let draft = try test.draft(for: try test.client())
        let same = InvoiceDraft(draft, lines: try test.lines(of: draft))
        try test.write { _ = try $0.updateInvoice(draft.id, same, version: 1) }
        let refusal = problem {
            _ = try test.write { try $0.updateInvoice(draft.id, same, version: 1) }
        }
        #expect(refusal == .changedMeanwhile)
    }

    @Test func aCopyIsADraftOfItsOwn() throws {
        let test = try TestApplication(Invoicing.self)
        let order = try test.order(for: try test.client(), [test.item()])
        let first = try test.write { try $0.draftInvoice(from: order) }
        let issued = try test.write { try $0.issueInvoice(first.id) }
        let copy = try test.write { try $0.duplicateInvoice(issued.id) }
        #expect(copy.isDraft)
        #expect(copy.totalGross == issued.totalGross)
        #expect(try test.lines(of: copy).allSatisfy { $0.orderLineID == nil })
        #expect(try test.read { try $0.lines(of: .order, order.value)[0].invoicedQuantity } == .one)
    }

    @Test(arguments: [
        ("2026-01-15", 30, false, "2026-02-14"), ("2026-01-15", 30, true, "2026-02-28"),
        ("2026-01-31", 0, false, "2026-01-31"), ("2026-01-31", 0, true, "2026-01-31"),
        ("2026-02-01", 0, true, "2026-02-28"), ("2028-01-30", 30, true, "2028-02-29"),
        ("2026-12-15", 45, true, "2027-01-31"), ("2026-11-21", 60, false, "2027-01-20"),
        ("2026-01-01", 30, true, "2026-01-31"), ("2026-01-02", 30, true, "2026-02-28"),
    ])
    func theDueDateFollowsFromTheTerms(issued: String, days: Int, endOfMonth: Bool, due: String)
        throws
    {
        let terms = PaymentTerms(days: days, endOfMonth: endOfMonth)
        #expect(terms.dueDay(from: try #require(Day(issued))) == Day(due))
    }

    @Test func aClientsOwnTermsComeBeforeTheOrganisations() throws {
        let test = try TestApplication(Invoicing.self)
        let usual = try test.client()
        let special = try test.client("Cabinet Rey") {
            $0.paymentDays = 45
            $0.paymentEndOfMonth = true
        }
        #expect(try test.draft(for: usual).terms == PaymentTerms(days: 30))
        #expect(
            try test.draft(for: special).terms == PaymentTerms(days: 45, endOfMonth: true))
    }
}
