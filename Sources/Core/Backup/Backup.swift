import Basics
import Database
import FoundationEssentials
import Glibc

/// Copies an installation while it works: the database as of one moment, and the key without which the
/// secrets in it cannot be read.
public struct Backup {
    private let installation: Installation

    public init(_ installation: Installation) { self.installation = installation }

    /// Writes a folder, or one file when the name ends in `.tar`. It appears when it is complete.
    public func write(to target: String, at now: Instant) throws -> BackupManifest {
        var target = target
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        guard !FileManager.default.fileExists(atPath: target) else {
            throw BackupError.exists(path: target)
        }
        let draft = target + ".\(getpid()).new"
        guard mkdir(draft, 0o700) == 0 else {
            throw BackupError.file(path: draft, reason: String(cString: strerror(errno)))
        }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let manifest = try fill(draft, at: now)
        let isArchive = target.hasSuffix(".tar")
        let complete = isArchive ? try packed(draft, manifest) : draft
        guard rename(complete, target) == 0 else {
            throw BackupError.file(path: target, reason: String(cString: strerror(errno)))
        }
        return manifest
    }

    private func fill(_ folder: String, at now: Instant) throws -> BackupManifest {
        try dump(to: folder + "/" + BackupManifest.database)
        try DataFolder.write(installation.secretKey, to: folder + "/" + BackupManifest.secretKey)
        var names = [BackupManifest.database, BackupManifest.secretKey]
        let logins = installation.data.demonstrationFile
        if let bytes = FileManager.default.contents(atPath: logins) {
            try DataFolder.write(Array(bytes), to: folder + "/" + BackupManifest.demonstration)
            names.append(BackupManifest.demonstration)
        }
        let manifest = BackupManifest(
            version: Comptoir.version, createdAt: now.rfc3339,
            migrations: try installation.appliedMigrations(),
            files: try names.map { try BackupManifest.File(describing: $0, in: folder) })
        try DataFolder.write(manifest.json.bytes, to: folder + "/" + BackupManifest.name)
        return manifest
    }

    private func dump(to path: String) throws {
        guard let address = installation.addresses.backup else { throw BackupError.noBackupRole }
        let (string, password) = try Backup.withoutPassword(address)
        // The file is made first, so that nobody else can ever read it.
        try DataFolder.write([], to: path)
        try ChildProcess.run(
            [
                try Cluster.program("pg_dump"), "--format=custom", "--no-password",
                "--file=\(path)", "--dbname=\(string)",
            ],
            environment: password.map { ["PGPASSWORD": $0] } ?? [:])
    }

    private func packed(_ folder: String, _ manifest: BackupManifest) throws -> String {
        let file = folder + "/archive"
        try DataFolder.write([], to: file)
        try ChildProcess.run(
            ["/usr/bin/tar", "-cf", file, "-C", folder, BackupManifest.name]
                + manifest.files.map(\.name))
        return file
    }

    /// Arguments of a process can be read by every user of the machine; its environment cannot.
    static func withoutPassword(_ address: String) throws -> (String, password: String?) {
        guard let scheme = address.firstRange(of: "://") else {
            if address.contains("password") { throw BackupError.passwordInKeywords }
            return (address, nil)
        }
        let rest = address[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let at = authority.lastIndex(of: "@"),
            let colon = authority[..<at].firstIndex(of: ":")
        else { return (address, nil) }
        let password = String(authority[authority.index(after: colon)..<at])
        return (
            String(address[..<scheme.upperBound]) + authority[..<colon] + rest[at...],
            percentDecoded(password)
        )
    }

    private static func percentDecoded(_ text: String) -> String {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let decoded = bytes(hexadecimal: String(decoding: rest.prefix(2), as: UTF8.self))
            {
                out += decoded
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
