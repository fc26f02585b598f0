import Database
import DatabaseTesting
import Synchronization
import Testing

private struct Refusal: Error {}

@Suite struct TransactionTests {
    private let table = "CREATE TABLE t (id bigint PRIMARY KEY)"

    private func ids(_ connection: Connection) throws -> [Int] {
        try connection.values("SELECT id FROM t ORDER BY id")
    }

    @Test func whatReturnsIsKeptAndWhatThrowsIsNot() throws {
        let connection = try ownDatabase(table)
        let answer = try connection.transaction { connection in
            try connection.run("INSERT INTO t VALUES (1)")
            return "kept"
        }
        #expect(answer == "kept")
        #expect(throws: Refusal.self) {
            try connection.transaction { connection in
                try connection.run("INSERT INTO t VALUES (2)")
                throw Refusal()
            }
        }
        #expect(try ids(connection) == [1])
    }

    @Test func aReadWithSettingsIsOneRoundTripAndItsCommitAnother() throws {
        let connection = try ownDatabase()
        func read() throws -> (inside: Int, all: Int) {
            let start = connection.roundTripCount
            var inside = 0
            try connection.transaction(settings: [("app.a", "1"), ("app.b", "2")], readOnly: true) {
                let text: String? = try $0.value("SELECT current_setting('app.a')")
                #expect(text == "1")
                inside = connection.roundTripCount - start
            }
            return (inside, connection.roundTripCount - start)
        }
        #expect(try read() == (1, 2))
        #expect(try read() == (1, 2))
    }

    @Test func aTransactionWithoutStatementsNeverReachesTheServer() throws {
        let connection = try ownDatabase()
        let start = connection.roundTripCount
        try connection.transaction(settings: [("app.a", "1")]) { try $0.savepoint { _ in } }
        #expect(throws: Refusal.self) { try connection.transaction { _ in throw Refusal() } }
        #expect(connection.roundTripCount == start)
        let left: String? = try connection.value("SELECT current_setting('app.a', true)")
        #expect(left == nil)
    }

    @Test func readOnlyAndIsolationReachTheServer() throws {
        let connection = try ownDatabase(table)
        let refused = try databaseError {
            try connection.transaction(readOnly: true) { try $0.run("INSERT INTO t VALUES (1)") }
        }
        #expect(refused.sqlState == "25006")
        for (isolation, name) in [
            (Isolation.readCommitted, "read committed"), (.repeatableRead, "repeatable read"),
            (.serializable, "serializable"),
        ] {
            let level: String? = try connection.transaction(isolation: isolation) {
                try $0.value("SELECT current_setting('transaction_isolation')")
            }
            #expect(level == name)
        }
    }

    @Test func aSwallowedErrorCannotBeCommitted() throws {
        let connection = try ownDatabase(table)
        let error = try databaseError {
            try connection.transaction { connection in
                try connection.run("INSERT INTO t VALUES (1)")
                _ = try? connection.run("SELECT 1/0")
            }
        }
        #expect(error.sqlState == "25P02")
        #expect(try ids(connection) == [])
    }

    @Test func aConstraintCheckedAtTheEndFailsTheTransaction() throws {
        let connection = try ownDatabase(
            "CREATE TABLE t (id bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        let error = try databaseError {
            try connection.transaction {
                try $0.run("INSERT INTO t VALUES (1), (1)")
            }
        }
        #expect(error.kind == .constraint(.unique))
        #expect(try ids(connection) == [])
        try connection.transaction { try $0.run("INSERT INTO t VALUES (1)") }
        #expect(try ids(connection) == [1])
    }

    @Test func transactionsDoNotNestButSavepointsDo() throws {
        let connection = try ownDatabase(table)
        try connection.transaction { connection in
            try connection.run("INSERT INTO t VALUES (1)")
            _ = try databaseError { try connection.transaction { _ in } }
            #expect(throws: Refusal.self) {
                try connection.savepoint { connection in
                    try connection.run("INSERT INTO t VALUES (2)")
                    throw Refusal()
                }
            }
            try connection.savepoint { connection in
                try connection.run("INSERT INTO t VALUES (3)")
                let twice = try databaseError {
                    try connection.savepoint { try $0.run("INSERT INTO t VALUES (4), (1)") }
                }
                #expect(twice.kind == .constraint(.unique))
                try connection.run("INSERT INTO t VALUES (5)")
            }
        }
        #expect(try ids(connection) == [1, 3, 5])
        _ = try databaseError { try connection.savepoint { _ in } }
    }

    @Test func aSavepointThatIsTheFirstThingUndoesItselfAlone() throws {
        let connection = try ownDatabase(table)
        try connection.transaction(settings: [("app.a", "7")]) { connection in
            #expect(throws: Refusal.self) { try connection.savepoint { _ in throw Refusal() } }
            _ = try databaseError { try connection.savepoint { try $0.run("SELECT 1/0") } }
            _ = try databaseError {
                try connection.savepoint { connection in
                    _ = try? connection.run("SELECT 1/0")
                }
            }
            try connection.run("INSERT INTO t SELECT current_setting('app.a')::bigint")
        }
        #expect(try ids(connection) == [7])
    }

    @Test func aFailingFirstPipelineLeavesTheConnectionUsable() throws {
        let connection = try ownDatabase(table)
        let error = try databaseError {
            try connection.transaction(settings: [("app.a", "1")]) {
                try $0.pipeline(["INSERT INTO t VALUES (1)", "SELECT 1/0", "SELECT 2"])
            }
        }
        #expect(error.sqlState == "22012")
        #expect(try ids(connection) == [])
    }

    @Test func serializationFailuresAndDeadlocksAreToldApart() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let first = try Connection(strings.owner)
        let second = try Connection(strings.owner)
        try first.runScript("CREATE TABLE t (id bigint, n bigint); INSERT INTO t VALUES (1, 0)")
        let error = try databaseError {
            try first.transaction(isolation: .repeatableRead) { first in
                try first.run("SELECT * FROM t")
                try second.run("UPDATE t SET n = 1")
                try first.run("UPDATE t SET n = 2")
            }
        }
        #expect(error.kind == .serialization)
        let kinds = Mutex<[DatabaseError.Kind]>([])
        let holding = Atomic(0)
        try first.run("INSERT INTO t VALUES (2, 0)")
        inThreads(2) { thread in
            do {
                let connection = try Connection(strings.owner)
                try connection.transaction { connection in
                    try connection.run("UPDATE t SET n = 3 WHERE id = \(thread + 1)")
                    holding.add(1, ordering: .sequentiallyConsistent)
                    eventually("both hold a row") {
                        holding.load(ordering: .sequentiallyConsistent) == 2
                    }
                    try connection.run("UPDATE t SET n = 3 WHERE id = \(2 - thread)")
                }
            } catch {
                kinds.withLock { $0.append((error as? DatabaseError)?.kind ?? .other) }
            }
        }
        #expect(kinds.withLock { $0 } == [.deadlock])
    }
}

