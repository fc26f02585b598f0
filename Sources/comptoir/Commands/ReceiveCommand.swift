import Basics
import Core
import Sales

/// `comptoir receive`: invoices of suppliers from a file or a drop folder.
enum ReceiveCommand {
    private static let organisation = Option<String>(
        "--organisation", "SLUG", "Of which organisation; its short name")
    private static let move = Flag(
        "--move", "Move the files of a folder to received or refused within it.")

    static let command = Command(
        words: ["receive"], summary: "Receive invoices of suppliers from a file or a folder",
        details: """
            Takes Factur-X, CII or UBL files, and mails (.eml) that hold some. The same file twice is
            received once, so a folder may be taken again at any time: run it from a timer with --move
            for a drop folder. Exits with 1 when a file was refused.
            """,
        operands: [Operand(name: "PATH", help: "A file, or a folder with files.")],
        options: InstallationOptions.all + [organisation, move, InstallationOptions.json],
        run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let results = try arguments.withInstallation { installation, pool in
            try InvoiceDrop.run(
                arguments.operand(0) ?? "", organisation: arguments.required(organisation),
                moves: arguments[move], pool: pool, vault: installation.vault(pool))
        }
        if arguments[InstallationOptions.json] {
            let list = results.map { result -> JSON in
                [
                    "file": .string(result.file), "outcome": .string(result.outcome.rawValue),
                    "detail": .string(result.detail.english),
                ]
            }
            Output.line(JSON.array(list).text)
        } else {
            for result in results {
                Output.line("\(result.file): \(result.outcome.rawValue): \(result.detail.english)")
            }
        }
        return results.contains { $0.outcome == .refused } ? 1 : 0
    }
}
