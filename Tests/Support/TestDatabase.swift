import Basics
import Core
import Database
import DatabaseTesting

/// The one migrated database of this test process. Tests stand side by side in it, each with an
/// organisation of its own.
public enum TestDatabase {
    /// Connections of each role, for what the program itself never does.
    public static let strings = migrated()

    /// As the role that runs the program, bound by row-level security.
    public static let pool = Pool(connectionString: strings.runtime, size: 24, waitSeconds: 30)

    /// A migrated database of a test's own, for what touches all organisations.
    public static func make() throws -> Cluster.ConnectionStrings {
        let strings = try TestCluster.shared.makeDatabase()
        try Schema.migrate(
            ProgramFolder(repository).migrations(), owner: Connection(strings.owner),
            runtimeRole: "comptoir")
        return strings
    }

    /// The folder that holds `Package.swift`.
    public static let repository = String(
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            .joined(separator: "/"))

    private static func migrated() -> Cluster.ConnectionStrings {
        do {
            return try make()
        } catch {
            fatalError("no database for the tests: \(error)")
        }
    }
}
