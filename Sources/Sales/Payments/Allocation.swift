import Basics
import Core
import Database

/// A part of a payment or credit note and what it went to, after everything that was undone: the sum
/// of the rows of one source and one target.
public struct Allocation: Record, Sendable {
    /// One of the two: where it comes from.
    public var paymentID: Payment.ID?
    public var creditNoteID: Invoice.ID?
    /// One of the two: what it settled, or the refund that paid it back.
    public var invoiceID: Invoice.ID?
    public var refundID: Payment.ID?
    public var amount: Amount
    /// Of the source and of the target, as people know them.
    public var sourceNumber: String
    public var targetNumber: String
    /// The day of the payment or of the credit note.
    public var day: Day
    public var method: Payment.Method?

    public init(row: Row) throws {
        paymentID = try row["payment_id"]
        creditNoteID = try row["credit_note_id"]
        invoiceID = try row["invoice_id"]
        refundID = try row["refund_id"]
        amount = try row["amount"]
        sourceNumber = try row["source_number"]
        targetNumber = try row["target_number"]
        day = try row["day"]
        method = try row["method"]
    }

    public var sourcePath: String {
        paymentID.map { "/payments/\($0)" } ?? creditNoteID.map { "/invoices/\($0)" } ?? ""
    }
    public var targetPath: String {
        invoiceID.map { "/invoices/\($0)" } ?? refundID.map { "/payments/\($0)" } ?? ""
    }
}

extension Transaction {
    /// What a payment, received or paid back, took part in.
    public func allocations(of payment: Payment) throws -> [Allocation] {
        switch payment.direction {
        case .received: try allocations(where: "a.payment_id = \(payment.id)")
        case .paidBack: try allocations(where: "a.refund_id = \(payment.id)")
        }
    }

    private func allocations(where condition: SQL) throws -> [Allocation] {
        try all(
            """
            SELECT n.payment_id, n.credit_note_id, n.invoice_id, n.refund_id, n.amount,
                coalesce(p.number, k.number) AS source_number,
                coalesce(i.number, r.number) AS target_number,
                coalesce(p.paid_on, k.issued_on) AS day, p.method
            FROM (
                SELECT a.payment_id, a.credit_note_id, a.invoice_id, a.refund_id,
                    sum(a.amount)::bigint AS amount
                FROM allocations a
                WHERE a.organisation_id = \(organisation) AND \(condition)
                GROUP BY 1, 2, 3, 4 HAVING sum(a.amount) <> 0
            ) n
            LEFT JOIN payments p ON p.organisation_id = \(organisation) AND p.id = n.payment_id
            LEFT JOIN invoices k ON k.organisation_id = \(organisation) AND k.id = n.credit_note_id
            LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = n.invoice_id
            LEFT JOIN payments r ON r.organisation_id = \(organisation) AND r.id = n.refund_id
            ORDER BY day, source_number, target_number
            """)
    }

    /// One row of the account. The triggers change what is paid and open with it.
    func insertion(
        of source: CreditSource.ID, to target: AllocationTarget, _ amount: Amount
    ) -> SQL {
        let id: ID<Allocation> = newID()
        let (payment, creditNote) = source.columns
        let (invoice, refund) = target.columns
        return """
            INSERT INTO allocations (organisation_id, id, payment_id, credit_note_id, invoice_id,
                refund_id, amount, created_at, created_by)
            VALUES (\(organisation), \(id), \(payment), \(creditNote), \(invoice), \(refund),
                \(amount), \(now), \(scope.user?.id))
            """
    }
}

enum AllocationTarget {
    case invoice(Invoice.ID)
    case refund(Payment.ID)

    var columns: (invoice: Invoice.ID?, refund: Payment.ID?) {
        switch self {
        case .invoice(let id): (id, nil)
        case .refund(let id): (nil, id)
        }
    }
}
