import Database

/// What a capability does about new entries of the journal, of all organisations. `comptoir serve`
/// hands them over within about a second.
public struct JournalListener: Sendable {
    public typealias Body = @Sendable (Connection, [Follower.Entry], Application) throws -> Bool

    public let follower: Follower
    let body: Body

    /// - Parameters:
    ///   - name: that of its position in the journal, which a migration has noted.
    ///   - body: runs in the transaction that notes the position, outside any organisation. It answers
    ///     whether it left jobs.
    public init(_ name: String, _ body: @escaping Body) {
        follower = Follower(name)
        self.body = body
    }
}

extension Application {
    /// Hands over what is new in the journal, in the calling thread, until it is told to stop; answers how
    /// many entries.
    @discardableResult
    public func followJournal(until mustStop: () -> Bool = { false }) throws -> Int {
        var all = 0
        for listener in capabilities.flatMap({ $0.listeners }) {
            while !mustStop(), try listener.follower.isBehind(pool) {
                var hasEnqueued = false
                let count = try listener.follower.advance(pool) { connection, entries in
                    hasEnqueued = try listener.body(connection, entries, self)
                }
                if hasEnqueued { JobBell.shared.ring() }
                if count == 0 { break }
                all += count
            }
        }
        return all
    }
}
