import Synchronization

/// Collects every distinct statement that runs, for tests which examine them all afterwards
/// (each can be prepared, each is scoped). A switch for the whole process, off by default.
public struct StatementRecorder {
    /// A statement, the types of its values, and the database it ran in.
    public struct Statement: Sendable, Hashable {
        public let text: String
        public let types: [SQLType]
        public let database: String
    }

    private static let users = Atomic(0)
    private static let statements = Mutex<Set<Statement>>([])

    /// Begins to record; what was recorded before stays.
    public static func install() { users.add(1, ordering: .relaxed) }

    /// Undoes one `install`; the last one ends recording and forgets.
    public static func uninstall() {
        guard users.subtract(1, ordering: .relaxed).newValue == 0 else { return }
        statements.withLock { $0 = [] }
    }

    /// The distinct texts, sorted.
    public static var recorded: [String] {
        Set(recordedStatements.map(\.text)).sorted()
    }

    /// The distinct statements, sorted by text.
    public static var recordedStatements: [Statement] {
        statements.withLock { $0 }.sorted { $0.text < $1.text }
    }

    static func record(_ sql: SQL, on connection: Connection) {
        guard users.load(ordering: .relaxed) > 0 else { return }
        let statement = Statement(
            text: sql.text, types: sql.values.map(\.type), database: connection.database)
        _ = statements.withLock { $0.insert(statement) }
    }
}
