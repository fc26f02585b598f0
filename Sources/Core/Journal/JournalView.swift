import Basics
import Database

/// Which side of the journal to look at: what people expect under these names elsewhere.
enum JournalView: String, Sendable, CaseIterable {
    /// Audit: who changed what.
    case changes
    /// Access log: who read, opened or exported what.
    case reads
    /// System log: what the program did by itself.
    case system

    var label: Text {
        switch self {
        case .changes: Text("Modifications", "Changes")
        case .reads: Text("Consultations et exports", "Reading and exports")
        case .system: Text("Système", "System")
        }
    }

    /// About the entry `e`.
    var condition: SQL {
        switch self {
        case .changes: " AND NOT (\(JournalView.isReading))"
        case .reads: " AND \(JournalView.isReading)"
        case .system: " AND e.actor_id IS NULL"
        }
    }

    /// The names of such actions end so; a test holds them to it.
    private static let isReading: SQL = "e.action ~ '\\.(read|opened|exported)$'"
}
