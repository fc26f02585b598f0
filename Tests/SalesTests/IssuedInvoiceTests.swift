import Basics
import Core
import Database
import Testing
import TestSupport

@testable import Sales

/// What SQL itself may do to issued documents: nothing.
struct IssuedInvoiceTests {
    private static let changes: [SQL] = [
        "UPDATE invoices SET total_gross = total_gross + 1, total_net = total_net + 1, open_amount = open_amount + 1",
        "UPDATE invoices SET number = 'FACT-1'", "UPDATE invoices SET issued_on = '2020-01-01'",
        "UPDATE invoices SET status = 'draft', number = NULL, open_amount = 0",
        "UPDATE invoices SET seller = '{}'", "UPDATE invoices SET client_id = gen_random_uuid()",
        "DELETE FROM invoices", "UPDATE invoice_lines SET label = 'x'",
        "UPDATE invoice_lines SET quantity = quantity", "DELETE FROM invoice_lines",
        """
        INSERT INTO invoice_lines (organisation_id, id, invoice_id, position, kind, label)
        SELECT organisation_id, gen_random_uuid(), id, 99, 'text', 'x' FROM invoices
        """,
        "UPDATE invoice_vat_rows SET vat_amount = 0", "DELETE FROM invoice_vat_rows",
        """
        INSERT INTO invoice_vat_rows SELECT organisation_id, id, 'Z', 0, 0, 0 FROM invoices
        """,
        "TRUNCATE invoices CASCADE", "TRUNCATE invoice_lines", "TRUNCATE invoice_vat_rows",
        "TRUNCATE allocations", "TRUNCATE payments CASCADE",
    ]

    @Test(arguments: changes.indices)
    func nothingOfItChangesEvenForTheOwnerOfTheTables(index: Int) throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued()
        let before = try test.read { try $0.invoiceDetails(invoice.id).json }
        let owner = try Connection(TestDatabase.strings.owner)
        let settings = [(name: "app.organisation", value: test.organisationID.description)]
        #expect(throws: DatabaseError.self) {
            try owner.transaction(settings: settings) { try $0.run(Self.changes[index]) }
        }
        #expect(try test.read { try $0.invoiceDetails(invoice.id).json } == before)
    }

    @Test func aLineCannotMoveFromADraftIntoAnIssuedInvoice() throws {
        let test = try TestApplication(Invoicing.self)
        let client = try test.client()
        let issued = try test.issued(for: client)
        let draft = try test.draft(for: client)
        let refusal = problem {
            _ = try test.write {
                try $0.run(
                    """
                    UPDATE invoice_lines SET invoice_id = \(issued.id)
                    WHERE organisation_id = \($0.organisation) AND invoice_id = \(draft.id)
                    """)
            }
        }
        #expect(refusal == .invoiceIsIssued)
    }

    @Test func aLineThatComesDuringTheIssueWaitsAndFails() async throws {
        let test = try TestApplication(Invoicing.self)
        let draft = try test.draft(for: try test.client())
        // Bypasses the verb, as a program with a fault would.
        @Sendable func slipIn() throws {
            try test.write { transaction in
                try transaction.replaceLines(
                    of: .invoice, draft.id.value,
                    with: try transaction.lines(of: .invoice, draft.id.value)
                        + [test.text(.text, "En douce")],
                    in: transaction.currency)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try? slipIn() } }
            group.addTask { _ = try? test.write { try $0.issueInvoice(draft.id) } }
            for _ in 0..<8 { group.addTask { try? slipIn() } }
        }
        let issued = try test.read { try $0.invoice(draft.id) }
        #expect(issued.status == .issued)
        let before = try test.lines(of: issued)
        #expect(throws: DatabaseError.self) { try slipIn() }
        #expect(try test.lines(of: issued) == before)
    }

    @Test func sendingAndNotesMayStillChange() throws {
        let test = try TestApplication(Invoicing.self)
        let invoice = try test.issued()
        let sent = try test.write { try $0.markInvoiceSent(invoice.id) }
        #expect(sent.sentAt == test.clock.now)
        test.clock.advance(seconds: 60)
        let again = try test.write { try $0.markInvoiceSent(invoice.id) }
        #expect(again.sentAt == sent.sentAt)
    }
}
