import Basics
import Synchronization
import TestSupport
import Testing

@testable import Core

/// Jobs whose handlers do what a test says, by the subject of the job.
private enum TestJobs: Capability {
    static func routes(_ routes: inout Routes) {}

    static let jobs = [kind]
    static let kind = JobKind(
        "test.run", Text("Essai", "Test"), maximumAttempts: 3,
        givenUp: { job, _, reason in
            givenUp.withLock { $0[job.id] = reason }
        },
        handler: { job, application in
            guard let subject = job.subject,
                let behaviour = behaviours.withLock({ $0[subject] })
            else { throw JobFailure.permanent("no behaviour") }
            try behaviour(job, application)
        })

    typealias Behaviour = @Sendable (Job, Application) throws -> Void
    static let behaviours = Mutex<[UniqueID: Behaviour]>([:])
    static let givenUp = Mutex<[Job.ID: String]>([:])

    /// A job that does this.
    static func enqueue(
        _ test: TestApplication, _ behaviour: @escaping Behaviour
    ) throws -> Job.ID {
        let subject = UniqueID.make(at: .now)
        behaviours.withLock { $0[subject] = behaviour }
        return try test.application.write(for: test.organisationID) {
            try $0.enqueue(kind, on: subject)
        }
    }
}

extension TestApplication {
    fileprivate var runner: JobRunner { JobRunner(application, only: organisationID) }
    fileprivate var queue: JobQueue {
        JobQueue(
            pool: application.pool, kinds: [TestJobs.kind.name], organisation: organisationID)
    }
    fileprivate func job(_ id: Job.ID) throws -> Job {
        try application.read(for: organisationID) {
            try $0.one(
                """
                SELECT \(Job.columns) FROM jobs
                WHERE organisation_id = \($0.organisation) AND id = \(id)
                """)
        }
    }
}

@Suite struct JobTests {
    @Test func aJobRunsOnceAndIsFinished() throws {
        let test = try TestApplication(TestJobs.self)
        let counter = Counter()
        let id = try TestJobs.enqueue(test) { _, _ in counter.add() }
        #expect(try test.runner.runDue() == 1)
        #expect(try test.runner.runDue() == 0)
        #expect(counter.count == 1)
        #expect(try test.job(id).state(at: test.clock.now) == .finished)
    }

