import CPostgres
import Glibc
import Synchronization

/// A private PostgreSQL 15 in a folder: made on first use, reached by Unix socket only, and only
/// by the user of the operating system that started it (peer, never trust).
///
/// Three roles, none a superuser: the owner of the database and its tables, the one that runs
/// the program and owns nothing, and one that reads everything for a backup. Several programs
/// may use one folder at a time: the first starts PostgreSQL, the last one stops it, and one
/// that was killed leaves it running for the next to adopt.
public final class Cluster: Sendable {
    /// libpq keywords for each role, to the program's database.
    public struct ConnectionStrings: Sendable, Equatable {
        /// Owns the database and its tables; runs migrations.
        public let owner: String
        /// Runs the program; bound by row-level security.
        public let runtime: String
        /// Reads everything and changes nothing; for `pg_dump`.
        public let backup: String
    }

    let name: String
    let places: ClusterPlaces
    let settings: [String: String]
    let log: @Sendable (String) -> Void
    let state = Mutex(State())

    struct State: Sendable {
        /// Held while this program uses the cluster; shared with others.
        var usersLock: Int32?
        var postmaster: ClusterProcess?
        var socketFolder = ""
    }

    /// - Parameters:
    ///   - folder: an absolute path; made when it is missing. Data, log and socket live in it.
    ///   - name: of the database and the runtime role, and what the other roles' names begin
    ///     with: lower-case letters and underscores.
    ///   - settings: lines of `postgresql.conf` beyond the module's own.
    ///   - log: receives what a person may want to know, a sentence at a time.
    public init(
        folder: String, name: String = "comptoir", settings: [String: String] = [:],
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        precondition(
            !name.isEmpty && name.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 },
            "a cluster's name is made of lower-case letters and underscores")
        self.name = name
        self.settings = settings
        self.log = log
        places = ClusterPlaces(folder: folder)
    }

    /// Makes the cluster if need be, starts or adopts PostgreSQL, and answers when it accepts
    /// connections (within 30 seconds; 0.2 is usual, 2 the first time). Called again, it starts
    /// a PostgreSQL that has died. Throws `ClusterError` or `DatabaseError`.
    public func start() throws -> ConnectionStrings {
        try state.withLock { state in
            if let postmaster = state.postmaster, postmaster.isRunning,
                isReady(socketFolder: state.socketFolder)
            {
                return strings(socketFolder: state.socketFolder)
            }
            try places.check()
            let account = try ClusterAccount(places)
            try places.make(for: account)
            let changeLock = try FileLock.exclusive(places.changeLock, account, deadline: 60)
            defer { close(changeLock) }
            if state.usersLock == nil {
                state.usersLock = try FileLock.shared(places.usersLock, account)
            }
            do {
                try run(account, &state)
                let strings = strings(socketFolder: state.socketFolder)
                try ClusterBootstrap(name: name, socketFolder: state.socketFolder).run()
                return strings
            } catch {
                leave(&state)
                throw error
            }
        }
    }

    /// Stops PostgreSQL when no other program uses the folder; otherwise leaves it to them.
    /// Transactions still open are rolled back. Throws `ClusterError.doesNotStop` after 40 s.
    public func stop() throws {
        try state.withLock { state in
            guard let lock = state.usersLock, let postmaster = state.postmaster else { return }
            let account = try ClusterAccount(places)
            let changeLock = try FileLock.exclusive(places.changeLock, account, deadline: 60)
            defer {
                close(changeLock)
                leave(&state)
            }
            guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                log("PostgreSQL keeps running for another program")
                return
            }
            try postmaster.stop()
            places.removeTemporary(socketFolder: state.socketFolder)
            log("PostgreSQL stopped")
        }
    }

    /// PostgreSQL's main process while this program uses it.
    public var processID: Int32? { state.withLock { $0.postmaster?.id } }

    /// The path of one of PostgreSQL's programs, such as `pg_dump`. Throws
    /// `ClusterError.programMissing`.
    public static func program(_ name: String) throws -> String {
        try ClusterPlaces.program(name)
    }

    /// For tests, which make databases of their own.
    package func administrator(database: String) -> String {
        let socketFolder = state.withLock { $0.socketFolder }
        return ClusterBootstrap(name: name, socketFolder: socketFolder)
            .string(role: .superuser, database: database)
    }

    /// For tests: a role's connection to another database of this cluster.
    package func strings(database: String) -> ConnectionStrings {
        strings(socketFolder: state.withLock { $0.socketFolder }, database: database)
    }

    private func strings(socketFolder: String, database: String? = nil) -> ConnectionStrings {
        let bootstrap = ClusterBootstrap(name: name, socketFolder: socketFolder)
        let database = database ?? name
        return ConnectionStrings(
            owner: bootstrap.string(role: .owner, database: database),
            runtime: bootstrap.string(role: .runtime, database: database),
            backup: bootstrap.string(role: .backup, database: database))
    }

    private func leave(_ state: inout State) {
        if let lock = state.usersLock { close(lock) }
        state.usersLock = nil
        state.postmaster = nil
    }
}

