import Basics
import Database
import TestSupport
import Testing

@testable import Core
@testable import comptoir

/// How often each page asks the database, and that none asks oftener for showing more rows.
struct QueryCountTests {
    /// How often, by address, with some rows in each list and with ten times as many.
    struct Counts {
        var pattern: [String: String] = [:]
        var few: [String: Int] = [:]
        var many: [String: Int] = [:]

        init() throws {
            // One connection, which counts; nobody else is in this database.
            let pool = Pool(connectionString: try TestDatabase.make().runtime, size: 1)
            let filled = try FilledOrganisation(pool: pool)
            let targets = RouteTargets(filled.test)
            for route in filled.test.application.routes where route.method == .get {
                for address in try targets.all(of: route) { pattern[address] = route.pattern }
            }
            few = try count(filled.test, pool)
            for _ in 1...11 { try filled.fill() }
            many = try count(filled.test, pool)
        }

        private func count(_ test: TestApplication, _ pool: Pool) throws -> [String: Int] {
            var counts: [String: Int] = [:]
            for address in pattern.keys {
                let before = try pool.withConnection { $0.queryCount }
                guard try test.get(address).status == 200 else { continue }
                counts[address] = try pool.withConnection { $0.queryCount } - before
            }
            return counts
        }
    }

    static let counts = Result { try Counts() }

    @Test func eachPageAsksAsOftenAsWasReviewed() throws {
        let counts = try QueryCountTests.counts.get()
        var most: [String: Int] = [:]
        for (address, count) in counts.few {
            let pattern = counts.pattern[address] ?? address
            most[pattern] = max(most[pattern] ?? 0, count)
        }
        let lines = most.map { "/\($0.key): \($0.value)" }.sorted()
        try expectSnapshot(lines.joined(separator: "\n") + "\n", named: "queries-per-page.txt")
    }

    @Test func noPageAsksOftenerForShowingMoreRows() throws {
        let counts = try QueryCountTests.counts.get()
        #expect(counts.few.count > 80)
        for (address, few) in counts.few {
            let many = counts.many[address] ?? few
            #expect(many <= few, "/\(counts.pattern[address] ?? address)")
        }
    }
}
