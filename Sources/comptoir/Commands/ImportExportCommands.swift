import Basics
import Core
import Database
import Glibc
import Sales

/// Of which organisation, for import and export alike.
private let organisation = Option<String>(
    "--organisation", "SLUG", "Of which organisation; its short name")

/// `comptoir import sales`
enum ImportSales {
    static let mapping = Option<String>(
        "--mapping", "NAME", "Which column of the file is what: a file of Resources/mappings")
    static let report = Option<String>(
        "--report", "FILE", "Where refused lines go as CSV, each with its reason")

    static let command = Command(
        words: ["import", "sales"], summary: "Read sales documents from a CSV file",
        details: """
            Every line is imported, known from an earlier import, or refused. Imported documents are
            history: they keep their numbers and days, and nobody owes them.
            """,
        operands: [Operand(name: "FILE", help: "The CSV file, which may be packed by xz")],
        options: InstallationOptions.all + [
            organisation, mapping, report, InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let slug = try arguments.required(organisation)
        let name = try arguments.required(mapping)
        let result = try arguments.withInstallation { installation, pool in
            let bar = Progress()
            return try SalesImport.run(
                file: arguments.operand(0) ?? "", organisation: slug,
                mapping: .named(name, folder: installation.program.path + "/Resources/mappings"),
                pool: pool, report: arguments[report],
                progress: { bar.show($0.done, of: $0.total, $0.step.rawValue) })
        }
        if arguments[InstallationOptions.json] {
            Output.line(result.json.text)
        } else {
            for (title, count) in [
                ("imported", result.imported), ("already imported", result.known),
                ("refused", result.refused),
            ] {
                Output.line(
                    "\(title): \(count.lines) lines, \(count.documents) documents, "
                        + "\(count.amount.minorUnits) in the smallest unit of the currency")
            }
            for reason in result.reasons {
                Output.line("  \(reason.refusal.text.english): \(reason.lines) lines")
            }
        }
        return 0
    }
}

/// `comptoir export`
enum ExportCommand {
    static let format = Option<SalesExport.Format>(
        "--format", "FORMAT", "csv or json. Default: csv", expected: "csv or json",
        parse: { SalesExport.Format(rawValue: $0) })

    static let command = Command(
        words: ["export"], summary: "Print issued documents, clients or items",
        details: "CSV has a line for each line of a document; JSON amounts are in minor units.",
        operands: [Operand(name: "KIND", help: "documents, clients or items")],
        options: InstallationOptions.all + [organisation, format, InstallationOptions.json],
        run: { arguments in
            guard let kind = SalesExport.Kind(rawValue: arguments.operand(0) ?? "") else {
                throw UsageError("KIND: expected documents, clients or items")
            }
            let slug = try arguments.required(organisation)
            let isJSON = arguments[InstallationOptions.json]
            if isJSON, arguments[format] == .csv {
                throw UsageError("--json and --format csv exclude each other")
            }
            try arguments.withInstallation { installation, pool in
                try SalesExport.run(
                    organisation: slug, kind: kind,
                    format: isJSON ? .json : arguments[format] ?? .csv, pool: pool,
                    vault: installation.vault(pool),
                    to: { Output.write($0, to: STDOUT_FILENO) })
            }
            return 0
        })
}
