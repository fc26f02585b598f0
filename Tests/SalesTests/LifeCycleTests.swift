import Basics
import Core
import Testing

@testable import Sales

/// The statuses of e-invoices as a state machine, and receipts by rate of VAT.
struct LifeCycleTests {
    @Test func nothingFollowsARefusalOrARejection() {
        for last in [LifeCycleStatus.refused, .rejected] {
            for next in LifeCycleStatus.allCases {
                #expect(LifeCycleStatus.outcome(of: next, after: last) != .current)
            }
        }
    }

    @Test func aStatusThatComesLateChangesNothing() {
        #expect(LifeCycleStatus.outcome(of: .received, after: .approved) == .late)
        #expect(LifeCycleStatus.outcome(of: .filed, after: .rejected) == .late)
        #expect(LifeCycleStatus.outcome(of: .approved, after: .cashed) == .late)
        #expect(LifeCycleStatus.outcome(of: .approved, after: .approved) == .late)
    }

    @Test func whatCannotBeIsContradictory() {
        #expect(LifeCycleStatus.outcome(of: .approved, after: .rejected) == .contradictory)
        #expect(LifeCycleStatus.outcome(of: .cashed, after: .refused) == .contradictory)
        #expect(LifeCycleStatus.outcome(of: .rejected, after: .approved) == .contradictory)
        #expect(LifeCycleStatus.outcome(of: .completed, after: nil) == .contradictory)
    }

    @Test func aPlatformMayLeaveOutWhatIsNotMandatory() {
        #expect(LifeCycleStatus.outcome(of: .filed, after: nil) == .current)
        #expect(LifeCycleStatus.outcome(of: .approved, after: .filed) == .current)
        #expect(LifeCycleStatus.outcome(of: .cashed, after: .filed) == .current)
        #expect(LifeCycleStatus.outcome(of: .cashed, after: .cashed) == .current)
    }

    @Test func everyStatusThatNeedsAReasonHasSome() {
        let asked = LifeCycleStatus.allCases.filter(\.needsReason)
        #expect(asked == [.partlyApproved, .disputed, .suspended, .refused])
    }

    private static let rows = [
        VATRow(
            rate: .init(.standard, Percentage(hundredths: 2000)), base: Amount(10_000),
            vat: Amount(2_000)),
        VATRow(
            rate: .init(.standard, Percentage(hundredths: 1000)), base: Amount(3_333),
            vat: Amount(333)),
        VATRow(
            rate: .init(.standard, Percentage(hundredths: 550)), base: Amount(101), vat: Amount(6)),
    ]

    @Test func receiptsByRateAreExactToTheCent() {
        let total = Amount(12_000 + 3_666 + 107)
        var before = Amount.zero
        var sums: [Int: Int] = [:]
        var generator = SystemRandomNumberGenerator()
        while before < total {
            let receipt = min(
                Amount(Int.random(in: 1...4_000, using: &generator)), total - before)
            let parts = ReceiptByRate.split(receipt, after: before, in: Self.rows)
            #expect(parts.map(\.amount).sum() == receipt)
            for part in parts { sums[part.rate.hundredths, default: 0] += part.amount.minorUnits }
            before = before + receipt
        }
        #expect(sums == [2000: 12_000, 1000: 3_666, 550: 107])
    }

    @Test func aRefundTakesBackExactlyWhatWasReceived() {
        let received = ReceiptByRate.split(Amount(5_001), after: .zero, in: Self.rows)
        let refunded = ReceiptByRate.split(Amount(-5_001), after: Amount(5_001), in: Self.rows)
        #expect(refunded.map { -$0.amount } == received.map(\.amount))
        #expect(refunded.map(\.amount).sum() == Amount(-5_001))
    }
}
