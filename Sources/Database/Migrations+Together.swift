import CPostgres

/// How one migration went.
public struct MigrationRun: Sendable, Equatable {
    /// As in the file's name.
    public var title: String
    public var seconds: Double
    /// Tables with rows that nobody could read while it ran: those that it changed, not those it made.
    public var held: [String]
    /// Those of them that were written anew, which takes as long as they are large.
    public var rewritten: [String]
}

extension Migrations {
    /// Runs what is pending in one transaction, so that whatever stops it, even a lost machine, leaves
    /// everything as it was.
    ///
    /// - Parameters:
    ///   - before: looks at what is there, in the transaction, before anything changes.
    ///   - prove: looks at the result; when it throws, nothing is kept.
    public func runTogether(
        on connection: Connection, before: (Connection) throws -> Void,
        prove: (Connection) throws -> Void
    ) throws -> [MigrationRun] {
        try connection.run("SELECT pg_advisory_lock(\(Migrations.lock))")
        defer { _ = try? connection.run("SELECT pg_advisory_unlock(\(Migrations.lock))") }
        try connection.runScript(Migrations.table)
        let pending = try pending(on: connection)
        return try connection.transaction { connection in
            try before(connection)
            var runs: [MigrationRun] = []
            for migration in pending {
                runs.append(try timed(migration, on: connection))
            }
            try prove(connection)
            return runs
        }
    }

    private func timed(_ migration: Migration, on connection: Connection) throws -> MigrationRun {
        let before = try stored(connection)
        let start = ContinuousClock.now
        do {
            try perform(migration, on: connection)
            // As its own commit would do: what waits is checked, what it set for itself is gone.
            try connection.runScript(Migrations.betweenTransactions)
        } catch let error as DatabaseError {
            throw MigrationError(migration, error)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let after = try stored(connection)
        let known = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) })
        let changed = after.filter { known[$0.id]?.isHeld == false && $0.isHeld }
        return MigrationRun(
            title: migration.title, seconds: seconds, held: changed.map(\.name),
            rewritten: after.filter { table in
                known[table.id].map { $0.file != table.file } ?? false
            }.map(\.name))
    }

    /// Every table, where its rows are, and whether this transaction keeps readers from it.
    private func stored(_ connection: Connection) throws -> [StoredTable] {
        try connection.all(
            """
            SELECT c.oid::bigint AS id, c.relname::text AS name,
                coalesce(pg_relation_filenode(c.oid), 0)::bigint AS file,
                EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.granted
                    AND l.pid = pg_backend_pid() AND l.mode = 'AccessExclusiveLock') AS is_held
            FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            ORDER BY c.relname
            """)
    }

    private struct StoredTable: Record {
        let id: Int
        let name: String
        let file: Int
        let isHeld: Bool

        init(row: Row) throws {
            id = try row["id"]
            name = try row["name"]
            file = try row["file"]
            isHeld = try row["is_held"]
        }
    }

    private static let betweenTransactions = """
        SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;
        RESET lock_timeout; RESET statement_timeout;
        SELECT set_config(name, '', true) FROM unnest(ARRAY['app.organisation', 'app.user',
            'app.user_name', 'app.now', 'app.hidden']) AS settings(name)
        """
}
