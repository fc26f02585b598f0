import Basics
import Database
import Glibc
import Synchronization

/// Threads that do the jobs of all organisations, each one job at a time, and hand over what is new in
/// the journal.
public final class JobRunner: Sendable {
    /// Jobs wait for the outside world most of the time, and nobody waits for them. As many threads
    /// again do the jobs of each other lane.
    public static let usualThreads = 2
    public static var allThreads: Int { usualThreads * JobKind.Lane.allCases.count }
    /// How often the database is asked when the bell does not ring.
    private static let lookSeconds = 1
    private static let tidySeconds = 3600

    private let application: Application
    private let queue: JobQueue
    private let threads: Int
    private let isStopping = Atomic(false)
    private let started = Mutex<[RunnerThread]>([])
    private let tidiedAt = Mutex(Instant(seconds: 0))

    public init(
        _ application: Application, threads: Int = JobRunner.usualThreads,
        only organisation: Organisation.ID? = nil
    ) {
        self.application = application
        self.threads = threads
        queue = JobQueue(
            pool: application.pool, kinds: application.jobKinds.keys.sorted(),
            organisation: organisation)
    }

    /// Starts the threads; they end with `stop` only.
    public func start() {
        started.withLock { started in
            guard started.isEmpty else { return }
            for lane in JobKind.Lane.allCases {
                let kinds = application.jobKinds.values.filter { $0.lane == lane }.map(\.name)
                guard !kinds.isEmpty else { continue }
                let queue = JobQueue(
                    pool: queue.pool, kinds: kinds.sorted(), organisation: queue.organisation)
                for _ in 0..<threads { started.append(RunnerThread { self.run(queue) }) }
            }
        }
    }

    /// Takes no more jobs, and returns when those under way are done.
    public func stop() {
        isStopping.store(true, ordering: .relaxed)
        JobBell.shared.ring()
        let threads = started.withLock { started in
            defer { started = [] }
            return started
        }
        threads.forEach { $0.join() }
    }

    /// Does what is due now, in the calling thread; answers how many jobs that were.
    @discardableResult
    public func runDue() throws -> Int {
        var count = 0
        while let job = try queue.take(at: application.clock.now()) {
            attempt(job)
            count += 1
        }
        return count
    }

    private var mustStop: Bool { isStopping.load(ordering: .relaxed) }

    private func run(_ queue: JobQueue) {
        var isAway = false
        while !mustStop {
            let rings = JobBell.shared.count
            do {
                try follow()
                while !mustStop, let job = try queue.take(at: application.clock.now()) {
                    attempt(job)
                }
                try tidy()
                isAway = false
            } catch {
                if !isAway {
                    Log.warning("jobs wait for the database", ["error": .string(plain(error))])
                }
                isAway = true
            }
            if !mustStop {
                JobBell.shared.wait(beyond: rings, seconds: JobRunner.lookSeconds)
            }
        }
    }

    /// Tests that share a database follow the journal themselves.
    private func follow() throws {
        if queue.organisation == nil {
            try application.usage.flushIfDue(application.pool, at: application.clock.now())
            try application.followJournal(until: { mustStop })
        }
    }

    private func attempt(_ job: Job) {
        do {
            guard let kind = application.jobKinds[job.kind] else { return try queue.giveBack(job) }
            guard job.attempts <= job.maximumAttempts else {
                return try giveUp(job, kind, "the program ended while it was running")
            }
            do {
                try kind.handler(job, application)
                try queue.finish(job, at: application.clock.now())
            } catch JobFailure.taken {
                Log.warning("job taken by another runner", ["job": .string(job.id.description)])
            } catch JobFailure.permanent(let reason) {
                try giveUp(job, kind, reason)
            } catch {
                try retryLater(job, kind, plain(error))
            }
        } catch {
            // Nothing could be noted. The lease ends by itself, and the job is taken again: without a
            // database that is all as it must be.
            let isAway = (error as? DatabaseError)?.kind == .unavailable
            let log = isAway ? Log.warning : Log.error
            log(
                "job left alone",
                ["job": .string(job.id.description), "error": .string(plain(error))])
        }
    }

    private func retryLater(_ job: Job, _ kind: JobKind, _ reason: String) throws {
        guard !job.isLastAttempt else { return try giveUp(job, kind, reason) }
        let wait = kind.wait(job.attempts)
        try queue.postpone(job, until: application.clock.now().adding(seconds: wait), reason)
        Log.warning(
            "job failed, will be tried again",
            [
                "job": .string(job.id.description), "kind": .string(job.kind),
                "attempt": .int(job.attempts), "seconds": .int(wait),
            ])
    }

    private func giveUp(_ job: Job, _ kind: JobKind, _ reason: String) throws {
        try kind.givenUp(job, application, reason)
        try queue.giveUp(job, at: application.clock.now(), reason)
        Log.error(
            "job failed for good",
            [
                "job": .string(job.id.description), "kind": .string(job.kind),
                "attempts": .int(job.attempts),
            ])
    }

    private func tidy() throws {
        let now = application.clock.now()
        let isDue = tidiedAt.withLock { last in
            // However far the clock was put, forward or back.
            guard abs(now.seconds - last.seconds) > JobRunner.tidySeconds else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        try queue.forgetOld(at: now)
        try queue.bringBack(at: now)
        // Tests that share a database have clocks of their own.
        guard queue.organisation == nil else { return }
        try queue.pool.withConnection { try $0.forgetOldFailures(at: now) }
        for capability in application.capabilities {
            do {
                try capability.tidy(application)
            } catch {
                // What one cannot tidy keeps none of the others from it.
                Log.error(
                    "not tidied",
                    [
                        "capability": .string("\(capability)"),
                        "error": .string(String(describing: error)),
                    ])
            }
        }
    }
}

/// What a person may read of an error, at most a few lines of it.
private func plain(_ error: any Error) -> String {
    let text =
        switch error {
        case JobFailure.temporary(let reason), JobFailure.permanent(let reason): reason
        case let problem as Problem: problem.detail.english
        default: String(describing: error)
        }
    return String(text.unicodeScalars.prefix(500))
}

/// A thread of ours, which no signal interrupts.
struct RunnerThread: @unchecked Sendable {
    // Unchecked: the number of the thread is written once, before anybody else sees it.
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(run: body))
        var signals = sigset_t()
        var before = sigset_t()
        sigfillset(&signals)
        // Threads inherit the mask, so that the signals which end the program reach its main thread.
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        let result = pthread_create(
            &thread, nil,
            { pointer in
                Unmanaged<Body>.fromOpaque(pointer!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        precondition(result == 0, "a thread could not be started")
    }

    func join() { pthread_join(thread, nil) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
