import Glibc

/// Wakes the runners of this process as soon as a transaction has left a job; those of other processes
/// look by themselves.
final class JobBell: @unchecked Sendable {
    // Unchecked: the count is touched under the mutex only. The C objects stand on the heap, because
    // their address must not change.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var rings = 0

    static let shared = JobBell()

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // A clock that nobody sets, so that a change of the time of day ends no wait.
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

    func ring() {
        pthread_mutex_lock(mutex)
        rings += 1
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(condition)
    }

    /// How often it has rung. Read before looking for work, and given to `wait`: a ring between the two
    /// is not slept through.
    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return rings
    }

    /// Returns when it has rung more than `count` times, or after so many seconds.
    func wait(beyond count: Int, seconds: Int) {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += seconds
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while rings <= count {
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return }
        }
    }
}
