import Basics
import Core
import Database

extension Imports {
    /// The columns of an item that a line may hold, as they stand in its staged record.
    static let itemColumns: SQL = """
        reference text, label text, kind text, description text, category text, unit text,
        unit_price bigint, vat_category text, vat_rate integer, duration_minutes integer,
        stock_quantity bigint, is_active boolean
        """
}

extension Transaction {
    /// What each line of the catalogue becomes: an item is recognised by its reference, one without a
    /// reference by its label.
    func sortItems(_ existing: Import.Existing) throws {
        try run(
            """
            UPDATE staged_lines SET name_key = folded(name),
                key = CASE WHEN reference <> '' THEN 'r:' || reference ELSE 'n:' || folded(name) END
            WHERE state IS NULL
            """)
        try connection.runScript("CREATE INDEX ON staged_lines (key); ANALYZE staged_lines")
        try run(
            """
            UPDATE staged_lines l SET record_id = t.id FROM items t
            WHERE t.organisation_id = \(organisation) AND l.state IS NULL AND l.reference <> ''
                AND t.reference = l.reference
            """)
        try run(
            """
            UPDATE staged_lines l SET record_id = f.id FROM (
                SELECT sort_label, (array_agg(id ORDER BY id))[1] AS id FROM items
                WHERE organisation_id = \(organisation) GROUP BY sort_label
            ) f
            WHERE l.state IS NULL AND l.reference = '' AND f.sort_label = l.name_key
            """)
        try run(
            """
            UPDATE staged_lines l SET state = CASE WHEN f.same THEN 'repeated' ELSE 'refused' END,
                problems = CASE WHEN NOT f.same THEN \(LineProblem.whole(LineProblem.twice)) END
            FROM (
                SELECT line_number, row_number() OVER w AS place,
                    record = first_value(record) OVER w AS same
                FROM staged_lines WHERE state IS NULL
                WINDOW w AS (PARTITION BY key ORDER BY line_number)
            ) f
            WHERE f.line_number = l.line_number AND f.place > 1
            """)
        // As with clients: the server does not know items yet that just came in.
        try joiningWholes {
            try run(
                """
                UPDATE staged_lines l SET state = f.state FROM (
                    SELECT s.line_number, CASE WHEN s.record_id IS NULL THEN 'new'
                        WHEN \(existing == .update)
                            AND to_jsonb(t) || jsonb_strip_nulls(s.record) <> to_jsonb(t)
                            THEN 'changed' ELSE 'known' END AS state
                    FROM staged_lines s
                    LEFT JOIN items t ON t.organisation_id = \(organisation) AND t.id = s.record_id
                    WHERE s.state IS NULL
                ) f
                WHERE f.line_number = l.line_number
                """)
        }
    }

    func writeItems(_ id: Import.ID) throws {
        let prefix = String(UniqueID.make(at: now).description.prefix(24))
        let usual = VATRate.usual(for: scope.organisation)
        let last = try lastItemReference()
        try run(
            """
            UPDATE staged_lines SET record_id = (\(prefix) || lpad(to_hex(line_number), 12, '0'))::uuid
            WHERE state = 'new'
            """)
        try run(
            """
            INSERT INTO items (organisation_id, id, reference, kind, label, description, category,
                unit, unit_price, vat_category, vat_rate, duration_minutes, keeps_stock,
                stock_quantity, is_active, created_at, updated_at)
            SELECT \(organisation), l.record_id, coalesce(x.reference, 'ART-' || CASE
                    WHEN \(last) + f.place > 9999 THEN (\(last) + f.place)::text
                    ELSE lpad((\(last) + f.place)::text, 4, '0') END),
                coalesce(x.kind, 'service'), x.label, coalesce(x.description, ''),
                coalesce(x.category, ''), coalesce(x.unit, 'unit'), x.unit_price,
                coalesce(x.vat_category, \(usual.category)),
                coalesce(x.vat_rate, \(usual.percentage)::bigint::integer), x.duration_minutes,
                x.stock_quantity IS NOT NULL, coalesce(x.stock_quantity, 0),
                coalesce(x.is_active, true), \(now), \(now)
            FROM staged_lines l
            CROSS JOIN LATERAL jsonb_to_record(l.record) AS x(\(Imports.itemColumns))
            JOIN (
                SELECT line_number, row_number() OVER (
                    PARTITION BY reference = '' ORDER BY line_number) AS place
                FROM staged_lines WHERE state = 'new'
            ) f ON f.line_number = l.line_number
            WHERE l.state = 'new'
            """)
        try run(
            """
            INSERT INTO import_records (organisation_id, import_id, record_kind, record_id,
                line_number, label, action)
            SELECT \(organisation), \(id), 'item', record_id, line_number, name, 'created'
            FROM staged_lines WHERE state = 'new'
            """)
        // The new ones, too.
        try joiningWholes { try changeItems(id) }
    }

    /// Of the references that are given by themselves, here and in the file.
    private func lastItemReference() throws -> Int {
        let last: Int? = try value(
            """
            SELECT greatest(
                (SELECT max(substring(reference from '^ART-([0-9]{1,9})$')::bigint) FROM items
                    WHERE organisation_id = \(organisation)),
                (SELECT max(substring(reference from '^ART-([0-9]{1,9})$')::bigint)
                    FROM staged_lines WHERE state = 'new'))
            """)
        return last ?? 0
    }

    private func changeItems(_ id: Import.ID) throws {
        try run(
            """
            INSERT INTO import_records (organisation_id, import_id, record_kind, record_id,
                line_number, label, action, before, version_after)
            SELECT \(organisation), \(id), 'item', t.id, l.line_number, t.label, 'changed',
                to_jsonb(t), t.version + 1
            FROM staged_lines l
            JOIN items t ON t.organisation_id = \(organisation) AND t.id = l.record_id
            WHERE l.state = 'changed'
            """)
        try run(
            """
            UPDATE items t SET label = coalesce(x.label, t.label), kind = coalesce(x.kind, t.kind),
                description = coalesce(x.description, t.description),
                category = coalesce(x.category, t.category), unit = coalesce(x.unit, t.unit),
                unit_price = coalesce(x.unit_price, t.unit_price),
                vat_category = coalesce(x.vat_category, t.vat_category),
                vat_rate = coalesce(x.vat_rate, t.vat_rate),
                duration_minutes = coalesce(x.duration_minutes, t.duration_minutes),
                keeps_stock = t.keeps_stock OR x.stock_quantity IS NOT NULL,
                stock_quantity = coalesce(x.stock_quantity, t.stock_quantity),
                is_active = coalesce(x.is_active, t.is_active), version = t.version + 1,
                updated_at = \(now)
            FROM staged_lines l
            CROSS JOIN LATERAL jsonb_to_record(l.record) AS x(\(Imports.itemColumns))
            WHERE t.organisation_id = \(organisation) AND t.id = l.record_id AND l.state = 'changed'
            """)
    }
}
