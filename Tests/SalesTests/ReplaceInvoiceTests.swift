import Basics
import Core
import EInvoice
import HTTP
import TestSupport
import Testing

@testable import Sales

/// Corrective invoices (384): they replace one that was issued, and nothing counts twice.
struct ReplaceInvoiceTests {
    private func business() throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Invoicing.self,
            EInvoices.self, Payments.self, Books.self, Statistics.self)
    }

    /// The draft with another price, issued.
    private func replace(_ original: Invoice, price: Int, _ test: TestApplication) throws
        -> Invoice
    {
        let draft = try test.write { try $0.draftReplacement(of: original.id) }
        return try test.write { transaction in
            var change = InvoiceDraft(
                draft, lines: try transaction.lines(of: .invoice, draft.id.value))
            for index in change.lines.indices where change.lines[index].kind == .item {
                change.lines[index].unitPrice = UnitPrice(millionths: price * 1_000_000)
            }
            _ = try transaction.updateInvoice(draft.id, change, version: nil)
            return try transaction.issueInvoice(draft.id)
        }
    }

    @Test func itTakesThePlaceOfTheOtherInEveryTotal() throws {
        let test = try business()
        let client = try test.client()
        let original = try test.issued([test.item(price: 100)], for: client)
        let corrective = try replace(original, price: 80, test)
        #expect(corrective.typeCode == 384)
        #expect(try test.open(original) == 0)
        #expect(try test.open(corrective) == 9_600)
        #expect(try test.account(client) == [9_600, 0])
        let revenue: Int? = try test.read { transaction in
            try transaction.value(
                """
                SELECT sum(net)::bigint FROM daily_revenue
                WHERE organisation_id = \(transaction.organisation)
                """)
        }
        #expect(revenue == 8_000)
        #expect(try test.findings(of: Invoicing.checks + Statistics.checks) == [:])
        try test.seal()
        #expect(try test.report().findings.isEmpty)
    }

    @Test func whatWasPaidSettlesTheNewOneAndTheRestIsTheClients() throws {
        let test = try business()
        let client = try test.client()
        let original = try test.issued([test.item(price: 100)], for: client)
        _ = try test.pay(12_000, from: client, [(original, 12_000)])
        let corrective = try replace(original, price: 80, test)
        #expect(try test.open(corrective) == 0)
        let account = try test.account(client)
        #expect(account == [-2_400, 0])
        // VAT on receipts follows the money: 20 came, and 4 are given back with it, not before.
        let filter = VATFilter(
            Fields([.init(name: "basis", value: "receipts")]), try test.organisation,
            today: try test.today)
        #expect(try test.read { try $0.vatReport(filter) }.vat == Amount(2_000))
        let receipts = try [original, corrective].map { invoice in
            try test.read { try $0.lifeCycle(ofSent: invoice.id) }.flatMap {
                ReceiptByRate.read($0.amounts)
            }.map(\.amount).sum()
        }
        #expect(receipts == [Amount(2_400), Amount(9_600)])
    }

    @Test func theDocumentSaysWhatItReplacesAndHoldsToTheRules() throws {
        let test = try business()
        let original = try test.issued(for: test.client())
        let corrective = try replace(original, price: 80, test)
        let kept = try test.write { try $0.keptDocument(of: corrective) }
        let cii = try #require(kept.cii)
        #expect(cii.contains("<ram:TypeCode>384</ram:TypeCode>"))
        #expect(cii.contains(original.number ?? "?"))
        let page = try test.get(corrective.path).text
        #expect(page.contains("Facture rectificative"))
        #expect(page.contains("Annule et remplace la facture"))
        #expect(try test.get(original.path).text.contains(corrective.number ?? "?"))
        // The reversal stays here: it is on no platform.
        let marked: Int? = try test.read { transaction in
            try transaction.value(
                """
                SELECT count(*) FROM sent_life_cycles
                WHERE organisation_id = \(transaction.organisation)
                """)
        }
        #expect(marked == 2)
    }

    @Test func onlyAWholeInvoiceIsReplacedAndOnlyOnce() throws {
        let test = try business()
        let client = try test.client()
        let original = try test.issued(for: client)
        _ = try test.write { try $0.draftReplacement(of: original.id) }
        #expect(problem { _ = try test.write { try $0.draftReplacement(of: original.id) } } != nil)
        let credited = try test.issued(for: client)
        _ = try test.write { try $0.issueCreditNote(of: credited.id, CreditNoteDraft()) }
        #expect(problem { _ = try test.write { try $0.draftReplacement(of: credited.id) } } != nil)
        let draft = try test.draft(for: client)
        #expect(problem { _ = try test.write { try $0.draftReplacement(of: draft.id) } } != nil)
        // Credited meanwhile: the draft cannot be issued any more.
        let other = try test.issued(for: client)
        let replacement = try test.write { try $0.draftReplacement(of: other.id) }
        _ = try test.write { try $0.issueCreditNote(of: other.id, CreditNoteDraft()) }
        #expect(problem { _ = try test.write { try $0.issueInvoice(replacement.id) } } != nil)
    }

    @Test func anOrderStaysInvoicedByWhatReplacesItsInvoice() throws {
        let test = try business()
        let client = try test.client()
        let order = try test.order(for: client, [test.item(price: 100)])
        let draft = try test.write { try $0.draftInvoice(from: order) }
        let original = try test.write { try $0.issueInvoice(draft.id) }
        _ = try replace(original, price: 80, test)
        #expect(problem { _ = try test.write { try $0.draftInvoice(from: order) } } != nil)
        #expect(try test.findings(of: Invoicing.checks) == [:])
    }

    @Test func aPersonReplacesItOnThePage() throws {
        let test = try business()
        let original = try test.issued(for: test.client())
        #expect(try test.get(original.path).text.contains("Rectifier"))
        let answer = try test.post("\(original.path)/replacement", as: .agent)
        #expect(answer.status == 303)
        let edit = try #require(answer.location)
        #expect(edit.hasSuffix("/edit"))
        // Nothing stands in the way of its issue.
        let draft = String(edit.dropLast("/edit".count))
        let ask = try test.get(draft + "/issue").text
        #expect(!ask.contains("avant d’émettre"))
        #expect(
            try test.post(draft + "/issue", ["day": test.today.iso], as: .agent).status == 303
        )
        #expect(try test.post("\(original.path)/replacement", as: .accountant).status == 403)
    }
}
