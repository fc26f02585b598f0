@testable import Database
import DatabaseTesting
import Testing

private enum Status: String, SQLBindable, SQLDecodable, Equatable {
    case draft, issued
}

private struct Everything: Record, Equatable {
    var number: Int
    var long: Int64
    var text: String
    var flag: Bool
    var bytes: [UInt8]
    var names: [String]
    var numbers: [Int]
    var status: Status
    var absent: String?
    var present: Int?

    init(row: Row) throws {
        number = try row["number"]
        long = try row["long"]
        text = try row["text"]
        flag = try row["flag"]
        bytes = try row["bytes"]
        names = try row["names"]
        numbers = try row["numbers"]
        status = try row["status"]
        absent = try row["absent"]
        present = try row["present"]
    }
}

private struct Text: Record {
    let text: String
    init(row: Row) throws { text = try row["text"] }
}

@Suite struct ConnectionTests {
    @Test func everyTypeComesBackAsItWent() throws {
        let connection = try ownDatabase()
        let absent: String? = nil
        let row: Everything? = try connection.first(
            """
            SELECT \(Int.min) AS number, \(Int64.max) AS long, \("é'\"\\") AS text,
                \(true) AS flag, \([UInt8](0...255)) AS bytes, \(["a,b", "", "\"\\"]) AS names,
                \([Int.min, 0, 5]) AS numbers, \(Status.issued) AS status,
                \(absent) AS absent, \(Optional(3)) AS present
            """)
        let found = try #require(row)
        #expect(found.number == Int.min && found.long == Int64.max)
        #expect(found.text == "é'\"\\" && found.flag)
        #expect(found.bytes == [UInt8](0...255))
        #expect(found.names == ["a,b", "", "\"\\"])
        #expect(found.numbers == [Int.min, 0, 5])
        #expect(found.status == .issued && found.absent == nil && found.present == 3)
    }

    @Test func hostileTextsSurviveTheRoundTrip() throws {
        let connection = try ownDatabase("CREATE TABLE t (id bigint, text text)")
        for (id, text) in hostileTexts.enumerated() {
            try connection.run("INSERT INTO t VALUES (\(id), \(text))")
        }
        let texts: [Text] = try connection.all("SELECT text FROM t ORDER BY id")
        #expect(texts.map(\.text) == hostileTexts)
        let same: [String]? = try connection.value("SELECT \(hostileTexts)")
        #expect(same == hostileTexts)
    }

    @Test func aTextWithAZeroByteIsRefusedAndNotCutShort() throws {
        let connection = try ownDatabase("CREATE TABLE t (text text)")
        let error = try databaseError { try connection.run("INSERT INTO t VALUES (\("a\0b"))") }
        #expect(error.sqlState == "22021")
        #expect(try connection.value("SELECT count(*) FROM t") == 0)
    }

    @Test func readingAWrongColumnNamesIt() throws {
        let connection = try ownDatabase()
        func message(_ sql: SQL) throws -> String {
            let error = try databaseError { try connection.first(sql) as Text? }
            return error.message
        }
        #expect(try message("SELECT 1 AS other") == "there is no column text")
        #expect(try message("SELECT NULL AS text") == "column text is NULL")
        let twice = try message("SELECT 'a' AS text, 'b' AS text")
        #expect(twice == "column text is in the result twice")
        struct Flag: Record {
            let flag: Bool
            init(row: Row) throws { flag = try row["flag"] }
        }
        let error = try databaseError {
            let _: [Flag] = try connection.all("SELECT 'secret' AS flag")
        }
        #expect(error.description.contains("column flag is not a value of Bool"))
        #expect(!error.description.contains("secret"))
    }

