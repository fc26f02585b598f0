import Basics
import Database

/// That every row which names another finds it. Constraints hold for what the program writes; what a restore,
/// a repair by hand or `session_replication_role` left behind they never look at again.
///
/// How it stays in bounds: each table is read once, whatever it names, and beside it only the keys of what it
/// names, as wholes (`joiningWholes`); a few tables go in one statement. Only what is missing is counted. A
/// million lines with five references each, to 400,000 invoices, take 2 s on two busy cores.
enum References {
    /// Tables in one statement: what they name is held in memory until it ends.
    private static let tablesAtOnce = 8

    /// What rows of an organisation name. That their organisation is there is known: a row without one is seen
    /// by nobody.
    static let bound: SQL = """
        (c.relrowsecurity OR r.relrowsecurity) AND r.relname <> 'organisations'
        """
    /// What rows of tables name that precede organisations: people, sessions, memberships.
    static let unbound: SQL = "NOT c.relrowsecurity AND NOT r.relrowsecurity"

    static func ofOrganisation(_ transaction: Transaction) throws -> [Finding] {
        try orphans(
            of: transaction.connection, bound,
            where: " WHERE c.organisation_id = \(transaction.organisation)")
    }

    static func ofPlatform(_ installation: InstallationUnderCheck) throws -> [Finding] {
        try orphans(of: installation.owner, unbound, where: .empty)
    }

    private static func orphans(
        of connection: Connection, _ wanted: SQL, where condition: SQL
    ) throws -> [Finding] {
        var waiting = try connection.references(wanted)
        var findings: [Finding] = []
        while !waiting.isEmpty {
            let some = Array(waiting.prefix(tablesAtOnce))
            waiting.removeFirst(some.count)
            let parts = some.enumerated().map { $0.element.counting(condition, place: $0.offset) }
            let rows: [Orphans] = try connection.all(SQL.joined(parts, separator: " UNION ALL "))
            for row in rows {
                for (reference, count) in zip(some[row.place].references, row.counts)
                where count > 0 {
                    findings.append(
                        Finding(
                            "rows of \(some[row.place].name.text) that name what is not in "
                                + "\(reference.target.text) (\(reference.name)): \(count)"))
                }
            }
        }
        return findings
    }
}

/// Some references of one table.
struct ReferringTable {
    struct Reference {
        let name: String
        let target: CatalogueName
        var columns: [(own: CatalogueName, other: CatalogueName)]
    }
    let name: CatalogueName
    var references: [Reference]

    fileprivate static let aliases: [SQL] = ["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"]

    /// How many rows name nothing, for each reference. A reference with an empty column names nothing at all.
    fileprivate func counting(_ condition: SQL, place: Int) -> SQL {
        let named = zip(references, Self.aliases)
        let counts = named.map { reference, alias -> SQL in
            let isFull = SQL.joined(
                reference.columns.map { "c.\(name: $0.own) IS NOT NULL AND " }, separator: .empty)
            return
                "count(*) FILTER (WHERE \(isFull)\(alias).\(name: reference.columns[0].other) IS NULL)"
        }
        let joins = named.map { reference, alias -> SQL in
            let same = reference.columns.map { column -> SQL in
                "\(alias).\(name: column.other) = c.\(name: column.own)"
            }
            return """
                 LEFT JOIN \(name: reference.target) \(alias)
                    ON \(SQL.joined(same, separator: " AND "))
                """
        }
        return """
            SELECT \(place)::bigint AS place,
                to_json(ARRAY[\(SQL.joined(counts, separator: ", "))])::text AS counts
            FROM \(name: name) c\(SQL.joined(joins, separator: .empty))\(condition)
            """
    }
}

extension Connection {
    /// The references of each table, as the catalogue knows them; `wanted` is about the table `c` and what it
    /// names, `r`.
    func references(_ wanted: SQL) throws -> [ReferringTable] {
        let pairs: [ReferringColumn] = try all(
            """
            SELECT k.conname::text AS name, c.relname::text AS table_name, r.relname::text AS target,
                a.attname::text AS own, d.attname::text AS other
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_class r ON r.oid = k.confrelid
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY m (own, other, place)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = m.own
            JOIN pg_attribute d ON d.attrelid = k.confrelid AND d.attnum = m.other
            WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND \(wanted)
            ORDER BY c.relname, k.conname, m.place
            """)
        var tables: [ReferringTable] = []
        for pair in pairs {
            let columns = (pair.own, pair.other)
            let isSameTable = tables.last?.name == pair.table
            if isSameTable, tables.last?.references.last?.name == pair.name {
                let (table, reference) = (
                    tables.count - 1, tables[tables.count - 1].references.count - 1
                )
                tables[table].references[reference].columns.append(columns)
                continue
            }
            let reference = ReferringTable.Reference(
                name: pair.name, target: pair.target, columns: [columns])
            if isSameTable, let last = tables.last,
                last.references.count < ReferringTable.aliases.count
            {
                tables[tables.count - 1].references.append(reference)
            } else {
                tables.append(ReferringTable(name: pair.table, references: [reference]))
            }
        }
        return tables
    }
}

private struct ReferringColumn: Record {
    let name: String
    let table: CatalogueName
    let target: CatalogueName
    let own: CatalogueName
    let other: CatalogueName

    init(row: Row) throws {
        name = try row["name"]
        table = try row["table_name"]
        target = try row["target"]
        own = try row["own"]
        other = try row["other"]
    }
}

private struct Orphans: Record {
    let place: Int
    let counts: [Int]

    init(row: Row) throws {
        place = try row["place"]
        let counts: JSON = try row["counts"]
        self.counts = (counts.array ?? []).compactMap(\.int)
    }
}
