import Basics
import Database
import Synchronization

/// How often each token asked, by day. Counted in memory and written every few seconds by what runs jobs: a row
/// that each call writes would make calls wait for each other.
final class APIUsage: Sendable {
    private static let flushSeconds = 10

    fileprivate struct Key: Hashable {
        var token: AccessToken.ID
        var day: Day
    }
    private struct Counts {
        var calls: [Organisation.ID: [Key: Int]] = [:]
        var flushedAt = Instant(seconds: 0)
    }
    private let counts = Mutex(Counts())

    func count(_ grant: TokenGrant, of organisation: Organisation, at now: Instant) {
        let key = Key(token: grant.id, day: organisation.day(at: now))
        counts.withLock { $0.calls[organisation.id, default: [:]][key, default: 0] += 1 }
    }

    func flushIfDue(_ pool: Pool, at now: Instant) throws {
        let isDue = counts.withLock { counts in
            !counts.calls.isEmpty
                // Either way: the clock may have been put back.
                && abs(now.seconds - counts.flushedAt.seconds) >= Self.flushSeconds
        }
        if isDue { try flush(pool, at: now) }
    }

    /// Writes what was counted since the last time.
    func flush(_ pool: Pool, at now: Instant) throws {
        var left = counts.withLock { counts in
            defer { counts = Counts(flushedAt: now) }
            return counts.calls
        }
        defer {
            // What could not be written is counted still.
            counts.withLock { counts in
                for (organisation, calls) in left {
                    counts.calls[organisation, default: [:]].merge(calls, uniquingKeysWith: +)
                }
            }
        }
        for (organisation, calls) in left {
            try pool.withConnection { try $0.add(calls, of: organisation) }
            left[organisation] = nil
        }
    }
}

extension Connection {
    fileprivate func add(_ calls: [APIUsage.Key: Int], of organisation: Organisation.ID) throws {
        let rows = Array(calls)
        try transaction(settings: [("app.organisation", organisation.description)]) {
            try $0.run(
                """
                INSERT INTO api_usage (organisation_id, token_id, day, calls)
                SELECT \(organisation), c.* FROM unnest(\(rows.map(\.key.token.value)),
                    \(rows.map(\.key.day.iso))::date[], \(rows.map(\.value))) c
                ON CONFLICT (organisation_id, token_id, day)
                DO UPDATE SET calls = api_usage.calls + excluded.calls
                """)
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
