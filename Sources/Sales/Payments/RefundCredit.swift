import Basics
import Core
import Database

/// Money paid back to a client.
public struct RefundDraft: Sendable {
    public var method: Payment.Method
    public var day: Day
    public var amount: Amount
    public var reference: String
    public var notes: String

    public init(
        method: Payment.Method, day: Day, amount: Amount, reference: String = "",
        notes: String = ""
    ) {
        self.method = method
        self.day = day
        self.amount = amount
        self.reference = reference
        self.notes = notes
    }
}

extension Transaction {
    /// Pays back what is left of an overpayment or credit note, or a part of it.
    @discardableResult
    public func refundCredit(_ id: CreditSource.ID, _ draft: RefundDraft) throws -> Payment {
        try check(draft.amount, on: draft.day)
        let source = try lockedCreditSource(id)
        try checkRest(of: source, draft.amount, in: "amount")
        let refund: Payment.ID = newID()
        let number = try nextNumber(.payment, on: today)
        try run(all: [
            insertion(
                of: refund, number, .paidBack, draft.method, draft.day, draft.amount,
                source.clientID, reference: draft.reference, notes: draft.notes),
            insertion(of: id, to: .refund(refund), draft.amount),
        ])
        try record(
            .creditRefunded, .payment, refund.value, label: number,
            details: [
                "client": .string(source.clientName), "amount": JSON(draft.amount),
                "of": .string(source.number),
            ])
        if case .creditNote(let note) = id {
            try noteReceipts([(note, -draft.amount)], on: draft.day)
        }
        return try payment(refund)
    }
}
