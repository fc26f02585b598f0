import Basics
import FoundationEssentials
import Glibc

/// The folder in which one installation keeps everything it has: its key, its private database, and
/// the note that it is a demonstration.
public struct DataFolder: Sendable {
    /// Absolute.
    public let path: String

    /// `path` may be relative to the current folder.
    public init(_ path: String) {
        var path = path
        if !path.hasPrefix("/") {
            let current = FileManager.default.currentDirectoryPath
            path = (current == "/" ? "" : current) + "/" + path
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    /// Where data go when nobody says: beside the program. Root's PostgreSQL runs as another user, who
    /// cannot pass through a home folder, for instance; then it is the place that Debian means for it,
    /// as it is for a program that Debian's package installed.
    public static var usual: DataFolder {
        if ProgramFolder.isPackaged { return DataFolder("/var/lib/comptoir") }
        let folder = DataFolder(".comptoir")
        return geteuid() == 0 && !folder.isOpenToOthers ? DataFolder("/var/lib/comptoir") : folder
    }

    /// Whether every user may pass through the folders above.
    private var isOpenToOthers: Bool {
        var parent = ""
        return path.split(separator: "/").dropLast().allSatisfy { part in
            parent += "/" + part
            var status = stat()
            return stat(parent, &status) == 0 && status.st_mode & 0o001 != 0
        }
    }

    /// The private PostgreSQL.
    public var cluster: String { path + "/postgres" }
    public var secretKeyFile: String { path + "/secret.key" }
    /// Files that people asked for and that can be made again: no backup holds them.
    public var archives: String { path + "/archives" }
    public var demonstrationFile: String { path + "/demonstration.json" }
    /// Opens the measurements from other machines, where somebody put one there.
    public var metricsTokenFile: String { path + "/metrics.token" }
    /// The public key that backups are encrypted for.
    public var recipientFile: String { path + "/recipient.pem" }
    /// When backups are made, where they go and how long they are kept.
    public var backupSettingsFile: String { path + "/backups.json" }
    /// What became of the last ones: true of this place alone, so that no backup holds it.
    public var backupRecordFile: String { path + "/backups-done.json" }
    /// Where the private database lays down its log as it goes.
    public var archiveFile: String { path + "/archive.json" }
    var backupLockFile: String { path + "/backups.lock" }

    /// Makes the folder for its owner alone. Run by root, others may pass through, without seeing what
    /// is in it: PostgreSQL refuses to run as root and has a folder inside.
    public func make() throws {
        guard !exists(path) else { return }
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(
                atPath: "/" + parent, withIntermediateDirectories: true)
        } catch {
            throw InstallationError.folder(path: "/" + parent, reason: "cannot be made")
        }
        guard mkdir(path, geteuid() == 0 ? 0o711 : 0o700) == 0 || errno == EEXIST else {
            throw InstallationError.folder(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// The key that signs forms and, where no other was put above them, seals the keys of the database: the
    /// one that was handed over, or else the file's, drawn by the first call.
    public func secretKey(handed: [UInt8]? = nil) throws -> [UInt8] {
        guard let handed else { return try keptSecretKey() }
        guard try !exists(secretKeyFile) || keptSecretKey() == handed else {
            throw InstallationError.secretKeysDiffer(path: secretKeyFile)
        }
        return handed
    }

    private func keptSecretKey() throws -> [UInt8] {
        if !exists(secretKeyFile) {
            // A new one would not open what the old one sealed.
            guard !exists(cluster + "/data") else {
                throw InstallationError.secretKeyMissing(path: secretKeyFile)
            }
            try drawKey(secretKeyFile)
        }
        return try key(in: secretKeyFile)
    }

    func key(in file: String) throws -> [UInt8] {
        var status = stat()
        guard let bytes = FileManager.default.contents(atPath: file), stat(file, &status) == 0
        else { throw InstallationError.folder(path: file, reason: "cannot be read") }
        guard bytes.count == DataFolder.secretKeyBytes else {
            throw InstallationError.secretKeyDamaged(path: file)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw InstallationError.secretKeyReadable(path: file)
        }
        return Array(bytes)
    }

    public static let secretKeyBytes = 32

    /// There while a restore is under way, and after one that was cut off.
    var restoringFile: String { path + "/restoring" }

    /// Written beside and then linked, so that two programs that start together agree on one key, and
    /// one that is killed leaves no half of it.
    func drawKey(
        _ file: String, _ bytes: [UInt8] = Random.bytes(DataFolder.secretKeyBytes)
    ) throws {
        let draft = file + ".\(getpid()).new"
        try DataFolder.write(bytes, to: draft)
        defer { unlink(draft) }
        guard link(draft, file) == 0 || errno == EEXIST else {
            throw InstallationError.folder(path: file, reason: String(cString: strerror(errno)))
        }
    }

    /// Writes a file that only its owner can read, through to the disk.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        func failure() -> InstallationError {
            .folder(path: path, reason: String(cString: strerror(errno)))
        }
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure() }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw failure() }
    }

    /// What opens the measurements from other machines; nil without such a file.
    public func metricsToken() throws -> String? {
        guard exists(metricsTokenFile) else { return nil }
        var status = stat()
        guard let bytes = FileManager.default.contents(atPath: metricsTokenFile),
            stat(metricsTokenFile, &status) == 0
        else { throw InstallationError.folder(path: metricsTokenFile, reason: "cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw InstallationError.secretKeyReadable(path: metricsTokenFile)
        }
        let token = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
        guard token.utf8.count >= Watching.shortestToken,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw InstallationError.folder(
                path: metricsTokenFile,
                reason: "the token has \(Watching.shortestToken) characters at least, letters and "
                    + "digits for instance: openssl rand -hex 32")
        }
        return String(token)
    }

    func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension DataFolder {
    /// How to sign in to the demonstration; empty when this is not one.
    public var demonstrationLogins: [DemonstrationLogin] {
        guard let bytes = FileManager.default.contents(atPath: demonstrationFile),
            let entries = JSON(parsing: Array(bytes))?.array
        else { return [] }
        return entries.compactMap { entry in
            guard let email = entry["email"]?.string, let password = entry["password"]?.string,
                let role = entry["role"]?.string.flatMap({ Role(builtIn: $0) })
            else { return nil }
            return DemonstrationLogin(email: email, password: password, role: role)
        }
    }

    /// Marks the folder as a demonstration, whose passwords everybody may know.
    public func note(demonstrationLogins logins: [DemonstrationLogin]) throws {
        let entries: [JSON] = logins.map {
            [
                "email": .string($0.email), "password": .string($0.password),
                "role": .string($0.role.code),
            ]
        }
        try DataFolder.write(JSON.array(entries).bytes, to: demonstrationFile)
    }
}
