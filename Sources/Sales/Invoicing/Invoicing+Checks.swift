import Basics
import Core
import Database

extension Invoicing {
    public static let checks: [Check] = [
        LineOwner.invoice.totalsCheck,
        .organisation("invoices.numbers", numbers), .organisation("invoices.logos", logos),
        .organisation("orders.invoiced", invoicedQuantities),
    ]

    /// Most findings of one check that are worth reading.
    private static let mostFindings = 20

    /// The law wants numbers without a gap: within each period every counter from the first to the one
    /// that the series has reached belongs to one document, and none that was issued is gone.
    static func numbers(_ transaction: Transaction) throws -> [Finding] {
        let wrong =
            try transaction.gapsAndDoubles() + transaction.numbersGivenTwice()
            + transaction.lostNumbers() + transaction.lostDocuments()
        return wrong.prefix(mostFindings).map { Finding($0) }
    }

    /// The pictures on documents are what their digests say.
    static func logos(_ transaction: Transaction) throws -> [Finding] {
        let changed: [String] = try transaction.values(
            """
            SELECT sha256 FROM kept_logos
            WHERE organisation_id = \(transaction.organisation)
                AND sha256 <> encode(sha256(content), 'hex')
            UNION
            SELECT sha256 FROM logos
            WHERE organisation_id = \(transaction.organisation)
                AND sha256 <> encode(sha256(content), 'hex')
            ORDER BY 1 LIMIT \(mostFindings)
            """)
        return changed.map { Finding("the logo \($0.prefix(12))… is not what was kept") }
    }

    /// What drafts and invoices take of an order line, less what credit notes gave back.
    static func invoicedQuantities(_ transaction: Transaction) throws -> [Finding] {
        let wrong: [String] = try transaction.values(
            """
            SELECT DISTINCT o.number FROM order_lines ol
            JOIN orders o
                ON o.organisation_id = \(transaction.organisation) AND o.id = ol.order_id
            LEFT JOIN (
                SELECT l.order_line_id AS id, sum(CASE WHEN i.kind = 'invoice' THEN l.quantity
                    WHEN i.status = 'issued' THEN -l.quantity ELSE 0 END) AS quantity
                FROM invoice_lines l
                JOIN invoices i
                    ON i.organisation_id = \(transaction.organisation) AND i.id = l.invoice_id
                WHERE l.organisation_id = \(transaction.organisation)
                    AND l.order_line_id IS NOT NULL
                GROUP BY l.order_line_id
            ) s ON s.id = ol.id
            WHERE ol.organisation_id = \(transaction.organisation)
                AND ol.invoiced_quantity <> coalesce(s.quantity, 0)
            ORDER BY o.number LIMIT \(mostFindings)
            """)
        return wrong.map {
            Finding("order \($0): what is noted as invoiced is not what its invoices hold")
        }
    }
}

extension Transaction {
    fileprivate func gapsAndDoubles() throws -> [String] {
        try values(
            """
            SELECT CASE
                WHEN number_counter IS NULL
                    THEN format('document %s has no place in its series', number)
                WHEN number_counter = before
                    THEN format('series %s %s: two documents are number %s', series,
                        number_period, number_counter)
                WHEN number_counter = before + 2
                    THEN format('series %s %s: number %s is missing', series, number_period,
                        before + 1)
                ELSE format('series %s %s: numbers %s to %s are missing', series, number_period,
                    before + 1, number_counter - 1) END
            FROM (
                SELECT number, series, number_period, number_counter, lag(number_counter) OVER (
                    PARTITION BY series, number_period ORDER BY number_counter) AS before
                FROM invoices i
                WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
            ) n
            WHERE number_counter IS NULL OR number_counter <> before + 1
            ORDER BY series, number_period, number_counter
            """)
    }

    fileprivate func numbersGivenTwice() throws -> [String] {
        try values(
            """
            SELECT format('series %s: two documents bear the number %s', series, number)
            FROM invoices WHERE organisation_id = \(organisation) AND number IS NOT NULL
            GROUP BY series, number HAVING count(*) > 1 ORDER BY series, number
            """)
    }

    /// Counters that have gone further than the last document.
    fileprivate func lostNumbers() throws -> [String] {
        try values(
            """
            SELECT format('series %s %s: the counter stands at %s, the last document at %s',
                c.series, c.period, c.last_value, i.last)
            FROM number_counters c
            JOIN (
                SELECT series, number_period, max(number_counter) AS last FROM invoices
                WHERE organisation_id = \(organisation) AND number_counter IS NOT NULL
                GROUP BY series, number_period
            ) i ON i.series = c.series AND i.number_period = c.period
            WHERE c.organisation_id = \(organisation) AND c.last_value > i.last
            ORDER BY c.series, c.period
            """)
    }

    /// Documents whose issue the journal tells, and that are not there.
    fileprivate func lostDocuments() throws -> [String] {
        let issues = [Action.invoiceIssued.name, Action.creditNoteIssued.name]
        return try values(
            """
            SELECT format('%s was issued and is gone', e.subject_label) FROM journal_entries e
            WHERE e.organisation_id = \(organisation) AND e.subject_kind = 'invoice'
                AND e.action = ANY (\(issues)) AND NOT EXISTS (SELECT FROM invoices i
                    WHERE i.organisation_id = \(organisation) AND i.id = e.subject_id
                        AND i.status = 'issued')
            ORDER BY e.id
            """)
    }
}
