import Basics
import Core
import Database
import TestSupport
import Testing

@testable import Sales

/// Faults that the database would refuse, planted behind its back: the doctor names the document.
@Suite struct InvoiceCheckTests {
    private let checks = Invoicing.checks + Quotes.checks + Orders.checks

    /// An order invoiced in part, and an invoice credited in two parts that round.
    private struct Business {
        var test: TestApplication
        var invoice: Invoice
        var note: Invoice
        var order: Order.ID
        var orderNumber: String
        var organisation: Organisation.ID { test.organisationID }

        init() throws {
            test = try TestApplication(Invoicing.self, Quotes.self, Orders.self)
            let client = try test.client()
            order = try test.order(for: client, [test.item(quantity: 40_000)])
            let id = order
            orderNumber = try test.read { try $0.order(id).number }
            let draft = try test.write { try $0.draftInvoice(from: id) }
            _ = try test.write { try $0.issueInvoice(draft.id) }
            var line = test.item(quantity: 30_000)
            line.unitPrice = UnitPrice(millionths: 130_000)
            let credited = try test.issued(
                [line, test.item("B", vat: VATRate(.standard, Percentage(hundredths: 550)))],
                for: client)
            invoice = credited
            let first = try test.lines(of: credited)[0].id
            _ = try test.write {
                try $0.issueCreditNote(
                    of: credited.id, CreditNoteDraft(quantities: [first: .one]))
            }
            note = try test.write {
                try $0.issueCreditNote(
                    of: credited.id, CreditNoteDraft(quantities: [first: .one]))
            }
            _ = try test.draft(for: client)
        }
    }

    @Test func soundDocumentsHaveNoFindings() throws {
        let business = try Business()
        _ = try business.test.quote()
        #expect(try business.test.findings(of: checks) == [:])
    }

    @Test func importedDocumentsAreSoundToo() throws {
        let sample = try ImportSample()
        let result = try sample.run(lines: [
            "1,A,Lens,3,2010-12-01 08:26:00,2.555,17850,United Kingdom",
            "1,B,Tripod,7,2010-12-01 08:26:00,0.335,17850,United Kingdom",
            "C2,A,Lens,-1,2010-12-02 08:26:00,2.555,17850,United Kingdom",
        ])
        #expect(result.clients == 1)
        #expect(try sample.test.findings(of: checks) == [:])
    }

    @Test func aChangedTotalLineOrVATIsFound() throws {
        let business = try Business()
        let (own, id) = (business.organisation, business.invoice.id)
        let name = "invoice \(business.invoice.number ?? ""): "
        let faults: [(SQL, String)] = [
            (
                """
                UPDATE invoices SET total_net = total_net + 1, total_gross = total_gross + 1,
                    open_amount = open_amount + 1
                WHERE organisation_id = \(own) AND id = \(id)
                """, "the net total is not that of its lines"
            ),
            (
                """
                UPDATE invoices SET total_vat = total_vat + 1, total_gross = total_gross + 1,
                    open_amount = open_amount + 1
                WHERE organisation_id = \(own) AND id = \(id)
                """, "the VAT total is not that of its rates"
            ),
            (
                """
                UPDATE invoice_vat_rows SET vat_amount = vat_amount + 1
                WHERE organisation_id = \(own) AND invoice_id = \(id) AND vat_rate = 550
                """, "the VAT of S550 is not that of its lines"
            ),
            (
                """
                UPDATE invoice_vat_rows SET base_amount = base_amount - 1
                WHERE organisation_id = \(own) AND invoice_id = \(id) AND vat_rate = 2000
                """, "the VAT of S2000 is not that of its lines"
            ),
            (
                """
                DELETE FROM invoice_vat_rows
                WHERE organisation_id = \(own) AND invoice_id = \(id) AND vat_rate = 550
                """, "its VAT is not by the rates of its lines"
            ),
            (
                """
                UPDATE invoice_lines SET net_amount = net_amount + 1
                WHERE organisation_id = \(own) AND invoice_id = \(id) AND label = 'B'
                """, "a line does not come to its amount"
            ),
            (
                """
                DELETE FROM invoice_lines
                WHERE organisation_id = \(own) AND invoice_id = \(id) AND label = 'B'
                """, "the net total is not that of its lines"
            ),
        ]
        for (fault, message) in faults {
            let found = try business.test.findings(of: checks, after: [fault])
            #expect(found["invoices.totals"] == [name + message])
        }
    }