@Suite struct OrganisationTests {
    /// Two organisations under a policy, as migrations set it up, and the role that runs.
    private func strings() throws -> Cluster.ConnectionStrings {
        let migration = Migration(
            number: 1, name: "isolation",
            sql: """
                CREATE TABLE notes (organisation_id uuid NOT NULL, text text NOT NULL);
                ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
                ALTER TABLE notes FORCE ROW LEVEL SECURITY;
                CREATE POLICY own ON notes USING (
                    organisation_id = nullif(current_setting('app.organisation', true), '')::uuid);
                GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO comptoir;
                """)
        return try TestCluster.shared.makeDatabase(migrations: [migration])
    }

    private let a = "00000000-0000-0000-0000-00000000000a"
    private let b = "00000000-0000-0000-0000-00000000000b"

    @Test func twoOrganisationsSeeTheirOwnRowsOnly() throws {
        let strings = try strings()
        let pool = Pool(connectionString: strings.runtime, size: 1)
        for organisation in [a, b] {
            try pool.withConnection { connection in
                try connection.transaction(settings: [("app.organisation", organisation)]) {
                    try $0.run(
                        "INSERT INTO notes VALUES (\(organisation)::uuid, \("of " + organisation))")
                }
            }
        }
        func texts(_ settings: [(name: String, value: String)]) throws -> [String] {
            try pool.withConnection { connection in
                try connection.transaction(settings: settings) {
                    try $0.values("SELECT text FROM notes ORDER BY text")
                }
            }
        }
        #expect(try texts([("app.organisation", a)]) == ["of " + a])
        #expect(try texts([("app.organisation", b)]) == ["of " + b])
        #expect(try texts([]) == [])
        let foreign = try databaseError {
            try pool.withConnection { connection in
                try connection.transaction(settings: [("app.organisation", a)]) {
                    try $0.run("INSERT INTO notes VALUES (\(b)::uuid, 'smuggled')")
                }
            }
        }
        #expect(foreign.kind == .insufficientPrivilege)
        // The owner of the table is bound as well; only the backup reads everything.
        #expect(try Connection(strings.owner).value("SELECT count(*) FROM notes") == 0)
        #expect(try Connection(strings.backup).value("SELECT count(*) FROM notes") == 2)
        #expect(throws: DatabaseError.self) {
            try Connection(strings.backup).run("DELETE FROM notes")
        }
    }

    @Test func settingsNeverReachTheNextUserOfAConnection() throws {
        struct Refusal: Error {}
        let pool = Pool(connectionString: try strings().runtime, size: 1)
        let settings = [(name: "app.organisation", value: a)]
        func identity() throws -> (backend: Int, organisation: String) {
            try pool.withConnection { connection in
                let backend: Int? = try connection.value("SELECT pg_backend_pid()")
                let organisation: String? = try connection.value(
                    "SELECT coalesce(current_setting('app.organisation', true), '')")
                return (try #require(backend), try #require(organisation))
            }
        }
        let before = try identity()
        #expect(before.organisation == "")
        try pool.withConnection { connection in
            try connection.transaction(settings: settings) { try $0.run("SELECT 1") }
        }
        #expect(try identity() == before)
        #expect(throws: Refusal.self) {
            try pool.withConnection { connection in
                try connection.transaction(settings: settings) {
                    try $0.run("SELECT 1")
                    throw Refusal()
                }
            }
        }
        #expect(try identity() == before)
        #expect(throws: DatabaseError.self) {
            try pool.withConnection { connection in
                try connection.transaction(settings: settings) { try $0.run("SELECT 1/0") }
            }
        }
        #expect(try identity() == before)
        // Announced, but no statement ran: nothing may travel with the next user's statement.
        try pool.withConnection { connection in
            try connection.transaction(settings: settings) { _ in }
        }
        #expect(try identity() == before)
    }

    @Test func theRoleThatRunsIsNeitherSuperuserNorOwner() throws {
        struct Role: Record {
            let superuser: Bool
            let bypasses: Bool
            let creates: Bool
            init(row: Row) throws {
                superuser = try row["rolsuper"]
                bypasses = try row["rolbypassrls"]
                creates = try row["creates"]
            }
        }
        for (string, bypasses) in [
            (TestCluster.shared.strings.runtime, false), (TestCluster.shared.strings.owner, false),
            (TestCluster.shared.strings.backup, true),
        ] {
            let role: Role? = try Connection(string).first(
                """
                SELECT rolsuper, rolbypassrls, rolcreatedb OR rolcreaterole AS creates
                FROM pg_roles WHERE rolname = current_user
                """)
            let found = try #require(role)
            #expect(!found.superuser && !found.creates && found.bypasses == bypasses)
        }
        let runtime = try Connection(TestCluster.shared.strings.runtime)
        let create = try databaseError { try runtime.runScript("CREATE TABLE mine (id bigint)") }
        #expect(create.kind == .insufficientPrivilege)
        let become = try databaseError { try runtime.runScript("SET ROLE comptoir_owner") }
        #expect(become.kind == .insufficientPrivilege)
    }
}
