import Basics
import Core
import Database

/// A line as it stands in the staging table: what it will become, and by what it is recognised.
struct StagedLine {
    var line: Int
    var cells: [String]
    var problems: [LineProblem] = []
    /// Nothing to bring in, and nothing wrong.
    var isSkipped = false
    /// What it is recognised by, as far as its kind has it.
    var reference = ""
    var siren = ""
    var siret = ""
    var email = ""
    var name = ""
    var postalCode = ""
    var amount: Int?
    var payment: Int?
    /// The record's columns; one that the line says nothing of is null.
    var record: JSON = .object([])
    /// The contact that comes with it.
    var contact: JSON?

    init(_ row: ImportRow) {
        line = row.line
        cells = row.cells
        problems = row.problems
    }

    /// What a reader sees of it in the preview, by field.
    var shown: [String: String] = [:]
}

/// Reads the lines of one kind.
struct LineReader: Sendable {
    let kind: ImportKind
    let organisation: Organisation
    let today: Day

    func staged(_ row: ImportRow) -> StagedLine {
        guard row.problems.isEmpty else { return StagedLine(row) }
        var row = row
        return switch kind {
        case .clients: clientLine(&row)
        case .contacts: contactLine(&row)
        case .items: itemLine(&row)
        case .invoices, .sales: invoiceLine(&row)
        }
    }

    private var country: String { organisation.address.country }
}

extension JSON {
    /// A text, or null for one that the line does not have.
    static func given(_ text: String) -> JSON { text.isEmpty ? .null : .string(text) }
}
