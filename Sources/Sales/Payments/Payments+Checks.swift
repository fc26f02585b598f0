import Basics
import Core
import Database

// The columns kept by triggers are proved equal to the rows that they sum up.
extension Payments {
    public static let checks: [Check] = [
        Check.organisation("payments.allocated", allocatedAmounts)
            .mended(by: settlementMending),
        .organisation("payments.reversals", reversals),
        Check.organisation("invoices.settled", settledAmounts).mended(by: settlementMending),
        Check.organisation("clients.balances", balances).mended(by: settlementMending),
    ]

    /// Most findings of one check that are worth reading.
    private static let mostFindings = 20

    static func allocatedAmounts(_ transaction: Transaction) throws -> [Finding] {
        let wrong: [String] = try transaction.values(
            """
            SELECT p.number FROM payments p
            LEFT JOIN (
                SELECT coalesce(a.payment_id, a.refund_id) AS id, sum(a.amount) AS amount
                FROM (
                    SELECT payment_id, NULL::uuid AS refund_id, amount FROM allocations
                    WHERE organisation_id = \(transaction.organisation) AND payment_id IS NOT NULL
                    UNION ALL
                    SELECT NULL::uuid, refund_id, amount FROM allocations
                    WHERE organisation_id = \(transaction.organisation) AND refund_id IS NOT NULL
                ) a GROUP BY 1
            ) s ON s.id = p.id
            WHERE p.organisation_id = \(transaction.organisation)
                AND (p.allocated_amount <> coalesce(s.amount, 0)
                    OR p.open_amount <> CASE WHEN p.direction = 'in' AND NOT p.is_reversed
                        AND p.reversed_payment_id IS NULL
                        THEN p.amount - coalesce(s.amount, 0) ELSE 0 END)
            ORDER BY p.number LIMIT \(mostFindings)
            """)
        return wrong.map { Finding("payment \($0): its allocations do not add up to its columns") }
    }

    static func reversals(_ transaction: Transaction) throws -> [Finding] {
        let wrong: [String] = try transaction.values(
            """
            SELECT p.number FROM payments p
            LEFT JOIN payments r ON r.organisation_id = \(transaction.organisation)
                AND r.reversed_payment_id = p.id
            WHERE p.organisation_id = \(transaction.organisation)
                AND (p.is_reversed <> (r.id IS NOT NULL)
                    OR r.id IS NOT NULL AND (r.amount <> p.amount OR r.direction = p.direction
                        OR r.client_id <> p.client_id))
            ORDER BY p.number LIMIT \(mostFindings)
            """)
        return wrong.map { Finding("payment \($0): it and its reversal do not match") }
    }

    static func settledAmounts(_ transaction: Transaction) throws -> [Finding] {
        let wrong: [String] = try transaction.values(
            """
            SELECT coalesce(i.number, i.id::text) FROM invoices i
            LEFT JOIN (
                SELECT id, sum(paid) AS paid, sum(credited) AS credited FROM (
                    SELECT invoice_id AS id,
                        CASE WHEN payment_id IS NULL THEN 0 ELSE amount END AS paid,
                        CASE WHEN credit_note_id IS NULL THEN 0 ELSE amount END AS credited
                    FROM allocations
                    WHERE organisation_id = \(transaction.organisation) AND invoice_id IS NOT NULL
                    UNION ALL
                    SELECT credit_note_id, CASE WHEN refund_id IS NULL THEN 0 ELSE amount END,
                        CASE WHEN invoice_id IS NULL THEN 0 ELSE amount END
                    FROM allocations
                    WHERE organisation_id = \(transaction.organisation)
                        AND credit_note_id IS NOT NULL
                ) a GROUP BY id
            ) s ON s.id = i.id
            WHERE i.organisation_id = \(transaction.organisation)
                AND (i.paid_amount <> coalesce(s.paid, 0)
                    OR i.credited_amount <> coalesce(s.credited, 0)
                    OR i.open_amount <> CASE WHEN i.status = 'issued' AND i.origin = 'comptoir'
                        THEN i.total_gross - coalesce(s.paid, 0) - coalesce(s.credited, 0)
                        ELSE 0 END)
            ORDER BY 1 LIMIT \(mostFindings)
            """)
        return wrong.map {
            Finding("document \($0): what settled it does not add up to its columns")
        }
    }

    static func balances(_ transaction: Transaction) throws -> [Finding] {
        let wrong: [String] = try transaction.values(
            """
            SELECT c.number FROM clients c
            LEFT JOIN (
                SELECT client_id, sum(CASE kind WHEN 'credit_note' THEN -open_amount
                    ELSE open_amount END) AS amount
                FROM invoices WHERE organisation_id = \(transaction.organisation)
                GROUP BY client_id
            ) i ON i.client_id = c.id
            LEFT JOIN (
                SELECT client_id, sum(open_amount) AS amount FROM payments
                WHERE organisation_id = \(transaction.organisation) GROUP BY client_id
            ) p ON p.client_id = c.id
            WHERE c.organisation_id = \(transaction.organisation)
                AND (c.open_amount <> coalesce(i.amount, 0)
                    OR c.credit_amount <> coalesce(p.amount, 0))
            ORDER BY c.number LIMIT \(mostFindings)
            """)
        return wrong.map { Finding("client \($0): the balance is not that of its documents") }
    }
}
