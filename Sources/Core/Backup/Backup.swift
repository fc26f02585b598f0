import Basics
import Database
import FoundationEssentials
import Glibc

/// Copies an installation while it works: the database as of one moment, the key without which the
/// secrets in it cannot be read, and how it is configured.
///
/// With a recipient (`comptoir key recipient`) a backup is one file that only the holder of the private
/// key can open; without one it is a folder, or one `.tar` file, that whoever sees it can read.
public struct Backup {
    /// What was written.
    public struct Report: Sendable {
        public var path: String
        public var bytes: Int
        public var isEncrypted: Bool
        public var manifest: BackupManifest
        /// Whether it was restored elsewhere and had what the manifest says.
        public var isProved: Bool
    }

    private let installation: Installation
    private let isCancelled: () -> Bool

    /// - Parameter isCancelled: asked now and then; `write` throws `BackupError.stopped` when it says yes.
    public init(_ installation: Installation, isCancelled: @escaping () -> Bool = { false }) {
        self.installation = installation
        self.isCancelled = isCancelled
    }

    /// Writes a backup. It appears under its name when it is complete.
    ///
    /// - Parameters:
    ///   - target: a folder that exists gets a dated file; any other name is that of the backup itself.
    ///   - proves: whether it is restored into a database of its own before it appears, and compared.
    public func write(
        to target: String, at now: Instant, proves: Bool = false
    ) throws -> Report {
        let recipient = try installation.data.recipient()
        let target = try Backup.name(target, at: now, isEncrypted: recipient != nil)
        guard !FileManager.default.fileExists(atPath: target) else {
            throw BackupError.exists(path: target)
        }
        WorkFolder.sweep(installation.data)
        if recipient == nil, !target.hasSuffix(".tar") {
            return try writeFolder(target, at: now, proves)
        }
        let folder = try WorkFolder(in: installation.data, "backup")
        defer { folder.remove() }
        let manifest = try fill(folder.path, at: now)
        if proves { try prove(folder.path, manifest) }
        let draft = target + ".\(getpid()).new"
        defer { unlink(draft) }
        let bytes = try BackupArchive.pack(folder.path, manifest, into: draft, for: recipient)
        try Backup.appear(draft, as: target)
        try keepErasures(beside: target)
        return Report(
            path: target, bytes: bytes, isEncrypted: recipient != nil, manifest: manifest,
            isProved: proves)
    }

    /// Who was erased stands beside all backups, the older ones too, which know nothing of it.
    private func keepErasures(beside target: String) throws {
        guard let address = installation.addresses.backup else { throw BackupError.noBackupRole }
        try Tombstones.keep(beside: target, installation.data, Connection(address))
    }

    /// A folder that can be read as it is, whoever backups are encrypted for: what an upgrade goes back to,
    /// on the machine that holds the records anyway.
    func writeFolder(_ target: String, at now: Instant, _ proves: Bool = false) throws -> Report {
        guard !FileManager.default.fileExists(atPath: target) else {
            throw BackupError.exists(path: target)
        }
        let draft = target + ".\(getpid()).new"
        guard mkdir(draft, 0o700) == 0 else {
            throw BackupError.file(path: draft, reason: String(cString: strerror(errno)))
        }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let manifest = try fill(draft, at: now)
        if proves { try prove(draft, manifest) }
        try Backup.appear(draft, as: target)
        try keepErasures(beside: target)
        return Report(
            path: target, bytes: manifest.bytes, isEncrypted: false, manifest: manifest,
            isProved: proves)
    }

    private func prove(_ folder: String, _ manifest: BackupManifest) throws {
        try BackupProof(installation.data, isCancelled: isCancelled).run(folder, manifest)
    }

    private static func appear(_ draft: String, as target: String) throws {
        guard rename(draft, target) == 0 else {
            throw BackupError.file(path: target, reason: String(cString: strerror(errno)))
        }
        // The name is on the disk only once its folder is.
        let parent = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        let folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Where a backup goes: into a folder that exists under its date, else to the name itself.
    private static func name(
        _ target: String, at now: Instant, isEncrypted: Bool
    ) throws -> String {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        var isFolder = false
        guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder,
            !FileManager.default.fileExists(atPath: target + "/" + BackupManifest.name)
        else { return target }
        return target + "/" + BackupName(now, isEncrypted: isEncrypted).text
    }

    private func fill(_ folder: String, at now: Instant) throws -> BackupManifest {
        let (figures, databaseBytes) = try dump(to: folder + "/" + BackupManifest.database)
        try DataFolder.write(installation.secretKey, to: folder + "/" + BackupManifest.secretKey)
        var names = [BackupManifest.database, BackupManifest.secretKey]
        for (name, bytes) in try installation.masterKeyContents() {
            try DataFolder.write(bytes, to: folder + "/" + name)
            names.append(name)
        }
        for (name, path) in installation.data.configuration {
            guard let bytes = FileManager.default.contents(atPath: path) else { continue }
            try DataFolder.write(Array(bytes), to: folder + "/" + name)
            names.append(name)
        }
        let manifest = BackupManifest(
            version: Comptoir.version, createdAt: now.rfc3339,
            migrations: try installation.appliedMigrations(),
            databaseBytes: databaseBytes, figures: figures,
            files: try names.map { try BackupManifest.File(describing: $0, in: folder) })
        try DataFolder.write(manifest.fileBytes, to: folder + "/" + BackupManifest.name)
        return manifest
    }

    /// Copies and counts as of the same moment, however much is written meanwhile.
    private func dump(to path: String) throws -> (BackupFigures, bytes: Int) {
        guard let address = installation.addresses.backup else { throw BackupError.noBackupRole }
        let connection = try Connection(address)
        try connection.runScript("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        guard let snapshot: String = try connection.value("SELECT pg_export_snapshot()") else {
            throw BackupError.program("pg_export_snapshot", "no snapshot")
        }
        let (string, password) = try DatabaseAddress.withoutPassword(address)
        // The file is made first, so that nobody else can ever read it.
        try DataFolder.write([], to: path)
        try ChildProcess.run(
            [
                try Cluster.program("pg_dump"), "--format=custom", "--no-password",
                "--snapshot=\(snapshot)", "--file=\(path)", "--dbname=\(string)",
            ]
                // Others, such as the counting of statements, are the server's and no record's.
                + Schema.extensions.map { "--extension=\($0)" },
            environment: password.map { ["PGPASSWORD": $0] } ?? [:], isCancelled: isCancelled)
        let bytes: Int? = try connection.value("SELECT pg_database_size(current_database())")
        let figures = try BackupFigures(connection)
        try connection.runScript("COMMIT")
        return (figures, bytes ?? 0)
    }
}
