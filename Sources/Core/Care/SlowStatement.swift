import Database

/// A statement that took much time, as pg_stat_statements keeps it: its text with `$1` in place of every
/// value, and sums over all its runs.
public struct SlowStatement: Record, Sendable {
    /// On one line.
    public var text: String
    public var calls: Int
    /// In milliseconds.
    public var meanMilliseconds: Double
    public var totalMilliseconds: Double
    /// Returned or changed, in all runs together.
    public var rows: Int

    public init(row: Row) throws {
        text = try row["text"]
        calls = try row["calls"]
        meanMilliseconds = try Double(row["mean_ms"] as String) ?? 0
        totalMilliseconds = try Double(row["total_ms"] as String) ?? 0
        rows = try row["rows"]
    }

    /// In which order they are asked for.
    public enum Order: String, Sendable, CaseIterable {
        case total, mean, calls

        fileprivate var expression: SQL {
            switch self {
            case .total: "s.total_exec_time"
            case .mean: "s.mean_exec_time"
            case .calls: "s.calls"
            }
        }
    }
}

/// Whether a database counts its statements.
public enum StatementCounting: Sendable, Equatable {
    case on
    /// The extension is not there.
    case missing
    /// It is there, but the server was started without its library.
    case notLoaded
}

extension Connection {
    public func statementCounting() throws -> StatementCounting {
        let isThere: Bool? = try value(
            "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements')")
        guard isThere == true else { return .missing }
        // Written in the configuration alone, the setting would be a text that nobody reads.
        let isLoaded: Bool? = try value(
            """
            SELECT EXISTS (SELECT FROM pg_settings
                WHERE name = 'pg_stat_statements.max' AND vartype = 'integer')
            """)
        return isLoaded == true ? .on : .notLoaded
    }

    /// Those of this role in this database. Only statements whose values the server takes out: those that
    /// define things keep theirs, and are left out.
    public func slowStatements(by order: SlowStatement.Order, most: Int) throws -> [SlowStatement] {
        try all(
            """
            SELECT regexp_replace(btrim(s.query), '\\s+', ' ', 'g') AS text, s.calls,
                round(s.mean_exec_time::numeric, 3)::text AS mean_ms,
                round(s.total_exec_time::numeric, 3)::text AS total_ms, s.rows
            FROM pg_stat_statements s
            JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
            JOIN pg_roles r ON r.oid = s.userid AND r.rolname = current_user
            WHERE s.query ~* '^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES)\\M'
            ORDER BY \(order.expression) DESC, s.queryid LIMIT \(most)
            """)
    }
}
