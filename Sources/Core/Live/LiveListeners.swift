import Basics
import HTTP
import Synchronization

/// The open pages that hear of changes, on this program. None of them has a thread.
final class LiveListeners: Sendable {
    struct Listener: Sendable {
        let organisation: Organisation.ID
        let role: Role
        let language: Language
        /// The hash of the session's token.
        let session: [UInt8]
        let stream: HeldStream
    }

    /// Windows that one person looks at at once; pages behind others do not listen.
    static let mostOfASession = 8
    static let mostInAll = 2_000

    private struct State {
        var last = 0
        var listeners: [Int: Listener] = [:]
        var ofSession: [[UInt8]: Int] = [:]
    }

    private let state = Mutex(State())

    /// Adds what `make` makes of the listener's number, by which `remove` knows it.
    func add(session: [UInt8], _ make: (Int) -> Listener) throws -> Listener {
        let listener = state.withLock { state -> Listener? in
            let count = state.ofSession[session, default: 0]
            guard count < Self.mostOfASession, state.listeners.count < Self.mostInAll else {
                return nil
            }
            state.last += 1
            let listener = make(state.last)
            state.listeners[state.last] = listener
            state.ofSession[session] = count + 1
            return listener
        }
        guard let listener else { throw Problem.tooManyAttempts(retryAfterSeconds: 60) }
        return listener
    }

    func remove(_ number: Int) {
        state.withLock { state in
            guard let listener = state.listeners.removeValue(forKey: number) else { return }
            let left = state.ofSession[listener.session, default: 1] - 1
            state.ofSession[listener.session] = left > 0 ? left : nil
        }
    }

    var all: [Listener] { state.withLock { Array($0.listeners.values) } }

    func all(of organisation: Organisation.ID) -> [Listener] {
        all.filter { $0.organisation == organisation }
    }
}
