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
            "roles.runtime", "references.platform",
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

    @Test func aConstraintThatHoldsForSomeRowsOrIsSwitchedOffIsFound() throws {
        let database = try DatabaseUnderCheck()
        try database.owner.runScript(
            """
            ALTER TABLE items ADD CONSTRAINT items_named CHECK (label <> 'x') NOT VALID;
            ALTER TABLE received_files DISABLE TRIGGER received_files_are_kept;
            ALTER TABLE kept_logos ENABLE REPLICA TRIGGER kept_logos_are_kept
            """)
        #expect(
            try database.findings(of: "schema.constraints") == [
                "items.items_named does not hold for every row",
                "kept_logos.kept_logos_are_kept does not hold for every row",
                "received_files.received_files_are_kept does not hold for every row",
            ])
    }

    @Test func whoBelongsNowhereIsFound() throws {
        let database = try DatabaseUnderCheck()
        let administrator = try Connection(
            TestCluster.shared.cluster.administrator(database: database.owner.database))
        try administrator.runScript(
            """
            SET session_replication_role = replica;
            INSERT INTO memberships (organisation_id, user_id, role)
                SELECT gen_random_uuid(), gen_random_uuid(), 'agent' FROM generate_series(1, 3);
            INSERT INTO recovery_codes (user_id, code_hash) VALUES (gen_random_uuid(), 'ab')
            """)
        #expect(
            try database.findings(of: "references.platform") == [
                "rows of memberships that name what is not in organisations (memberships_organisation_id_fkey): 3",
                "rows of memberships that name what is not in users (memberships_user_id_fkey): 3",
                "rows of recovery_codes that name what is not in users (recovery_codes_user_id_fkey): 1",
            ])
    }

    @Test func everyReferenceOfTheSchemaIsLookedInto() throws {
        let owner = try DatabaseUnderCheck().owner
        let asked = try (owner.references(References.bound) + owner.references(References.unbound))
            .flatMap { table in table.references.map { "\(table.name.text).\($0.name)" } }
        let all: [String] = try owner.values(
            """
            SELECT c.relname || '.' || k.conname FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
                AND NOT (c.relrowsecurity AND k.confrelid = 'organisations'::regclass)
            """)
        #expect(all.count > 80)
        #expect(asked.sorted() == all.sorted())
        let withoutOrganisation: [String] = try owner.references(References.bound).filter { table in
            let owns: Bool? = try owner.value(
                """
                SELECT EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = \(table.name.text)::text::regclass
                        AND attname = 'organisation_id')
                """)
            return owns != true
        }.map(\.name.text)
        #expect(withoutOrganisation == [], "the rows of an organisation cannot be told")
    }

    @Test func aRunTimeRoleThatOwnsATableIsFound() throws {
        let database = try DatabaseUnderCheck()
        let runtime = try Connection(database.strings.runtime)
        try database.owner.runScript("GRANT CREATE ON SCHEMA public TO comptoir")
        try runtime.runScript("CREATE TABLE own (id int)")
        #expect(try database.findings(of: "roles.runtime").count == 1)
    }
}
