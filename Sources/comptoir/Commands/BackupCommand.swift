import Basics
import Core
import Database

/// `comptoir backup`: everything that an installation is, in one place.
enum BackupCommand {
    private static let proves = Flag(
        "--verify", "Restore it into a database of its own first, and compare counts and sums.")

    static let command = Command(
        words: ["backup"], summary: "Copy the whole installation into a new file or folder",
        details: """
            May run while the program serves. The copy holds the database as of one moment, the secret
            key, how the program is configured, and a manifest with checksums, counts and sums. With
            a recipient (comptoir key recipient) it is one encrypted file; without one keep it where
            only you can read it. Beside it stands erasures.jsonl, the list of who was erased, by
            ids: it belongs to all backups of that folder, older ones too, and a restore applies it.
            """,
        operands: [
            Operand(
                name: "TARGET",
                help: "A folder that exists, for a dated file; or a new name, a .tar file say. "
                    + "Default: the place of the plan", isRequired: false)
        ],
        options: InstallationOptions.all + [proves, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        let target = arguments.operand(0)
        let plan = target == nil ? try BackupSettings(data) : nil
        if target == nil, plan == nil {
            throw UsageError(
                "TARGET is missing, and no place is planned (comptoir backup schedule)")
        }
        let report = try arguments.withInstallation { installation, _ in
            if let plan {
                try BackupRun(installation, plan).make(at: .now, proves: arguments[proves])
            } else {
                try Backup(installation).write(
                    to: target ?? "", at: .now, proves: arguments[proves])
            }
        }
        if arguments[InstallationOptions.json] {
            Output.line(report.json.text)
        } else {
            for file in report.manifest.files { Output.line("\(file.sha256)  \(file.name)") }
            Output.complain(report.sentence)
        }
        return 0
    }
}

extension Backup.Report {
    fileprivate var json: JSON {
        let manifest = manifest.json.members ?? []
        return .object(
            manifest.filter { $0.0 != "figures" } + [
                ("path", .string(path)), ("size", .int(bytes)), ("encrypted", .bool(isEncrypted)),
                ("verified", .bool(isProved)),
            ])
    }

    fileprivate var sentence: String {
        isEncrypted
            ? "\(path) is encrypted."
            : "\(path) is not encrypted, and holds the secret key: keep it where only you can "
                + "read it, or name a recipient (comptoir key recipient --create FILE)."
    }
}
