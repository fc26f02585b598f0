import Basics
import Core
import Database

// What triggers keep of deposits is proved equal to the documents that it sums up.
extension Deposits {
    public static let checks: [Check] = [
        .organisation("deposits.deducted", deductions),
        .organisation("deposits.orders", orders),
        .organisation("deposits.requests", requests),
    ]

    /// Most findings of one check that are worth reading.
    private static let mostFindings = 20

    /// Each row of a deposit is that of its invoice; what is noted as deducted and taken back is what
    /// documents hold, and together never more than the deposit.
    static func deductions(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        let wrong: [String] = try transaction.values(
            """
            SELECT DISTINCT d.number FROM invoices d
            JOIN invoice_vat_rows v ON v.organisation_id = \(own) AND v.invoice_id = d.id
            LEFT JOIN deposit_rows r ON r.organisation_id = \(own) AND r.invoice_id = d.id
                AND r.vat_category = v.vat_category AND r.vat_rate = v.vat_rate
            LEFT JOIN (
                SELECT l.deposit_invoice_id AS id, l.vat_category, l.vat_rate,
                    sum(CASE WHEN i.kind = 'invoice' THEN -l.net_amount
                        WHEN i.status = 'issued' THEN l.net_amount ELSE 0 END) AS net,
                    sum(CASE WHEN i.kind = 'invoice' THEN -l.deposit_vat_amount
                        WHEN i.status = 'issued' THEN l.deposit_vat_amount ELSE 0 END) AS vat
                FROM invoice_lines l
                JOIN invoices i ON i.organisation_id = \(own) AND i.id = l.invoice_id
                WHERE l.organisation_id = \(own) AND l.deposit_invoice_id IS NOT NULL
                GROUP BY 1, 2, 3
            ) t ON t.id = d.id AND t.vat_category = v.vat_category AND t.vat_rate = v.vat_rate
            LEFT JOIN (
                SELECT n.corrected_invoice_id AS id, w.vat_category, w.vat_rate,
                    sum(w.base_amount) AS net, sum(w.vat_amount) AS vat
                FROM invoices n
                JOIN invoice_vat_rows w ON w.organisation_id = \(own) AND w.invoice_id = n.id
                WHERE n.organisation_id = \(own) AND n.status = 'issued'
                    AND n.corrected_invoice_id IS NOT NULL
                GROUP BY 1, 2, 3
            ) c ON c.id = d.id AND c.vat_category = v.vat_category AND c.vat_rate = v.vat_rate
            WHERE d.organisation_id = \(own) AND d.kind = 'deposit' AND d.status = 'issued'
                AND (r.net_amount, r.vat_amount, r.deducted_net, r.deducted_vat, r.credited_net,
                    r.credited_vat) IS DISTINCT FROM (v.base_amount, v.vat_amount,
                    coalesce(t.net, 0), coalesce(t.vat, 0), coalesce(c.net, 0), coalesce(c.vat, 0))
            ORDER BY d.number LIMIT \(mostFindings)
            """)
        return wrong.map {
            Finding("deposit \($0): what is noted as deducted is not what invoices deduct")
        }
    }

    /// A deposit is deducted from invoices of its own order only.
    static func orders(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        let wrong: [String] = try transaction.values(
            """
            SELECT DISTINCT coalesce(i.number, i.id::text) FROM invoice_lines l
            JOIN invoices i ON i.organisation_id = \(own) AND i.id = l.invoice_id
            JOIN invoices d ON d.organisation_id = \(own) AND d.id = l.deposit_invoice_id
            WHERE l.organisation_id = \(own) AND l.deposit_invoice_id IS NOT NULL
                AND (d.kind <> 'deposit' OR d.status <> 'issued'
                    OR d.client_id <> i.client_id OR d.currency <> i.currency
                    OR NOT (i.order_id IS NOT DISTINCT FROM d.order_id OR EXISTS (
                        SELECT FROM invoice_lines s
                        JOIN order_lines o
                            ON o.organisation_id = \(own) AND o.id = s.order_line_id
                        WHERE s.organisation_id = \(own) AND s.invoice_id = i.id
                            AND o.order_id = d.order_id)))
            ORDER BY 1 LIMIT \(mostFindings)
            """)
        return wrong.map { Finding("invoice \($0): it deducts a deposit of another order") }
    }

    static func requests(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        let wrong: [String] = try transaction.values(
            """
            SELECT q.number FROM deposit_requests q
            LEFT JOIN (
                SELECT d.deposit_request_id AS id, sum(d.paid_amount) AS paid,
                    sum(d.total_gross - coalesce(n.credited, 0)) AS invoiced
                FROM invoices d
                LEFT JOIN (
                    SELECT corrected_invoice_id AS id, sum(total_gross) AS credited FROM invoices
                    WHERE organisation_id = \(own) AND status = 'issued'
                        AND corrected_invoice_id IS NOT NULL
                    GROUP BY 1
                ) n ON n.id = d.id
                WHERE d.organisation_id = \(own) AND d.deposit_request_id IS NOT NULL
                    AND d.status = 'issued'
                GROUP BY 1
            ) s ON s.id = q.id
            WHERE q.organisation_id = \(own) AND (q.paid_amount <> coalesce(s.paid, 0)
                OR q.invoiced_amount <> coalesce(s.invoiced, 0)
                OR q.status = 'paid' AND q.paid_amount < q.amount
                OR q.status = 'requested' AND q.paid_amount >= q.amount)
            ORDER BY q.number LIMIT \(mostFindings)
            """)
        return wrong.map {
            Finding("deposit request \($0): what is noted of it is not that of its invoices")
        }
    }
}
