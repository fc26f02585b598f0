import Basics
import Database

/// Something to be done outside the request that asked for it: now, later, or again after a failure.
public struct Job: Record, Sendable {
    public typealias ID = Basics.ID<Job>

    public var id: ID
    public var organisation: Organisation.ID
    /// The name of its `JobKind`.
    public var kind: String
    public var subject: UniqueID?
    public var runAt: Instant
    /// How often it was taken, this time included. Whoever took it later holds a higher number.
    public var attempts: Int
    public var maximumAttempts: Int
    public var lastError: String
    public var createdAt: Instant
    public var leasedUntil: Instant?
    public var finishedAt: Instant?
    public var failedAt: Instant?

    public init(row: Row) throws {
        id = try row["id"]
        organisation = try row["organisation_id"]
        kind = try row["kind"]
        subject = try row["subject_id"]
        runAt = try row["run_at"]
        attempts = try row["attempts"]
        maximumAttempts = try row["maximum_attempts"]
        lastError = try row["last_error"]
        createdAt = try row["created_at"]
        leasedUntil = try row["leased_until"]
        finishedAt = try row["finished_at"]
        failedAt = try row["failed_at"]
    }

    static let columns: SQL = """
        id, organisation_id, kind, subject_id, run_at, attempts, maximum_attempts, last_error,
        created_at, leased_until, finished_at, failed_at
        """

    /// Whether a failure now is the end of it.
    public var isLastAttempt: Bool { attempts >= maximumAttempts }

    public enum State: String, Sendable, CaseIterable {
        case due, running, failed, finished
    }

    public func state(at now: Instant) -> State {
        if finishedAt != nil { return .finished }
        if failedAt != nil { return .failed }
        return leasedUntil.map { $0 > now } == true ? .running : .due
    }
}

/// One kind of job and how it is done. A capability lists its own.
public struct JobKind: Sendable {
    /// Subject and verb: `mail.send`.
    public let name: String
    public let label: Text
    public let maximumAttempts: Int
    let lane: Lane
    /// Where a person reads about the subject of such a job.
    let address: @Sendable (UniqueID) -> String?
    let handler: @Sendable (Job, Application) throws -> Void
    let givenUp: @Sendable (Job, Application, String) throws -> Void
    /// Seconds to wait after so many attempts.
    let wait: @Sendable (Int) -> Int

    /// Which threads do it.
    public enum Lane: Sendable, CaseIterable {
        case usual
        /// For what waits for machines of strangers, behind which nothing else may wait.
        case strangers
        /// For what computes long and nobody waits for: mails and imports go past it.
        case drawing
    }

    /// - Parameters:
    ///   - wait: seconds until the next attempt, by the number of those that failed; a minute at
    ///     first and twice as long each time, unless told.
    ///   - handler: does the job. It may be called again after it has worked, when the program was
    ///     killed before that was noted: what it does twice must change nothing the second time.
    ///     `Transaction.finish` notes the end in the transaction of the change itself.
    ///   - givenUp: called with the reason when the job has failed for good.
    public init(
        _ name: String, _ label: Text, maximumAttempts: Int = 10, lane: Lane = .usual,
        wait: (@Sendable (Int) -> Int)? = nil,
        address: @escaping @Sendable (UniqueID) -> String? = { _ in nil },
        givenUp: @escaping @Sendable (Job, Application, String) throws -> Void = { _, _, _ in },
        handler: @escaping @Sendable (Job, Application) throws -> Void
    ) {
        self.name = name
        self.label = label
        self.maximumAttempts = maximumAttempts
        self.lane = lane
        self.wait = wait ?? { Backoff.seconds(after: $0) }
        self.address = address
        self.givenUp = givenUp
        self.handler = handler
    }
}

/// How a handler says that its job did not work.
public enum JobFailure: Error, Sendable, Equatable {
    /// Worth another attempt later.
    case temporary(String)
    /// No attempt will ever work.
    case permanent(String)
    /// Another runner has taken the job since: what this one did is rolled back.
    case taken
}

/// How long a job waits after an attempt that failed.
enum Backoff {
    /// After the first attempt; doubled by each one.
    static let firstSeconds = 60
    static let longestSeconds = 4 * 3600
    /// Per cent by which a wait is shortened or stretched, so that jobs which failed together do not
    /// come back together.
    static let jitterPercent = 20

    static func seconds(
        after attempts: Int, jitter: Int = Int.random(in: -jitterPercent...jitterPercent)
    ) -> Int {
        let doublings = min(max(0, attempts - 1), 16)
        let seconds = min(firstSeconds << doublings, longestSeconds)
        return jittered(seconds, jitter)
    }

    static func jittered(
        _ seconds: Int, _ jitter: Int = Int.random(in: -jitterPercent...jitterPercent)
    ) -> Int {
        seconds + seconds * jitter / 100
    }
}
