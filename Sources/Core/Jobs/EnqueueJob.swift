import Basics
import Database

extension Transaction {
    /// Leaves a job for the runners, who see it when this transaction has committed, and not before.
    @discardableResult
    public func enqueue(
        _ kind: JobKind, on subject: UniqueID?, at moment: Instant? = nil
    ) throws -> Job.ID {
        let id: Job.ID = newID()
        try run(
            """
            INSERT INTO jobs
                (id, organisation_id, kind, subject_id, run_at, maximum_attempts, created_at)
            VALUES (\(id), \(organisation), \(kind.name), \(subject), \(moment ?? now),
                \(kind.maximumAttempts), \(now))
            """)
        hasEnqueued = true
        return id
    }

    /// Notes in this transaction that the job is done, so that its effect and its end commit together.
    /// Throws `JobFailure.taken` when another runner holds the job by now: nothing of this is kept.
    public func finish(_ job: Job) throws {
        let changed = try run(
            """
            UPDATE jobs SET finished_at = \(now), leased_until = NULL, last_error = ''
            WHERE organisation_id = \(organisation) AND id = \(job.id)
                AND attempts = \(job.attempts) AND finished_at IS NULL AND failed_at IS NULL
            """)
        guard changed == 1 else { throw JobFailure.taken }
    }

    /// Holds a job that takes long for as long again, from now. Throws `JobFailure.taken` when another
    /// runner holds it by now.
    public func keep(_ job: Job) throws {
        let changed = try run(
            """
            UPDATE jobs SET leased_until = \(now.adding(seconds: JobQueue.leaseSeconds))
            WHERE organisation_id = \(organisation) AND id = \(job.id)
                AND attempts = \(job.attempts) AND finished_at IS NULL AND failed_at IS NULL
            """)
        guard changed == 1 else { throw JobFailure.taken }
    }

    /// Lets a job that has failed for good try again, at once.
    public func retryJob(_ id: Job.ID) throws {
        let job: Job = try one(
            """
            SELECT \(Job.columns) FROM jobs
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        guard job.finishedAt == nil, job.state(at: now) != .running else {
            throw Problem.conflict(
                Text(
                    "Ce travail est en cours ou déjà terminé.",
                    "This job is running or already finished."))
        }
        // Attempts only grow, so that a runner which still believes it holds the job notes nothing.
        let granted = job.failedAt == nil ? 0 : Transaction.attemptsGrantedAgain
        try run(
            """
            UPDATE jobs SET run_at = \(now), failed_at = NULL, leased_until = NULL,
                maximum_attempts = maximum_attempts + \(granted)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        hasEnqueued = true
    }

    /// Attempts that a person's "try again" adds.
    private static let attemptsGrantedAgain = 3
}
