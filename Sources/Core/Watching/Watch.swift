import Basics
import Database
import Synchronization

/// What the running program knows of itself, for those who watch it.
public final class Watch: Sendable {
    /// What only the server can tell.
    public struct ServerGauges: Sendable {
        public var openConnections: Int
        /// Requests that wait for a worker.
        public var waitingRequests: Int
        /// Refused before a handler saw them: unreadable, too large, or one too many.
        public var refusedRequests: Int
        /// Of uploads under way on the disk.
        public var uploadedBytes: Int

        public init(
            openConnections: Int, waitingRequests: Int, refusedRequests: Int, uploadedBytes: Int
        ) {
            self.openConnections = openConnections
            self.waitingRequests = waitingRequests
            self.refusedRequests = refusedRequests
            self.uploadedBytes = uploadedBytes
        }
    }

    /// What the program was started with.
    public struct Setting: Sendable {
        /// Migrations that this program knows; nil where nobody said, and nothing is compared.
        public var migrations: Int?
        /// Opens the measurements from other machines; without one they are for this machine alone.
        public var metricsToken: String?
        public var server: (@Sendable () -> ServerGauges)?

        public init(
            migrations: Int? = nil, metricsToken: String? = nil,
            server: (@Sendable () -> ServerGauges)? = nil
        ) {
            self.migrations = migrations
            self.metricsToken = metricsToken
            self.server = server
        }
    }

    /// How long an answer about the database serves everybody who asks.
    private static let readinessLifetime = Duration.seconds(1)
    private static let gaugesLifetime = Duration.seconds(5)

    private let setting = Mutex(Setting())
    private let draining = Atomic(false)
    private let readiness = KeptValue<Readiness>(for: readinessLifetime)
    private let gauges = KeptValue<DatabaseGauges?>(for: gaugesLifetime)

    init() {}

    public func begin(_ new: Setting) { setting.withLock { $0 = new } }

    /// From now on the program says that it takes no new work, though it answers still.
    public func drain() { draining.store(true, ordering: .relaxed) }

    var settings: Setting { setting.withLock { $0 } }

    /// Whether requests should be sent here, with the reason when not.
    func readiness(_ pool: Pool) -> Readiness {
        if draining.load(ordering: .relaxed) { return .draining }
        let known = settings.migrations
        return readiness.get { Readiness.examine(pool, migrations: known) }
    }

    /// Nil while the database does not answer.
    func databaseGauges(_ pool: Pool, at now: Instant) -> DatabaseGauges? {
        gauges.get { try? pool.withConnection { try $0.databaseGauges(at: now) } }
    }
}

/// Whether this program can do its work now. The words are for programs and say no more than that.
enum Readiness: String, Sendable {
    case ready
    /// It was told to stop.
    case draining
    case databaseUnavailable = "database unavailable"
    /// The schema is older than the program, or newer.
    case migrationsPending = "migrations pending"
    case databaseIsNewer = "database is newer than the program"

    var isReady: Bool { self == .ready }

    static func examine(_ pool: Pool, migrations known: Int?) -> Readiness {
        do {
            let newest: Int? = try pool.withConnection { try $0.newestMigration() }
            guard let known else { return .ready }
            let found = newest ?? 0
            return found == known ? .ready : found < known ? .migrationsPending : .databaseIsNewer
        } catch {
            return .databaseUnavailable
        }
    }
}

extension Connection {
    /// The number of the last migration that ran, nil without any.
    func newestMigration() throws -> Int? {
        try value("SELECT max(number) FROM schema_migrations")
    }
}
