import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import Sales

/// The chain over issued documents, payments and closings.
@Suite struct SealTests {
    /// An invoice that is half paid, a credit note of another, and a payment undone; all sealed.
    private func business() throws -> (test: TestApplication, invoice: Invoice, payment: Payment) {
        let test = try TestApplication(Invoicing.self, Payments.self, Books.self)
        let client = try test.client()
        let invoice = try test.issued(for: client)
        _ = try test.issued([test.item(price: 50)], for: client)
        let payment = try test.pay(6_000, from: client, [(invoice, 6_000)])
        let other = try test.pay(1_000, from: client)
        try test.write { _ = try $0.undoPayment(other.id, reason: "Saisi deux fois") }
        try test.seal()
        return (test, invoice, payment)
    }

    @Test func whatWasIssuedAndReceivedIsSealedInTheOrderInWhichItHappened() throws {
        let (test, invoice, payment) = try business()
        let report = try test.report()
        #expect(report.findings.isEmpty)
        #expect(report.waiting == 0)
        let kinds: [String] = try test.read {
            try $0.values(
                """
                SELECT kind || ' ' || label FROM seals
                WHERE organisation_id = \($0.organisation) AND chain = 'books'
                ORDER BY position
                """)
        }
        #expect(report.links == kinds.count)
        #expect(kinds.first == "invoice \(invoice.number ?? "")")
        #expect(kinds.contains("payment \(payment.number)"))
        #expect(kinds.contains("allocation \(payment.number) → \(invoice.number ?? "")"))
        // Two invoices, two payments, the opposite of one, an allocation.
        #expect(kinds.count == 6)
    }

    @Test func whatIsNotSealedYetWaitsAndIsNoFault() throws {
        let test = try TestApplication(Invoicing.self, Books.self)
        _ = try test.issued()
        let before = try test.report()
        #expect(before.findings.isEmpty)
        #expect(before.waiting + before.links == 1)
        try test.seal()
        #expect(try test.report().links == 1)
    }

    @Test func settlementSendingAndNotesBreakNothing() throws {
        let (test, invoice, _) = try business()
        let faults: [SQL] = [
            """
            UPDATE invoices SET paid_amount = 0, open_amount = total_gross, sent_at = now(),
                notes = 'Rappeler', updated_at = now()
            WHERE organisation_id = \(test.organisationID) AND id = \(invoice.id)
            """
        ]
        #expect(try test.findings(of: Books.checks, after: faults).isEmpty)
    }

    @Test(arguments: Fault.allCases) func aRowTouchedByDirectSQLIsNamed(fault: Fault) throws {
        let (test, invoice, payment) = try business()
        let number = invoice.number ?? ""
        let found = try test.findings(
            of: Books.checks,
            after: [fault.statement(test.organisationID, invoice.id, payment)])
        let message = try #require(found["books.seals"]?.first)
        // Of a link that is gone only its place is known.
        if fault != .removedLink {
            let name = fault.isAboutPayment ? payment.number : number
            #expect(message.contains(name), "\(message)")
        }
        #expect(message.contains(fault.word), "\(message)")
    }

    enum Fault: String, CaseIterable {
        case total, line, vat, buyer, payment, allocation, removedPayment, removedAllocation
        case removedInvoice, insertedInvoice, insertedPayment, changedLink, removedLink

        var isAboutPayment: Bool {
            switch self {
            case .payment, .allocation, .removedPayment, .removedAllocation, .insertedPayment: true
            default: false
            }
        }

        var word: String {
            switch self {
            case .total, .line, .vat, .buyer, .payment, .allocation: "was changed outside"
            case .removedPayment, .removedAllocation, .removedInvoice: "was removed"
            case .insertedInvoice, .insertedPayment: "was inserted outside"
            case .changedLink: "does not follow"
            case .removedLink: "before it are missing"
            }
        }

