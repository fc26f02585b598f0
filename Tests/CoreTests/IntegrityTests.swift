import Basics
import Database
import DatabaseTesting
import TestSupport
import Testing

@testable import Core

/// A migrated database of its own, in which a fault may be planted.
private struct DatabaseUnderCheck {
    let strings: Cluster.ConnectionStrings
    let owner: Connection
    let migrations: [Migration]

    init() throws {
        strings = try TestDatabase.make()
        owner = try Connection(strings.owner)
        migrations = try ProgramFolder(TestDatabase.repository).migrations()
    }

    /// What the checks of the installation find, by their name.
    func findings(of name: String, migrations known: [Migration]? = nil) throws -> [String] {
        let check = try #require(Integrity.checks.first { $0.name == name })
        guard case .installation(let run) = check.subject else { return ["is no such check"] }
        return try run(
            InstallationUnderCheck(
                owner: owner, runtime: Connection(strings.runtime),
                migrations: known ?? migrations)
        ).map(\.message)
    }
}

@Suite struct IntegrityTests {
    @Test func aHealthyDatabaseHasNoFindings() throws {
        let database = try DatabaseUnderCheck()
        for name in [
            "schema.migrations", "schema.isolation", "schema.constraints", "schema.indexes",
            "roles.runtime",
        ] {
            #expect(try database.findings(of: name) == [], "\(name)")
        }
    }

    @Test func aMigrationThatHasNotRunOrWasChangedIsFound() throws {
        let database = try DatabaseUnderCheck()
        let more =
            database.migrations + [
                Migration(
                    number: database.migrations.count + 1,
                    name: "more", sql: "SELECT 1")
            ]
        #expect(try database.findings(of: "schema.migrations", migrations: more).count == 1)
        var changed = database.migrations
        changed[0] = Migration(number: 1, name: changed[0].name, sql: "SELECT 2")
        let found = try database.findings(of: "schema.migrations", migrations: changed)
        #expect(found.first?.contains("0001-platform") == true)
    }

    @Test func aTableWithoutItsPolicyIsFound() throws {
        let database = try DatabaseUnderCheck()
        try database.owner.runScript("ALTER TABLE clients NO FORCE ROW LEVEL SECURITY")
        try database.owner.runScript("CREATE TABLE loose (organisation_id uuid NOT NULL)")
        try database.owner.runScript("GRANT SELECT ON search_entries TO comptoir")
        let found = try database.findings(of: "schema.isolation")
        #expect(found.count == 3)
        #expect(found.contains { $0.contains("clients") })
        #expect(found.contains { $0.contains("loose") })
        #expect(found.contains { $0.contains("search_entries") })
    }

    @Test func aRunTimeRoleThatOwnsATableIsFound() throws {
        let database = try DatabaseUnderCheck()
        let runtime = try Connection(database.strings.runtime)
        try database.owner.runScript("GRANT CREATE ON SCHEMA public TO comptoir")
        try runtime.runScript("CREATE TABLE own (id int)")
        #expect(try database.findings(of: "roles.runtime").count == 1)
    }
}
