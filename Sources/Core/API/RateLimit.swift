import Basics
import HTTP
import Synchronization

/// How many requests each token may make in a minute; counted in this program's memory.
final class RateLimit: Sendable {
    static let standardRequests = 6_000
    static let windowSeconds = 60
    /// Counts of windows that are over are forgotten once there are so many.
    private static let mostKept = 10_000

    struct Answer: Sendable {
        var limit: Int
        var left: Int
        var secondsToReset: Int
        var isExceeded: Bool

        func add(to response: inout HTTPResponse) {
            response.headers.set(
                "RateLimit-Policy", "\"token\";q=\(limit);w=\(RateLimit.windowSeconds)")
            response.headers.set("RateLimit", "\"token\";r=\(left);t=\(secondsToReset)")
        }
    }

    private struct Count { var window: Int, used: Int }

    private let limit: Int
    private let counts = Mutex<[AccessToken.ID: Count]>([:])

    init(requestsPerMinute: Int) { limit = requestsPerMinute }

    func take(_ token: AccessToken.ID, at now: Instant) -> Answer {
        let (window, elapsed) = now.seconds.quotientAndRemainder(
            dividingBy: RateLimit.windowSeconds)
        let used = counts.withLock { counts in
            if counts.count > RateLimit.mostKept { counts = counts.filter { $1.window == window } }
            var count = counts[token] ?? Count(window: window, used: 0)
            if count.window != window { count = Count(window: window, used: 0) }
            count.used += 1
            counts[token] = count
            return count.used
        }
        return Answer(
            limit: limit, left: max(0, limit - used),
            secondsToReset: RateLimit.windowSeconds - elapsed, isExceeded: used > limit)
    }
}
