import Database
import DatabaseTesting
import Testing

/// A connection of the owner to a database of the test's own.
func ownDatabase(_ script: String = "") throws -> Connection {
    let connection = try Connection(TestCluster.shared.makeDatabase().owner)
    if !script.isEmpty { try connection.runScript(script) }
    return connection
}

/// The `DatabaseError` that `body` throws; a failed expectation when it throws none.
func databaseError<Answer>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Answer
) throws -> DatabaseError {
    try #require(
        #expect(throws: DatabaseError.self, sourceLocation: sourceLocation) { _ = try body() },
        sourceLocation: sourceLocation)
}

/// Calls `condition` until it holds; fails after ten seconds.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) rethrows {
    let end = ContinuousClock.now + .seconds(10)
    while try !condition() {
        guard ContinuousClock.now < end else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        pause()
    }
}

/// Texts that break whoever quotes by hand.
let hostileTexts = [
    "", " ", "NULL", "\\N", "null", "'", "''", "\"", "\\", "\\\\", "\\.", "a\tb\nc\rd\u{8}e",
    "$1", "$$", "'; DROP TABLE t; --", "{}", "{a,b}", "%s%n", "é€😀\u{202E}", "a\\'b",
    String(repeating: "x", count: 100_000),
]
