@testable import Core
import Database
import DatabaseTesting
import TestSupport

@testable import Sales

// What tests of the doctor's checks need: to run one, and to plant what it must find.
extension TestApplication {
    func findings(of check: Check) throws -> [String] {
        guard case .organisation(let run) = check.subject else { return ["is no such check"] }
        return try read(run).map(\.message)
    }

    /// The names of the checks that find something, with what they find.
    func findings(of checks: [Check]) throws -> [String: [String]] {
        var out: [String: [String]] = [:]
        for check in checks {
            let found = try findings(of: check)
            if !found.isEmpty { out[check.name] = found }
        }
        return out
    }

    /// Changes that the program cannot make, with the triggers off, as somebody with the keys would;
    /// then what the checks find. Nothing of it stays.
    func findings(of checks: [Check], after faults: [SQL]) throws -> [String: [String]] {
        let database: String? = try TestDatabase.pool.withConnection {
            try $0.value("SELECT current_database()::text")
        }
        let administrator = try Connection(
            TestCluster.shared.cluster.administrator(database: database ?? ""))
        let scope = try scope()
        var out: [String: [String]] = [:]
        do {
            try administrator.transaction { connection in
                try connection.runScript("SET LOCAL session_replication_role = replica")
                for fault in faults where try connection.run(fault) == 0 {
                    if !fault.text.hasPrefix("ALTER") { throw NothingPlanted() }
                }
                let transaction = Transaction(connection, scope, now: clock.now)
                for check in checks {
                    guard case .organisation(let run) = check.subject else { continue }
                    let found = try run(transaction).map(\.message)
                    if !found.isEmpty { out[check.name] = found }
                }
                throw Enough()
            }
        } catch is Enough {}
        return out
    }
}

/// A fault that changed no row tests nothing.
struct NothingPlanted: Error {}
private struct Enough: Error {}
