import Glibc

/// A thread with a stack of known size. Handlers draw documents and walk deep structures, and the
/// threads of Swift's own pool have too little for that.
struct Thread: @unchecked Sendable {
    // A pthread_t is a plain number that any thread may use to join.
    private let thread: pthread_t

    /// The stack of every thread, in bytes. It is address space; memory is taken as it is touched.
    private static let stackBytes = 8 * 1_024 * 1_024

    /// Starts a thread that runs the body once. Signals stay with the threads that await them.
    static func start(
        _ body: @escaping @Sendable () -> Void
    ) throws(HTTPSetupError) -> Thread {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        let start = Unmanaged.passRetained(Start(body: body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                blockSignals()
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw HTTPSetupError("Cannot start a thread: \(String(cString: strerror(result))).")
        }
        return Thread(thread: thread)
    }

    /// Waits for the thread to end.
    func join() { pthread_join(thread, nil) }

    /// Lets the thread end by itself.
    func detach() { pthread_detach(thread) }
}

private final class Start: Sendable {
    let body: @Sendable () -> Void
    init(body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Leaves out the signals by which a crash announces itself.
private func blockSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] {
        sigdelset(&signals, signal)
    }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}

/// A mutex with a condition variable around some state.
final class Monitor<State>: @unchecked Sendable {
    // The state is only touched while the mutex is held. Both C objects live on the heap, since
    // their address must not change.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Changes the state and wakes those who wait when `wake` says so.
    func change<Result>(waking wake: Bool = true, _ change: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let result = change(&state)
        if wake { pthread_cond_broadcast(condition) }
        return result
    }

    /// Changes the state and wakes one of those who wait.
    func changeWakingOne<Result>(_ change: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let result = change(&state)
        pthread_cond_signal(condition)
        return result
    }

    /// Waits until `take` gives a value.
    func wait<Result>(_ take: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = take(&state) { return result }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Waits until the state satisfies the test; false when the deadline passed first.
    func wait(until deadline: Deadline, _ test: (State) -> Bool) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var limit = deadline.time
        while !test(state) {
            if pthread_cond_timedwait(condition, mutex, &limit) == ETIMEDOUT { return test(state) }
        }
        return true
    }
}

/// A moment on the monotonic clock.
struct Deadline: Sendable {
    fileprivate let time: timespec

    /// - Parameter seconds: from now; a year at most, so that no arithmetic overflows.
    init(afterSeconds seconds: Double) {
        let seconds = min(max(0, seconds), 31_536_000)
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = now.tv_nsec + Int((seconds - seconds.rounded(.down)) * 1e9)
        time = timespec(
            tv_sec: now.tv_sec + Int(seconds) + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000)
    }
}
