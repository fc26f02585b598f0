import Basics
import Core
import Database

extension Imports {
    /// The columns of a client that a line may hold, as they stand in its staged record.
    static let clientColumns: SQL = """
        external_reference text, name text, kind text, stage text, email text, phone text,
        website text, sector text, siren text, siret text, vat_number text, street text,
        street_more text, postal_code text, city text, country text, tags text[], notes text,
        payment_days integer, payment_end_of_month boolean, language text
        """
}

extension Transaction {
    /// Makes the clients that are new, and then their contacts. `progress` is told how many lines are
    /// done.
    func writeClients(_ id: Import.ID, progress: (Int) throws -> Void) throws {
        try reserveClientNumbers()
        // Ids in the order of the file, so that rows made together stand together in every index.
        let prefix = String(UniqueID.make(at: now).description.prefix(24))
        try run(
            """
            UPDATE staged_lines SET record_id = (\(prefix) || lpad(to_hex(line_number), 12, '0'))::uuid
            WHERE makes_client
            """)
        try sealNotes()
        var start = 0
        let last: Int = try value("SELECT coalesce(max(line_number), 0) FROM staged_lines") ?? 0
        while start < last {
            let end = start + ImportLimits.linesAtOnce
            try run(all: [insertClients(start, end), noteClients(id, start, end)])
            start = end
            try progress(min(end, last))
        }
        // The server still knows the clients as they were before: it would read every staged line for
        // each of them. Joined as wholes, hundreds of thousands take a second.
        try joiningWholes {
            try changeClients(id)
            try run(
                """
                UPDATE staged_lines l SET record_id = f.record_id FROM staged_lines f
                WHERE f.makes_client AND f.key = l.key AND l.record_id IS NULL
                    AND l.state IN ('new', 'repeated')
                """)
            try writeContacts(id)
        }
    }

    /// As many numbers as there are new clients, none that a client has already.
    private func reserveClientNumbers() throws {
        let wanted: Int =
            try value("SELECT count(*) FROM staged_lines WHERE makes_client") ?? 0
        var missing = wanted
        while missing > 0 {
            let numbers = try takeNumbers(.client, count: missing, on: today)
            try connection.copyIn("COPY staged_numbers (position, number) FROM STDIN") { writer in
                for (place, number) in numbers.enumerated() {
                    try writer.row(place + wanted - missing, number)
                }
            }
            missing = try run(
                """
                DELETE FROM staged_numbers n USING clients c
                WHERE c.organisation_id = \(organisation) AND c.number = n.number
                """)
        }
        try run(
            """
            UPDATE staged_numbers n SET position = f.line_number FROM (
                SELECT l.line_number, m.number FROM (
                    SELECT line_number, row_number() OVER (ORDER BY line_number) AS place
                    FROM staged_lines WHERE makes_client) l
                JOIN (SELECT number, row_number() OVER (ORDER BY position, number) AS place
                    FROM staged_numbers) m USING (place)
            ) f
            WHERE f.number = n.number
            """)
        try connection.runScript(
            "CREATE INDEX ON staged_numbers (position); ANALYZE staged_numbers")
    }

    private func insertClients(_ start: Int, _ end: Int) -> SQL {
        """
        INSERT INTO clients (organisation_id, id, number, external_reference, kind, stage, name,
            email, phone, website, sector, siren, siret, vat_number, street, street_more,
            postal_code, city, country, tags, notes, payment_days, payment_end_of_month, language,
            created_at, updated_at)
        SELECT \(organisation), l.record_id, n.number, coalesce(x.external_reference, ''),
            coalesce(x.kind, 'company'), coalesce(x.stage, 'client'), x.name,
            coalesce(x.email, ''), coalesce(x.phone, ''), coalesce(x.website, ''),
            coalesce(x.sector, ''), coalesce(x.siren, ''), coalesce(x.siret, ''),
            coalesce(x.vat_number, ''), coalesce(x.street, ''), coalesce(x.street_more, ''),
            coalesce(x.postal_code, ''), coalesce(x.city, ''),
            coalesce(x.country, \(scope.organisation.address.country)),
            coalesce(x.tags, '{}'), coalesce(x.notes, ''), x.payment_days,
            coalesce(x.payment_end_of_month, false),
            coalesce(x.language, \(scope.organisation.language)), \(now), \(now)
        FROM staged_lines l JOIN staged_numbers n ON n.position = l.line_number
        CROSS JOIN LATERAL jsonb_to_record(l.record) AS x(\(Imports.clientColumns))
        WHERE l.makes_client AND l.line_number > \(start) AND l.line_number <= \(end)
        """
    }

