import Basics
import Database

/// Brings a database up to date.
public enum Schema {
    /// What the schema builds on. The private cluster has them already; elsewhere the owner of the
    /// database may create them, since PostgreSQL trusts these.
    static let extensions: [String] = [
        "btree_gin", "btree_gist", "unaccent", "pg_trgm", "pgcrypto",
    ]

    /// Runs what is pending as the owner of the database and answers it. `runtimeRole` is the role that
    /// runs the program: the migrations grant to it what it needs.
    @discardableResult
    public static func migrate(
        _ migrations: [Migration], owner: Connection, runtimeRole: String,
        log: (String) -> Void = { _ in }
    ) throws -> [Migration] {
        let granted = try prepare(owner, runtimeRole)
        let done = try Migrations(migrations).run(on: owner, log: log)
        if !granted.isEmpty { try letRead(granted, owner) }
        return done
    }

    /// The same, all of it or nothing: `prove` looks at the result before it is kept.
    static func migrateTogether(
        _ migrations: [Migration], owner: Connection, runtimeRole: String,
        before: (Connection) throws -> Void, prove: (Connection) throws -> Void
    ) throws -> [MigrationRun] {
        let granted = try prepare(owner, runtimeRole)
        let done = try Migrations(migrations).runTogether(
            on: owner, before: before, prove: prove)
        if !granted.isEmpty { try letRead(granted, owner) }
        return done
    }

    /// Answers the role that is granted what it needs; empty when it owns the tables.
    private static func prepare(_ owner: Connection, _ runtimeRole: String) throws -> String {
        try makeExtensions(owner)
        let ownerRole: String? = try owner.value("SELECT current_user::text")
        let granted = runtimeRole == ownerRole ? "" : runtimeRole
        try owner.run("SELECT set_config('comptoir.runtime_role', \(granted), false)")
        return granted
    }

    /// The program compares what it knows with what ran, to say whether it can work.
    private static func letRead(_ role: String, _ owner: Connection) throws {
        let statement: String? = try owner.value(
            """
            SELECT format('GRANT SELECT ON schema_migrations TO %I', \(role)::text)
            WHERE NOT has_table_privilege(\(role)::text, 'schema_migrations', 'SELECT')
            """)
        if let statement { try owner.runScript(statement) }
    }

    private static func makeExtensions(_ owner: Connection) throws {
        let present: [String] = try owner.values("SELECT extname::text FROM pg_extension")
        for name in extensions where !present.contains(name) {
            do {
                try owner.runScript("CREATE EXTENSION IF NOT EXISTS \(name)")
            } catch let error as DatabaseError {
                throw InstallationError.extensionMissing(name: name, reason: error.message)
            }
        }
    }
}
