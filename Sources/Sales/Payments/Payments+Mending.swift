import Basics
import Core
import Database

extension Payments {
    /// The columns that triggers keep, from the rows that they sum up. Whoever writes meanwhile waits.
    static let settlementMending = Mending.organisation(
        "settlement",
        Text(
            "recalcule ce qui est alloué, réglé et dû à partir des allocations et des documents",
            "computes what is allocated, settled and owed again from allocations and documents")
    ) { transaction in
        try transaction.run(
            "LOCK TABLE allocations, payments, invoices, clients IN SHARE ROW EXCLUSIVE MODE")
        try transaction.mendPayments()
        try transaction.mendSettledAmounts()
        // Last: changing the others has changed them too.
        try transaction.mendBalances()
    }
}

extension Transaction {
    fileprivate func mendPayments() throws {
        try run(
            """
            UPDATE payments p SET allocated_amount = s.allocated, open_amount = s.open FROM (
                SELECT t.id, coalesce(a.amount, 0) AS allocated, CASE
                    WHEN t.direction = 'in' AND NOT t.is_reversed AND t.reversed_payment_id IS NULL
                    THEN t.amount - coalesce(a.amount, 0) ELSE 0 END AS open
                FROM payments t LEFT JOIN (
                    SELECT coalesce(payment_id, refund_id) AS id, sum(amount)::bigint AS amount
                    FROM allocations WHERE organisation_id = \(organisation) GROUP BY 1
                ) a ON a.id = t.id
                WHERE t.organisation_id = \(organisation)) s
            WHERE p.organisation_id = \(organisation) AND p.id = s.id
                AND (p.allocated_amount <> s.allocated OR p.open_amount <> s.open)
            """)
    }

    fileprivate func mendSettledAmounts() throws {
        try run(
            """
            UPDATE invoices i SET paid_amount = s.paid, credited_amount = s.credited,
                open_amount = s.open
            FROM (
                SELECT t.id, coalesce(a.paid, 0) AS paid, coalesce(a.credited, 0) AS credited, CASE
                    WHEN t.status = 'issued' AND t.origin = 'comptoir'
                    THEN t.total_gross - coalesce(a.paid, 0) - coalesce(a.credited, 0)
                    ELSE 0 END AS open
                FROM invoices t LEFT JOIN (
                    SELECT id, sum(paid)::bigint AS paid, sum(credited)::bigint AS credited FROM (
                        SELECT invoice_id AS id,
                            CASE WHEN payment_id IS NULL THEN 0 ELSE amount END AS paid,
                            CASE WHEN credit_note_id IS NULL THEN 0 ELSE amount END AS credited
                        FROM allocations
                        WHERE organisation_id = \(organisation) AND invoice_id IS NOT NULL
                        UNION ALL
                        SELECT credit_note_id, CASE WHEN refund_id IS NULL THEN 0 ELSE amount END,
                            CASE WHEN invoice_id IS NULL THEN 0 ELSE amount END
                        FROM allocations
                        WHERE organisation_id = \(organisation) AND credit_note_id IS NOT NULL
                    ) b GROUP BY id
                ) a ON a.id = t.id
                WHERE t.organisation_id = \(organisation)) s
            WHERE i.organisation_id = \(organisation) AND i.id = s.id
                AND (i.paid_amount <> s.paid OR i.credited_amount <> s.credited
                    OR i.open_amount <> s.open)
            """)
    }

    fileprivate func mendBalances() throws {
        try run(
            """
            UPDATE clients c SET open_amount = s.open, credit_amount = s.credit FROM (
                SELECT t.id, coalesce(i.amount, 0) AS open, coalesce(p.amount, 0) AS credit
                FROM clients t
                LEFT JOIN (
                    SELECT client_id, sum(CASE kind WHEN 'credit_note' THEN -open_amount
                        ELSE open_amount END)::bigint AS amount
                    FROM invoices WHERE organisation_id = \(organisation) GROUP BY client_id
                ) i ON i.client_id = t.id
                LEFT JOIN (
                    SELECT client_id, sum(open_amount)::bigint AS amount FROM payments
                    WHERE organisation_id = \(organisation) GROUP BY client_id
                ) p ON p.client_id = t.id
                WHERE t.organisation_id = \(organisation)) s
            WHERE c.organisation_id = \(organisation) AND c.id = s.id
                AND (c.open_amount <> s.open OR c.credit_amount <> s.credit)
            """)
    }
}
