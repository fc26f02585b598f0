import Basics
import Synchronization

/// A clock that shows what a test sets.
public final class TestClock: Sendable {
    /// Saturday, 21 November 2026, 10:30 in Paris.
    public static let usual = Instant(seconds: 1_795_253_400)

    private let instant: Mutex<Instant>

    public init(_ instant: Instant = TestClock.usual) { self.instant = Mutex(instant) }

    public var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }

    public func advance(seconds: Int) {
        instant.withLock { $0 = $0.adding(seconds: seconds) }
    }

    public var clock: Clock { Clock { self.now } }
}
