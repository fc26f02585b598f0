import Basics
import Core
import Database
import DatabaseTesting
import HTTP
import TestSupport
import Testing

@testable import Sales

@Suite struct PaymentCheckTests {
    private func application() throws -> TestApplication {
        try TestApplication(Payments.self, Receivables.self)
    }

    private func findings(_ test: TestApplication) throws -> [String] {
        try test.read { transaction in
            try [
                Payments.allocatedAmounts, Payments.reversals, Payments.settledAmounts,
                Payments.balances,
            ].flatMap { try $0(transaction) }.map(\.message)
        }
    }

    /// A change that the program cannot make: with the triggers off, as somebody with the keys.
    private func tamper(_ statement: SQL) throws {
        let database: String? = try TestDatabase.pool.withConnection {
            try $0.value("SELECT current_database()::text")
        }
        let administrator = try Connection(
            TestCluster.shared.cluster.administrator(database: database ?? ""))
        try administrator.transaction { connection in
            try connection.runScript("SET LOCAL session_replication_role = replica")
            #expect(try connection.run(statement) > 0)
        }
    }

    private func business(_ test: TestApplication) throws -> (Client, Invoice, Payment) {
        let client = try test.client()
        let invoice = try test.debt(10_000, of: client)
        let payment = try test.pay(6_000, from: client, [(invoice, 4_000)])
        let other = try test.pay(1_000, from: client, [(invoice, 500)])
        try test.write { transaction in
            try transaction.undoPayment(other.id, reason: "x")
            try transaction.refundCredit(
                .payment(payment.id),
                RefundDraft(method: .transfer, day: transaction.today, amount: Amount(500)))
        }
        return (client, invoice, payment)
    }

    @Test func soundBooksHaveNoFindings() throws {
        let test = try application()
        _ = try business(test)
        #expect(try findings(test) == [])
    }

    @Test func everyPlantedFaultIsFound() throws {
        let test = try application()
        let (client, invoice, payment) = try business(test)
        let organisation = test.organisationID
        try tamper(
            """
            UPDATE payments SET allocated_amount = allocated_amount + 1, open_amount = open_amount - 1
            WHERE organisation_id = \(organisation) AND id = \(payment.id)
            """)
        #expect(try findings(test).contains { $0.hasPrefix("payment \(payment.number):") })
        try tamper(
            """
            UPDATE invoices SET paid_amount = paid_amount + 1, open_amount = open_amount - 1
            WHERE organisation_id = \(organisation) AND id = \(invoice.id)
            """)
        #expect(try findings(test).contains { $0.hasPrefix("document A-1:") })
        #expect(try findings(test).contains { $0.hasPrefix("client \(client.number):") })
    }

    @Test func aBalanceOrAReversalThatWasTamperedWithIsFound() throws {
        let test = try application()
        let (client, _, _) = try business(test)
        let organisation = test.organisationID
        try tamper(
            """
            UPDATE clients SET credit_amount = credit_amount + 1
            WHERE organisation_id = \(organisation) AND id = \(client.id)
            """)
        #expect(try findings(test).count == 1)
        try tamper(
            """
            DELETE FROM payments
            WHERE organisation_id = \(organisation) AND reversed_payment_id IS NOT NULL
            """)
        #expect(try findings(test).contains { $0.contains("reversal") })
    }

    @Test func homeShowsWhatWasReceivedAndWhatIsLate() throws {
        let test = try application()
        let client = try test.client()
        let due = try test.today.adding(days: -20)
        _ = try test.debt(10_000, of: client, due: due)
        try test.pay(2_500, from: client)
        let text = try test.get("/").text
        #expect(text.contains("25,00\u{A0}€"))
        #expect(text.contains("échue depuis 20\u{A0}jours"))
        #expect(text.contains("/receivables/invoices?age=30"))
    }

    @Test func aPaymentIsFoundByItsNumberAndItsClient() throws {
        let test = try application()
        let payment = try test.pay(2_500, from: test.client())
        for words in [payment.number, "aubrac"] {
            #expect(try test.get("/search?q=\(words)").text.contains(payment.path))
        }
    }
}
