import Basics
import Database

/// How many rows each table has and what its whole numbers add up to, as of the moment of a backup. What
/// was restored must have the same: invoices to the cent, entries of the journal, everything.
public struct BackupFigures: Sendable, Equatable {
    public struct Table: Sendable, Equatable {
        public var rows: Int
        /// By column; as text, because a sum may be longer than any integer.
        public var sums: [String: String]
    }

    public var tables: [String: Table]
    /// SHA-256 over the last link of every chain of seals, in hexadecimal; empty when there is none.
    public var seals: String

    public var rows: Int { tables.values.reduce(0) { $0 + $1.rows } }

    /// Counts in the transaction of `connection`, whose role reads past row-level security.
    init(_ connection: Connection) throws {
        // Every table is counted by a statement that PostgreSQL composes itself from its own catalogue.
        // A restore gives followers of the journal another place, see `Restore`.
        let rows: [Counted] = try connection.all(
            """
            SELECT t.name, (xpath('/row/figures/text()', query_to_xml(format(
                'SELECT row_to_json(f) AS figures FROM (SELECT count(*) AS rows%s FROM %I.%I) f',
                t.sums, 'public', t.name), false, true, '')))[1]::text AS figures
            FROM (
                SELECT c.relname::text AS name, coalesce(string_agg(
                    format(', coalesce(sum(%I), 0)::text AS %I', a.attname, 'sum_' || a.attname),
                    '' ORDER BY a.attnum) FILTER (WHERE a.attname IS NOT NULL), '') AS sums
                FROM pg_class c
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                    AND NOT a.attisdropped AND c.relname <> 'journal_followers'
                    AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype,
                        'numeric'::regtype)
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                    AND NOT c.relispartition
                GROUP BY c.oid, c.relname
            ) t ORDER BY t.name
            """)
        tables = try Dictionary(uniqueKeysWithValues: rows.map { ($0.name, try $0.table()) })
        seals = try tables["seals"] == nil ? "" : BackupFigures.seals(connection)
    }

    private static func seals(_ connection: Connection) throws -> String {
        try connection.value(
            """
            SELECT encode(sha256(convert_to(string_agg(
                l.organisation_id || ' ' || l.chain || ' ' || encode(l.hash, 'hex'), ','
                ORDER BY l.organisation_id, l.chain), 'UTF8')), 'hex')
            FROM (SELECT DISTINCT ON (organisation_id, chain) organisation_id, chain, hash
                FROM seals ORDER BY organisation_id, chain, position DESC) l
            """) ?? ""
    }

    /// What `restored` has otherwise, a sentence each, at most `most` of them.
    func differences(from restored: BackupFigures, most: Int = 5) -> [String] {
        var found: [String] = []
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
            guard let other = restored.tables[name] else {
                found.append("table \(name) is missing")
                continue
            }
            if table.rows != other.rows {
                found.append("\(name) has \(other.rows) rows instead of \(table.rows)")
            }
            for (column, sum) in table.sums.sorted(by: { $0.key < $1.key })
            where other.sums[column] != sum {
                found.append(
                    "\(name).\(column) adds up to \(other.sums[column] ?? "?") instead of \(sum)")
            }
        }
        if seals != restored.seals { found.append("the chains of seals end otherwise") }
        return Array(found.prefix(most))
    }

    private struct Counted: Record {
        let name: String
        let figures: String

        init(row: Row) throws {
            name = try row["name"]
            figures = try row["figures"]
        }

        func table() throws -> Table {
            guard let table = JSON(parsing: figures).flatMap({ Table($0, prefix: "sum_") }) else {
                throw BackupError.program("counting \(name)", figures)
            }
            return table
        }
    }
}

extension BackupFigures.Table {
    /// `{"rows": 3, "sum_total": "120"}`
    fileprivate init?(_ json: JSON, prefix: String) {
        guard let members = json.members, let rows = json["rows"]?.int else { return nil }
        self.rows = rows
        sums = [:]
        for (name, value) in members where name.hasPrefix(prefix) {
            sums[String(name.dropFirst(prefix.count))] = value.string
        }
    }
}

extension BackupFigures {
    var json: JSON {
        [
            "seals": .string(seals),
            "tables": .object(
                tables.sorted { $0.key < $1.key }.map { name, table in
                    let sums = table.sums.sorted { $0.key < $1.key }
                    return (
                        name,
                        .object(
                            [("rows", .int(table.rows))]
                                + sums.map { ("sum_" + $0.key, .string($0.value)) })
                    )
                }),
        ]
    }

    init?(_ json: JSON) {
        guard let members = json["tables"]?.members, let seals = json["seals"]?.string else {
            return nil
        }
        self.seals = seals
        tables = [:]
        for (name, value) in members {
            guard let table = Table(value, prefix: "sum_") else { return nil }
            tables[name] = table
        }
    }
}
