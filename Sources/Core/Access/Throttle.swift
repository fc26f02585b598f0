import Basics
import Database

/// What is counted when somebody guesses, and how often it may go wrong before they must wait.
struct ThrottleKey: Sendable {
    static let windowSeconds = 900

    /// Of the account and of the address only hashes are kept.
    let hash: [UInt8]
    /// Failures within the window.
    let most: Int
    /// Whether it stands for more people than one: who is right clears none of the others.
    let isShared: Bool
    /// The number of its lock in the database.
    var lock: Int { hash.prefix(8).reduce(0) { $0 << 8 | Int($1) } }

    /// - Parameter subject: what is counted, such as `account:a@b.fr`.
    init(_ subject: String, most: Int, _ application: Application) {
        self.init(subject, most: most, isShared: false, application)
    }

    /// What is tried from the network address of a request, behind which may be many.
    static func address(_ what: String, most: Int, _ request: Request) -> ThrottleKey {
        ThrottleKey(
            "\(what):\(request.http.network)", most: most, isShared: true, request.application)
    }

    private init(_ subject: String, most: Int, isShared: Bool, _ application: Application) {
        hash = Digest.hmac(key: application.secretKey, Array(subject.utf8))
        self.most = most
        self.isShared = isShared
    }
}

extension Application {
    /// Counts an attempt as a failure before anybody knows whether it is one: of many at once, no more than
    /// the limit are let through. `forgive` takes it back. Throws `Problem.tooManyAttempts` when one of the
    /// keys must wait; such an attempt is not counted.
    func beginAttempt(_ keys: [ThrottleKey], at now: Instant) throws {
        let wait: Int? = try pool.withConnection { connection in
            try connection.transaction { connection in
                try connection.lock(keys)
                if let wait = try connection.throttled(keys, at: now) { return wait }
                try connection.recordFailure(keys, at: now)
                return nil
            }
        }
        if let wait { throw Problem.tooManyAttempts(retryAfterSeconds: wait) }
    }

    /// The attempt that began at that moment was right: every failure is forgotten, but of keys that stand
    /// for other people as well this attempt alone.
    func forgive(_ keys: [ThrottleKey], at now: Instant) throws {
        try pool.withConnection { connection in
            try connection.transaction { connection in
                try connection.lock(keys)
                for key in keys {
                    if key.isShared {
                        try connection.forgetFailure(key, at: now)
                    } else {
                        try connection.forgetFailures(key)
                    }
                }
            }
        }
    }

    /// Throws `Problem.tooManyAttempts` when one of the keys must wait.
    func checkThrottle(_ keys: [ThrottleKey], at now: Instant) throws {
        let wait = try pool.withConnection { try $0.throttled(keys, at: now) }
        if let wait { throw Problem.tooManyAttempts(retryAfterSeconds: wait) }
    }

    func recordFailure(_ keys: [ThrottleKey], at now: Instant) throws {
        try pool.withConnection { try $0.recordFailure(keys, at: now) }
    }
}

extension Connection {
    /// Seconds to wait, or nil when another attempt is allowed. Failures that lie ahead were noted while
    /// the clock was wrong: they would lock somebody out until it comes to them.
    func throttled(_ keys: [ThrottleKey], at now: Instant) throws -> Int? {
        for key in keys {
            let failures: [Instant] = try values(
                """
                SELECT failed_at FROM sign_in_failures
                WHERE key = \(key.hash)
                    AND failed_at > \(now.adding(seconds: -ThrottleKey.windowSeconds))
                    AND failed_at < \(now.adding(seconds: ThrottleKey.windowSeconds))
                ORDER BY failed_at
                """)
            if failures.count >= key.most {
                return failures[0].seconds + ThrottleKey.windowSeconds - now.seconds
            }
        }
        return nil
    }

    /// Until the transaction ends nobody else counts them. In one order, so that no two wait for each other.
    func lock(_ keys: [ThrottleKey]) throws {
        for number in keys.map(\.lock).sorted() {
            try run("SELECT pg_advisory_xact_lock(\(number))")
        }
    }

    func recordFailure(_ keys: [ThrottleKey], at now: Instant) throws {
        for key in keys {
            try run("INSERT INTO sign_in_failures (key, failed_at) VALUES (\(key.hash), \(now))")
        }
    }

    /// Those that count no more, of everybody: once in a while.
    func forgetOldFailures(at now: Instant) throws {
        try run(
            """
            DELETE FROM sign_in_failures
            WHERE failed_at < \(now.adding(seconds: -ThrottleKey.windowSeconds))
            """)
    }

    func forgetFailures(_ key: ThrottleKey) throws {
        try run("DELETE FROM sign_in_failures WHERE key = \(key.hash)")
    }

    /// One of those of that moment: whose it was makes no difference.
    func forgetFailure(_ key: ThrottleKey, at moment: Instant) throws {
        try run(
            """
            DELETE FROM sign_in_failures
            WHERE ctid = (SELECT f.ctid FROM sign_in_failures f
                WHERE f.key = \(key.hash) AND f.failed_at = \(moment) LIMIT 1)
            """)
    }
}
