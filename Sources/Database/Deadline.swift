import Glibc

/// A point in time on a clock that nobody sets.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(seconds: Double) { end = .now + .seconds(seconds) }

    var hasPassed: Bool { ContinuousClock.now >= end }

    /// Rounded up, so that waiting for it does not end just before; 0 when it has passed.
    var remainingMilliseconds: Int32 {
        let rest = (end - .now) / .milliseconds(1)
        return Int32(clamping: Int64(max(0, rest).rounded(.up)))
    }

    /// The short wait between two looks at another process.
    func pause() { usleep(10_000) }
}
