import Basics
import Database
import Synchronization

/// What the database says of the work that waits in it: numbers of the whole installation, no content.
struct DatabaseGauges: Sendable {
    struct Jobs: Record, Sendable {
        var kind: String
        var waiting: Int
        var failed: Int
        /// Seconds since the job that has been due for longest could have begun; 0 when none is due.
        var oldestSeconds: Int

        init(row: Row) throws {
            kind = try row["kind"]
            waiting = try row["waiting"]
            failed = try row["failed"]
            oldestSeconds = try row["oldest_seconds"]
        }
    }

    struct Follower: Sendable {
        var name: String
        /// Counted up to a thousand.
        var entries: Int
        /// Seconds since the first of them was written; 0 when there is none.
        var seconds: Int
    }

    var jobs: [Jobs] = []
    var followers: [Follower] = []
    /// In bytes.
    var size = 0

    /// Kinds of jobs that are mails on their way.
    private static let mailKinds: Set<String> = [Mails.sending.name, AccountMail.job.name]

    var mailsWaiting: Int {
        jobs.filter { Self.mailKinds.contains($0.kind) }.reduce(0) { $0 + $1.waiting }
    }
}

extension Connection {
    /// By indexes of what is unfinished: as cheap with a million finished jobs as with none.
    func databaseGauges(at now: Instant) throws -> DatabaseGauges {
        DatabaseGauges(
            jobs: try all(
                """
                SELECT kind, count(*) FILTER (WHERE failed_at IS NULL) AS waiting,
                    count(*) FILTER (WHERE failed_at IS NOT NULL) AS failed,
                    coalesce(greatest(0, extract(epoch FROM \(now)::timestamptz - min(run_at)
                        FILTER (WHERE failed_at IS NULL AND run_at <= \(now)))), 0)::bigint
                        AS oldest_seconds
                FROM jobs WHERE finished_at IS NULL GROUP BY kind ORDER BY kind
                """),
            followers: try followersBehind(at: now),
            size: try value("SELECT pg_database_size(current_database())") ?? 0)
    }

    private func followersBehind(at now: Instant) throws -> [DatabaseGauges.Follower] {
        let rows: [FollowerBehind] = try all(
            """
            SELECT f.name, j.entries, j.organisation_id, j.entry_id
            FROM journal_followers f CROSS JOIN LATERAL (
                SELECT count(*) AS entries, (array_agg(a.organisation_id))[1] AS organisation_id,
                    (array_agg(a.entry_id))[1] AS entry_id
                FROM journal_after(f.transaction_id, f.entry_id, 1000) a) j
            ORDER BY f.name
            """)
        return try rows.map { row in
            DatabaseGauges.Follower(
                name: row.name, entries: row.entries,
                seconds: try age(of: row, at: now).map { max(0, $0) } ?? 0)
        }
    }

    /// When an entry was written is told to its own organisation only.
    private func age(of row: FollowerBehind, at now: Instant) throws -> Int? {
        guard let organisation = row.organisation, let entry = row.entry else { return nil }
        let written: Instant? = try transaction(
            settings: [("app.organisation", organisation.description)], readOnly: true
        ) {
            try $0.value(
                """
                SELECT recorded_at FROM journal_entries
                WHERE organisation_id = \(organisation) AND id = \(entry)
                """)
        }
        return written.map { now.seconds - $0.seconds }
    }
}

private struct FollowerBehind: Record {
    var name: String
    var entries: Int
    /// Of the first entry that was not seen.
    var organisation: Organisation.ID?
    var entry: Int?

    init(row: Row) throws {
        name = try row["name"]
        entries = try row["entries"]
        organisation = try row["organisation_id"]
        entry = try row["entry_id"]
    }
}

/// A value that is asked for again only when it is older than some seconds, however many ask: one of them
/// does, and the others take what was there.
final class KeptValue<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var takenAt: ContinuousClock.Instant?
        var isAsking = false
    }
    private let state = Mutex(State())
    private let lifetime: Duration

    init(for lifetime: Duration) { self.lifetime = lifetime }

    func get(_ ask: () -> Value) -> Value {
        let kept = state.withLock { state -> Value? in
            let isFresh = state.takenAt.map { $0.duration(to: .now) < lifetime } ?? false
            if let value = state.value, isFresh || state.isAsking { return value }
            state.isAsking = true
            return nil
        }
        if let kept { return kept }
        let value = ask()
        state.withLock { $0 = State(value: value, takenAt: .now) }
        return value
    }
}
