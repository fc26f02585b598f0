import Basics
import Database

/// What an upgrade must not change: how many rows there are, what documents and payments add up to, and
/// what the journal and its chains say.
struct UpgradeFigures {
    /// By organisation, table and column, in words that a person reads.
    private(set) var values: [(name: String, value: String)] = []

    /// Sentences about what was there `before` and is not the same now. What is new is none.
    func differences(from before: UpgradeFigures) -> [String] {
        let now = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.value) })
        return before.values.compactMap { name, value in
            guard let other = now[name] else { return "\(name): was \(value), is gone" }
            return other == value ? nil : "\(name): was \(value), is \(other)"
        }
    }

    /// Tables whose rows a migration may make or drop: what is derived or only passing through.
    private static let passing = Set([
        "jobs", "sessions", "submissions", "search_entries", "daily_revenue", "daily_payments",
        "daily_quotes", "daily_orders", "client_revenue", "item_revenue", "account_mails",
    ])
    /// What the documents say and what was paid: no migration may touch it.
    private static let sums = [
        "total_net", "total_vat", "total_gross", "net_amount", "vat_amount", "base_amount",
        "paid_amount", "amount", "quantity",
    ]

    /// Reads them all within the open transaction of the role that owns the tables.
    init(_ connection: Connection) throws {
        for table in ["organisations", "users"] {
            let count: Int? = try connection.value("SELECT count(*) FROM \(SQL.name(table))")
            values.append(("\(table), rows", String(count ?? 0)))
        }
        let tables = try UpgradeFigures.tables(connection)
        let organisations: [Place] = try connection.all(
            "SELECT id::text AS id, slug FROM organisations ORDER BY slug")
        for organisation in organisations {
            try connection.run("SELECT set_config('app.organisation', \(organisation.id), true)")
            for table in tables { try add(table, organisation, connection) }
            try addJournal(organisation, tables, connection)
        }
        try connection.run("SELECT set_config('app.organisation', '', true)")
    }

    private mutating func add(
        _ table: Table, _ organisation: Place, _ connection: Connection
    ) throws {
        let sums = table.sums.map { "coalesce(sum(x.\(SQL.name($0))), 0)" as SQL }
        let line: String? = try connection.value(
            """
            SELECT concat_ws(' ', \(SQL.joined(["count(*)"] + sums, separator: ", ")))
            FROM \(SQL.name(table.name)) x WHERE x.organisation_id = \(organisation.id)::uuid
            """)
        let found = (line ?? "").split(separator: " ").map(String.init)
        for (name, value) in zip(["rows"] + table.sums, found) {
            values.append(("\(organisation.slug), \(table.name), \(name)", value))
        }
    }

    private mutating func addJournal(
        _ organisation: Place, _ tables: [Table], _ connection: Connection
    ) throws {
        let journal: String? = try connection.value(
            """
            SELECT encode(sha256(string_agg(int8send(id) || commitment, '' ORDER BY id)), 'hex')
            FROM journal_entries WHERE organisation_id = \(organisation.id)::uuid
            """)
        values.append(("\(organisation.slug), journal", journal ?? "empty"))
        guard tables.contains(where: { $0.name == "seals" }) else { return }
        let heads: String? = try connection.value(
            """
            SELECT string_agg(chain || ' ' || encode(hash, 'hex'), ' ' ORDER BY chain) FROM (
                SELECT DISTINCT ON (chain) chain, hash FROM seals
                WHERE organisation_id = \(organisation.id)::uuid
                ORDER BY chain, position DESC) last
            """)
        values.append(("\(organisation.slug), last links", heads ?? "none"))
    }

    private static func tables(_ connection: Connection) throws -> [Table] {
        let columns: [Column] = try connection.all(
            """
            SELECT c.relname::text AS table_name, a.attname::text AS name
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND (
                a.attname = 'organisation_id'
                OR a.attname = ANY (\(sums)) AND a.atttypid = 'bigint'::regtype)
            ORDER BY c.relname, a.attname
            """)
        return Dictionary(grouping: columns, by: \.table).sorted { $0.key < $1.key }.compactMap {
            name, columns in
            let names = columns.map(\.name)
            guard names.contains("organisation_id"), !passing.contains(name) else { return nil }
            return Table(name: name, sums: names.filter { $0 != "organisation_id" })
        }
    }

    private struct Table {
        let name: String
        let sums: [String]
    }

    private struct Column: Record {
        let table: String
        let name: String
        init(row: Row) throws {
            table = try row["table_name"]
            name = try row["name"]
        }
    }

    private struct Place: Record {
        let id: String
        let slug: String
        init(row: Row) throws {
            id = try row["id"]
            slug = try row["slug"]
        }
    }
}
