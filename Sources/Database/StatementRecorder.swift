import Synchronization

/// Collects every distinct statement that runs, for tests which examine them all afterwards
/// (each can be prepared, each is scoped). A switch for the whole process, off by default.
public struct StatementRecorder {
    /// A statement and the types of its values.
    public struct Statement: Sendable, Hashable {
        public let text: String
        public let types: [SQLType]
    }

    private static let isOn = Atomic(false)
    private static let statements = Mutex<Set<Statement>>([])

    /// Begins to record; what was recorded before stays.
    public static func install() { isOn.store(true, ordering: .relaxed) }

    /// Ends recording and forgets.
    public static func uninstall() {
        isOn.store(false, ordering: .relaxed)
        statements.withLock { $0 = [] }
    }

    /// The distinct texts, sorted.
    public static var recorded: [String] {
        Set(statements.withLock { $0 }.map(\.text)).sorted()
    }

    /// The distinct statements with the types of their values, sorted by text.
    public static var recordedStatements: [Statement] {
        statements.withLock { $0 }.sorted { $0.text < $1.text }
    }

    static func record(_ sql: SQL) {
        guard isOn.load(ordering: .relaxed) else { return }
        let statement = Statement(text: sql.text, types: sql.values.map(\.type))
        _ = statements.withLock { $0.insert(statement) }
    }
}
