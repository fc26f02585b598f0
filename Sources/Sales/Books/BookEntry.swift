import Basics
import Core
import Database

/// One line of an accounting entry, with what the FEC asks of it.
struct BookEntry: Record, Sendable {
    enum Journal: String, Sendable, SQLBindable, SQLDecodable {
        case opening = "AN"
        case sales = "VE"
        case bank = "BQ"

        var label: String {
            switch self {
            case .opening: "A nouveaux"
            case .sales: "Ventes"
            case .bank: "Banque et caisse"
            }
        }
    }

    var journal: Journal
    /// Entries of a file in one sequence, from 1.
    var number: Int
    var day: Day
    var use: String
    var clientNumber: String
    var clientName: String
    var piece: String
    var label: String
    /// Debit above zero, credit below.
    var amount: Amount
    /// What it settles together with others, and when; empty while that is open.
    var letter: String
    var letteredOn: Day?
    var validatedOn: Day

    init(row: Row) throws {
        journal = try row["journal"]
        number = try row["entry_number"]
        day = try row["day"]
        use = try row["use"]
        clientNumber = try row["client_number"]
        clientName = try row["client_name"]
        piece = try row["piece"]
        label = try row["label"]
        amount = try row["amount"]
        letter = try row["letter"]
        letteredOn = try row["lettered_on"]
        validatedOn = try row["validated_on"]
    }
}

extension Transaction {
    /// The lines of all entries dated in these days, in the order of their numbers.
    ///
    /// What a client owes stands on one line for each document that it settles, so that a letter always
    /// joins lines that add up to nothing.
    func eachBookEntry(_ days: ClosedRange<Day>, _ body: (BookEntry) throws -> Void) throws {
        let zone = scope.organisation.timeZone
        try each(
            """
            SELECT e.journal, dense_rank() OVER (ORDER BY e.day, e.journal DESC, e.piece, e.source)
                    AS entry_number,
                e.day, e.use, c.number AS client_number, c.name AS client_name, e.piece, e.label,
                e.amount::bigint AS amount, coalesce(e.letter, '') AS letter,
                CASE WHEN e.letter IS NULL THEN NULL ELSE coalesce(e.lettered_on, e.day) END
                    AS lettered_on,
                e.validated_on
            FROM (
                \(saleLines(days, zone)) UNION ALL \(creditNoteLines(days, zone))
                UNION ALL \(moneyLines(days, zone))
            ) e
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = e.client_id
            WHERE e.amount <> 0
            ORDER BY entry_number, e.rank, e.letter NULLS LAST, e.amount
            """
        ) { try body(BookEntry(row: $0)) }
    }

    /// Issued documents of the days, and their revenue and VAT; of invoices what the client owes too.
    private func saleLines(_ days: ClosedRange<Day>, _ zone: String) -> SQL {
        """
        SELECT CASE i.kind WHEN 'opening_balance' THEN 'AN' ELSE 'VE' END AS journal,
            i.issued_on AS day, i.number AS piece, i.id AS source, i.client_id, t.rank, t.use,
            CASE i.kind WHEN 'credit_note' THEN 'Avoir ' WHEN 'deposit' THEN 'Acompte '
                WHEN 'opening_balance' THEN 'Solde de départ ' ELSE 'Facture ' END || i.number
                AS label,
            t.amount * CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS amount,
            CASE WHEN t.rank = 1 AND i.open_amount = 0 AND i.total_gross > 0 THEN i.number END
                AS letter,
            CASE WHEN t.rank = 1 AND i.open_amount = 0 THEN (
                SELECT max(coalesce(p.paid_on, n.issued_on)) FROM allocations a
                LEFT JOIN payments p ON p.organisation_id = \(organisation) AND p.id = a.payment_id
                LEFT JOIN invoices n ON n.organisation_id = \(organisation)
                    AND n.id = a.credit_note_id
                WHERE a.organisation_id = \(organisation) AND a.invoice_id = i.id) END
                AS lettered_on,
            coalesce((i.issued_at AT TIME ZONE \(zone))::date, i.issued_on) AS validated_on
        FROM invoices i
        LEFT JOIN invoices o ON o.organisation_id = \(organisation) AND o.id = i.corrected_invoice_id
        CROSS JOIN LATERAL (
            SELECT 1 AS rank, 'client' AS use, i.total_gross::numeric AS amount
            WHERE i.kind <> 'credit_note'
            UNION ALL
            SELECT 2, CASE WHEN i.kind = 'deposit' OR o.kind = 'deposit'
                        OR l.deposit_invoice_id IS NOT NULL THEN 'deposit'
                    WHEN s.kind = 'product' THEN 'product' ELSE 'service' END,
                -sum(l.net_amount)
            FROM invoice_lines l
            LEFT JOIN items s ON s.organisation_id = \(organisation) AND s.id = l.item_id
            WHERE l.organisation_id = \(organisation) AND l.invoice_id = i.id
            GROUP BY 2
            UNION ALL
            SELECT 3, 'vat', -v.vat_amount FROM invoice_vat_rows v
            WHERE v.organisation_id = \(organisation) AND v.invoice_id = i.id
            UNION ALL
            SELECT 4, 'opening', -i.total_gross WHERE i.kind = 'opening_balance'
            UNION ALL
            SELECT 5, 'rounding', i.total_net + i.total_vat - i.total_gross
            WHERE i.kind <> 'opening_balance'
        ) t
        WHERE i.organisation_id = \(organisation) AND i.status = 'issued' AND i.origin = 'comptoir'
            AND i.issued_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
        """
    }

