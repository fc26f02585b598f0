import Basics
import Core
import Database
import FoundationEssentials
import Sales

/// `comptoir backup`: everything that an installation is, in one folder.
enum BackupCommand {
    static let command = Command(
        words: ["backup"], summary: "Copy the whole installation into a new folder or .tar file",
        details: """
            May run while the program serves. The copy holds the database, the secret key, and a
            manifest with checksums; keep it where only you can read it. Beside it stands
            erasures.jsonl, the list of who was erased, by ids: it belongs to all backups of that
            folder, older ones too, and a restore applies it.
            """,
        operands: [Operand(name: "TARGET", help: "A folder that does not exist, or a .tar file")],
        options: InstallationOptions.all + [InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let target = arguments.operand(0) ?? ""
        let manifest = try arguments.withInstallation { installation, pool in
            let manifest = try Backup(installation).write(to: target, at: .now)
            try pool.withConnection {
                try Tombstones.keep(beside: target, installation.data, $0)
            }
            return manifest
        }
        if arguments[InstallationOptions.json] {
            Output.line(manifest.json.text)
        } else {
            for file in manifest.files { Output.line("\(file.sha256)  \(file.name)") }
        }
        return 0
    }
}

/// `comptoir restore`: a backup becomes an installation again.
enum RestoreCommand {
    static let replace = Flag("--replace", "Replace the records that the data folder holds.")
    static let erasures = Option<String>(
        "--erasures", "FILE",
        "A newer list of who was erased than those beside SOURCE and in the data folder.")

    static let command = Command(
        words: ["restore"], summary: "Make an installation from a backup",
        details: """
            Restores into the private database of the data folder, after checking every checksum, and
            examines the result as doctor does. Stop the program first. What --replace replaces is
            put back when anything fails. Whoever was erased since the backup is erased again.
            """,
        operands: [Operand(name: "SOURCE", help: "What backup has written")],
        options: [InstallationOptions.data, replace, erasures, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        var settings = try arguments.settings()
        settings.databaseURL = nil
        settings.migrationDatabaseURL = nil
        let restore = Restore(settings, replaces: arguments[replace])
        let source = arguments.operand(0) ?? ""
        var erased = try Tombstones(file: Tombstones.path(beside: source))
        if let file = arguments[erasures] {
            guard FileManager.default.fileExists(atPath: file) else {
                throw BackupError.file(path: file, reason: "is not there")
            }
            erased.add(try Tombstones(file: file))
        }
        let manifest = try restore.run(from: source) { installation, pool in
            // What was replaced has noted there whom it had erased.
            erased.add(try Tombstones(file: installation.data.erasures))
            let count = try EraseAgain.run(erased, pool, at: .now)
            try erased.keep(in: installation.data.erasures)
            if count > 0 { Output.complain("Erased again: \(count) who had been erased since.") }
            let reports = try DoctorCommand.examine(installation, pool)
            let wrong = reports.filter { !$0.findings.isEmpty }
            wrong.forEach(DoctorCommand.complain)
            return wrong.isEmpty
        }
        if arguments[InstallationOptions.json] {
            Output.line(manifest.json.text)
        } else {
            Output.complain("Restored what was backed up at \(manifest.createdAt).")
        }
        return 0
    }
}
