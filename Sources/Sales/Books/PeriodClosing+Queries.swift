import Basics
import Core
import Database

extension Transaction {
    func periodClosing(_ id: PeriodClosing.ID) throws -> PeriodClosing {
        try one(
            """
            SELECT \(PeriodClosing.columns) FROM period_closings c
            WHERE c.organisation_id = \(organisation) AND c.id = \(id)
            """)
    }

    func periodClosingDetails(_ id: PeriodClosing.ID) throws -> PeriodClosingDetails {
        PeriodClosingDetails(
            closing: try periodClosing(id),
            vatRows: try all(
                """
                SELECT vat_category, vat_rate, base_amount, vat_amount
                FROM period_closing_vat_rows
                WHERE organisation_id = \(organisation) AND period_closing_id = \(id)
                ORDER BY vat_category, vat_rate DESC
                """))
    }

    /// The latest first.
    func periodClosings(after position: PagePosition?) throws -> Listing<PeriodClosing> {
        let behind: SQL =
            position.flatMap { after in
                Day(after.value).map { "AND (c.ends_on, c.id) < (\($0), \(after.id))" }
            } ?? ""
        return Listing(
            try all(
                """
                SELECT \(PeriodClosing.columns) FROM period_closings c
                WHERE c.organisation_id = \(organisation) \(behind)
                ORDER BY c.ends_on DESC, c.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
                """)
        ) { PagePosition(value: $0.endsOn.iso, id: $0.id.value) }
    }

    /// The last day of the last closed period of a kind.
    func lastClosedDay(_ kind: PeriodClosing.Kind) throws -> Day? {
        try value(
            """
            SELECT max(ends_on) FROM period_closings
            WHERE organisation_id = \(organisation) AND kind = \(kind)
            """)
    }

    /// The first day that anything was issued or received on.
    func firstBookedDay() throws -> Day? {
        try value(
            """
            SELECT least(
                (SELECT min(i.issued_on) FROM invoices i
                    WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)),
                (SELECT min(paid_on) FROM payments WHERE organisation_id = \(organisation)))
            """)
    }

    func periodTotals(_ days: ClosedRange<Day>) throws -> PeriodTotals {
        let (first, last) = (days.lowerBound, days.upperBound)
        return try one(
            """
            SELECT i.*, p.* FROM (
                SELECT count(*) FILTER (WHERE is_within AND sign > 0) AS invoice_count,
                    count(*) FILTER (WHERE is_within AND sign < 0) AS credit_note_count,
                    coalesce(sum(sign * total_net) FILTER (WHERE is_within), 0)::bigint AS total_net,
                    coalesce(sum(sign * total_vat) FILTER (WHERE is_within), 0)::bigint AS total_vat,
                    coalesce(sum(sign * total_gross) FILTER (WHERE is_within), 0)::bigint
                        AS total_gross,
                    coalesce(sum(sign * total_gross), 0)::bigint AS perpetual_gross
                FROM (
                    SELECT total_net, total_vat, total_gross, i.issued_on >= \(first) AS is_within,
                        CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS sign
                    FROM invoices i
                    WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
                        AND i.issued_on <= \(last)
                ) t
            ) i CROSS JOIN (
                SELECT count(*) FILTER (WHERE paid_on >= \(first)) AS payment_count,
                    coalesce(sum(amount) FILTER (WHERE paid_on >= \(first) AND direction = 'in'),
                        0)::bigint AS received_amount,
                    coalesce(sum(amount) FILTER (WHERE paid_on >= \(first) AND direction = 'out'),
                        0)::bigint AS refunded_amount,
                    coalesce(sum(CASE direction WHEN 'in' THEN amount ELSE -amount END), 0)::bigint
                        AS perpetual_received
                FROM payments
                WHERE organisation_id = \(organisation) AND paid_on <= \(last)
            ) p
            """)
    }

    /// VAT of what was issued in these days, by category and rate.
    func issuedVAT(_ days: ClosedRange<Day>) throws -> [ClosedVATRow] {
        try all(
            """
            SELECT v.vat_category, v.vat_rate,
                sum(CASE i.kind WHEN 'credit_note' THEN -v.base_amount ELSE v.base_amount END)::bigint
                    AS base_amount,
                sum(CASE i.kind WHEN 'credit_note' THEN -v.vat_amount ELSE v.vat_amount END)::bigint
                    AS vat_amount
            FROM invoices i
            JOIN invoice_vat_rows v
                ON v.organisation_id = \(organisation) AND v.invoice_id = i.id
            WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
                AND i.issued_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
            GROUP BY v.vat_category, v.vat_rate ORDER BY v.vat_category, v.vat_rate DESC
            """)
    }
}
