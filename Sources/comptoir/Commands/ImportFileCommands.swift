import Basics
import Core
import Database
import Glibc
import Sales

/// `comptoir import clients`, `items`, `invoices` and `contacts`.
enum ImportFile {
    static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name")
    static let mapping = Option<String>(
        "--mapping", "NAME",
        "Which column is what: one of Resources/mappings, or one kept in the browser. "
            + "Default: what fits the headings best")
    static let existing = Option<Import.Existing>(
        "--existing", "WHAT", "keep or update what is here already. Default: keep",
        expected: "keep or update", parse: { Import.Existing(rawValue: $0) })
    static let report = Option<String>(
        "--report", "FILE", "Where refused lines go, to be mended and imported again")
    static let trial = Flag("--dry-run", "Count only; nothing is kept.")

    static let commands: [Command] = [
        command(.clients, "Read clients from a CSV file"),
        command(.items, "Read the catalogue from a CSV file"),
        command(.invoices, "Read open invoices from a CSV file, as opening balances"),
        command(.contacts, "Read contacts from a vCard file"),
    ]

    private static func command(_ kind: ImportKind, _ summary: String) -> Command {
        let isCard = kind == .contacts
        return Command(
            words: ["import", kind.rawValue], summary: summary,
            details: """
                Every line is new, there already, skipped, or refused with its reason. The whole file
                comes in, or nothing; the same file twice creates nothing twice.
                """,
            operands: [Operand(name: "FILE", help: isCard ? "The VCF file" : "The CSV file")],
            options: InstallationOptions.all + [organisation] + (isCard ? [] : [mapping, existing])
                + [report, trial, InstallationOptions.json],
            run: { try run(kind, $0) })
    }

    private static func run(_ kind: ImportKind, _ arguments: Arguments) throws -> Int32 {
        var order = FileImport.Order(
            kind: kind, file: arguments.operand(0) ?? "",
            organisation: try arguments.required(organisation))
        order.mapping = arguments[mapping]
        order.existing = arguments[existing] ?? .keep
        order.isTrial = arguments[trial]
        let place = arguments[report]
        let result = try arguments.withInstallation { installation, pool in
            let bar = Progress()
            return try FileImport.run(
                order, mappings: installation.program.path + "/Resources/mappings", pool: pool,
                vault: installation.vault(pool),
                refusals: { if let place { try DataFolder.write($0, to: place) } },
                progress: { bar.show($0, of: nil, "lines") })
        }
        if arguments[InstallationOptions.json] {
            Output.line(result.json.text)
        } else {
            say(result, isTrial: order.isTrial)
        }
        return 0
    }

    private static func say(_ result: FileImport.Result, isTrial: Bool) {
        let counts = result.counts
        if !result.mapping.isEmpty { Output.line("mapping: \(result.mapping)") }
        Output.line(
            "\(counts.total) lines: \(counts.new) new, \(counts.changed) updated, "
                + "\(counts.known) there already, \(counts.skipped) skipped, "
                + "\(counts.refused) refused" + (isTrial ? " (nothing was kept)" : ""))
        for refused in result.refused {
            Output.line("  line \(refused.line): \(refused.reason.english)")
        }
        if counts.refused > result.refused.count {
            Output.line("  and \(counts.refused - result.refused.count) more; see --report")
        }
    }
}
