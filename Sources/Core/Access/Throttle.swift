import Basics
import Database

/// What is counted when somebody guesses, and how often it may go wrong before they must wait.
struct ThrottleKey: Sendable {
    static let windowSeconds = 900

    /// Of the account and of the address only hashes are kept.
    let hash: [UInt8]
    /// Failures within the window.
    let most: Int

    /// - Parameter subject: what is counted, such as `account:a@b.fr`.
    init(_ subject: String, most: Int, _ application: Application) {
        hash = Digest.hmac(key: application.secretKey, Array(subject.utf8))
        self.most = most
    }
}

extension Application {
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
}
