import Basics
import Database

/// A number that pages show and that follows what happens while a page is open.
public struct LiveCounter: Sendable {
    /// How many, and whether somebody should look now.
    struct Count: Sendable, Equatable {
        var number: Int
        var isUrgent: Bool
    }

    /// What pages call it: `mails`.
    let name: String
    /// Who may know it.
    let permission: Permission
    /// What is said aloud when something happens, by what the database told: `mail.sent`.
    let says: [String: Text]
    let rows: @Sendable (Organisation.ID) -> SQL
    let urgent: SQL

    /// - Parameters:
    ///   - rows: what is counted, from the table's name on, with the organisation first.
    ///   - urgent: which of them somebody should look at now.
    init(
        _ name: String, _ permission: Permission, says: [String: Text], urgent: SQL,
        rows: @escaping @Sendable (Organisation.ID) -> SQL
    ) {
        self.name = name
        self.permission = permission
        self.says = says
        self.urgent = urgent
        self.rows = rows
    }
}

extension Transaction {
    /// Every counter of the organisation, whoever may see it, in one question.
    func count(_ counters: [LiveCounter]) throws -> [String: LiveCounter.Count] {
        let statements = counters.map { counter -> SQL in
            """
            SELECT \(counter.name)::text AS name, count(*) AS number,
                count(*) FILTER (WHERE \(counter.urgent)) AS urgent
            FROM \(counter.rows(organisation))
            """
        }
        var counts: [String: LiveCounter.Count] = [:]
        guard !statements.isEmpty else { return counts }
        try each(.joined(statements, separator: " UNION ALL ")) { row in
            counts[try row["name"]] = LiveCounter.Count(
                number: try row["number"], isUrgent: try row["urgent"] > 0)
        }
        return counts
    }
}
