import CPostgres

/// The schema as numbered migrations, each run once, in a transaction of its own.
///
/// The table `schema_migrations` keeps what ran, with a SHA-256 of its text. The connection must
/// belong to the role that owns the schema.
public struct Migrations: Sendable {
    /// In the order in which they run.
    public let all: [Migration]

    /// Throws `MigrationError` when numbers are missing or taken twice; the first must be 1.
    public init(_ migrations: [Migration]) throws {
        all = migrations.sorted { $0.number < $1.number }
        for (position, migration) in all.enumerated() {
            if migration.number < position + 1 {
                throw MigrationError.duplicate(number: migration.number)
            }
            if migration.number > position + 1 { throw MigrationError.gap(missing: position + 1) }
        }
    }

    /// The files `NNNN-name.sql` of a folder and of the folders in it, as one series; other
    /// files are left alone, but a `.sql` file with another name is refused.
    public static func load(folder: String) throws -> [Migration] {
        var migrations: [Migration] = []
        for path in try Files.list(folder) where path.hasSuffix(".sql") {
            guard let text = Files.text(path) else { throw MigrationError.unreadable(path: path) }
            let file = path.split(separator: "/").last.map(String.init) ?? path
            let parts = file.dropLast(4).split(separator: "-", maxSplits: 1)
            guard parts.count == 2, parts[0].utf8.count >= 4,
                parts[0].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(parts[0])
            else { throw MigrationError.badFileName(file) }
            migrations.append(Migration(number: number, name: String(parts[1]), sql: text))
        }
        return try Migrations(migrations).all
    }

    /// What has not run yet. Throws `MigrationError` when the database does not fit.
    public func pending(on connection: Connection) throws -> [Migration] {
        let exists: Bool? = try connection.value(
            "SELECT to_regclass('schema_migrations') IS NOT NULL")
        guard exists == true else { return all }
        let applied: [Applied] = try connection.all(
            "SELECT number, checksum FROM schema_migrations ORDER BY number")
        if let last = applied.last, last.number > all.count {
            throw MigrationError.databaseIsNewer(number: Int(last.number), known: all.count)
        }
        let checksums = try checksums(on: connection)
        for old in applied where checksums[Int(old.number) - 1] != old.checksum {
            throw MigrationError.changed(title: all[Int(old.number) - 1].title)
        }
        let done = Set(applied.map(\.number))
        return all.filter { !done.contains($0.number) }
    }

    /// Runs what is pending and answers it. Programs that start together take turns, by a lock
    /// in the database. Throws `MigrationError`; migrations before the failing one are kept.
    @discardableResult
    public func run(
        on connection: Connection, log: (String) -> Void = { _ in }
    ) throws -> [Migration] {
        try connection.run("SELECT pg_advisory_lock(\(Migrations.lock))")
        defer { _ = try? connection.run("SELECT pg_advisory_unlock(\(Migrations.lock))") }
        try connection.runScript(Migrations.table)
        let pending = try pending(on: connection)
        for migration in pending {
            try apply(migration, on: connection)
            log("migration \(migration.title) done")
        }
        return pending
    }

    private func apply(_ migration: Migration, on connection: Connection) throws {
        do {
            try connection.transaction { try perform(migration, on: $0) }
        } catch let error as DatabaseError {
            throw MigrationError(migration, error)
        }
    }

    /// One migration within the open transaction.
    func perform(_ migration: Migration, on connection: Connection) throws {
        let before: String? = try connection.value(Migrations.transaction)
        try connection.runScript(migration.sql)
        // A COMMIT in the script would make half of it permanent when the rest fails.
        guard PQtransactionStatus(connection.handle) == PQTRANS_INTRANS,
            try before == connection.value(Migrations.transaction)
        else { throw MigrationError.endsItsTransaction(title: migration.title) }
        // A script may set a search path for itself, not for those that follow.
        try connection.runScript("RESET search_path")
        try connection.run(
            """
            INSERT INTO schema_migrations (number, name, checksum)
            VALUES (\(migration.number), \(migration.name),
                encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex'))
            """)
    }

    /// PostgreSQL computes them, so that this module needs no library for it.
    private func checksums(on connection: Connection) throws -> [String] {
        try connection.values(
            """
            SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex')
            FROM unnest(\(all.map(\.sql))) WITH ORDINALITY AS migration(text, position)
            ORDER BY position
            """)
    }

    private struct Applied: Record {
        let number: Int
        let checksum: String

        init(row: Row) throws {
            number = try row["number"]
            checksum = try row["checksum"]
        }
    }

    private static let transaction: SQL = "SELECT pg_current_xact_id()::text"

    /// Any number that other advisory locks in the database do not use: "migrates" in ASCII.
    static let lock = 0x6D69_6772_6174_6573

    static let table = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number bigint PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
}