    private func noteClients(_ id: Import.ID, _ start: Int, _ end: Int) -> SQL {
        """
        INSERT INTO import_records (organisation_id, import_id, record_kind, record_id, line_number,
            label, action)
        SELECT \(organisation), \(id), 'client', record_id, line_number, name, 'created'
        FROM staged_lines
        WHERE makes_client AND line_number > \(start) AND line_number <= \(end)
        """
    }

    /// What a line says replaces what is here; what it does not say stays.
    private func changeClients(_ id: Import.ID) throws {
        try run(
            """
            INSERT INTO import_records (organisation_id, import_id, record_kind, record_id,
                line_number, label, action, before, version_after)
            SELECT \(organisation), \(id), 'client', c.id, l.line_number, c.name, 'changed',
                to_jsonb(c), c.version + 1
            FROM staged_lines l
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = l.record_id
            WHERE l.state = 'changed' AND c.erased_at IS NULL
                AND to_jsonb(c) || jsonb_strip_nulls(l.record) <> to_jsonb(c)
            """)
        try run(
            """
            UPDATE clients c SET external_reference = coalesce(x.external_reference, c.external_reference),
                name = coalesce(x.name, c.name), kind = coalesce(x.kind, c.kind),
                stage = coalesce(x.stage, c.stage), email = coalesce(x.email, c.email),
                phone = coalesce(x.phone, c.phone), website = coalesce(x.website, c.website),
                sector = coalesce(x.sector, c.sector), siren = coalesce(x.siren, c.siren),
                siret = coalesce(x.siret, c.siret), vat_number = coalesce(x.vat_number, c.vat_number),
                street = coalesce(x.street, c.street),
                street_more = coalesce(x.street_more, c.street_more),
                postal_code = coalesce(x.postal_code, c.postal_code), city = coalesce(x.city, c.city),
                country = coalesce(x.country, c.country), tags = coalesce(x.tags, c.tags),
                notes = coalesce(x.notes, c.notes),
                payment_days = coalesce(x.payment_days, c.payment_days),
                payment_end_of_month = coalesce(x.payment_end_of_month, c.payment_end_of_month),
                language = coalesce(x.language, c.language), version = c.version + 1,
                updated_at = \(now)
            FROM staged_lines l
            CROSS JOIN LATERAL jsonb_to_record(l.record) AS x(\(Imports.clientColumns))
            WHERE c.organisation_id = \(organisation) AND c.id = l.record_id AND l.state = 'changed'
                AND c.erased_at IS NULL AND to_jsonb(c) || jsonb_strip_nulls(l.record) <> to_jsonb(c)
            """)
    }

    /// Contacts that their client does not have yet, by name and by e-mail.
    private func writeContacts(_ id: Import.ID) throws {
        let prefix = String(UniqueID.make(at: now).description.prefix(24))
        try run(
            """
            UPDATE staged_lines l SET makes_contact = true FROM (
                SELECT DISTINCT ON (record_id, folded(contact->>'name')) line_number
                FROM staged_lines
                WHERE contact IS NOT NULL AND state IN ('new', 'changed', 'repeated')
                    AND record_id IS NOT NULL
                ORDER BY record_id, folded(contact->>'name'), line_number
            ) f
            WHERE f.line_number = l.line_number
                AND NOT EXISTS (SELECT FROM contacts t WHERE t.organisation_id = \(organisation)
                    AND t.client_id = l.record_id
                    AND (folded(t.name) = folded(l.contact->>'name')
                        OR t.email <> '' AND t.email = l.contact->>'email'))
            """)
        try run(all: [
            """
            INSERT INTO contacts (organisation_id, id, client_id, name, position, email, phone)
            SELECT \(organisation), (\(prefix) || lpad(to_hex(line_number), 12, '0'))::uuid,
                record_id, contact->>'name', contact->>'position', contact->>'email',
                contact->>'phone'
            FROM staged_lines WHERE makes_contact
            """,
            """
            INSERT INTO import_records (organisation_id, import_id, record_kind, record_id,
                line_number, label, action, before)
            SELECT \(organisation), \(id), 'contact',
                (\(prefix) || lpad(to_hex(line_number), 12, '0'))::uuid, line_number,
                contact->>'name', 'created', contact
            FROM staged_lines WHERE makes_contact
            """,
        ])
    }
}
