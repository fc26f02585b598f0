import Basics
import Core
import Database

// Lines of clients and cards of contacts, compared with each other and with what is here.

extension Transaction {
    /// What each line of clients becomes. It is recognised by the older program's code, then by SIRET,
    /// SIREN and e-mail among clients that have no other code, then by its name.
    func sortClients(_ existing: Import.Existing) throws {
        try run(
            """
            UPDATE staged_lines SET name_key = folded(name),
                key = CASE WHEN reference <> '' THEN 'r:' || reference WHEN siret <> '' THEN 's:' || siret
                    WHEN siren <> '' THEN 's:' || siren WHEN email <> '' THEN 'e:' || email
                    ELSE 'n:' || folded(name) || '|' || postal_code END
            WHERE state IS NULL
            """)
        try refuseOtherNames()
        try connection.runScript("CREATE INDEX ON staged_lines (key); ANALYZE staged_lines")
        try run(
            """
            UPDATE staged_lines l SET record_id = c.id FROM clients c
            WHERE c.organisation_id = \(organisation) AND l.state IS NULL AND l.reference <> ''
                AND (c.external_reference = l.reference)
            """)
        try run(
            """
            UPDATE staged_lines l SET record_id = c.id FROM clients c
            WHERE c.organisation_id = \(organisation) AND l.state IS NULL AND l.record_id IS NULL
                AND l.reference <> '' AND c.external_reference = '' AND c.number = l.reference
                AND c.sort_name = l.name_key
            """)
        try recognise("l.siret <> '' AND c.siren = l.siren AND c.siret = l.siret")
        try recognise("l.siren <> '' AND c.siren = l.siren AND (l.siret = '' OR c.siret = '')")
        try recognise("l.email <> '' AND c.email = l.email")
        try recognise(
            """
            l.siren = '' AND l.email = '' AND c.sort_name = l.name_key
                AND (l.postal_code = '' OR c.postal_code = '' OR c.postal_code = l.postal_code)
            """)
        try leaveTheErased()
        try noteRepetitions()
        try compareClients(existing)
        try run("UPDATE staged_lines SET makes_client = true WHERE state = 'new'")
    }

    /// One client here, and only one, fits this condition on the lines that nothing recognised yet. A
    /// client whose code is another one is another client.
    private func recognise(_ condition: SQL) throws {
        try run(
            """
            UPDATE staged_lines l SET record_id = f.id,
                state = CASE WHEN f.found > 1 THEN 'refused' END,
                problems = CASE WHEN f.found > 1 THEN \(LineProblem.whole(LineProblem.ambiguous)) END
            FROM (
                SELECT l.line_number, (array_agg(c.id ORDER BY c.id))[1] AS id, count(*) AS found
                FROM staged_lines l
                JOIN clients c ON c.organisation_id = \(organisation) AND \(condition)
                    AND (l.reference = '' OR c.external_reference = '')
                WHERE l.state IS NULL AND l.record_id IS NULL GROUP BY l.line_number
            ) f
            WHERE f.line_number = l.line_number
            """)
    }

    /// A list from before brings nobody back who asked to be forgotten.
    private func leaveTheErased() throws {
        try run(
            """
            UPDATE staged_lines l SET state = 'known' FROM clients c
            WHERE c.organisation_id = \(organisation) AND c.id = l.record_id AND l.state IS NULL
                AND c.erased_at IS NOT NULL
            """)
    }

    /// Two lines that have the same code or number, but another name, contradict each other.
    private func refuseOtherNames() throws {
        try run(
            """
            UPDATE staged_lines l SET state = 'refused',
                problems = \(LineProblem.whole(LineProblem.twice))
            FROM (
                SELECT line_number, name_key, first_value(name_key) OVER (
                    PARTITION BY key ORDER BY line_number) AS first_name
                FROM staged_lines WHERE state IS NULL
            ) f
            WHERE f.line_number = l.line_number AND f.name_key <> f.first_name
            """)
    }

