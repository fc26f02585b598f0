import Basics
import Core
import Sales

/// `comptoir file-invoices`: issued e-invoices go into a folder that a platform collects.
enum FileInvoicesCommand {
    private static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name")

    static let command = Command(
        words: ["file-invoices"],
        summary: "Lay issued e-invoices into a folder that a platform collects",
        details: """
            Every invoice and credit note between companies in France that was not filed yet is written
            as the Factur-X that was kept, and noted as filed (200). What the platform says of them
            comes back with comptoir receive.
            """,
        operands: [Operand(name: "FOLDER", help: "Where to write; it must exist.")],
        options: InstallationOptions.all + [organisation, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let results = try arguments.withInstallation { _, pool in
            try PlatformFolder.fileInvoices(
                in: arguments.operand(0) ?? "", organisation: arguments.required(organisation),
                pool: pool)
        }
        if arguments[InstallationOptions.json] {
            let list = results.map { result -> JSON in
                ["number": .string(result.number), "file": .string(result.file)]
            }
            Output.line(JSON.array(list).text)
        } else {
            for result in results { Output.line("\(result.number): \(result.file)") }
        }
        return 0
    }
}
