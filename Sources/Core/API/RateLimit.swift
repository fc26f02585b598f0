import Basics
import HTTP
import Synchronization

/// How many requests each token, or each visitor's network, may make in a minute; counted in this
/// program's memory.
final class RateLimit: Sendable {
    static let standardRequests = 6_000
    static let standardVisitorRequests = 600
    static let windowSeconds = 60
    /// With more askers than this in one minute all of them begin anew: memory has an end.
    private static let mostKept = 100_000

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

    private enum Asker: Hashable, Sendable {
        case token(AccessToken.ID)
        case network(ClientNetwork)
    }

    private struct Counts {
        var window = 0
        var used: [Asker: Int] = [:]
    }

    private let limit: Int
    private let counts = Mutex(Counts())

    init(requestsPerMinute: Int) { limit = requestsPerMinute }

    func take(_ token: AccessToken.ID, at now: Instant) -> Answer { take(.token(token), at: now) }

    func take(_ network: ClientNetwork, at now: Instant) -> Answer {
        take(.network(network), at: now)
    }

    private func take(_ asker: Asker, at now: Instant) -> Answer {
        let (window, elapsed) = now.seconds.quotientAndRemainder(
            dividingBy: RateLimit.windowSeconds)
        let used = counts.withLock { counts in
            if counts.window != window || counts.used.count >= RateLimit.mostKept {
                counts = Counts(window: window)
            }
            counts.used[asker, default: 0] += 1
            return counts.used[asker] ?? 0
        }
        return Answer(
            limit: limit, left: max(0, limit - used),
            secondsToReset: RateLimit.windowSeconds - elapsed, isExceeded: used > limit)
    }
}
