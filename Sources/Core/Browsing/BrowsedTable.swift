import Basics
import Database

/// A table whose rows an owner may look at: one that row-level security binds to the organisation, or one that
/// precedes organisations and of which some rows concern it.
struct BrowsedTable: Record, Sendable {
    let name: CatalogueName

    init(row: Row) throws { name = try row["name"] }

    /// Tables without row-level security, and which of their rows are shown.
    static let unbound: [String: @Sendable (Organisation.ID) -> SQL] = [
        "access_tokens": ofOrganisation, "custom_roles": ofOrganisation, "jobs": ofOrganisation,
        "memberships": ofOrganisation, "sessions": ofOrganisation,
        "organisations": { "id = \($0)" },
        "users": { "id IN (SELECT user_id FROM memberships WHERE organisation_id = \($0))" },
    ]

    /// Those that nobody looks at, since none of their rows is of an organisation: what people prove who they
    /// are with, which is theirs wherever they work, and what is of the program. What is searched is made from
    /// records, and is read through a function only.
    static let leftOut: Set<String> = [
        "passkeys", "passkey_challenges", "password_resets", "recovery_codes", "sign_in_failures",
        "installation_keys", "signing_keys", "journal_followers", "schema_migrations",
        "search_entries",
    ]

    private static let ofOrganisation: @Sendable (Organisation.ID) -> SQL = {
        "organisation_id = \($0)"
    }

    /// Which rows are of the organisation. It stands in every statement, and row-level security behind most.
    func condition(of organisation: Organisation.ID) -> SQL {
        (Self.unbound[name.text] ?? Self.ofOrganisation)(organisation)
    }
}

/// A column as the catalogue describes it.
struct BrowsedColumn: Sendable {
    let name: CatalogueName
    /// As PostgreSQL writes it: `timestamp with time zone`.
    let type: String
    let kind: ColumnKind
    /// Its place in the primary key, from 1; nil when it is not in it.
    let keyPlace: Int?
    /// The row of another table that it names, where that can be browsed too.
    var reference: Reference?

    struct Reference: Sendable {
        var table: String
        var column: String
    }
}

/// What can be asked of a column's values.
enum ColumnKind: Sendable, Equatable {
    case whole, decimal, text, flag, day, moment, identifier
    /// Shown as its length.
    case bytes
    /// Lists, JSON and whatever else has a text form.
    case other
    /// Never shown, whatever its type.
    case secret

    init(typeName: String) {
        self =
            switch typeName {
            case "int2", "int4", "int8": .whole
            case "numeric", "float4", "float8": .decimal
            case "text", "varchar", "bpchar", "name": .text
            case "bool": .flag
            case "date": .day
            case "timestamptz": .moment
            case "uuid": .identifier
            case "bytea": .bytes
            default: .other
            }
    }

    var comparisons: [Comparison] {
        switch self {
        case .whole, .decimal, .day, .moment: [.equals, .above, .below, .empty]
        case .text: [.contains, .equals, .above, .below, .empty]
        case .flag, .identifier: [.equals, .empty]
        case .other: [.contains, .empty]
        case .bytes: [.empty]
        case .secret: []
        }
    }
}

/// How a column is compared.
enum Comparison: String, Sendable, CaseIterable {
    case equals, contains, above, below, empty

    var label: Text {
        switch self {
        case .equals: Text("est égal à", "equals")
        case .contains: Text("contient", "contains")
        case .above: Text("est supérieur à", "is above")
        case .below: Text("est inférieur à", "is below")
        case .empty: Text("est vide", "is empty")
        }
    }
}

extension Transaction {
    /// Every table that can be browsed, by name.
    func browsableTables() throws -> [BrowsedTable] {
        try all("\(BrowsedTable.selection) ORDER BY c.relname")
    }

    /// The table of that name, with its columns in their order. Throws `Problem.notFound` for any other
    /// name.
    func browsableTable(_ name: String) throws -> (BrowsedTable, [BrowsedColumn]) {
        let table: BrowsedTable = try one("\(BrowsedTable.selection) AND c.relname = \(name)")
        let columns: [DescribedColumn] = try all(
            """
            SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
                t.typname::text AS type_name,
                array_position(i.indkey::smallint[], a.attnum)::bigint AS key_place,
                f.foreign_table, f.foreign_column
            FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
            LEFT JOIN LATERAL (
                SELECT r.relname::text AS foreign_table, d.attname::text AS foreign_column
                FROM pg_constraint k
                JOIN pg_class r ON r.oid = k.confrelid
                JOIN LATERAL unnest(k.conkey, k.confkey) AS m(own, other) ON m.own = a.attnum
                JOIN pg_attribute d ON d.attrelid = k.confrelid AND d.attnum = m.other
                WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attname <> 'organisation_id'
                    AND cardinality(k.conkey) <= 2
                ORDER BY k.conname LIMIT 1
            ) f ON true
            WHERE c.relnamespace = 'public'::regnamespace AND c.relname = \(name)
                AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'organisation_id'
            ORDER BY a.attnum
            """)
        return (table, columns.map { $0.browsed(in: name) })
    }
}

extension BrowsedTable {
    fileprivate static let selection: SQL = """
        SELECT c.relname::text AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND has_table_privilege(c.oid, 'SELECT')
            AND (c.relname = ANY (\(unbound.keys.sorted()))
                OR c.relrowsecurity AND c.relforcerowsecurity
                AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
                    AND a.attname = 'organisation_id' AND NOT a.attisdropped)
                AND EXISTS (SELECT FROM pg_policy p
                    WHERE p.polrelid = c.oid AND p.polname = 'organisation'))
        """
}

private struct DescribedColumn: Record {
    let name: CatalogueName
    let type: String
    let typeName: String
    let keyPlace: Int?
    let reference: BrowsedColumn.Reference?

    init(row: Row) throws {
        name = try row["name"]
        type = try row["type"]
        typeName = try row["type_name"]
        // Positions of an int2vector begin at 0, and those of organisation_id are left out.
        keyPlace = try row["key_place"]
        let (table, column): (String?, String?) = (
            try row["foreign_table"], try row["foreign_column"]
        )
        reference = table.flatMap { table in
            column.map { BrowsedColumn.Reference(table: table, column: $0) }
        }
    }

    func browsed(in table: String) -> BrowsedColumn {
        let isSecret = SecretColumns.hides(table, name.text, typeName: typeName)
        return BrowsedColumn(
            name: name, type: type, kind: isSecret ? .secret : ColumnKind(typeName: typeName),
            keyPlace: keyPlace, reference: isSecret ? nil : reference)
    }
}
