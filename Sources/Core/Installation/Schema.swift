import Basics
import Database

/// Brings a database up to date.
public enum Schema {
    /// What the schema builds on. The private cluster has them already; elsewhere the owner of the
    /// database may create them, since PostgreSQL trusts these.
    static let extensions = ["btree_gin", "btree_gist", "unaccent", "pg_trgm", "pgcrypto"]

    /// Runs what is pending as the owner of the database and answers it. `runtimeRole` is the role that
    /// runs the program: the migrations grant to it what it needs.
    @discardableResult
    public static func migrate(
        _ migrations: [Migration], owner: Connection, runtimeRole: String,
        log: (String) -> Void = { _ in }
    ) throws -> [Migration] {
        try prepare(owner, runtimeRole)
        return try Migrations(migrations).run(on: owner, log: log)
    }

    /// The same, all of it or nothing: `prove` looks at the result before it is kept.
    static func migrateTogether(
        _ migrations: [Migration], owner: Connection, runtimeRole: String,
        before: (Connection) throws -> Void, prove: (Connection) throws -> Void
    ) throws -> [MigrationRun] {
        try prepare(owner, runtimeRole)
        return try Migrations(migrations).runTogether(on: owner, before: before, prove: prove)
    }

    private static func prepare(_ owner: Connection, _ runtimeRole: String) throws {
        try makeExtensions(owner)
        let ownerRole: String? = try owner.value("SELECT current_user::text")
        let granted = runtimeRole == ownerRole ? "" : runtimeRole
        try owner.run("SELECT set_config('comptoir.runtime_role', \(granted), false)")
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
