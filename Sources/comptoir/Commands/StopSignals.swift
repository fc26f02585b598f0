import Glibc

/// The signals by which a person or the system ends the program.
struct StopSignals {
    private var set = sigset_t()

    /// Holds them back in this thread and in all that it starts.
    init() {
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// The one that came within so many seconds; nil when none did.
    func wait(seconds: Int) -> Int32? {
        var set = set
        var limit = timespec(tv_sec: seconds, tv_nsec: 0)
        let signal = sigtimedwait(&set, nil, &limit)
        return signal > 0 ? signal : nil
    }

    /// The next one ends the program at once: whoever sends two does not want to wait.
    func endAtTheNext() {
        var set = set
        for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_DFL) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
}
