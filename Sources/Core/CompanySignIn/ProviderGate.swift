import Synchronization

/// How many conversations with providers go on at once. Each holds a thread that would answer other people, and a
/// provider may be slow, or dead, or mean harm.
final class ProviderGate: Sendable {
    private static let most = 4
    private let open = Mutex(0)

    /// Throws `Problem.unavailable` when enough go on already.
    func pass<T>(_ body: () throws -> T) throws -> T {
        let mayPass = open.withLock { open in
            guard open < Self.most else { return false }
            open += 1
            return true
        }
        guard mayPass else { throw Problem.unavailable }
        defer { open.withLock { $0 -= 1 } }
        return try body()
    }
}