    @Test func aCentBetweenCreditNotesIsFound() throws {
        let business = try Business()
        let (own, id) = (business.organisation, business.note.id)
        let found = try business.test.findings(
            of: checks,
            after: [
                """
                UPDATE invoice_vat_rows SET vat_amount = vat_amount + 1
                WHERE organisation_id = \(own) AND invoice_id = \(id)
                """,
                """
                UPDATE invoices SET total_vat = total_vat + 1, total_gross = total_gross + 1,
                    credited_amount = credited_amount + 1
                WHERE organisation_id = \(own) AND id = \(id)
                """,
            ])
        #expect(found["invoices.totals"]?.count == 1)
        #expect(found["invoices.totals"]?.first?.contains("earlier credit notes") == true)
    }

    @Test func totalsOfQuotesAndOrdersAreExamined() throws {
        let business = try Business()
        let (own, quote) = (business.organisation, try business.test.quote())
        let found = try business.test.findings(
            of: checks,
            after: [
                """
                UPDATE quotes SET total_vat = total_vat - 1, total_gross = total_gross - 1
                WHERE organisation_id = \(own) AND id = \(quote.id)
                """,
                """
                UPDATE order_lines SET quantity = quantity + 10000
                WHERE organisation_id = \(own) AND order_id = \(business.order)
                """,
            ])
        #expect(
            found == [
                "quotes.totals": ["quote \(quote.number): the VAT total is not that of its lines"],
                "orders.totals": [
                    "order \(business.orderNumber): a line does not come to its amount"
                ],
            ])
    }

    @Test func aQuantityThatNobodyInvoicedIsFound() throws {
        let business = try Business()
        let found = try business.test.findings(
            of: checks,
            after: [
                """
                UPDATE order_lines SET invoiced_quantity = invoiced_quantity - 1
                WHERE organisation_id = \(business.organisation)
                    AND order_id = \(business.order)
                """
            ])
        #expect(found.keys.sorted() == ["orders.invoiced"])
        #expect(
            found["orders.invoiced"]?.first?.hasPrefix("order \(business.orderNumber):") == true)
    }

    @Test func aGapAndALostNumberAreFound() throws {
        let test = try TestApplication(Invoicing.self)
        let invoices = try (1...4).map { _ in try test.issued(for: try test.client()) }
        func removal(_ index: Int) -> SQL {
            """
            DELETE FROM invoices
            WHERE organisation_id = \(test.organisationID) AND id = \(invoices[index].id)
            """
        }
        func found(_ faults: [SQL]) throws -> [String] {
            try test.findings(of: Invoicing.checks, after: faults)["invoices.numbers"] ?? []
        }
        #expect(try found([removal(1)]).first == "series invoice 2026: number 2 is missing")
        #expect(
            try found([removal(1), removal(2)]).first
                == "series invoice 2026: numbers 2 to 3 are missing")
        let last = try found([removal(3)])
        #expect(
            last.first == "series invoice 2026: the counter stands at 4, the last document at 3")
        // The first leaves no gap between others, but the journal knows it.
        let label = try #require(invoices[0].number)
        #expect(try found([removal(0)]) == ["\(label) was issued and is gone"])
        #expect(try test.findings(of: Invoicing.checks) == [:])
    }

    /// An index that lost its order, after a change of collation, lets a second one in.
    @Test func aNumberThatIsGivenTwiceIsFound() throws {
        let test = try TestApplication(Invoicing.self)
        let first = try test.issued(for: try test.client())
        let second = try test.issued(for: try test.client())
        let found = try test.findings(
            of: Invoicing.checks,
            after: [
                "ALTER TABLE invoices DROP CONSTRAINT invoices_number_unique",
                "ALTER TABLE invoices DROP CONSTRAINT invoices_counter_unique",
                """
                UPDATE invoices SET number = \(first.number), number_counter = 1
                WHERE organisation_id = \(test.organisationID) AND id = \(second.id)
                """,
            ])
        let numbers = found["invoices.numbers"] ?? []
        #expect(numbers.contains("series invoice 2026: two documents are number 1"))
        #expect(
            numbers.contains("series invoice: two documents bear the number FACT-2026-001"))
    }
}
