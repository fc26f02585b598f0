import Basics
import Core
import Database

extension Transaction {
    /// The refused lines of an import as a file of its own kind, to be mended and imported again: the
    /// lines as they were, each with why it was refused behind it; cards as they were.
    func refusalFile(of found: Import, _ say: Language) throws -> [UInt8] {
        var text = ""
        let separator =
            found.form.separator == 0 ? ";" : Character(UnicodeScalar(found.form.separator))
        let reasonHeading = say("Motif du refus", "Reason of refusal")
        if found.kind != .contacts {
            // The mark tells spreadsheets that this is UTF-8.
            let headings =
                found.form.headings.isEmpty ? [say("Ligne", "Line")] : found.form.headings
            text = "\u{FEFF}" + CSV.line(headings + [reasonHeading], separator: separator)
        }
        let own = organisation
        try each(
            """
            SELECT line_number, problems, reason, cells FROM import_refusals
            WHERE organisation_id = \(own) AND import_id = \(found.id) ORDER BY line_number
            """
        ) { row in
            let line = try RefusedLine(row: row)
            var cells: [String] = try row["cells"]
            if found.kind == .contacts {
                text += cells.first ?? ""
            } else {
                if found.form.headings.isEmpty { cells = [String(line.line)] }
                let missing = max(0, found.form.headings.count - cells.count)
                cells += Array(repeating: "", count: missing)
                let reasons = line.problems.map { $0.sentence(say) }.joined(separator: " ; ")
                text += CSV.line(cells + [reasons], separator: separator)
            }
        }
        return Array(text.utf8)
    }
}

extension LineProblem {
    /// `Téléphone : Numéro attendu.`
    func sentence(_ say: Language) -> String {
        column.isEmpty ? say(message) : column + say(" : ", ": ") + say(message)
    }
}
