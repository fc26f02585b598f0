@testable import Database
import DatabaseTesting
import Glibc
import Synchronization
import Testing

@Suite struct PoolTests {
    @Test func aThreadWaitsForAFreeConnectionAndNotForEver() throws {
        let pool = Pool(
            connectionString: TestCluster.shared.strings.runtime, size: 2, waitSeconds: 0.05)
        try pool.withConnection { _ in
            try pool.withConnection { _ in
                let error = try databaseError { try pool.withConnection { _ in } }
                #expect(error.kind == .unavailable)
                #expect(pool.usage == (2, 0))
            }
            try pool.withConnection { _ in }
        }
        #expect(pool.usage == (2, 2))
    }

    @Test func manyThreadsShareFewConnections() throws {
        let pool = Pool(
            connectionString: TestCluster.shared.strings.runtime, size: 3, waitSeconds: 30)
        let done = Atomic(0)
        inThreads(12) { _ in
            for number in 1...50 {
                let answer = try? pool.withConnection { connection -> Int? in
                    try connection.value("SELECT \(number)")
                }
                if answer == number { done.add(1, ordering: .relaxed) }
            }
        }
        #expect(done.load(ordering: .relaxed) == 600)
        #expect(pool.usage.open <= 3)
    }

    @Test func aConnectionThatBrokeIsReplaced() throws {
        let pool = Pool(connectionString: TestCluster.shared.strings.runtime, size: 1)
        let other = try Connection(TestCluster.shared.strings.runtime)
        func backend(_ connection: Connection) throws -> Int {
            try #require(try connection.value("SELECT pg_backend_pid()") as Int?)
        }
        // While it is in use: its user learns of it.
        let error = try databaseError {
            try pool.withConnection { connection in
                let id = try backend(connection)
                try other.run("SELECT pg_terminate_backend(\(id)::int)")
                try connection.transaction { try $0.run("SELECT 1") }
            }
        }
        #expect(error.kind == .unavailable)
        #expect(pool.usage == (0, 0))
        // While it is idle: its next user does not.
        let id = try pool.withConnection(backend)
        try other.run("SELECT pg_terminate_backend(\(id)::int, 5000)")
        let next = try pool.withConnection(backend)
        #expect(next != id)
        #expect(pool.usage == (1, 1))
    }

    @Test func aTransactionLeftOpenByAScriptIsNotHandedOn() throws {
        let pool = Pool(connectionString: TestCluster.shared.strings.runtime, size: 1)
        try pool.withConnection { try $0.runScript("BEGIN") }
        #expect(pool.usage == (0, 0))
        try pool.withConnection { try $0.transaction { try $0.run("SELECT 1") } }
    }

    @Test func aClosedPoolGivesNothing() throws {
        let pool = Pool(connectionString: TestCluster.shared.strings.runtime, size: 2)
        try pool.withConnection { _ in
            try pool.withConnection { _ in }
            pool.close()
            #expect(pool.usage == (1, 0))
        }
        #expect(pool.usage == (0, 0))
        #expect(try databaseError { try pool.withConnection { _ in } }.kind == .unavailable)
    }

    @Test func theDatabaseGoneIsUnavailableAtOnceAndItsReturnIsNoticed() throws {
        let own = try TestCluster()
        let pool = Pool(connectionString: own.strings.runtime, size: 2)
        func works() -> Bool {
            (try? pool.withConnection { try $0.run("SELECT 1") }) == 1
        }
        #expect(works())
        try own.cluster.stop()
        let start = ContinuousClock.now
        for _ in 1...3 {
            let error = try databaseError { try pool.withConnection { try $0.run("SELECT 1") } }
            #expect(error.kind == .unavailable)
        }
        #expect(ContinuousClock.now - start < .seconds(1))
        _ = try own.cluster.start()
        #expect(works())
        try own.cluster.stop()
    }

    @Test func notificationsArriveWhenTheirTransactionCommits() throws {
        struct Refusal: Error {}
        let listener = try ownDatabase()
        try listener.listen(to: "Journal")
        let sender = try Connection(
            TestCluster.shared.cluster.strings(database: listener.database).owner)
        #expect(try listener.notifications(waitSeconds: 0) == [])
        #expect(throws: Refusal.self) {
            try sender.transaction {
                try $0.run("SELECT pg_notify('Journal', 'undone')")
                throw Refusal()
            }
        }
        try sender.transaction { try $0.run("SELECT pg_notify('Journal', \("kept"))") }
        let arrived = try listener.notifications(waitSeconds: 10)
        #expect(arrived == [Notification(channel: "Journal", payload: "kept")])
        let backend: Int? = try listener.value("SELECT pg_backend_pid()")
        try sender.run(
            "SELECT pg_terminate_backend(\(backend)::int, 5000)")
        let error = try databaseError { try listener.notifications(waitSeconds: 10) }
        #expect(error.kind == .unavailable)
    }

    @Test func countersHaveNoGapsWhenTransactionsAreRolledBack() throws {
        struct Refusal: Error {}
        let strings = try TestCluster.shared.makeDatabase()
        let owner = try Connection(strings.owner)
        try owner.runScript(
            """
            CREATE TABLE counters (series text PRIMARY KEY, last bigint NOT NULL);
            CREATE TABLE invoices (number bigint PRIMARY KEY)
            """)
        let pool = Pool(connectionString: strings.owner, size: 8, waitSeconds: 30)
        let failures = Atomic(0)
        inThreads(8) { thread in
            for turn in 0..<50 {
                do {
                    try pool.withConnection { connection in
                        try connection.transaction { connection in
                            let number: Int? = try connection.value(
                                """
                                INSERT INTO counters VALUES ('invoice', 1)
                                ON CONFLICT (series) DO UPDATE SET last = counters.last + 1
                                RETURNING last
                                """)
                            try connection.run("INSERT INTO invoices VALUES (\(number))")
                            if (thread + turn) % 4 == 0 { throw Refusal() }
                        }
                    }
                } catch is Refusal {
                } catch {
                    failures.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(failures.load(ordering: .relaxed) == 0)
        let numbers: [Int] = try owner.values("SELECT number FROM invoices ORDER BY number")
        #expect(numbers == Array(1...300))
        #expect(try owner.value("SELECT last FROM counters") == 300)
    }
}