    /// What credit notes take off what clients owe: a line for each invoice and refund that they went
    /// to, and one for what is left.
    private func creditNoteLines(_ days: ClosedRange<Day>, _ zone: String) -> SQL {
        """
        SELECT 'VE', n.issued_on, n.number, n.id, n.client_id, 1, 'client', 'Avoir ' || n.number,
            -t.amount, t.letter, t.lettered_on,
            coalesce((n.issued_at AT TIME ZONE \(zone))::date, n.issued_on)
        FROM invoices n
        CROSS JOIN LATERAL (
            SELECT sum(a.amount) AS amount,
                CASE WHEN a.invoice_id IS NULL THEN n.number
                    WHEN min(i.open_amount) = 0 THEN min(i.number) END AS letter,
                greatest(n.issued_on, max(r.paid_on)) AS lettered_on
            FROM allocations a
            LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = a.invoice_id
            LEFT JOIN payments r ON r.organisation_id = \(organisation) AND r.id = a.refund_id
            WHERE a.organisation_id = \(organisation) AND a.credit_note_id = n.id
            GROUP BY a.invoice_id
            UNION ALL
            SELECT n.open_amount, NULL, NULL
        ) t
        WHERE n.organisation_id = \(organisation) AND n.status = 'issued' AND n.origin = 'comptoir'
            AND n.kind = 'credit_note'
            AND n.issued_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
        """
    }

    /// Money received and paid back, and the clients' side of it by what it settled.
    private func moneyLines(_ days: ClosedRange<Day>, _ zone: String) -> SQL {
        """
        SELECT 'BQ', p.paid_on, p.number, p.id, p.client_id, t.rank, t.use,
            CASE p.direction WHEN 'in' THEN 'Encaissement ' ELSE 'Remboursement ' END || p.number,
            t.amount * CASE p.direction WHEN 'in' THEN 1 ELSE -1 END, t.letter, t.lettered_on,
            (p.created_at AT TIME ZONE \(zone))::date
        FROM payments p
        CROSS JOIN LATERAL (
            SELECT 0 AS rank, CASE p.method WHEN 'cheque' THEN 'cheque' WHEN 'cash' THEN 'cash'
                ELSE 'bank' END AS use, p.amount::numeric AS amount, NULL AS letter,
                NULL::date AS lettered_on
            UNION ALL
            SELECT 1, 'client', -sum(a.amount),
                CASE WHEN a.invoice_id IS NULL THEN p.number
                    WHEN min(i.open_amount) = 0 THEN min(i.number) END,
                greatest(p.paid_on, max(r.paid_on), max(i.issued_on))
            FROM allocations a
            LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = a.invoice_id
            LEFT JOIN payments r ON r.organisation_id = \(organisation) AND r.id = a.refund_id
            WHERE a.organisation_id = \(organisation) AND a.payment_id = p.id
                AND p.direction = 'in'
            GROUP BY a.invoice_id
            UNION ALL
            SELECT 1, 'client', -sum(a.amount), coalesce(min(s.number), min(n.number)), p.paid_on
            FROM allocations a
            LEFT JOIN invoices n ON n.organisation_id = \(organisation) AND n.id = a.credit_note_id
            LEFT JOIN payments s ON s.organisation_id = \(organisation) AND s.id = a.payment_id
            WHERE a.organisation_id = \(organisation) AND a.refund_id = p.id
                AND p.direction = 'out'
            GROUP BY a.payment_id, a.credit_note_id
            UNION ALL
            SELECT 2, 'client', p.allocated_amount - p.amount,
                CASE WHEN p.is_reversed THEN p.number
                    ELSE (SELECT q.number FROM payments q WHERE q.organisation_id = \(organisation)
                        AND q.id = p.reversed_payment_id) END, NULL
        ) t
        WHERE p.organisation_id = \(organisation)
            AND p.paid_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
        """
    }
}
