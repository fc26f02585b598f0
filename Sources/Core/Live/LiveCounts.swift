import Basics
import Synchronization

/// The counters of organisations as they were last read, so that a page need not ask for them. They
/// are kept only while changes are heard of, and forgotten when one is.
final class LiveCounts: Sendable {
    private struct State {
        var isFollowed = false
        var known: [Organisation.ID: [String: LiveCounter.Count]] = [:]
        /// How often the counters of an organisation have changed.
        var changes: [Organisation.ID: Int] = [:]
    }

    private let state = Mutex(State())

    /// From now on changes are heard of, or no longer.
    func follow(_ isFollowed: Bool) {
        state.withLock { $0 = State(isFollowed: isFollowed) }
    }

    var isFollowed: Bool { state.withLock { $0.isFollowed } }

    func forget(_ organisation: Organisation.ID) {
        state.withLock { state in
            state.known[organisation] = nil
            state.changes[organisation, default: 0] += 1
        }
    }

    /// What is known, or what `read` finds out.
    func counts(
        of organisation: Organisation.ID, _ read: () throws -> [String: LiveCounter.Count]
    ) rethrows -> [String: LiveCounter.Count] {
        let (known, changes) = state.withLock {
            ($0.known[organisation], $0.changes[organisation])
        }
        if let known { return known }
        let counts = try read()
        state.withLock { state in
            // Something that happened while we read may not be in it.
            guard state.isFollowed, state.changes[organisation] == changes else { return }
            state.known[organisation] = counts
        }
        return counts
    }
}
