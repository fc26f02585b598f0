import Basics
import Core
import Markup

/// The first lines of a file as they would be brought in: values as Comptoir writes them, faults at their
/// cell.
struct ImportPreview {
    let found: Import
    let lines: [StagedLine]
    let request: Request

    init(_ found: Import, _ lines: [StagedLine], _ request: Request) {
        self.found = found
        self.lines = lines
        self.request = request
    }

    private var say: Language { request.say }

    /// Mapped columns by index, or the fields of a card.
    private var columns: [(index: Int, field: ImportField)] {
        found.fields.enumerated().compactMap { index, name in
            found.kind.field(name).map { (index, $0) }
        }
    }

    var card: HTML {
        """
        <section class="card" aria-labelledby="h-preview"><header><h2 id="h-preview">\(say("Premières lignes", "First lines"))</h2>\
        <p>\(say("Telles qu’elles seront importées.", "As they will be imported."))</p></header>
        <div class="scroll" tabindex="0" role="group" aria-label="\(say("Aperçu", "Preview"))">
        <table class="tbl"><thead><tr><th scope="col" class="n">\(say("Ligne", "Line"))</th>\
        \(columns, { "<th scope=\"col\">\(say($0.field.label))</th>" })</tr></thead>
        <tbody>\(lines, row)</tbody></table></div></section>
        """
    }

    private func row(_ line: StagedLine) -> HTML {
        """
        <tr><td class="n">\(line.line)</td>\(columns, { cell(line, $0.index, $0.field) })</tr>
        """
    }

    private func cell(_ line: StagedLine, _ index: Int, _ field: ImportField) -> HTML {
        let raw: String =
            if found.kind == .contacts {
                line.record[field.name]?.string ?? ""
            } else {
                index < line.cells.count ? line.cells[index] : ""
            }
        let value = String((line.shown[field.name] ?? raw).prefix(ImportLimits.shownCharacters))
        let heading =
            found.kind == .contacts
            ? found.language(field, request.organisation.language) : found.form.headings[index]
        let problem = line.problems.first { $0.column == heading }
        let whole = index == columns.first?.index ? line.problems.first { $0.column.isEmpty } : nil
        return """
            <td>\(value)\((problem ?? whole).map {
                "<small class=\"late\">\(say($0.message))</small>" as HTML
            })</td>
            """
    }
}

extension Import {
    /// What a column of a card is called where its faults are noted.
    fileprivate func language(_ field: ImportField, _ say: Language) -> String { say(field.label) }
}
