import Basics
import Database
import HTTP

/// Which rows of a table are shown: at most one condition, read against the type of its column.
struct RowFilter: Sendable {
    var column: BrowsedColumn?
    var comparison: Comparison?
    /// As it was typed.
    var text = ""
    /// The condition, or nothing.
    var condition: SQL = .empty
    var problems: [FieldProblem] = []

    /// Longest value that is compared, in characters.
    static let longestValue = 200

    init(_ query: Fields, _ columns: [BrowsedColumn], _ organisation: Organisation) {
        text = String(PlainText.line(query["value"] ?? "").prefix(Self.longestValue))
        guard let wanted = query["column"], !wanted.isEmpty else { return }
        guard
            let column = columns.first(where: { $0.name.text == wanted && $0.kind != .secret })
        else {
            refuse("column", Text("Cette colonne n’existe pas.", "No such column."))
            return
        }
        self.column = column
        let asked = query["is"].flatMap(Comparison.init)
        guard let comparison = asked ?? column.kind.comparisons.first,
            column.kind.comparisons.contains(comparison)
        else {
            refuse(
                "is",
                Text(
                    "Cette comparaison ne va pas avec une colonne de type \(column.type).",
                    "This comparison does not fit a column of type \(column.type)."))
            return
        }
        self.comparison = comparison
        if comparison == .empty {
            condition = "\(name: column.name) IS NULL"
            return
        }
        guard !text.isEmpty else { return }
        guard let condition = Self.condition(column, comparison, text, organisation) else {
            refuse("value", Self.expected(column.kind))
            return
        }
        self.condition = condition
    }

    /// Whether a condition holds rows back.
    var isOn: Bool { !condition.isEmpty }

    private mutating func refuse(_ field: String, _ message: Text) {
        problems.append(FieldProblem(field, message))
    }

    private static func expected(_ kind: ColumnKind) -> Text {
        switch kind {
        case .whole: Text("Entrez un nombre entier.", "Enter a whole number.")
        case .decimal: Text("Entrez un nombre, tel que 12.5.", "Enter a number, such as 12.5.")
        case .flag: Text("Entrez oui ou non.", "Enter yes or no.")
        case .day, .moment:
            Text("Entrez une date, telle que 2026-03-31.", "Enter a date, such as 2026-03-31.")
        case .identifier:
            Text("Entrez un identifiant entier.", "Enter a whole identifier.")
        case .text, .other, .bytes, .secret: Text("Entrez une valeur.", "Enter a value.")
        }
    }

    /// Nil when the text is not a value of the column.
    private static func condition(
        _ column: BrowsedColumn, _ comparison: Comparison, _ text: String,
        _ organisation: Organisation
    ) -> SQL? {
        let name: SQL = "\(name: column.name)"
        switch column.kind {
        case .whole: return Int(text).map { compare(name, comparison, "\($0)") }
        case .decimal:
            let digits = text.replacing(",", with: ".")
            guard digits.wholeMatch(of: /-?[0-9]{1,30}(\.[0-9]{1,30})?/) != nil else { return nil }
            return compare(name, comparison, "\(digits)::text::numeric")
        case .text, .other:
            let value: SQL = column.kind == .text ? name : "\(name)::text"
            if comparison == .contains {
                return "position(lower(\(text)::text) IN lower(\(value))) > 0"
            }
            return compare(value, comparison, "\(text)::text")
        case .flag:
            let isYes = ["oui", "yes", "true", "vrai", "t", "1"].contains(text.lowercased())
            let isNo = ["non", "no", "false", "faux", "f", "0"].contains(text.lowercased())
            return isYes || isNo ? compare(name, comparison, "\(isYes)") : nil
        case .identifier: return UniqueID(text).map { compare(name, comparison, "\($0)") }
        case .day: return Day(text).map { compare(name, comparison, "\($0)") }
        case .moment: return Day(text).map { within($0, name, comparison, organisation) }
        case .bytes, .secret: return nil
        }
    }

    private static func compare(_ name: SQL, _ comparison: Comparison, _ value: SQL) -> SQL {
        switch comparison {
        case .above: "\(name) > \(value)"
        case .below: "\(name) < \(value)"
        case .equals, .contains, .empty: "\(name) = \(value)"
        }
    }

    /// A day of the organisation: from its first moment to that of the next.
    private static func within(
        _ day: Day, _ name: SQL, _ comparison: Comparison, _ organisation: Organisation
    ) -> SQL {
        func start(_ day: Day) -> SQL {
            "(\(day)::date::timestamp AT TIME ZONE \(organisation.timeZone)::text)"
        }
        let next = day.adding(days: 1)
        switch comparison {
        case .above: return "\(name) >= \(start(next))"
        case .below: return "\(name) < \(start(day))"
        case .equals, .contains, .empty:
            return "\(name) >= \(start(day)) AND \(name) < \(start(next))"
        }
    }
}
