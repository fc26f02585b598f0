import Basics
import Core
import Database

// The summaries are proved equal to the rows that they sum up, day by day and month by month.
extension Statistics {
    public static let checks: [Check] = [
        Check.organisation("statistics.revenue", dailyRevenue),
        .organisation("statistics.clients", clientRevenue),
        .organisation("statistics.items", itemRevenue),
        .organisation("statistics.payments", dailyPayments),
        .organisation("statistics.quotes", dailyQuotes),
        .organisation("statistics.orders", dailyOrders),
    ].map {
        $0.mended(
            by: .organisation(
                "statistics",
                Text(
                    "recalcule les chiffres à partir des documents",
                    "computes the statistics again from the documents")
            ) { try $0.recalculateStatistics() })
    }

    /// Most findings of one check that are worth reading.
    private static let mostFindings = 20

    private static func findings(_ places: [String], _ about: String) -> [Finding] {
        places.map {
            Finding("\(about) of \($0): the summary is not the sum of its rows")
        }
    }

    static func dailyRevenue(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        return findings(
            try transaction.values(
                """
                SELECT s.origin || ' ' || s.day FROM (
                    SELECT origin, day, net, vat, gross, invoice_count AS invoices,
                        credit_note_count AS credit_notes
                    FROM daily_revenue WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT i.origin, i.issued_on, -sign * i.total_net, -sign * i.total_vat,
                        -sign * i.total_gross, -(sign = 1)::integer, -(sign = -1)::integer
                    FROM invoices i, LATERAL (
                        SELECT CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS sign) k
                    WHERE i.organisation_id = \(own) AND \(Invoice.isRevenue)
                ) s GROUP BY s.origin, s.day
                HAVING sum(net) <> 0 OR sum(vat) <> 0 OR sum(gross) <> 0 OR sum(invoices) <> 0
                    OR sum(credit_notes) <> 0
                ORDER BY 1 LIMIT \(mostFindings)
                """), "revenue")
    }

    static func clientRevenue(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        return findings(
            try transaction.values(
                """
                SELECT s.client_id || ' in ' || to_char(s.month, 'YYYY-MM') FROM (
                    SELECT origin, client_id, month, net, document_count AS n
                    FROM client_revenue WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT i.origin, i.client_id, date_trunc('month', i.issued_on)::date,
                        -(\(Invoice.signedNet)), -1
                    FROM invoices i WHERE i.organisation_id = \(own) AND \(Invoice.isRevenue)
                ) s GROUP BY s.origin, s.client_id, s.month HAVING sum(net) <> 0 OR sum(n) <> 0
                ORDER BY 1 LIMIT \(mostFindings)
                """), "client")
    }

    static func itemRevenue(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        return findings(
            try transaction.values(
                """
                SELECT coalesce(s.item_id::text, 'none') || ' in ' || to_char(s.month, 'YYYY-MM')
                FROM (
                    SELECT origin, item_id, month, net, quantity, line_count AS n
                    FROM item_revenue WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT i.origin, l.item_id, date_trunc('month', i.issued_on)::date,
                        -(\(InvoicedLine.signedNet)), -(\(InvoicedLine.signedQuantity)), -1
                    FROM invoices i
                    JOIN invoice_lines l ON l.organisation_id = \(own) AND l.invoice_id = i.id
                        AND l.kind = 'item'
                    WHERE i.organisation_id = \(own) AND \(Invoice.isRevenue)
                ) s GROUP BY s.origin, s.item_id, s.month
                HAVING sum(net) <> 0 OR sum(quantity) <> 0 OR sum(n) <> 0
                ORDER BY 1 LIMIT \(mostFindings)
                """), "item")
    }

    static func dailyPayments(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        return findings(
            try transaction.values(
                """
                SELECT s.day::text FROM (
                    SELECT day, received, paid_back, kept_count AS kept, settled, settled_days
                    FROM daily_payments WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT paid_on, CASE direction WHEN 'in' THEN -amount ELSE 0 END,
                        CASE direction WHEN 'out' THEN -amount ELSE 0 END,
                        -(direction = 'in' AND reversed_payment_id IS NULL
                            AND NOT is_reversed)::integer, 0, 0
                    FROM payments WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT p.paid_on, 0, 0, 0, -a.amount,
                        -a.amount::numeric * (p.paid_on - i.issued_on)
                    FROM allocations a
                    JOIN payments p ON p.organisation_id = \(own) AND p.id = a.payment_id
                    JOIN invoices i ON i.organisation_id = \(own) AND i.id = a.invoice_id
                    WHERE a.organisation_id = \(own)
                ) s GROUP BY s.day
                HAVING sum(received) <> 0 OR sum(paid_back) <> 0 OR sum(kept) <> 0
                    OR sum(settled) <> 0 OR sum(settled_days) <> 0
                ORDER BY 1 LIMIT \(mostFindings)
                """), "payments")
    }

    static func dailyQuotes(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        return findings(
            try transaction.values(
                """
                SELECT s.status || ' ' || s.day FROM (
                    SELECT status, day, document_count AS n, net FROM daily_quotes
                    WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT status, quoted_on, -1, -total_net FROM quotes
                    WHERE organisation_id = \(own)
                ) s GROUP BY s.status, s.day HAVING sum(n) <> 0 OR sum(net) <> 0
                ORDER BY 1 LIMIT \(mostFindings)
                """), "quotes")
    }

    static func dailyOrders(_ transaction: Transaction) throws -> [Finding] {
        let own = transaction.organisation
        return findings(
            try transaction.values(
                """
                SELECT s.status || ' ' || s.day FROM (
                    SELECT status, day, document_count AS n, net FROM daily_orders
                    WHERE organisation_id = \(own)
                    UNION ALL
                    SELECT status, ordered_on, -1, -total_net FROM orders
                    WHERE organisation_id = \(own)
                ) s GROUP BY s.status, s.day HAVING sum(n) <> 0 OR sum(net) <> 0
                ORDER BY 1 LIMIT \(mostFindings)
                """), "orders")
    }
}
