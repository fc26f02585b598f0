import Database
import DatabaseTesting
import Glibc
import Synchronization
import Testing

@Suite struct MigrationTests {
    private let first = Migration(number: 1, name: "clients", sql: "CREATE TABLE clients (id int);")
    private let second = Migration(
        number: 2, name: "orders",
        sql: "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1);")

    private func tables(_ connection: Connection) throws -> [String] {
        try connection.values(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    }

    private func migrationError(_ body: () throws -> some Any) throws -> MigrationError {
        try #require(#expect(throws: MigrationError.self) { _ = try body() })
    }

    @Test func eachRunsOnceAndInOrder() throws {
        let connection = try ownDatabase()
        let migrations = try Migrations([second, first])
        #expect(try migrations.pending(on: connection) == [first, second])
        var said: [String] = []
        #expect(try migrations.run(on: connection, log: { said.append($0) }) == [first, second])
        #expect(said == ["migration 0001-clients done", "migration 0002-orders done"])
        #expect(try tables(connection) == ["clients", "orders", "schema_migrations"])
        #expect(try migrations.pending(on: connection) == [])
        #expect(try migrations.run(on: connection) == [])
        let third = Migration(number: 3, name: "more", sql: "SELECT 1")
        #expect(try Migrations([first, second, third]).run(on: connection) == [third])
        let checksum: String? = try connection.value(
            "SELECT checksum FROM schema_migrations WHERE number = 3")
        #expect(checksum == "e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5")
    }

    @Test func aChangedMigrationIsRefused() throws {
        let connection = try ownDatabase()
        try Migrations([first]).run(on: connection)
        let changed = Migration(number: 1, name: "clients", sql: first.sql + " ")
        let error = try migrationError { try Migrations([changed, second]).run(on: connection) }
        #expect(error == .changed(title: "0001-clients"))
        #expect(try tables(connection) == ["clients", "schema_migrations"])
    }

    @Test func aNewerDatabaseIsRefused() throws {
        let connection = try ownDatabase()
        try Migrations([first, second]).run(on: connection)
        let error = try migrationError { try Migrations([first]).run(on: connection) }
        #expect(error == .databaseIsNewer(number: 2, known: 1))
    }

    @Test func aFailingMigrationIsUndoneWholly() throws {
        let connection = try ownDatabase()
        let failing = Migration(
            number: 2, name: "fails", sql: "CREATE TABLE half (id int);\n\nSELECT nothing;")
        let error = try migrationError { try Migrations([first, failing]).run(on: connection) }
        guard case .failed(let title, let line, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(title == "0002-fails" && line == 3)
        #expect(try tables(connection) == ["clients", "schema_migrations"])
        #expect(try Migrations([first, second]).run(on: connection) == [second])
    }

    @Test(arguments: ["COMMIT", "ROLLBACK", "COMMIT; BEGIN; SELECT 1", "ROLLBACK; BEGIN"])
    func aMigrationThatEndsItsTransactionIsRefused(script: String) throws {
        let connection = try ownDatabase()
        let migration = Migration(number: 1, name: "ends", sql: script)
        let error = try migrationError { try Migrations([migration]).run(on: connection) }
        #expect(error == .endsItsTransaction(title: "0001-ends"))
        #expect(try connection.value("SELECT count(*) FROM schema_migrations") == 0)
    }

    @Test func aSearchPathOfOneMigrationDoesNotReachTheNext() throws {
        let connection = try ownDatabase()
        let sets = Migration(
            number: 1, name: "sets", sql: "CREATE SCHEMA s; SET search_path = s; CREATE TABLE a ()")
        let next = Migration(number: 2, name: "next", sql: "CREATE TABLE b ()")
        #expect(try Migrations([sets, next]).run(on: connection).count == 2)
        #expect(try tables(connection) == ["b", "schema_migrations"])
    }

    @Test func programsThatStartTogetherTakeTurns() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let migrations = try Migrations([
            first, second,
            Migration(number: 3, name: "slow", sql: "SELECT pg_sleep(0.2); CREATE TABLE slow ()"),
        ])
        let ran = Mutex<[Int]>([])
        let failures = Mutex<[String]>([])
        inThreads(4) { _ in
            do {
                let done = try migrations.run(on: Connection(strings.owner))
                ran.withLock { $0 += done.map(\.number) }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(ran.withLock { $0 } == [1, 2, 3])
    }

    @Test func filesAreOneSeriesOverAllFolders() throws {
        let folder = try TestCluster.makeFolder()
        func write(_ name: String, _ text: String) throws {
            let file = try #require(fopen(folder + "/" + name, "w"))
            fputs(text, file)
            fclose(file)
        }
        mkdir(folder + "/Orders", 0o755)
        try write("0001-clients.sql", "SELECT 'é'")
        try write("Orders/0002-orders.sql", "SELECT 2")
        try write("README.md", "not a migration")
        let loaded = try Migrations.load(folder: folder)
        #expect(loaded.map(\.title) == ["0001-clients", "0002-orders"])
        #expect(loaded.map(\.sql) == ["SELECT 'é'", "SELECT 2"])
        try write("0004-late.sql", "")
        #expect(try migrationError { try Migrations.load(folder: folder) } == .gap(missing: 3))
        try write("Orders/0003-a.sql", "")
        try write("0003-b.sql", "")
        #expect(
            try migrationError { try Migrations.load(folder: folder) } == .duplicate(number: 3))
        try write("new.sql", "")
        #expect(
            try migrationError { try Migrations.load(folder: folder) } == .badFileName("new.sql"))
        #expect(
            try migrationError { try Migrations.load(folder: folder + "/none") }
                == .unreadable(path: folder + "/none"))
    }
}
