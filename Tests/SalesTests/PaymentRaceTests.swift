import Basics
import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Sales

@Suite struct PaymentRaceTests {
    /// Runs `body` on that many threads at once and answers how many did it, and every other outcome.
    private func race(_ threads: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> (
        done: Int, refused: [Problem], faults: [String]
    ) {
        let outcomes = Mutex<(Int, [Problem], [String])>((0, [], []))
        DispatchQueue.concurrentPerform(iterations: threads) { index in
            do {
                try body(index)
                outcomes.withLock { $0.0 += 1 }
            } catch let problem as Problem {
                outcomes.withLock { $0.1.append(problem) }
            } catch {
                outcomes.withLock { $0.2.append(String(describing: error)) }
            }
        }
        return outcomes.withLock { ($0.0, $0.1, $0.2) }
    }

    @Test func sixteenPaymentsNeverSettleMoreThanTheInvoices() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let first = try test.debt(10_000, of: client, number: "A-1")
        let second = try test.debt(10_000, of: client, number: "A-2")
        let outcome = race(16) { index in
            // Half of them name the invoices the other way round.
            let parts = [(first, 2_500), (second, 2_500)]
            try test.pay(5_000, from: client, index % 2 == 0 ? parts : parts.reversed())
        }
        #expect(outcome.done == 4)
        #expect(outcome.faults == [])
        #expect(outcome.refused.allSatisfy { !$0.fields.isEmpty && $0.status == 422 })
        #expect(try test.open(first) == 0)
        #expect(try test.open(second) == 0)
        #expect(try test.account(client) == [0, 0])
    }

    @Test func sixteenAllocationsNeverUseMoreThanThePayment() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let payment = try test.pay(5_000, from: client)
        let invoices = try (0..<16).map { try test.debt(1_000, of: client, number: "A-\($0)") }
        let outcome = race(16) { index in
            _ = try test.write {
                try $0.allocateCredit(
                    .payment(payment.id), to: [PlannedAllocation(invoices[index].id, Amount(1_000))]
                )
            }
        }
        #expect(outcome.done == 5)
        #expect(outcome.faults == [])
        #expect(try test.account(client) == [11_000, 0])
    }

    @Test func sixteenUndoingsUndoOnce() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let invoice = try test.debt(1_000, of: client)
        let payment = try test.pay(1_000, from: client, [(invoice, 1_000)])
        let outcome = race(16) { _ in
            _ = try test.write { try $0.undoPayment(payment.id, reason: "x") }
        }
        #expect(outcome.done == 1)
        #expect(outcome.faults == [])
        #expect(outcome.refused.allSatisfy { $0.status == 409 })
        #expect(try test.account(client) == [1_000, 0])
    }
}
