import Basics
import Core
import TestSupport

@testable import Sales

extension TestApplication {
    /// A client who owes something, on paper of an older program.
    func debt(
        _ amount: Int, of client: Client, number: String = "A-1", issued: Day? = nil,
        due: Day? = nil
    ) throws -> Invoice {
        let today = try organisation.day(at: clock.now)
        return try write { transaction in
            try transaction.recordOpeningBalance(
                OpeningBalanceDraft(
                    client: client.id, number: number, issuedOn: issued ?? due ?? today,
                    dueOn: due ?? today, amount: Amount(amount)))
        }
    }

    @discardableResult
    func pay(
        _ amount: Int, from client: Client, _ parts: [(Invoice, Int)] = []
    ) throws -> Payment {
        let today = try organisation.day(at: clock.now)
        return try write { transaction in
            try transaction.recordPayment(
                PaymentDraft(
                    client: client.id, method: .transfer, day: today, amount: Amount(amount),
                    settlements: parts.map { PlannedAllocation($0.0.id, Amount($0.1)) }))
        }
    }

    func open(_ invoice: Invoice) throws -> Int {
        try read { try $0.invoice(invoice.id).openAmount.minorUnits }
    }

    func account(_ client: Client) throws -> [Int] {
        let client = try read { try $0.client(client.id) }
        return [client.openAmount.minorUnits, client.creditAmount.minorUnits]
    }

    var today: Day { get throws { try organisation.day(at: clock.now) } }
}
