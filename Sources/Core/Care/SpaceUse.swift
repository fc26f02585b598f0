import Basics
import Database
import FoundationEssentials
import Glibc

/// What the database takes on the disk, table by table.
public struct TableSpace: Record, Sendable {
    public var table: String
    /// As the server estimates; -1 where it never counted.
    public var rows: Int
    /// In bytes, what is kept out of line included.
    public var tableBytes: Int
    public var indexBytes: Int

    public init(row: Row) throws {
        table = try row["name"]
        rows = try row["rows"]
        tableBytes = try row["table_bytes"]
        indexBytes = try row["index_bytes"]
    }
}

/// What one organisation has and did.
public struct OrganisationUse: Sendable {
    public var organisation: Organisation
    /// Rows of each table, without the empty ones.
    public var rows: [(table: String, count: Int)]
    public var calls: [CallsByDay]
    /// By state: waiting, sent, failed.
    public var mails: [(state: String, count: Int)]

    /// How often a token asked on a day.
    public struct CallsByDay: Record, Sendable {
        public var token: String
        public var day: Day
        public var calls: Int

        public init(row: Row) throws {
            token = try row["token"]
            day = try row["day"]
            calls = try row["calls"]
        }
    }
}

extension Connection {
    /// The largest first.
    public func tableSpace() throws -> [TableSpace] {
        try all(
            """
            SELECT c.relname::text AS name, c.reltuples::bigint AS rows,
                pg_table_size(c.oid) AS table_bytes, pg_indexes_size(c.oid) AS index_bytes
            FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            ORDER BY pg_total_relation_size(c.oid) DESC, c.relname
            """)
    }

    public func databaseBytes() throws -> Int {
        try value("SELECT pg_database_size(current_database())") ?? 0
    }
}

extension Transaction {
    /// Counted row by row, so for commands and jobs rather than for pages.
    public func use(days: Int) throws -> OrganisationUse {
        let mails: [NamedAmount] = try all(
            """
            SELECT status AS name, count(*) AS amount FROM mails
            WHERE organisation_id = \(organisation) GROUP BY status ORDER BY status
            """)
        return OrganisationUse(
            organisation: scope.organisation, rows: try rowCounts(),
            calls: try all(
                """
                SELECT coalesce(t.name, u.token_id::text) AS token, u.day, u.calls
                FROM api_usage u
                LEFT JOIN access_tokens t ON t.organisation_id = \(organisation)
                    AND t.id = u.token_id
                WHERE u.organisation_id = \(organisation) AND u.day > \(today.adding(days: -days))
                ORDER BY u.day DESC, u.calls DESC, u.token_id
                """),
            mails: mails.map { ($0.name, $0.amount) })
    }

    private func rowCounts() throws -> [(table: String, count: Int)] {
        try browsableTables().compactMap { table -> (table: String, count: Int)? in
            let count: Int? = try value(
                """
                SELECT count(*) FROM \(name: table.name) WHERE \(table.condition(of: organisation))
                """)
            return count.flatMap { $0 > 0 ? (table.name.text, $0) : nil }
        }
    }
}

extension DataFolder {
    /// Bytes in each part of the folder, the largest first; what cannot be read is left out.
    public func parts() -> [(name: String, bytes: Int)] {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
        return names.map { ($0, Self.bytes(path + "/" + $0)) }
            .sorted { ($0.1, $1.0) > ($1.1, $0.0) }
    }

    private static func bytes(_ path: String) -> Int {
        var status = stat()
        // Links are not followed: what they lead to lies elsewhere.
        guard lstat(path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_blocks) * 512 }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { $0 + bytes(path + "/" + $1) }
    }
}

extension Language {
    /// Bytes as a person reads them: `12,4 Mo`.
    public func size(_ bytes: Int) -> String {
        let units = [self("octets", "bytes"), self("ko", "kB"), self("Mo", "MB"), self("Go", "GB")]
        var (tenths, unit) = (bytes * 10, 0)
        while tenths >= 10_000, unit < units.count - 1 {
            tenths = (tenths + 500) / 1000
            unit += 1
        }
        let number =
            unit == 0 || tenths >= 1000
            ? integer((tenths + 5) / 10) : decimal(tenths, decimals: 1)
        return number + "\u{A0}" + units[unit]
    }
}