    @Test func aJobOfATransactionThatFailedNeverExisted() throws {
        let test = try TestApplication(TestJobs.self)
        #expect(throws: Problem.forbidden) {
            try test.write { transaction in
                try transaction.enqueue(TestJobs.kind, on: nil)
                throw Problem.forbidden
            }
        }
        #expect(try test.queue.take(at: test.clock.now) == nil)
    }

    @Test func theBellRingsWhenAJobIsCommitted() throws {
        let test = try TestApplication(TestJobs.self)
        let rings = JobBell.shared.count
        _ = try TestJobs.enqueue(test) { _, _ in }
        #expect(JobBell.shared.count > rings)
    }

    @Test func aJobForLaterWaits() throws {
        let test = try TestApplication(TestJobs.self)
        let later = test.clock.now.adding(seconds: 60)
        try test.write { _ = try $0.enqueue(TestJobs.kind, on: nil, at: later) }
        #expect(try test.queue.take(at: test.clock.now) == nil)
        #expect(try test.queue.take(at: later) != nil)
    }

    /// Made, held or put off while the clock was a year ahead: once it is right again they are due, and
    /// what was planned for a later day stays planned.
    @Test func whatAClockThatWasAheadHasPutOffIsDoneOnceItIsRight() throws {
        let test = try TestApplication(TestJobs.self)
        let truth = test.clock.now
        let planned = try test.write {
            try $0.enqueue(TestJobs.kind, on: nil, at: truth.adding(seconds: 60 * 86_400))
        }
        let putOff = try TestJobs.enqueue(test) { _, _ in }
        _ = try #require(try test.queue.take(at: truth))
        test.clock.advance(seconds: 366 * 86_400)
        let ahead = test.clock.now
        try test.queue.postpone(test.job(putOff), until: ahead.adding(seconds: 60), "away")
        let made = try TestJobs.enqueue(test) { _, _ in }
        test.clock.now = truth
        #expect(try test.queue.take(at: truth) == nil)
        try test.queue.bringBack(at: truth)
        #expect(try test.runner.runDue() == 2)
        #expect(try [putOff, made].allSatisfy { try test.job($0).finishedAt != nil })
        #expect(try test.job(planned).runAt == truth.adding(seconds: 60 * 86_400))
        try test.queue.bringBack(at: truth)
        #expect(try test.queue.take(at: truth) == nil)
    }

    @Test func manyRunnersNeverRunOneJobTwice() throws {
        let test = try TestApplication(TestJobs.self)
        let counts = Counts()
        let ids = try (0..<60).map { _ in
            try TestJobs.enqueue(test) { job, _ in counts.add(job.id) }
        }
        let runner = JobRunner(test.application, threads: 6, only: test.organisationID)
        runner.start()
        let end = ContinuousClock.now + .seconds(20)
        while counts.total < ids.count, ContinuousClock.now < end { pause() }
        runner.stop()
        #expect(counts.all == Dictionary(uniqueKeysWithValues: ids.map { ($0, 1) }))
        #expect(try ids.allSatisfy { try test.job($0).finishedAt != nil })
    }

    @Test func aJobThatIsHeldIsLeftAloneUntilItsLeaseEnds() throws {
        let test = try TestApplication(TestJobs.self)
        _ = try TestJobs.enqueue(test) { _, _ in }
        let now = test.clock.now
        let first = try #require(try test.queue.take(at: now))
        #expect(try test.queue.take(at: now) == nil)
        let afterwards = now.adding(seconds: JobQueue.leaseSeconds)
        let second = try #require(try test.queue.take(at: afterwards))
        #expect(second.id == first.id)
        #expect(second.attempts == 2)
    }

    @Test func aRunnerThatWasTooSlowChangesNothing() throws {
        let test = try TestApplication(TestJobs.self)
        let id = try TestJobs.enqueue(test) { _, _ in }
        let slow = try #require(try test.queue.take(at: test.clock.now))
        test.clock.advance(seconds: JobQueue.leaseSeconds)
        let quick = try #require(try test.queue.take(at: test.clock.now))
        #expect(throws: JobFailure.taken) {
            try test.write { transaction in
                try transaction.run(
                    """
                    UPDATE organisations SET phone = 'changed' WHERE id = \(transaction.organisation)
                    """)
                try transaction.finish(slow)
            }
        }
        #expect(try test.organisation.phone != "changed")
        try test.queue.giveUp(slow, at: test.clock.now, "too late to say")
        try test.write { try $0.finish(quick) }
        #expect(try test.job(id).state(at: test.clock.now) == .finished)
    }

    @Test func aJobThatFailsIsTriedAgainAndThenGivenUp() throws {
        let test = try TestApplication(TestJobs.self)
        let counter = Counter()
        let id = try TestJobs.enqueue(test) { _, _ in
            counter.add()
            throw JobFailure.temporary("the server is away")
        }
        for attempt in 1...3 {
            #expect(try test.runner.runDue() == 1, "attempt \(attempt)")
            #expect(try test.runner.runDue() == 0, "no second one at once")
            test.clock.advance(seconds: Backoff.longestSeconds * 2)
        }
        #expect(try test.runner.runDue() == 0)
        let job = try test.job(id)
        #expect(job.state(at: test.clock.now) == .failed)
        #expect(job.lastError == "the server is away")
        #expect(counter.count == 3)
        #expect(TestJobs.givenUp.withLock { $0[id] } == "the server is away")
    }

    @Test func aFailureForGoodIsNotTriedAgain() throws {
        let test = try TestApplication(TestJobs.self)
        let id = try TestJobs.enqueue(test) { _, _ in throw JobFailure.permanent("no such box") }
        try test.runner.runDue()
        #expect(try test.job(id).state(at: test.clock.now) == .failed)
    }

    @Test func aJobDuringWhichTheProgramKeepsDyingIsGivenUp() throws {
        let test = try TestApplication(TestJobs.self)
        let counter = Counter()
        let id = try TestJobs.enqueue(test) { _, _ in counter.add() }
        for _ in 1...3 {
            #expect(try test.queue.take(at: test.clock.now) != nil)
            test.clock.advance(seconds: JobQueue.leaseSeconds)
        }
        try test.runner.runDue()
        #expect(try test.job(id).state(at: test.clock.now) == .failed)
        #expect(counter.count == 0)
    }

    @Test func waitsGrowUpToALimitAndAreSpread() {
        #expect(
            (1...9).map { Backoff.seconds(after: $0, jitter: 0) }
                == [60, 120, 240, 480, 960, 1920, 3840, 7680, 14_400])
        #expect(Backoff.seconds(after: 1, jitter: -20) == 48)
        #expect(Backoff.seconds(after: 1000, jitter: 20) == 17_280)
    }

    @Test func aPersonSeesAFailedJobAndTriesItAgain() throws {
        let test = try TestApplication(TestJobs.self)
        let isWell = Counter()
        let id = try TestJobs.enqueue(test) { _, _ in
            if isWell.count == 0 { throw JobFailure.permanent("<b>mailbox</b> full") }
        }
        try test.runner.runDue()
        let browser = test.browser(as: .agent)
        try browser.get("/jobs?state=failed")
        #expect(browser.text.contains("&lt;b&gt;mailbox&lt;/b&gt; full"))
        isWell.add()
        try browser.submit("/jobs/\(id)/retry")
        #expect(browser.status == 200)
        try test.runner.runDue()
        #expect(try test.job(id).state(at: test.clock.now) == .finished)
        #expect(try test.post("/jobs/\(id)/retry", as: .agent).status == 409)
    }

    @Test func jobsOfAnotherOrganisationDoNotExist() throws {
        let test = try TestApplication(TestJobs.self)
        let other = try TestApplication(TestJobs.self)
        let id = try TestJobs.enqueue(test) { _, _ in }
        #expect(try other.post("/jobs/\(id)/retry").status == 404)
        #expect(try !other.get("/jobs").text.contains(id.description))
        #expect(try test.get("/jobs").text.contains(id.description))
        #expect(try test.post("/jobs/\(id)/retry", as: .accountant).status == 403)
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}

private final class Counts: Sendable {
    private let values = Mutex<[Job.ID: Int]>([:])
    var all: [Job.ID: Int] { values.withLock { $0 } }
    var total: Int { all.values.reduce(0, +) }
    func add(_ id: Job.ID) { values.withLock { $0[id, default: 0] += 1 } }
}
