import Basics
import Core
import TestSupport
import Testing

@testable import Sales

// Orders with deposits that tests start from.
extension TestApplication {
    static func forDeposits() throws -> TestApplication {
        try TestApplication(
            Clients.self, Catalogue.self, Quotes.self, Orders.self, Deposits.self, Invoicing.self,
            Sending.self, Sharing.self, Payments.self, Receivables.self, Statistics.self)
    }

    func rate(_ hundredths: Int) -> VATRate {
        VATRate(.standard, Percentage(hundredths: hundredths))
    }

    /// Three rates, and amounts that do not divide well.
    func mixedLines() -> [DocumentLine] {
        var odd = item("Tirages", quantity: 30_000, vat: rate(550))
        odd.unitPrice = UnitPrice(millionths: 33_370_000)
        var small = item("Repas", quantity: 10_000, vat: rate(1000))
        small.unitPrice = UnitPrice(millionths: 90_910_000)
        return [item("Vols", quantity: 20_000, price: 450), small, odd]
    }

    @discardableResult
    func request(_ size: DepositSize, on order: Order.ID) throws -> DepositRequest {
        try write {
            try $0.requestDeposit(
                on: order, DepositRequestDraft(size, dueOn: $0.today.adding(days: 8)))
        }
    }

    /// Asked for, and paid: the deposit invoice.
    @discardableResult
    func deposit(_ units: Int, on order: Order.ID) throws -> Invoice {
        let request = try request(.amount(Amount(units)), on: order)
        _ = try receive(units, for: request)
        return try read { transaction in
            let invoices = try transaction.invoices(ofDepositRequest: request.id)
            return invoices[invoices.count - 1]
        }
    }

    @discardableResult
    func receive(_ units: Int, for request: DepositRequest) throws -> Payment {
        try write {
            try $0.receiveDeposit(
                request.id,
                RefundDraft(method: .transfer, day: $0.today, amount: Amount(units)))
        }
    }

    func invoiced(_ order: Order.ID) throws -> Invoice {
        try write { try $0.issueInvoice($0.draftInvoice(from: order).id) }
    }

    func deductions(of invoice: Invoice) throws -> [DocumentLine] {
        try lines(of: invoice).filter { $0.deduction != nil }
    }

    /// No check of sales finds anything.
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let found = try findings(
            of: Deposits.checks + Invoicing.checks + Payments.checks + Statistics.checks
                + Orders.checks + NumberIntegrity.checks)
        for (check, findings) in found {
            Issue.record("\(check): \(findings.prefix(3))", sourceLocation: sourceLocation)
        }
    }
}
