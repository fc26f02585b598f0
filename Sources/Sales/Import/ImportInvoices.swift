import Basics
import Core
import Database

extension Transaction {
    /// What each line of an older program's invoices becomes: an opening balance of its client. Lines
    /// of one number are one invoice, be they its lines or its payments.
    func sortInvoices() throws {
        try run(
            """
            UPDATE staged_lines SET name_key = folded(name), key = reference WHERE state IS NULL
            """)
        try gatherInvoices()
        try findClient(
            """
            l.record->>'client_reference' <> ''
                AND c.external_reference = l.record->>'client_reference'
            """)
        try findClient(
            """
            l.record->>'client_reference' <> '' AND c.number = l.record->>'client_reference'
                AND (l.name_key = '' OR c.sort_name = l.name_key)
            """)
        try findClient("l.siret <> '' AND c.siren = l.siren AND c.siret = l.siret")
        try findClient("l.siren <> '' AND c.siren = l.siren")
        try findClient("l.email <> '' AND c.email = l.email")
        try findClient("l.name_key <> '' AND c.sort_name = l.name_key")
        try run(
            """
            UPDATE staged_lines SET state = 'refused',
                problems = \(LineProblem.whole(LineProblem.unknownClient))
            WHERE state IS NULL AND record_id IS NULL
            """)
        try run(
            """
            UPDATE staged_lines l SET state = CASE WHEN i.id IS NULL THEN 'new'
                    WHEN i.client_id = l.record_id AND i.total_gross = l.amount THEN 'known'
                    ELSE 'refused' END,
                problems = CASE WHEN i.client_id <> l.record_id OR i.total_gross <> l.amount
                    THEN \(LineProblem.whole(LineProblem.otherAmount)) END
            FROM staged_lines o
            LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.series = 'opening'
                AND i.number = o.reference
            WHERE o.line_number = l.line_number AND l.state IS NULL
            """)
    }

    /// Payments of one invoice are added up; what is then left of nothing is skipped.
    private func gatherInvoices() throws {
        try run(
            """
            UPDATE staged_lines l SET amount = l.amount - f.paid FROM (
                SELECT key, sum(payment) AS paid FROM staged_lines
                WHERE state IS NULL GROUP BY key HAVING sum(payment) <> 0
            ) f
            WHERE f.key = l.key AND l.state IS NULL
            """)
        try run(
            """
            UPDATE staged_lines l SET state = CASE WHEN amount <= 0 THEN 'skipped' END
            WHERE state IS NULL
            """)
        try run(
            """
            UPDATE staged_lines l SET state = CASE WHEN f.same THEN 'repeated' ELSE 'refused' END,
                problems = CASE WHEN NOT f.same THEN \(LineProblem.whole(LineProblem.twice)) END
            FROM (
                SELECT line_number, row_number() OVER w AS place,
                    amount = first_value(amount) OVER w AND record = first_value(record) OVER w
                        AND name_key = first_value(name_key) OVER w AS same
                FROM staged_lines WHERE state IS NULL
                WINDOW w AS (PARTITION BY key ORDER BY line_number)
            ) f
            WHERE f.line_number = l.line_number AND f.place > 1
            """)
    }

    private func findClient(_ condition: SQL) throws {
        try run(
            """
            UPDATE staged_lines l SET record_id = f.id,
                state = CASE WHEN f.found > 1 THEN 'refused' END,
                problems = CASE WHEN f.found > 1 THEN \(LineProblem.whole(LineProblem.ambiguous)) END
            FROM (
                SELECT l.line_number, (array_agg(c.id ORDER BY c.id))[1] AS id, count(*) AS found
                FROM staged_lines l
                JOIN clients c ON c.organisation_id = \(organisation) AND \(condition)
                WHERE l.state IS NULL AND l.record_id IS NULL GROUP BY l.line_number
            ) f
            WHERE f.line_number = l.line_number
            """)
    }

    func writeInvoices(_ id: Import.ID) throws {
        try stageBuyers()
        let prefix = String(UniqueID.make(at: now).description.prefix(24))
        let seller = Seller(scope.organisation, logo: "")
        try run(
            """
            INSERT INTO invoices (organisation_id, id, kind, series, status, number, client_id,
                issued_on, due_on, payment_days, language, currency, total_net, total_gross,
                open_amount, seller, buyer, mentions, notes, issued_at, issued_by, created_at,
                created_by, updated_at)
            SELECT \(organisation), (\(prefix) || lpad(to_hex(l.line_number), 12, '0'))::uuid,
                'opening_balance', 'opening', 'issued', l.reference, l.record_id, x.issued_on,
                x.due_on, 0, b.language, \(currency), l.amount, l.amount, l.amount,
                \(seller.json), b.buyer, \(JSON.object([])),
                CASE WHEN x.total > l.amount THEN \(totalNote)
                    || trim_scale(x.total / \(currency.minorUnitsPerUnit)::numeric)::text
                    || ' ' || \(currency.code) ELSE '' END,
                \(now), \(scope.user?.id), \(now), \(scope.user?.id), \(now)
            FROM staged_lines l JOIN staged_buyers b ON b.client_id = l.record_id
            CROSS JOIN LATERAL jsonb_to_record(l.record)
                AS x(issued_on date, due_on date, total bigint)
            WHERE l.state = 'new'
            """)
        try run(
            """
            INSERT INTO import_records (organisation_id, import_id, record_kind, record_id,
                line_number, label, action)
            SELECT \(organisation), \(id), 'invoice',
                (\(prefix) || lpad(to_hex(line_number), 12, '0'))::uuid, line_number, reference,
                'created'
            FROM staged_lines WHERE state = 'new'
            """)
    }

    private var totalNote: String {
        scope.organisation.language("Total d’origine : ", "Original total: ")
    }

    /// Who owes, as invoices say it: once a client, however many invoices.
    private func stageBuyers() throws {
        let own = organisation
        var buyers: [(Client.ID, Language, JSON)] = []
        func copy() throws {
            try connection.copyIn(
                "COPY staged_buyers (client_id, language, buyer) FROM STDIN"
            ) { writer in
                for (client, language, buyer) in buyers {
                    try writer.row(client, language, buyer)
                }
            }
            buyers.removeAll(keepingCapacity: true)
        }
        try each(
            """
            SELECT \(Client.columns) FROM clients
            WHERE organisation_id = \(own)
                AND id IN (SELECT record_id FROM staged_lines WHERE state = 'new')
            """
        ) { row in
            let client = try Client(row: row)
            buyers.append((client.id, client.language, Buyer(client).json))
            if buyers.count == ImportLimits.linesAtOnce { try copy() }
        }
        if !buyers.isEmpty { try copy() }
    }
}
