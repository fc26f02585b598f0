import Basics
import Core
import Database
import Glibc
import Sales

/// Options that import and export share.
private enum ExchangeOptions {
    static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name")
}

/// `comptoir import sales`
enum ImportSales {
    static let mapping = Option<String>(
        "--mapping", "NAME", "Which column of the file is what; online-retail is shipped")
    static let report = Option<String>(
        "--report", "FILE", "Where refused lines go as CSV, each with its reason")

    static let command = Command(
        words: ["import", "sales"], summary: "Read sales documents from a CSV file",
        details: """
            Every line is imported or refused. Imported documents are history: they keep their numbers
            and days, and nobody owes them. Run twice, nothing comes in twice.
            """,
        operands: [Operand(name: "FILE", help: "The CSV file, or one packed by xz")],
        options: InstallationOptions.all + [
            ExchangeOptions.organisation, mapping, report, InstallationOptions.json,
        ], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let file = arguments.operand(0) ?? ""
        guard access(file, R_OK) == 0 else { throw Failure("\(file) cannot be read") }
        let slug = try arguments.required(ExchangeOptions.organisation)
        let mapping = try arguments.required(mapping)
        let result = try arguments.withInstallation { installation, pool in
            let progress = Progress()
            return try SalesImport.run(
                file: file, organisation: slug,
                mapping: SalesMapping.named(
                    mapping, folder: installation.program.path + "/Resources/mappings"),
                pool: pool, report: arguments[report],
                progress: { step in
                    progress.show(step.done, of: step.total, step.step.rawValue)
                })
        }
        if arguments[InstallationOptions.json] {
            Output.line(result.json.text)
        } else {
            show(result)
        }
        return 0
    }

    private static func show(_ result: SalesImportResult) {
        for (name, count) in [
            ("imported", result.imported), ("already imported", result.known),
            ("refused", result.refused),
        ] {
            Output.line(
                "\(name): \(count.lines) lines, \(count.documents) documents, "
                    + "\(count.amount.minorUnits) minor units")
        }
        for reason in result.reasons {
            Output.line(
                "  refused, \(Language.english(reason.refusal.text)): \(reason.lines) lines, "
                    + "\(reason.amount.minorUnits) minor units")
        }
    }
}

/// `comptoir export`
enum Export {
    static let format = Option<String>("--format", "csv|json", "How it is written (csv)")

    static let command = Command(
        words: ["export"], summary: "Print documents, clients or items for other programs",
        details: """
            Amounts and quantities of credit notes come out negative. JSON counts amounts in the
            currency's minor unit.
            """,
        operands: [Operand(name: "KIND", help: "documents, clients or items")],
        options: InstallationOptions.all + [ExchangeOptions.organisation, format], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        guard let kind = SalesExport.Kind(rawValue: arguments.operand(0) ?? "") else {
            throw UsageError("KIND is documents, clients or items")
        }
        guard let format = SalesExport.Format(rawValue: arguments[format] ?? "csv") else {
            throw UsageError("--format is csv or json")
        }
        let slug = try arguments.required(ExchangeOptions.organisation)
        try arguments.withInstallation { _, pool in
            try SalesExport.run(organisation: slug, kind: kind, format: format, pool: pool) {
                Output.write($0, to: STDOUT_FILENO)
            }
        }
        return 0
    }
}
