import Basics
import Core
import Database
import Glibc

extension Transaction {
    /// Adds up what became of every line and document.
    func countLines(into result: inout SalesImportResult) throws {
        let states: [StateCount] = try all(
            """
            SELECT coalesce(l.reason, d.state) AS state, count(*) AS lines,
                coalesce(sum(l.amount), 0)::bigint AS amount
            FROM import_lines l
            LEFT JOIN import_documents d ON d.document = l.document AND l.reason IS NULL
            GROUP BY 1 ORDER BY 2 DESC, 1
            """)
        for state in states {
            switch state.name {
            case "new":
                result.imported.lines = state.lines
                result.imported.amount = state.amount
            case "known":
                result.known.lines = state.lines
                result.known.amount = state.amount
            default:
                result.refused.lines += state.lines
                result.refused.amount += state.amount
                if let refusal = ImportRefusal(rawValue: state.name) {
                    result.reasons.append(
                        .init(refusal: refusal, lines: state.lines, amount: state.amount))
                }
            }
        }
        result.imported.documents = try documents("state = 'new'")
        result.known.documents = try documents("state = 'known'")
        // A document of which nothing at all came in.
        let all: Int =
            try value("SELECT count(DISTINCT document) FROM import_lines WHERE document <> ''") ?? 0
        result.refused.documents = all - result.imported.documents - result.known.documents
    }

    private func documents(_ condition: SQL) throws -> Int {
        try value("SELECT count(*) FROM import_documents WHERE \(condition)") ?? 0
    }

    /// The import and its refusals, kept for good.
    func noteImport(_ result: SalesImportResult, _ file: String, _ mapping: String) throws {
        try run(
            """
            INSERT INTO imports (organisation_id, id, kind, file_name, mapping, started_at,
                finished_at, imported_lines, known_lines, refused_lines, imported_documents,
                known_documents, refused_documents, imported_amount, known_amount, refused_amount)
            VALUES (\(organisation), \(result.id), 'sales', \(file), \(mapping), \(now),
                clock_timestamp(), \(result.imported.lines), \(result.known.lines),
                \(result.refused.lines), \(result.imported.documents), \(result.known.documents),
                \(result.refused.documents), \(result.imported.amount), \(result.known.amount),
                \(result.refused.amount))
            """)
        try run(
            """
            INSERT INTO import_refusals (organisation_id, import_id, line_number, document_number,
                amount, reason)
            SELECT \(organisation), \(result.id), line_number, document, coalesce(amount, 0), reason
            FROM import_lines WHERE reason IS NOT NULL
            """)
        try record(
            .salesImported, .importedFile, result.id, label: file,
            details: ["mapping": .string(mapping), "counts": result.json])
    }
}

extension Action {
    static let salesImported = Action(
        "import.finished", Text("a importé le fichier", "imported the file"), icon: "upload",
        severity: .medium)
}

private struct StateCount: Record {
    let name: String
    let lines: Int
    let amount: Amount

    init(row: Row) throws {
        name = try row["state"]
        lines = try row["lines"]
        amount = try row["amount"]
    }
}

/// The report of refused lines: written beside its place, and put there once the import is committed.
struct ReportFile {
    let path: String
    private let draft: String
    private let file: Int32

    init(path: String) throws {
        self.path = path
        draft = path + ".\(getpid()).new"
        file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw ReportFile.unwritable(path) }
    }

    mutating func write(refusalsOf id: UniqueID, in transaction: Transaction) throws {
        var text = CSV.line(["line", "document", "amount", "reason", "explanation"])
        let organisation = transaction.organisation
        let decimals = transaction.currency.exponent
        try transaction.each(
            """
            SELECT line_number, document_number, amount, reason FROM import_refusals
            WHERE organisation_id = \(organisation) AND import_id = \(id) ORDER BY line_number
            """
        ) { row in
            let (line, amount): (Int, Amount) = (try row["line_number"], try row["amount"])
            let (document, reason): (String, String) = (
                try row["document_number"], try row["reason"]
            )
            text += CSV.line([
                String(line), document, ScaledDecimal.plain(amount.minorUnits, decimals: decimals),
                reason, ImportRefusal(rawValue: reason).map { Language.english($0.text) } ?? "",
            ])
            if text.utf8.count > 1 << 16 { try flush(&text) }
        }
        try flush(&text)
    }

    func keep() throws {
        close(file)
        guard rename(draft, path) == 0 else { throw ReportFile.unwritable(path) }
    }

    private func flush(_ text: inout String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw ReportFile.unwritable(path) }
            rest = rest.dropFirst(count)
        }
        text = ""
    }

    private static func unwritable(_ path: String) -> Problem {
        let reason = String(cString: strerror(errno))
        return .invalid(
            "report",
            Text(
                "Le rapport \(path) ne peut pas être écrit (\(reason)).",
                "The report \(path) cannot be written (\(reason))."))
    }
}
