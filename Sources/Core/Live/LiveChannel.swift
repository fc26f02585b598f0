import Basics
import Database
import Synchronization

/// Hears of changes from PostgreSQL, on one connection and in one thread for the whole program, and
/// tells the open pages of the organisation.
public final class LiveChannel: Sendable {
    /// How long a word may wait for others, so that many changes are told at once.
    private static let gatheringSeconds = 0.05
    /// How often the thread looks whether it must stop, or listeners' sessions have run out.
    private static let lookSeconds = 1.0
    private static let sessionCheckSeconds = 30
    private static let reconnectSeconds = 1

    private let application: Application
    private let connectionString: String
    private let isStopping = Atomic(false)
    private let thread = Mutex<RunnerThread?>(nil)
    private let pause = JobBell()

    /// - Parameter connectionString: of the role that runs the program. Nothing is opened yet.
    public init(_ application: Application, connectionString: String) {
        self.application = application
        self.connectionString = connectionString
    }

    public func start() {
        thread.withLock { thread in
            if thread == nil { thread = RunnerThread { self.run() } }
        }
    }

    /// Returns when the thread has ended.
    public func stop() {
        isStopping.store(true, ordering: .relaxed)
        pause.ring()
        // It waits for words; this is one. Without a database it waits for the bell.
        _ = try? application.pool.withConnection {
            try $0.run("SELECT pg_notify('comptoir_live', '')")
        }
        thread.withLock { thread in
            defer { thread = nil }
            return thread
        }?.join()
        application.listeners.all.forEach { $0.stream.end() }
    }

    private var mustStop: Bool { isStopping.load(ordering: .relaxed) }

    private func run() {
        var isAway = false
        while !mustStop {
            let rings = pause.count
            do {
                let connection = try Connection(connectionString)
                try connection.listen(to: "comptoir_live")
                isAway = false
                try follow(connection)
            } catch {
                if !isAway {
                    Log.warning(
                        "live counters wait for the database",
                        ["error": .string(String(describing: error))])
                }
                isAway = true
            }
            application.liveCounts.follow(false)
            if !mustStop { pause.wait(beyond: rings, seconds: Self.reconnectSeconds) }
        }
    }

    private func follow(_ connection: Connection) throws {
        application.liveCounts.follow(true)
        // Nobody knows what was missed.
        for organisation in Set(application.listeners.all.map(\.organisation)) {
            try application.tellListeners(of: organisation, happened: [])
        }
        var checked = application.clock.now()
        while !mustStop {
            var words = try connection.notifications(waitSeconds: Self.lookSeconds)
            if !words.isEmpty {
                words += try connection.notifications(waitSeconds: Self.gatheringSeconds)
            }
            let changes = LiveChange.gathered(words.map(\.payload))
            for (organisation, happened) in changes.happened {
                application.liveCounts.forget(organisation)
                try application.tellListeners(of: organisation, happened: happened)
            }
            let now = application.clock.now()
            if changes.isOfSessions || checked.adding(seconds: Self.sessionCheckSeconds) < now
                || checked > now
            {
                try application.endListenersWithoutSession()
                checked = now
            }
        }
    }
}

/// What PostgreSQL told, put together.
struct LiveChange {
    var happened: [Organisation.ID: Set<String>] = [:]
    var isOfSessions = false

    static func gathered(_ payloads: [String]) -> LiveChange {
        var change = LiveChange()
        for payload in payloads {
            let parts = payload.split(separator: " ")
            if let organisation = parts.first.flatMap({ Organisation.ID(String($0)) }) {
                change.happened[organisation, default: []].formUnion(
                    parts.dropFirst().map(String.init))
            } else {
                change.isOfSessions = true
            }
        }
        return change
    }
}

extension Application {
    /// Reads the counters once and tells them to everybody who listens there.
    func tellListeners(of organisation: Organisation.ID, happened: Set<String>) throws {
        let listening = listeners.all(of: organisation)
        guard !listening.isEmpty else { return }
        let counts = try liveCounts.counts(of: organisation) {
            try read(for: organisation) { try $0.count(liveCounters) }
        }
        let event = LiveEvent(counters: liveCounters, counts: counts, happened: happened)
        for role in Set(listening.map(\.role)) {
            for language in Language.allCases {
                let those = listening.filter { $0.role == role && $0.language == language }
                guard !those.isEmpty else { continue }
                let bytes = event.bytes(for: role, language)
                those.forEach { $0.stream.send(bytes) }
            }
        }
    }

    /// Ends what those hear whose session is over, or who are something else in it by now.
    func endListenersWithoutSession() throws {
        let listening = listeners.all
        guard !listening.isEmpty else { return }
        let hashes = Set(listening.map { hexadecimal($0.session) }).sorted()
        var roles: [String: Role] = [:]
        let now = clock.now()
        try pool.withConnection { connection in
            try connection.each(
                """
                SELECT encode(s.token_hash, 'hex') AS session, \(Role.columns())
                FROM sessions s
                JOIN memberships m
                    ON m.organisation_id = s.organisation_id AND m.user_id = s.user_id
                \(Role.join())
                WHERE s.token_hash IN (SELECT decode(hash, 'hex') FROM unnest(\(hashes)) hash)
                    AND s.expires_at > \(now) AND m.archived_at IS NULL
                """
            ) { row in roles[try row["session"]] = try Role(row: row) }
        }
        for listener in listening where roles[hexadecimal(listener.session)] != listener.role {
            listener.stream.end()
        }
    }
}
