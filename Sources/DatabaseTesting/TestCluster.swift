import Database
import Glibc
import Synchronization

/// A real PostgreSQL for tests, in a temporary folder that is gone with the test process,
/// however that ends. Fast because nothing of it must survive a power cut.
public final class TestCluster: Sendable {
    /// The one that tests share; started by the first that asks.
    public static let shared: TestCluster = {
        do {
            return try TestCluster()
        } catch {
            fatalError("no PostgreSQL for the tests: \(error)")
        }
    }()

    public let folder: String
    public let cluster: Cluster
    /// Connections of the three roles to the database that `Cluster` itself makes.
    public let strings: Cluster.ConnectionStrings
    private let databases = Atomic(0)

    /// A cluster of its own, for tests that stop or kill it.
    public init() throws {
        folder = try TestCluster.makeFolder()
        cluster = Cluster(folder: folder, settings: TestCluster.settings)
        strings = try cluster.start()
    }

    /// What a killed program leaves must still be there, hence no asynchronous commits.
    public static let settings = [
        "fsync": "off", "full_page_writes": "off", "max_connections": "100",
    ]

    /// A new database with the owner, grants and extensions of a real one, brought up to date by
    /// `migrations`. Takes about 0.1 s; tests are quicker side by side in one database.
    public func makeDatabase(migrations: [Migration] = []) throws -> Cluster.ConnectionStrings {
        let number = databases.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        let administrator = try Connection(cluster.administrator(database: "postgres"))
        try administrator.runScript("CREATE DATABASE \(name) OWNER comptoir_owner")
        try administrator.runScript(
            """
            REVOKE ALL ON DATABASE \(name) FROM PUBLIC;
            GRANT CONNECT, TEMPORARY ON DATABASE \(name) TO comptoir;
            GRANT CONNECT ON DATABASE \(name) TO comptoir_backup
            """)
        let strings = cluster.strings(database: name)
        if !migrations.isEmpty {
            try Migrations(migrations).run(on: Connection(strings.owner))
        }
        return strings
    }

    /// A temporary folder that a watcher removes, after stopping the PostgreSQL in it, when this
    /// process is no more.
    public static func makeFolder() throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/comptoir-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ClusterError.file(path: parent, reason: String(cString: strerror(errno)))
        }
        let folder = String(
            decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        // PostgreSQL runs as another user when the tests run as root, and must pass through.
        chmod(folder, 0o711)
        watch(folder)
        return folder
    }

    /// The watcher reads from a pipe whose other end only this process holds: the end of the
    /// pipe is the end of the process, even by a signal that nothing can catch.
    private static func watch(_ folder: String) {
        let script = """
            cat > /dev/null
            for pid in $(head -qn 1 "$0"/data/postmaster.pid "$0"/*/data/postmaster.pid); do
                kill -QUIT $pid
                for moment in 1 2 3 4 5 6 7 8 9 10; do kill -0 $pid && sleep 0.2; done
            done
            rm -rf "$0"
            """
        let quoted = script.split(separator: "'").joined(separator: "'\\''")
        // The pipe stays open until the process ends, which is its purpose.
        _ = popen("exec setsid sh -c '\(quoted)' '\(folder)' > /dev/null 2>&1", "we")
    }
}