    /// A line whose client an earlier line brings already adds its contact at most. Two codes are two
    /// clients, also where one number or address fits both.
    private func noteRepetitions() throws {
        try run(
            """
            UPDATE staged_lines l SET record_id = NULL FROM (
                SELECT line_number, first_value(reference) OVER (
                    PARTITION BY record_id ORDER BY line_number) AS first_reference
                FROM staged_lines WHERE state IS NULL AND record_id IS NOT NULL
            ) f
            WHERE f.line_number = l.line_number AND l.reference <> ''
                AND f.first_reference NOT IN ('', l.reference)
            """)
        try run(
            """
            UPDATE staged_lines l SET state = 'repeated' FROM (
                SELECT line_number, row_number() OVER (
                    PARTITION BY coalesce(record_id::text, key) ORDER BY line_number) AS place
                FROM staged_lines WHERE state IS NULL
            ) f
            WHERE f.line_number = l.line_number AND f.place > 1
            """)
    }

    /// New, here already with something to change, or here already. Where clients are left as they are
    /// only the older program's code is added, by which its invoices will find them.
    private func compareClients(_ existing: Import.Existing) throws {
        if existing == .keep {
            try run(
                """
                UPDATE staged_lines SET record = jsonb_build_object(
                    'external_reference', nullif(reference, ''))
                WHERE state IS NULL AND record_id IS NOT NULL
                """)
        } else {
            try joiningWholes { try recogniseNotes() }
        }
        // Joined as wholes: of an organisation that just came in the server knows no client yet, and would
        // read them all for each line.
        try joiningWholes {
            try run(
                """
                UPDATE staged_lines l SET state = f.state FROM (
                    SELECT s.line_number, CASE WHEN s.record_id IS NULL THEN 'new'
                        WHEN to_jsonb(c) || jsonb_strip_nulls(s.record) <> to_jsonb(c)
                            OR s.contact IS NOT NULL AND k.line_number IS NULL THEN 'changed'
                        ELSE 'known' END AS state
                    FROM staged_lines s
                    LEFT JOIN clients c ON c.organisation_id = \(organisation) AND c.id = s.record_id
                    LEFT JOIN (\(linesOfKnownContacts)) k ON k.line_number = s.line_number
                    WHERE s.state IS NULL
                ) f
                WHERE f.line_number = l.line_number
                """)
        }
    }

    /// The lines whose contact their client has already, by name or by e-mail.
    private var linesOfKnownContacts: SQL {
        """
        SELECT DISTINCT l.line_number FROM staged_lines l
        JOIN contacts t ON t.organisation_id = \(organisation) AND t.client_id = l.record_id
        WHERE l.state IS NULL AND l.contact IS NOT NULL
            AND (folded(t.name) = folded(l.contact->>'name')
                OR t.email <> '' AND t.email = l.contact->>'email')
        """
    }

    /// What each card becomes: a contact of the company it names, which is made where there is none.
    func sortContacts() throws {
        try run(
            """
            UPDATE staged_lines SET name_key = folded(name), key = 'n:' || folded(name)
            WHERE state IS NULL
            """)
        try connection.runScript("CREATE INDEX ON staged_lines (key); ANALYZE staged_lines")
        try recognise("c.archived_at IS NULL AND c.sort_name = l.name_key")
        try run(
            """
            UPDATE staged_lines l SET makes_client = true FROM (
                SELECT min(line_number) AS line_number FROM staged_lines
                WHERE state IS NULL AND record_id IS NULL GROUP BY key
            ) f
            WHERE f.line_number = l.line_number
            """)
        try joiningWholes {
            try run(
                """
                UPDATE staged_lines l SET state = f.state FROM (
                    SELECT s.line_number, CASE WHEN k.line_number IS NOT NULL THEN 'known'
                        WHEN s.contact IS NULL AND NOT s.makes_client THEN 'known'
                        ELSE 'new' END AS state
                    FROM staged_lines s
                    LEFT JOIN (\(linesOfKnownContacts)) k ON k.line_number = s.line_number
                    WHERE s.state IS NULL
                ) f
                WHERE f.line_number = l.line_number
                """)
        }
        try run(
            """
            UPDATE staged_lines l SET state = 'repeated' FROM (
                SELECT line_number, row_number() OVER (PARTITION BY key, folded(contact->>'name'),
                    contact->>'email' ORDER BY line_number) AS place
                FROM staged_lines WHERE state = 'new'
            ) f
            WHERE f.line_number = l.line_number AND f.place > 1
            """)
    }
}
