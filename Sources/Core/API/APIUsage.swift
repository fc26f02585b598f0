import Basics
import Database
import Synchronization

/// How often each token asked, by day. Counted in memory and written every few seconds: a row that each call
/// writes would make calls wait for each other.
final class APIUsage: Sendable {
    private static let flushSeconds = 10

    private struct Key: Hashable {
        var organisation: Organisation.ID
        var token: AccessToken.ID
        var day: Day
    }
    private struct Counts {
        var calls: [Key: Int] = [:]
        var flushedAt: Instant?
    }
    private let counts = Mutex(Counts())

    func count(_ grant: TokenGrant, of organisation: Organisation, at now: Instant, _ pool: Pool)
        throws
    {
        let key = Key(
            organisation: organisation.id, token: grant.id, day: organisation.day(at: now))
        let isDue = counts.withLock { counts in
            counts.calls[key, default: 0] += 1
            guard let flushedAt = counts.flushedAt else {
                counts.flushedAt = now
                return false
            }
            return now.seconds - flushedAt.seconds >= Self.flushSeconds
        }
        if isDue { try? flush(pool, at: now) }
    }

    /// For the last calls of a program that asks no more.
    func flushIfDue(_ pool: Pool, at now: Instant) throws {
        let isDue = counts.withLock { counts in
            !counts.calls.isEmpty
                && now.seconds - (counts.flushedAt?.seconds ?? 0) >= Self.flushSeconds
        }
        if isDue { try flush(pool, at: now) }
    }

    /// Writes what was counted since the last time.
    func flush(_ pool: Pool, at now: Instant) throws {
        let calls = counts.withLock { counts in
            defer {
                counts.calls = [:]
                counts.flushedAt = now
            }
            return counts.calls
        }
        var left = calls
        defer {
            // What could not be written is counted still.
            counts.withLock { $0.calls.merge(left, uniquingKeysWith: +) }
        }
        for (key, count) in calls {
            let settings = [("app.organisation", key.organisation.description)]
            try pool.withConnection { connection in
                try connection.transaction(settings: settings) {
                    try $0.run(
                        """
                        INSERT INTO api_usage (organisation_id, token_id, day, calls)
                        VALUES (\(key.organisation), \(key.token), \(key.day), \(count))
                        ON CONFLICT (organisation_id, token_id, day)
                        DO UPDATE SET calls = api_usage.calls + excluded.calls
                        """)
                }
            }
            left[key] = nil
        }
    }
}

/// The calls of one token.
struct TokenUsage: Record, Sendable {
    var token: AccessToken.ID
    var today: Int
    var month: Int

    init(row: Row) throws {
        token = try row["token_id"]
        today = try row["today"]
        month = try row["month"]
    }
}

extension Transaction {
    /// Of today and of the last thirty days.
    func apiUsage() throws -> [AccessToken.ID: TokenUsage] {
        let rows: [TokenUsage] = try all(
            """
            SELECT token_id, coalesce(sum(calls) FILTER (WHERE day = \(today)), 0)::bigint AS today,
                sum(calls)::bigint AS month
            FROM api_usage
            WHERE organisation_id = \(organisation) AND day > \(today.adding(days: -30))
            GROUP BY token_id
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.token, $0) })
    }
}