        func statement(_ organisation: Organisation.ID, _ invoice: Invoice.ID, _ payment: Payment)
            -> SQL
        {
            let its: SQL = "organisation_id = \(organisation) AND id = \(invoice)"
            let ofPayment: SQL = "organisation_id = \(organisation) AND id = \(payment.id)"
            switch self {
            case .total:
                return """
                    UPDATE invoices SET total_net = total_net + 1, total_vat = total_vat - 1
                    WHERE \(its)
                    """
            case .buyer: return "UPDATE invoices SET buyer = '{}' WHERE \(its)"
            case .line:
                return """
                    UPDATE invoice_lines SET label = 'Autre'
                    WHERE organisation_id = \(organisation) AND invoice_id = \(invoice)
                    """
            case .vat:
                return """
                    DELETE FROM invoice_vat_rows
                    WHERE organisation_id = \(organisation) AND invoice_id = \(invoice)
                    """
            case .payment: return "UPDATE payments SET paid_on = paid_on - 1 WHERE \(ofPayment)"
            case .allocation:
                return """
                    UPDATE allocations SET amount = amount + 1
                    WHERE organisation_id = \(organisation) AND payment_id = \(payment.id)
                    """
            case .removedPayment: return "DELETE FROM payments WHERE \(ofPayment)"
            case .removedAllocation:
                return """
                    DELETE FROM allocations
                    WHERE organisation_id = \(organisation) AND payment_id = \(payment.id)
                    """
            default: return other(organisation, invoice, payment)
            }
        }

        private func other(
            _ organisation: Organisation.ID, _ invoice: Invoice.ID, _ payment: Payment
        ) -> SQL {
            switch self {
            case .removedInvoice:
                return
                    "DELETE FROM invoices WHERE organisation_id = \(organisation) AND id = \(invoice)"
            case .insertedInvoice:
                return """
                    INSERT INTO invoices (organisation_id, id, kind, status, number, client_id,
                        issued_on, due_on, currency, seller, buyer, mentions, number_period,
                        number_counter)
                    SELECT organisation_id, gen_random_uuid(), kind, status, number || '-B',
                        client_id, issued_on, due_on, currency, seller, buyer, mentions, 'x', 1
                    FROM invoices WHERE organisation_id = \(organisation) AND id = \(invoice)
                    """
            case .insertedPayment:
                return """
                    INSERT INTO payments (organisation_id, id, number, client_id, direction, method,
                        paid_on, amount, currency, open_amount)
                    SELECT organisation_id, gen_random_uuid(), number || '-B', client_id, direction,
                        method, paid_on, amount, currency, amount
                    FROM payments WHERE organisation_id = \(organisation) AND id = \(payment.id)
                    """
            case .changedLink:
                return """
                    UPDATE seals SET hash = sha256(hash)
                    WHERE organisation_id = \(organisation) AND position = 1
                    """
            default:
                return "DELETE FROM seals WHERE organisation_id = \(organisation) AND position = 1"
            }
        }
    }

    @Test func theProgramItselfCanNeitherChangeNorRemoveALink() throws {
        let (test, _, _) = try business()
        let attempts: [SQL] = [
            "UPDATE seals SET label = '' WHERE organisation_id = \(test.organisationID)",
            "DELETE FROM seals WHERE organisation_id = \(test.organisationID)",
        ]
        for attempt in attempts {
            #expect(throws: DatabaseError.self) {
                try test.write { _ = try $0.run(attempt) }
            }
        }
        #expect(try test.report().findings.isEmpty)
    }
}

extension TestApplication {
    func report() throws -> SealReport { try read { try $0.verify(Books.chain) } }

    /// Follows the journal until nothing of this organisation waits any more. Transactions of other
    /// tests hold it back while they last.
    func seal() throws {
        let end = ContinuousClock.now + .seconds(60)
        while try report().waiting > 0, ContinuousClock.now < end {
            try application.followJournal()
        }
    }
}
