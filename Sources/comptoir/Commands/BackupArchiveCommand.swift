import Basics
import Core
import Database
import FoundationEssentials

/// `comptoir backup archive`: the log of the private database, so that any moment can be brought back.
enum BackupArchiveCommand {
    private static let folder = Option<String>(
        "--to", "FOLDER", "Lay the log down here, on another disk that is encrypted itself.")
    private static let off = Flag("--off", "Lay nothing down any more; what is there stays.")

    static let command = Command(
        words: ["backup", "archive"],
        summary: "Lay down the database's log, to restore any moment of it",
        details: """
            For the private database, from its next start on. The serving program adds a copy of the
            whole each week and keeps two; a commit stands there a minute later. Nothing of it is
            encrypted, and the secret key lies beside each copy.

            comptoir restore FOLDER --until "2026-11-29 14:00" brings that moment back.
            """,
        options: [InstallationOptions.data, folder, off, InstallationOptions.json], run: run)

    static func run(_ arguments: Arguments) throws -> Int32 {
        let data = DataFolder(try arguments.settings().dataFolder)
        if arguments[off], arguments[folder] != nil {
            throw UsageError("--to and --off exclude each other")
        }
        if arguments[off] {
            try? FileManager.default.removeItem(atPath: data.archiveFile)
        } else if let path = arguments[folder] {
            let archive = try ClusterArchive(folder: DataFolder(path).path)
            try data.make()
            let isSame = try WriteAheadArchive(data)?.archive == archive
            guard isSame || WriteAheadArchive(archive).isEmpty else {
                throw Failure("\(path) holds the log of a database already: name another folder")
            }
            try Cluster(folder: data.cluster).prepare(archive)
            try WriteAheadArchive(archive).save(data)
        }
        let archive = try WriteAheadArchive(data)
        let copies = archive?.copies ?? []
        if arguments[InstallationOptions.json] {
            let value: JSON = [
                "folder": JSON(archive?.archive.folder),
                "copies": .array(copies.map { JSON($0.createdAt) }),
            ]
            Output.line(value.text)
        } else if let archive {
            Output.line("The log is laid down in \(archive.archive.folder).")
            for copy in copies { Output.line("A copy of \(copy.createdAt.rfc3339).") }
        } else {
            Output.line("No log is laid down.")
        }
        return 0
    }
}
