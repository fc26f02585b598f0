import Basics
import Core
import Database
import Glibc
import Sales

/// Options that import and export share.
private enum ExchangeOptions {
    static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name")

    static func organisation(_ arguments: Arguments, _ pool: Pool) throws -> Organisation {
        let slug = try arguments.required(organisation)
        guard let found = try pool.withConnection({ try $0.organisation(slug: slug) }) else {
            throw Failure("there is no organisation \(slug)")
        }
        return found
    }
}

/// `comptoir import sales`
enum ImportSales {
    static let mapping = Option<String>(
        "--mapping", "NAME", "Which column of the file is what")
    static let report = Option<String>(
        "--report", "FILE", "Where refused lines go as CSV, each with its reason")

    static let command = Command(
        words: ["import", "sales"], summary: "Read sales documents from a CSV file",
        details: """
            Every line is imported or refused. Imported documents are history: they keep their numbers
            and days, and nobody owes them.
            """,
        operands: [Operand(name: "FILE", help: "The CSV file")],
        options: InstallationOptions.all + [
            ExchangeOptions.organisation, mapping, report, InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let file = arguments.operand(0) ?? ""
        guard access(file, R_OK) == 0 else { throw Failure("\(file) cannot be read") }
        let mapping = try arguments.required(mapping)
        let summary = try arguments.withInstallation { installation, pool in
            let progress = Progress()
            return try SalesImport.run(
                file: file, organisation: ExchangeOptions.organisation(arguments, pool),
                mapping: mapping, program: installation.program, pool: pool,
                report: arguments[report], progress: { progress.show($0, of: $1, "read") })
        }
        if arguments[InstallationOptions.json] {
            Output.line(
                JSON.object([
                    ("imported_lines", .int(summary.importedLines)),
                    ("refused_lines", .int(summary.refusedLines)),
                    ("imported_documents", .int(summary.importedDocuments)),
                    ("refused_documents", .int(summary.refusedDocuments)),
                    ("imported_amount", JSON(summary.importedAmount)),
                    ("refused_amount", JSON(summary.refusedAmount)),
                ]).text)
        } else {
            Output.line(
                "imported: \(summary.importedLines) lines, \(summary.importedDocuments) documents, "
                    + "\(summary.importedAmount.minorUnits) minor units")
            Output.line(
                "refused: \(summary.refusedLines) lines, \(summary.refusedDocuments) documents, "
                    + "\(summary.refusedAmount.minorUnits) minor units")
        }
        return 0
    }
}

/// `comptoir export sales`
enum ExportSales {
    static let command = Command(
        words: ["export", "sales"], summary: "Print every sales document with its lines as CSV",
        options: InstallationOptions.all + [ExchangeOptions.organisation],
        run: { arguments in
            try arguments.withInstallation { _, pool in
                try SalesExport.run(
                    organisation: ExchangeOptions.organisation(arguments, pool), pool: pool,
                    write: { Output.write($0, to: STDOUT_FILENO) })
            }
            return 0
        })
}
