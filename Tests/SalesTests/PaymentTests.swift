import Basics
import Core
import HTTP
import TestSupport
import Testing

@testable import Sales

/// The verbs, on transactions.
@Suite struct PaymentTests {
    @Test func onePaymentSettlesSeveralInvoicesAndLeavesTheRestAsCredit() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let first = try test.debt(10_000, of: client, number: "A-1")
        let second = try test.debt(5_000, of: client, number: "A-2")
        let payment = try test.pay(16_000, from: client, [(first, 10_000), (second, 3_000)])
        #expect(payment.number.hasPrefix("PAI-"))
        #expect(payment.allocatedAmount == Amount(13_000))
        #expect(payment.openAmount == Amount(3_000))
        #expect(try test.open(first) == 0)
        #expect(try test.open(second) == 2_000)
        #expect(try test.account(client) == [2_000, 3_000])
        let history = try test.read { try $0.journal(of: .invoice, first.id.value) }
        #expect(history.map(\.action).contains("invoice.settled"))
    }

    @Test func moreThanIsOpenIsRefusedByItsFieldAndChangesNothing() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let invoice = try test.debt(10_000, of: client)
        let refusal = problem { try test.pay(20_000, from: client, [(invoice, 10_001)]) }
        #expect(refusal?.fields.map(\.field) == ["settle_\(invoice.id)"])
        let above = problem { try test.pay(5_000, from: client, [(invoice, 6_000)]) }
        #expect(above?.fields.map(\.field) == ["amount"])
        #expect(try test.open(invoice) == 10_000)
        #expect(try test.account(client) == [10_000, 0])
        #expect(try test.read { try $0.payments(PaymentFilter(Fields())).rows }.isEmpty)
    }

    @Test func anotherClientsInvoiceADraftOrHistoryCannotBeSettled() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let other = try test.client("Notaires Faure") { $0.siren = "" }
        let foreign = try test.debt(10_000, of: other)
        let draft = try test.draft(for: client)
        for invoice in [foreign, draft] {
            let refusal = problem { try test.pay(5_000, from: client, [(invoice, 100)]) }
            #expect(refusal?.fields.map(\.field) == ["settle_\(invoice.id)"])
        }
        let elsewhere = try TestApplication(Payments.self)
        let stranger = try elsewhere.client()
        let refusal = problem { try elsewhere.pay(5_000, from: stranger, [(foreign, 100)]) }
        #expect(refusal?.fields.map(\.field) == ["settle_\(foreign.id)"])
    }

    @Test(arguments: [(0, 0), (-5, 0), (100, 1)])
    func zeroNegativeAndFuturePaymentsAreRefused(amount: Int, days: Int) throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let day = try test.today.adding(days: days)
        let refusal = problem {
            _ = try test.write { transaction in
                try transaction.recordPayment(
                    PaymentDraft(
                        client: client.id, method: .cash, day: day, amount: Amount(amount)))
            }
        }
        #expect(refusal?.fields.map(\.field) == [days > 0 ? "day" : "amount"])
    }

    @Test func theOldestAreProposedFirst() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let today = try test.today
        let late = try test.debt(300, of: client, number: "B", due: today.adding(days: -10))
        let later = try test.debt(500, of: client, number: "C", due: today)
        let latest = try test.debt(900, of: client, number: "A", due: today.adding(days: 9))
        let open = try test.read { try $0.openInvoices(of: client.id) }
        #expect(open.map(\.id) == [late.id, later.id, latest.id])
        #expect(
            PlannedAllocation.proposed(Amount(600), over: open)
                == [
                    PlannedAllocation(late.id, Amount(300)),
                    PlannedAllocation(later.id, Amount(300)),
                ])
        #expect(
            PlannedAllocation.proposed(Amount(5_000), over: open).map(\.amount).sum()
                == Amount(1_700))
        #expect(PlannedAllocation.proposed(.zero, over: open).isEmpty)
    }

    @Test func creditLeftFromAPaymentSettlesLaterInvoices() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let payment = try test.pay(5_000, from: client)
        #expect(try test.account(client) == [0, 5_000])
        let invoice = try test.debt(8_000, of: client)
        let tooMuch = problem {
            _ = try test.write {
                try $0.allocateCredit(
                    .payment(payment.id), to: [PlannedAllocation(invoice.id, Amount(5_001))])
            }
        }
        #expect(tooMuch?.fields.map(\.field) == [PlannedAllocation.field(invoice.id)])
        try test.write {
            try $0.allocateCredit(
                .payment(payment.id), to: [PlannedAllocation(invoice.id, Amount(5_000))])
        }
        #expect(try test.open(invoice) == 3_000)
        #expect(try test.account(client) == [3_000, 0])
    }

    @Test func anOverpaymentIsRefundedInPart() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let payment = try test.pay(5_000, from: client)
        let draft = RefundDraft(method: .transfer, day: try test.today, amount: Amount(2_000))
        let refund = try test.write { try $0.refundCredit(.payment(payment.id), draft) }
        #expect(refund.direction == .paidBack && refund.allocatedAmount == Amount(2_000))
        #expect(try test.account(client) == [0, 3_000])
        var tooMuch = draft
        tooMuch.amount = Amount(3_001)
        let refusal = problem {
            _ = try test.write { try $0.refundCredit(.payment(payment.id), tooMuch) }
        }
        #expect(refusal?.fields.map(\.field) == ["amount"])
        let ofRefund = problem {
            _ = try test.write { try $0.refundCredit(.payment(refund.id), draft) }
        }
        #expect(ofRefund == .nothingToUse)
    }

    @Test func aCreditNoteIsUsedOnAnInvoiceAndRefunded() throws {
        let test = try TestApplication(Payments.self, Invoicing.self)
        let client = try test.client()
        let invoice = try test.issued(for: client)
        try test.pay(invoice.totalGross.minorUnits, from: client, [(invoice, 12_000)])
        let note = try test.write { try $0.issueCreditNote(of: invoice.id, CreditNoteDraft()) }
        #expect(note.openAmount == Amount(12_000))
        #expect(try test.account(client) == [-12_000, 0])
        let next = try test.debt(5_000, of: client)
        try test.write { transaction in
            try transaction.allocateCredit(
                .creditNote(note.id), to: [PlannedAllocation(next.id, Amount(5_000))])
            try transaction.refundCredit(
                .creditNote(note.id),
                RefundDraft(method: .transfer, day: transaction.today, amount: Amount(7_000)))
        }
        #expect(try test.open(note) == 0)
        #expect(try test.open(next) == 0)
        #expect(try test.account(client) == [0, 0])
    }

    @Test func undoingReopensTheInvoicesAndTwiceIsAConflict() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let invoice = try test.debt(10_000, of: client)
        let payment = try test.pay(12_000, from: client, [(invoice, 10_000)])
        let reversal = try test.write { try $0.undoPayment(payment.id, reason: "Chèque impayé") }
        #expect(reversal.direction == .paidBack && reversal.amount == Amount(12_000))
        #expect(try test.open(invoice) == 10_000)
        #expect(try test.account(client) == [10_000, 0])
        #expect(try test.read { try $0.payment(payment.id).isReversed })
        let again = problem { _ = try test.write { try $0.undoPayment(payment.id, reason: "x") } }
        #expect(again == .alreadyUndone)
        let ofReversal = problem {
            _ = try test.write { try $0.undoPayment(reversal.id, reason: "x") }
        }
        #expect(ofReversal == .reversalIsFinal)
        let used = problem {
            _ = try test.write {
                try $0.allocateCredit(
                    .payment(payment.id), to: [PlannedAllocation(invoice.id, Amount(100))])
            }
        }
        #expect(used == .nothingToUse)
        try test.pay(10_000, from: client, [(invoice, 10_000)])
        #expect(try test.open(invoice) == 0)
    }

    @Test func aRefundIsUndoneBeforeItsPayment() throws {
        let test = try TestApplication(Payments.self)
        let client = try test.client()
        let payment = try test.pay(5_000, from: client)
        let refund = try test.write { transaction in
            try transaction.refundCredit(
                .payment(payment.id),
                RefundDraft(method: .transfer, day: transaction.today, amount: Amount(1_000)))
        }
        let refusal = problem { _ = try test.write { try $0.undoPayment(payment.id, reason: "x") } }
        #expect(refusal == .refundedMeanwhile(refund.number))
        try test.write { try $0.undoPayment(refund.id, reason: "Mauvais compte") }
        #expect(try test.account(client) == [0, 5_000])
        try test.write { try $0.undoPayment(payment.id, reason: "x") }
        #expect(try test.account(client) == [0, 0])
    }
}
