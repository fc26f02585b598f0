import Database
import DatabaseTesting
import Testing

private struct Refusal: Error {}

@Suite struct BulkTests {
    @Test func copiedTextsComeBackAsTheyWent() throws {
        let connection = try ownDatabase(
            "CREATE TABLE t (id bigint, text text, bytes bytea, names text[], flag boolean)")
        let absent: String? = nil
        let copied = try connection.copyIn("COPY t FROM STDIN") { writer in
            for (id, text) in hostileTexts.enumerated() {
                try writer.row(id, text, Array(text.utf8), [text, "x"], id % 2 == 0)
            }
            try writer.row(-1, absent, [UInt8](0...255), [String](), true)
            #expect(writer.rowCount == hostileTexts.count + 1)
        }
        #expect(copied == hostileTexts.count + 1)
        let texts: [String] = try connection.values("SELECT text FROM t WHERE id >= 0 ORDER BY id")
        #expect(texts == hostileTexts)
        let bytes: [[UInt8]] = try connection.values(
            "SELECT bytes FROM t WHERE id >= 0 ORDER BY id")
        #expect(bytes == hostileTexts.map { Array($0.utf8) })
        let lists: [[String]] = try connection.values(
            "SELECT names FROM t WHERE id >= 0 ORDER BY id")
        #expect(lists == hostileTexts.map { [$0, "x"] })
        let isNull: Bool? = try connection.value(
            "SELECT text IS NULL AND bytes = \([UInt8](0...255)) FROM t WHERE id = -1")
        #expect(isNull == true)
    }

    @Test func aCopyThatFailsKeepsNothingAndLeavesTheConnectionUsable() throws {
        let connection = try ownDatabase("CREATE TABLE t (id bigint PRIMARY KEY)")
        #expect(throws: Refusal.self) {
            try connection.copyIn("COPY t FROM STDIN") { writer in
                try writer.row(1)
                throw Refusal()
            }
        }
        let twice = try databaseError {
            try connection.copyIn("COPY t FROM STDIN") { writer in
                for id in 1...100_000 { try writer.row(id % 99_999) }
            }
        }
        #expect(twice.kind == .constraint(.unique))
        let zero = try databaseError {
            try connection.copyIn("COPY t FROM STDIN") { try $0.row("1\0") }
        }
        #expect(zero.sqlState == "22021")
        _ = try databaseError { try connection.copyIn("SELECT 1") { _ in } }
        #expect(try connection.value("SELECT count(*) FROM t") == 0)
        try connection.transaction { connection in
            try connection.copyIn("COPY t FROM STDIN") { try $0.row(5) }
            #expect(try connection.value("SELECT count(*) FROM t") == 1)
        }
        #expect(try connection.value("SELECT count(*) FROM t") == 1)
    }

    @Test func twoHundredThousandRowsPassInFlatMemory() throws {
        struct Line: Record {
            let id: Int
            let text: String
            init(row: Row) throws {
                id = try row["id"]
                text = try row["text"]
            }
        }
        let connection = try ownDatabase()
        var count = 0
        var sum = 0
        var before = 0
        var most = 0
        try connection.each(
            "SELECT id, repeat('x', 1000) AS text FROM generate_series(1, \(200_000)) AS id"
        ) { row in
            let line = try Line(row: row)
            count += 1
            sum += line.id
            if count == 10_000 { before = residentKilobytes() }
            if count % 10_000 == 0 { most = max(most, residentKilobytes()) }
        }
        #expect(count == 200_000 && sum == 200_000 * 200_001 / 2)
        // All rows at once would take 200 MB; other tests that run beside this take a part.
        #expect(most - before < 60_000, "grew by \(most - before) kB")
    }

    @Test func eachMayRunOtherStatementsAndMayStop() throws {
        let connection = try ownDatabase("CREATE TABLE t (id bigint)")
        try connection.transaction { connection in
            try connection.each("SELECT id FROM generate_series(1, 1200) AS id") { row in
                let id: Int = try row["id"]
                if id % 100 != 0 { return }
                var inner = 0
                try connection.each("SELECT FROM generate_series(1, \(id))") { _ in inner += 1 }
                try connection.run("INSERT INTO t VALUES (\(inner))")
            }
            #expect(throws: Refusal.self) {
                try connection.each("SELECT 1 FROM generate_series(1, 1200)") { _ in
                    throw Refusal()
                }
            }
            let left: [String] = try connection.values(
                "SELECT name FROM pg_cursors WHERE name <> ''")
            #expect(left == [])
        }
        #expect(try connection.value("SELECT count(*) FROM t") == 12)
        #expect(try connection.value("SELECT max(id) FROM t") == 1200)
        let error = try databaseError { try connection.each("SELECT 1/0") { _ in } }
        #expect(error.sqlState == "22012")
        #expect(try connection.value("SELECT 1") == 1)
    }
}
