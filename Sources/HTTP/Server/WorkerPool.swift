/// A fixed number of threads that run jobs from a bounded queue.
final class WorkerPool: Sendable {
    /// What a worker does with a request.
    struct Job: Sendable {
        let run: @Sendable () -> Void
        /// Called in place of `run` when the pool is closed before the job's turn.
        let abandon: @Sendable () -> Void
    }

    private struct State {
        var queue: [Job?] = []
        var first = 0
        var isClosed = false
        var running = 0

        var waiting: Int { queue.count - first }

        /// Slots already taken are given back together, so that taking costs the same in any queue.
        mutating func take() -> Job? {
            guard first < queue.count else { return nil }
            let job = queue[first]
            queue[first] = nil
            first += 1
            if first == queue.count {
                queue.removeAll(keepingCapacity: true)
                first = 0
            } else if first > 1_024 {
                queue.removeFirst(first)
                first = 0
            }
            return job
        }
    }

    private let state = Monitor(State())
    private let queueLimit: Int
    private let threads = Monitor<[Thread]>([])

    init(queueLimit: Int) {
        self.queueLimit = queueLimit
    }

    /// Starts the threads.
    func start(workers: Int) throws(HTTPSetupError) {
        for _ in 1...workers {
            state.change { $0.running += 1 }
            do throws(HTTPSetupError) {
                let thread = try Thread.start { [self] in work() }
                threads.change { $0.append(thread) }
            } catch {
                state.change { $0.running -= 1 }
                throw error
            }
        }
    }

    /// Queues a job; false at once when the queue is full or the pool is closed.
    func submit(_ job: Job) -> Bool {
        state.changeWakingOne { state in
            guard !state.isClosed, state.waiting < queueLimit else { return false }
            state.queue.append(job)
            return true
        }
    }

    /// How many jobs wait for a thread.
    var waiting: Int { state.change(waking: false) { $0.waiting } }

    /// Abandons the queued jobs and waits for the running ones. Past the deadline the threads that
    /// still run a handler are left to themselves, since no thread can be stopped from outside.
    func close(deadline: Deadline) {
        let abandoned = state.change { state in
            state.isClosed = true
            var jobs: [Job] = []
            while let job = state.take() { jobs.append(job) }
            return jobs
        }
        for job in abandoned { job.abandon() }
        let haveEnded = state.wait(until: deadline) { $0.running == 0 }
        let threads = threads.change { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads {
            if haveEnded { thread.join() } else { thread.detach() }
        }
    }

    private func work() {
        while let job = nextJob() { job.run() }
        state.change { $0.running -= 1 }
    }

    private func nextJob() -> Job? {
        state.wait { state -> Job?? in
            if let job = state.take() { return .some(job) }
            return state.isClosed ? .some(nil) : nil
        }
    }
}
