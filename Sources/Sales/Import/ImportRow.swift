import Basics
import Core
import HTTP

/// One line of a file by the names of its fields, being read: values become those of our forms, so that
/// the drafts of the forms check them.
struct ImportRow {
    let line: Int
    /// As the file has it.
    let cells: [String]
    private(set) var values: [String: String]
    /// The heading of each field.
    private let headings: [String: String]
    private(set) var problems: [LineProblem] = []
    /// What the cells held before they were put in the form of our fields.
    private let original: [String: String]

    init(line: Int, cells: [String], values: [String: String], headings: [String: String]) {
        self.line = line
        self.cells = cells
        self.values = values
        self.headings = headings
        original = values
    }

    subscript(_ field: String) -> String { values[field] ?? "" }
    func has(_ field: String) -> Bool { !self[field].isEmpty }

    mutating func set(_ field: String, _ value: String) { values[field] = value }

    mutating func refuse(_ field: String, _ message: Text) {
        problems.append(
            LineProblem(
                column: headings[field] ?? field, value: original[field] ?? "", message))
    }

    mutating func refuse(_ message: Text) { problems.append(LineProblem(message)) }

    /// The same values as a form; `names` are those of its fields that are called otherwise here.
    func input(_ names: [String: String] = [:], only fields: [String]? = nil) -> Input {
        let fields = fields ?? Array(values.keys)
        return Input(
            Fields(
                fields.compactMap { field in
                    values[field].map { Fields.Field(name: names[field] ?? field, value: $0) }
                }))
    }

    /// What a draft refused, by the fields that they have here.
    mutating func refuse(_ found: [FieldProblem], _ names: [String: String] = [:]) {
        for problem in found {
            let field = names.first { $0.value == problem.field }?.key ?? problem.field
            refuse(field, problem.message)
        }
    }

    /// Replaces a word of the file by ours; an unknown one is refused.
    mutating func choose(_ field: String, _ words: [String: String]) {
        guard has(field) else { return }
        guard let known = words[PlainText.folded(self[field])] else {
            refuse(field, Text("mot inconnu", "unknown word"))
            return set(field, "")
        }
        set(field, known)
    }

    /// Yes or no in the words of spreadsheets; nil when the cell is empty or says something else.
    func flag(_ field: String) -> Bool? {
        switch PlainText.folded(self[field]) {
        case "1", "oui", "o", "vrai", "true", "yes", "y", "x", "on": true
        case "0", "non", "n", "faux", "false", "no", "off": false
        default: nil
        }
    }

    /// Without the sign of a currency or its code, which stand beside amounts in many files.
    mutating func number(_ field: String, _ currency: Currency) {
        guard has(field) else { return }
        var text = self[field]
        for sign in ["€", "$", "£", currency.symbol, currency.code] {
            text = text.split(separator: sign, omittingEmptySubsequences: false).joined()
        }
        set(field, PlainText.line(text))
    }

    /// `2026-01-31 00:00:00` and `2026-01-31T00:00:00Z` without their time.
    mutating func day(_ field: String) {
        let text = PlainText.line(self[field])
        let day = text.prefix { $0 != " " && $0 != "T" }
        if Day(day) != nil { set(field, String(day)) }
    }
}
