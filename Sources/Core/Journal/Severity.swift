import Basics
import Database

/// How much it matters to whoever answers for the organisation that something was done.
public enum Severity: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    /// Everyday work.
    case low
    /// What binds the company, or tells who came in.
    case medium
    /// What others rely on changed, or much data left.
    case high
    /// Protection was taken away.
    case critical

    public var label: Text {
        switch self {
        case .low: Text("courante", "low")
        case .medium: Text("notable", "medium")
        case .high: Text("importante", "high")
        case .critical: Text("critique", "critical")
        }
    }

    /// The look of its mark; everyday work bears none.
    var pill: StaticString? {
        switch self {
        case .low, .medium: nil
        case .high: "warn"
        case .critical: "bad"
        }
    }
}