    @Test func valuesAndAffectedRows() throws {
        let connection = try ownDatabase("CREATE TABLE t (id bigint)")
        #expect(try connection.run("INSERT INTO t SELECT generate_series(1, 5)") == 5)
        #expect(try connection.run("UPDATE t SET id = id + 1 WHERE id > \(3)") == 2)
        #expect(try connection.values("SELECT id FROM t ORDER BY id") == [1, 2, 3, 5, 6])
        let none: Int? = try connection.value("SELECT id FROM t WHERE id = \(99)")
        #expect(none == nil)
        let null: Int? = try connection.value("SELECT NULL::bigint")
        #expect(null == nil)
        #expect(throws: DatabaseError.self) {
            let _: [Int] = try connection.values("SELECT NULL::bigint")
        }
    }

    @Test func numbersOutOfRangeAreRefused() throws {
        let connection = try ownDatabase()
        let smallest: Int? = try connection.value("SELECT -9223372036854775808")
        #expect(smallest == Int.min)
        for text in ["9223372036854775808", "1.5", "-", "", "1e3"] as [String] {
            #expect(throws: DatabaseError.self, "\(text)") {
                let _: Int? = try connection.value("SELECT \(text)")
            }
        }
    }

    @Test func statementsArePreparedOnceAndTheLeastRecentlyUsedLeave() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let connection = try Connection(strings.owner, preparedLimit: 3)
        func held() throws -> [String] {
            let texts: [String] = try connection.values(
                "SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
            return texts.filter { $0.hasPrefix("SELECT 'x") }
        }
        for _ in 1...3 { try connection.run("SELECT 'x1', \(1)") }
        try connection.run("SELECT 'x2'")
        #expect(try held() == ["SELECT 'x1', $1", "SELECT 'x2'"])
        try connection.run("SELECT 'x1', \(1)")
        try connection.run("SELECT 'x3'")
        #expect(try held() == ["SELECT 'x1', $1", "SELECT 'x3'"])
        try connection.transaction(isolation: .serializable) { connection in
            for number in 1...20 { try connection.run("SELECT 'x1', \(number)") }
            for _ in 1...3 { _ = try held() }
        }
        let count: Int? = try connection.value("SELECT count(*) FROM pg_prepared_statements")
        #expect(try #require(count) <= 4)
    }

    @Test func aStatementThatFailsToPrepareCanBeTriedAgain() throws {
        let connection = try ownDatabase()
        #expect(throws: DatabaseError.self) { try connection.run("SELECT * FROM late") }
        try connection.runScript("CREATE TABLE late (id bigint)")
        #expect(try connection.run("SELECT * FROM late") == 0)
    }

    @Test func aChangedTableIsPreparedAnew() throws {
        let connection = try ownDatabase("CREATE TABLE t (text text); INSERT INTO t VALUES ('a')")
        func read() throws -> Int {
            let rows: [Text] = try connection.all("SELECT * FROM t")
            return rows.count
        }
        #expect(try read() == 1)
        try connection.runScript("ALTER TABLE t ADD COLUMN more bigint")
        #expect(try read() == 1)
        try connection.runScript("ALTER TABLE t ADD COLUMN evenMore bigint")
        #expect(try connection.transaction(settings: [("app.x", "1")]) { _ in try read() } == 1)
        try connection.runScript("ALTER TABLE t DROP COLUMN more")
        let error = try databaseError {
            try connection.transaction { connection in
                try connection.run("SELECT 1")
                _ = try read()
            }
        }
        #expect(error.kind == .serialization)
        #expect(try connection.transaction { _ in try read() } == 1)
    }

    @Test func statementsTheServerForgotAreMadeAgain() throws {
        let connection = try ownDatabase()
        try connection.run("SELECT 1")
        try connection.runScript("DEALLOCATE ALL")
        #expect(try connection.run("SELECT 1") == 1)
    }

    @Test func aNameTheServerForgotIsNobodysError() throws {
        let strings = try TestCluster.shared.makeDatabase()
        let connection = try Connection(strings.owner, preparedLimit: 1)
        try connection.runScript("CREATE TABLE t (id bigint)")
        try connection.pipeline(["SELECT 1", "SELECT 2", "SELECT 3"])
        try connection.runScript("DEALLOCATE ALL")
        for _ in 1...3 { try connection.run("INSERT INTO t VALUES (1)") }
        #expect(try connection.value("SELECT count(*) FROM t") == 3)
        let held: [String] = try connection.values("SELECT name FROM pg_prepared_statements")
        #expect(held.count <= 2)
    }

    @Test func aPipelineIsOneRoundTripAndAllOrNothing() throws {
        let connection = try ownDatabase("CREATE TABLE t (id bigint PRIMARY KEY)")
        let before = connection.roundTripCount
        let counts = try connection.pipeline((1...50).map { "INSERT INTO t VALUES (\($0))" })
        #expect(connection.roundTripCount == before + 1)
        #expect(counts == Array(repeating: 1, count: 50))
        let error = try databaseError {
            try connection.pipeline([
                "INSERT INTO t VALUES (\(100))", "INSERT INTO t VALUES (\(1))", "SELECT 1/0",
            ])
        }
        #expect(error.kind == .constraint(.unique))
        #expect(try connection.value("SELECT count(*) FROM t") == 50)
    }

    @Test func aPipelineLargerThanTheSocketsBuffersGoesThrough() throws {
        let connection = try ownDatabase("CREATE TABLE t (text text)")
        let text = String(repeating: "x", count: 100_000)
        try connection.pipeline(
            (1...100).map { _ in "INSERT INTO t VALUES (\(text)) RETURNING text" })
        #expect(try connection.value("SELECT sum(length(text)) FROM t") == 10_000_000)
    }

    @Test func copyRunsThroughCopyInOnly() throws {
        let connection = try ownDatabase("CREATE TABLE t (text text)")
        let error = try databaseError { try connection.run("COPY t FROM STDIN") }
        #expect(error.message.contains("copyIn"))
        #expect(connection.isBroken)
        #expect(try databaseError { try connection.run("SELECT 1") }.kind == .unavailable)
    }

    @Test func recordedStatementsCanBeChecked() throws {
        let connection = try ownDatabase()
        StatementRecorder.install()
        defer { StatementRecorder.uninstall() }
        try connection.run("SELECT \(1) + \(2)")
        try connection.run("SELECT \(3) + \(4)")
        try connection.pipeline(["SELECT 'sent'"])
        try connection.each("SELECT 'each'") { _ in }
        let own = StatementRecorder.recordedStatements.filter {
            $0.database == connection.database
        }
        #expect(own.map(\.text) == ["SELECT $1 + $2", "SELECT 'each'", "SELECT 'sent'"])
        for statement in own { try connection.check(statement) }
        let wrong = StatementRecorder.Statement(
            text: "SELECT nothing", types: [], database: connection.database)
        #expect(throws: DatabaseError.self) { try connection.check(wrong) }
    }
}
