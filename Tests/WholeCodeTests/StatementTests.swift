import Basics
import Database
import DatabaseTesting
import HTTP
import Sales
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// Every statement that the program runs while somebody opens all its pages and presses all its buttons.
struct StatementTests {
    struct Recorded {
        let database: String
        let statements: [StatementRecorder.Statement]
        /// Patterns of the routes that were asked for.
        let routes: Set<String>
        let allRoutes: Set<String>
    }

    /// In a database of its own, since other tests run at the same time.
    static let recorded = Result {
        let strings = try TestDatabase.make()
        let database = try Connection(strings.runtime).database
        StatementRecorder.install()
        defer { StatementRecorder.uninstall() }
        let pool = Pool(connectionString: strings.runtime, size: 4)
        let play = try Play(pool)
        let statements = StatementRecorder.recordedStatements.filter { $0.database == database }
        return Recorded(
            database: database, statements: statements, routes: play.asked,
            allRoutes: Set(play.test.application.routes.map(Play.name)))
    }

    @Test func everyStatementCanBePrepared() throws {
        let recorded = try StatementTests.recorded.get()
        #expect(recorded.statements.count > 200)
        let connection = try Connection(
            TestCluster.shared.cluster.administrator(database: recorded.database))
        // Imports make their staging tables themselves, in each transaction.
        try connection.runScript(Imports.stagingTables)
        for statement in recorded.statements {
            #expect(throws: Never.self, "\(statement.text)") { try connection.check(statement) }
        }
    }

    @Test func everyRouteHasRun() throws {
        let recorded = try StatementTests.recorded.get()
        #expect(recorded.allRoutes.subtracting(recorded.routes).sorted() == [])
    }

    @Test func everyStatementStaysInOneOrganisation() throws {
        let recorded = try StatementTests.recorded.get()
        let oracle = try ScopeOracle(database: recorded.database)
        var unused = Set(PlatformStatements.all.map(\.begins))
        for statement in recorded.statements {
            let text = words(statement.text)
            if let listed = PlatformStatements.all.first(where: { text.hasPrefix($0.begins) }) {
                unused.remove(listed.begins)
                continue
            }
            let faults = try oracle.faults(statement.text, types: statement.types)
            #expect(faults == [], "\(statement.text)")
        }
        #expect(unused == [], "these statements run no more: take them off the list")
    }

    /// On one line.
    private func words(_ text: String) -> String {
        text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
