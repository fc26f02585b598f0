import Basics
import Core
import Database

/// What an organisation itself decides how long to keep.
enum RetentionCategory: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case prospects, clients, mails, imports

    var label: Text {
        switch self {
        case .prospects: Text("Prospects", "Prospects")
        case .clients: Text("Clients particuliers", "Private clients")
        case .mails: Text("Texte des courriels", "Text of mails")
        case .imports: Text("Traces d’imports", "Traces of imports")
        }
    }

    /// From when the months count.
    var start: Text {
        switch self {
        case .prospects, .clients: Text("après le dernier contact", "after the last contact")
        case .mails: Text("après l’envoi", "after sending")
        case .imports: Text("après la fin de l’import", "after the end of the import")
        }
    }

    /// The CNIL asks for three years of prospects, and of clients once the relation is over.
    var usualMonths: Int {
        switch self {
        case .prospects, .clients, .mails: 36
        case .imports: 12
        }
    }
    /// Whether it ends for one person at a time, whom the list for the owner names.
    var isOfPeople: Bool { self == .prospects || self == .clients }
    /// Technical leftovers name nobody who would miss them.
    var isTechnical: Bool { self == .imports }
}

struct RetentionRule: Sendable {
    static let mostMonths = 240

    var category: RetentionCategory
    var months: Int
    /// Whether the program erases by itself.
    var erases: Bool
}

extension Transaction {
    /// Of each category, as set or as usual.
    func retentionRules() throws -> [RetentionRule] {
        var rules = RetentionCategory.allCases.map {
            RetentionRule(category: $0, months: $0.usualMonths, erases: $0.isTechnical)
        }
        try each(
            """
            SELECT category, months, erases FROM retention_settings
            WHERE organisation_id = \(organisation)
            """
        ) { row in
            let category: RetentionCategory = try row["category"]
            guard let place = rules.firstIndex(where: { $0.category == category }) else { return }
            rules[place].months = try row["months"]
            rules[place].erases = try row["erases"]
        }
        return rules
    }
}
