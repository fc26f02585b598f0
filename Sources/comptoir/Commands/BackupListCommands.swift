import Basics
import Core

/// `comptoir backup list`: what lies in the place of the plan, and how the last ones went.
enum BackupList {
    static let command = Command(
        words: ["backup", "list"], summary: "List the backups that are kept, the newest first",
        details: "Exits with 1 when the last one failed or is late, and says why.",
        options: [InstallationOptions.data, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        let record = BackupRecord(data)
        let concern = BackupWatch(data).concern(at: .now)
        if let failed = record.failedAt {
            Output.complain("The last backup failed at \(failed.rfc3339): \(record.failure)")
        }
        if !record.archiveFailure.isEmpty { Output.complain(record.archiveFailure) }
        let stored = try arguments.backupSettings(data).place.stored()
        if arguments[InstallationOptions.json] {
            let value: JSON = [
                "backups": .array(
                    stored.map {
                        [
                            "name": .string($0.name.text), "bytes": .int($0.bytes),
                            "created_at": JSON($0.name.createdAt),
                            "encrypted": .bool($0.name.isEncrypted),
                        ]
                    }), "last": record.json,
            ]
            Output.line(value.text)
        } else {
            for entry in stored {
                let end = entry.name.isEncrypted ? "" : "\tnot encrypted"
                Output.line("\(entry.name.text)\t\(entry.bytes)\(end)")
            }
            if let verified = record.verifiedAt {
                Output.complain("One was last restored elsewhere at \(verified.rfc3339).")
            }
        }
        return concern == nil ? 0 : 1
    }
}

/// `comptoir backup prune`: removes what is beyond its days, as the serving program does after each backup.
enum BackupPrune {
    private static let dryRun = Flag("--dry-run", "Say what would be removed; remove nothing.")

    static let command = Command(
        words: ["backup", "prune"], summary: "Remove the backups that need not be kept any longer",
        details: "Only files with the dated names of backups are touched; the last good one stays.",
        options: [InstallationOptions.data, dryRun, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        let settings = try arguments.backupSettings(data)
        let last = BackupRecord(data).name
        let gone =
            try arguments[dryRun]
            ? settings.place.outdated(
                settings.keep, TimeZoneRules.named(settings.timeZone), sparing: last)
            : settings.place.prune(settings, sparing: last)
        if arguments[InstallationOptions.json] {
            Output.line(
                JSON.object([("removed", .array(gone.map { .string($0.name.text) }))]).text)
        } else {
            for entry in gone { Output.line(entry.name.text) }
        }
        return 0
    }
}

/// `comptoir backup verify`: proves that a backup can be restored.
enum BackupVerify {
    static let command = Command(
        words: ["backup", "verify"],
        summary: "Restore a backup into a database of its own and compare counts and sums",
        details: "Nothing of it is left afterwards, and nothing of the installation is touched.",
        operands: [
            Operand(
                name: "SOURCE",
                help: "A file or folder. Default: the newest in the place of the plan",
                isRequired: false)
        ],
        options: [InstallationOptions.data, RestoreCommand.key, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        try data.make()
        let manifest: BackupManifest
        func secret() throws -> RecipientSecret? {
            try PEMFile.secret(arguments[RestoreCommand.key])
        }
        if let source = arguments.operand(0) {
            manifest = try BackupProof(data).run(from: source, key: secret)
        } else {
            manifest = try BackupProof(data).newest(
                of: try arguments.backupSettings(data).place, at: .now, key: secret)
        }
        if arguments[InstallationOptions.json] {
            let value: JSON = [
                "created_at": .string(manifest.createdAt), "rows": JSON(manifest.figures?.rows),
                "tables": JSON(manifest.figures?.tables.count),
            ]
            Output.line(value.text)
        } else if let figures = manifest.figures {
            Output.line(
                "Restored and the same: \(figures.tables.count) tables, \(figures.rows) rows, "
                    + "as of \(manifest.createdAt).")
        } else {
            Output.line("Restored; a backup of this version names no counts to compare.")
        }
        return 0
    }
}
