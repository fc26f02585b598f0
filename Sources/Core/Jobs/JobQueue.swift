import Basics
import Database

/// The jobs of all organisations as runners see them: a platform table, since a runner acts for nobody
/// until it has taken a job.
struct JobQueue: Sendable {
    /// How long a runner may hold a job. Afterwards it counts as dead, and another takes the job.
    static let leaseSeconds = 300
    /// Finished jobs are kept this long, to be looked at.
    static let keptSeconds = 30 * 86_400
    /// By how much clocks of machines beside each other may differ.
    private static let slackSeconds = 60
    /// No attempt is put off for longer, by far.
    private static let longestWaitSeconds = 7 * 86_400

    let pool: Pool
    /// The kinds that this program knows; an older or newer one beside it may know others.
    let kinds: [String]
    /// In tests, which share one database: the jobs of one organisation.
    var organisation: Organisation.ID?

    /// The job that has been due for longest, held from now on. Runners beside each other skip those
    /// that another is about to take.
    func take(at now: Instant) throws -> Job? {
        let only: SQL = organisation.map { "AND organisation_id = \($0)" } ?? .empty
        return try pool.withConnection { connection in
            try connection.first(
                """
                UPDATE jobs SET attempts = attempts + 1,
                    leased_until = \(now.adding(seconds: JobQueue.leaseSeconds))
                WHERE id = (
                    SELECT id FROM jobs
                    WHERE finished_at IS NULL AND failed_at IS NULL AND run_at <= \(now)
                        AND (leased_until IS NULL OR leased_until <= \(now))
                        AND kind = ANY (\(kinds)) \(only)
                    ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING \(Job.columns)
                """)
        }
    }

    /// Notes that the handler has returned, unless it noted so itself.
    func finish(_ job: Job, at now: Instant) throws {
        try change(job, "finished_at = \(now), leased_until = NULL, last_error = ''")
    }

    func postpone(_ job: Job, until moment: Instant, _ reason: String) throws {
        try change(job, "run_at = \(moment), leased_until = NULL, last_error = \(reason)")
    }

    func giveUp(_ job: Job, at now: Instant, _ reason: String) throws {
        try change(job, "failed_at = \(now), leased_until = NULL, last_error = \(reason)")
    }

    /// Lets others take at once what this program took and will not do.
    func giveBack(_ job: Job) throws { try change(job, "leased_until = NULL") }

    /// Makes due at once what was noted while the clock was ahead and would wait until the time comes that
    /// it showed then: jobs made or held there, and attempts put off from there. Who holds one at this moment
    /// may end it.
    func bringBack(at now: Instant) throws {
        let only: SQL = organisation.map { "AND organisation_id = \($0)" } ?? .empty
        let leaseEnd = now.adding(seconds: JobQueue.leaseSeconds)
        try pool.withConnection { connection in
            _ = try connection.run(
                """
                UPDATE jobs SET run_at = \(now), leased_until =
                    CASE WHEN leased_until IS NOT NULL THEN least(leased_until, \(leaseEnd)) END
                WHERE finished_at IS NULL AND failed_at IS NULL \(only)
                    AND (created_at > \(now.adding(seconds: JobQueue.slackSeconds))
                        OR leased_until > \(leaseEnd.adding(seconds: JobQueue.slackSeconds))
                        OR attempts > 0
                            AND run_at > \(now.adding(seconds: JobQueue.longestWaitSeconds)))
                """)
        }
    }

    func forgetOld(at now: Instant) throws {
        let only: SQL = organisation.map { "AND organisation_id = \($0)" } ?? .empty
        try pool.withConnection { connection in
            _ = try connection.run(
                """
                DELETE FROM jobs
                WHERE finished_at < \(now.adding(seconds: -JobQueue.keptSeconds)) \(only)
                """)
        }
    }

    /// Only while the job is still held by this attempt.
    private func change(_ job: Job, _ assignments: SQL) throws {
        try pool.withConnection { connection in
            _ = try connection.run(
                """
                UPDATE jobs SET \(assignments)
                WHERE id = \(job.id) AND attempts = \(job.attempts)
                    AND finished_at IS NULL AND failed_at IS NULL
                """)
        }
    }
}
