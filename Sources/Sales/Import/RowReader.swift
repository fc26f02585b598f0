import Basics
import Core

/// Cuts a file into lines by the names of its fields; memory holds one line.
struct RowReader {
    let kind: ImportKind
    let form: FileForm
    /// The field of each column, empty for one that is left out.
    let fields: [String]
    /// Lines read so far, the headings not counted.
    private(set) var count = 0
    private var records: CSV.Reader
    private var cards = VCard.Reader()
    private var sawHeadings = false
    private let headings: [String: String]

    init(_ kind: ImportKind, _ form: FileForm, fields: [String], say: Language) {
        self.kind = kind
        self.form = form
        self.fields = fields
        records = CSV.Reader(separator: form.separator)
        headings =
            kind == .contacts
            ? Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, say($0.label)) })
            : Dictionary(
                zip(fields, form.headings).filter { !$0.0.isEmpty },
                uniquingKeysWith: { first, _ in first })
    }

    mutating func read(_ piece: ArraySlice<UInt8>, row: (ImportRow) throws -> Void) throws {
        if kind == .contacts {
            var entries: [VCard.Entry] = []
            try cards.read(piece) { entries.append($0) }
            for entry in entries { try row(take(entry)) }
            return
        }
        var rows: [(Int, [String])] = []
        do {
            try records.read(form.encoding.utf8(piece)) { rows.append(($0, $1)) }
        } catch let fault as CSV.Reader.Fault {
            throw fault.problem
        }
        for (line, cells) in rows { if let next = try take(line, cells) { try row(next) } }
    }

    mutating func finish(row: (ImportRow) throws -> Void) throws {
        if kind == .contacts {
            var entries: [VCard.Entry] = []
            try cards.finish { entries.append($0) }
            for entry in entries { try row(take(entry)) }
            return
        }
        var rows: [(Int, [String])] = []
        do {
            try records.finish { rows.append(($0, $1)) }
        } catch let fault as CSV.Reader.Fault {
            throw fault.problem
        }
        for (line, cells) in rows { if let next = try take(line, cells) { try row(next) } }
    }

    private mutating func countOne() throws {
        count += 1
        guard count <= ImportLimits.lines else {
            throw Problem.invalid(
                "file",
                Text(
                    "Plus de \(ImportLimits.lines) lignes : partagez le fichier.",
                    "More than \(ImportLimits.lines) lines: split the file."))
        }
    }

    private mutating func take(_ line: Int, _ cells: [String]) throws -> ImportRow? {
        guard sawHeadings else {
            sawHeadings = true
            return nil
        }
        if cells.allSatisfy(\.isEmpty) { return nil }
        try countOne()
        let hasZero = cells.contains { $0.utf8.contains(0) }
        let kept = hasZero ? cells.map { $0.filter { $0 != "\0" } } : cells
        var values: [String: String] = [:]
        for (index, field) in fields.enumerated() where index < kept.count && !field.isEmpty {
            values[field] = RowReader.unguarded(kept[index])
        }
        var row = ImportRow(line: line, cells: kept, values: values, headings: headings)
        if hasZero { row.refuse(LineProblem.control) }
        // Some programs end every line, or none but the first, with a separator.
        let extra = kept.dropFirst(form.headings.count).contains { !$0.isEmpty }
        let missing = form.headings.dropFirst(kept.count).contains { !$0.isEmpty }
        if extra || missing {
            row.refuse(LineProblem.columns(kept.count, form.headings.count))
        }
        return row
    }

    private mutating func take(_ entry: VCard.Entry) throws -> ImportRow {
        try countOne()
        let text = entry.text.filter { $0 != "\0" }
        var row = ImportRow(
            line: entry.line, cells: [text],
            values: entry.card?.values.mapValues { $0.filter { $0 != "\0" } } ?? [:],
            headings: headings)
        if entry.card == nil { row.refuse(LineProblem.unclosedCard) }
        return row
    }

    /// Files that guard against formulas, ours among them, put an apostrophe before a sign.
    private static func unguarded(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        guard scalars.popFirst() == "'", let sign = scalars.first,
            "=+-@＝＋－＠".unicodeScalars.contains(sign)
        else { return text }
        return String(scalars)
    }
}
