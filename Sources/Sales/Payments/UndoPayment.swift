import Basics
import Core
import Database

extension Transaction {
    /// Undoes a payment or refund that should not be there: its allocations are taken back, and its
    /// opposite is recorded today. Answers that opposite.
    @discardableResult
    public func undoPayment(_ id: Payment.ID, reason: String) throws -> Payment {
        let original = try lockedForUndoing(id)
        guard original.reversedPaymentID == nil else { throw Problem.reversalIsFinal }
        guard !original.isReversed else { throw Problem.alreadyUndone }
        let allocations = try allocations(of: original)
        if original.direction == .received,
            let refund = allocations.first(where: { $0.refundID != nil })
        {
            throw Problem.refundedMeanwhile(refund.targetNumber)
        }
        let reversal: Payment.ID = newID()
        let number = try nextNumber(.payment, on: today)
        try run(
            all: allocations.map { insertion(of: $0.source, to: $0.target, -$0.amount) } + [
                insertion(
                    of: reversal, number, original.direction.opposite, original.method, today,
                    original.amount, original.clientID, reference: original.reference,
                    notes: reason, reversing: id),
                """
                UPDATE payments SET is_reversed = true, open_amount = 0
                WHERE organisation_id = \(organisation) AND id = \(id)
                """,
            ])
        try record(
            .paymentUndone, .payment, id.value, label: original.number,
            details: [
                "client": .string(original.clientName), "amount": JSON(original.amount),
                "reversal": .string(number), "note": .string(reason),
            ])
        try noteReopened(allocations, by: original.number)
        try noteReceipts(
            allocations.compactMap { taken in
                if let note = taken.creditNoteID { return (note, taken.amount) }
                return taken.invoiceID.map { ($0, -taken.amount) }
            })
        return try payment(reversal)
    }

    /// Invoices first, then payments, each in the order of their ids. What was allocated in between by
    /// somebody else makes the person look again.
    private func lockedForUndoing(_ id: Payment.ID) throws -> Payment {
        let before = try allocations(of: payment(id))
        let invoices = before.flatMap { [$0.invoiceID, $0.creditNoteID].compactMap(\.self) }
        try run(
            """
            SELECT id FROM invoices
            WHERE organisation_id = \(organisation) AND id = ANY (\(invoices))
            ORDER BY id FOR NO KEY UPDATE
            """)
        let payments = before.compactMap(\.paymentID) + [id]
        try run(
            """
            SELECT id FROM payments
            WHERE organisation_id = \(organisation) AND id = ANY (\(payments))
            ORDER BY id FOR NO KEY UPDATE
            """)
        let payment = try payment(id)
        let after = try allocations(of: payment)
        guard before.map(\.invoiceID) == after.map(\.invoiceID) || payment.isReversed else {
            throw Problem.changedMeanwhile
        }
        return payment
    }

    private func noteReopened(_ allocations: [Allocation], by number: String) throws {
        for allocation in allocations {
            guard let id = allocation.invoiceID else { continue }
            let invoice = try invoice(id)
            try record(
                .invoiceReopened, .invoice, id.value,
                label: invoice.journalLabel,
                details: ["amount": JSON(allocation.amount), "by": .string(number)])
        }
    }
}

extension Allocation {
    fileprivate var source: CreditSource.ID {
        if let paymentID { return .payment(paymentID) }
        guard let creditNoteID else { preconditionFailure("an allocation has a source") }
        return .creditNote(creditNoteID)
    }
    fileprivate var target: AllocationTarget {
        if let invoiceID { return .invoice(invoiceID) }
        guard let refundID else { preconditionFailure("an allocation has a target") }
        return .refund(refundID)
    }
}

extension Problem {
    static let alreadyUndone = Problem.conflict(
        Text("Ce paiement est déjà annulé.", "This payment is already undone."))
    static let reversalIsFinal = Problem.conflict(
        Text(
            "Une annulation ne s’annule pas : enregistrez de nouveau le paiement.",
            "A reversal cannot be undone: record the payment again."))

    static func refundedMeanwhile(_ number: String) -> Problem {
        .conflict(
            Text(
                "Une partie de ce paiement a été remboursée : annulez d’abord \(number).",
                "A part of this payment was refunded: undo \(number) first."))
    }
}