extension Cluster {
    /// Seconds within which PostgreSQL must accept connections.
    private static let startSeconds = 30.0

    /// Adopts the PostgreSQL that runs in the folder, or starts one.
    private func run(_ account: ClusterAccount, _ state: inout State) throws {
        try makeData(account)
        let deadline = Deadline(seconds: Cluster.startSeconds)
        let configuration = ClusterConfiguration(name: name, account: account, settings: settings)
        while true {
            state.postmaster?.reap()
            if let running = try ClusterProcess.running(places, until: deadline) {
                if try adopt(running.process, running.socketFolder, configuration, deadline) {
                    state.postmaster = running.process
                    state.socketFolder = running.socketFolder
                    return
                }
                // It died just now: look again.
                continue
            }
            try ClusterProcess.clear(places, until: deadline)
            state.socketFolder = try places.makeSocketFolder(for: account)
            _ = try configuration.write(to: places, socketFolder: state.socketFolder)
            places.turnLog()
            let process = try ClusterProcess.start(places, account)
            state.postmaster = process
            do {
                try waitUntilReady(process, state.socketFolder, deadline)
                log("PostgreSQL started (process \(process.id))")
                return
            } catch let error as ClusterError {
                // After a violent end, the leftovers of the one before keep the lock for a while.
                let isLocked = ["lock file", "shared memory block"].contains {
                    error.description.contains($0)
                }
                guard isLocked, !deadline.hasPassed else { throw error }
                deadline.pause()
            }
        }
    }

    /// Answers false when the process ends before it takes connections.
    private func adopt(
        _ process: ClusterProcess, _ socketFolder: String, _ configuration: ClusterConfiguration,
        _ deadline: Deadline
    ) throws -> Bool {
        if try configuration.write(to: places, socketFolder: socketFolder) {
            kill(process.id, SIGHUP)
        }
        do {
            try waitUntilReady(process, socketFolder, deadline)
        } catch {
            if process.isRunning { throw error }
            return false
        }
        log("PostgreSQL was running already (process \(process.id))")
        return true
    }

    private func makeData(_ account: ClusterAccount) throws {
        if Files.exists(places.data) {
            let version = Files.text(places.data + "/PG_VERSION")?.prefix { $0.isNumber }
            let wanted = ClusterPlaces.version
            guard version.map(String.init) == wanted else {
                throw ClusterError.versionDiffers(
                    data: version.map(String.init) ?? "?", programs: wanted)
            }
            return
        }
        log("making a new PostgreSQL cluster in \(places.folder)")
        // Made beside and then renamed: a program killed halfway leaves nothing half made.
        let draft = places.data + ".new"
        Files.removeTree(draft)
        try places.makeFolder(draft, for: account)
        var arguments = [
            try Cluster.program("initdb"), "--pgdata=\(draft)", "--encoding=UTF8",
            "--locale=C.UTF-8", "--data-checksums", "--auth-local=peer", "--auth-host=reject",
            "--no-instructions", "--username=\(ClusterBootstrap.Role.superuser.name(name))",
        ]
        if settings["fsync"] == "off" { arguments.append("--no-sync") }
        let logStart = places.logSize
        let process = try ClusterProcess.spawn(account.launch(arguments), log: places.log)
        guard process.waitForExit() == 0 else {
            Files.removeTree(draft)
            throw ClusterError.failed(program: "initdb", log: places.logTail(from: logStart))
        }
        guard rename(draft, places.data) == 0 else {
            throw ClusterError.file(path: places.data, reason: Files.lastError)
        }
    }

    private func waitUntilReady(
        _ process: ClusterProcess, _ socketFolder: String, _ deadline: Deadline
    ) throws {
        while !isReady(socketFolder: socketFolder) {
            guard process.isRunning, !deadline.hasPassed else {
                throw ClusterError.failed(
                    program: "postgres", log: places.logTail(from: process.logStart))
            }
            deadline.pause()
        }
    }

    private func isReady(socketFolder: String) -> Bool {
        let bootstrap = ClusterBootstrap(name: name, socketFolder: socketFolder)
        return PQping(bootstrap.string(role: .superuser, database: "postgres")) == PQPING_OK
    }
}
