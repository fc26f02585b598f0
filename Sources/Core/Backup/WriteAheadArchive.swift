import Basics
import Database
import FoundationEssentials
import Glibc

/// The log of the private database, laid down as it goes, with copies of the whole cluster: from them any
/// moment can be brought back, not only that of a backup. `archive.json` of the data folder names the place.
///
/// Beside each copy lies the secret key. Nothing of it is encrypted: the place must be.
public struct WriteAheadArchive: Sendable {
    /// After so many seconds a new copy is made, so that the log to be read again stays short.
    static let copySeconds = 7 * 86_400
    /// Copies that stay; the log before the older one goes.
    static let keptCopies = 2
    private static let mostBytes = 65_536

    public let archive: ClusterArchive

    public init(_ archive: ClusterArchive) { self.archive = archive }

    /// Nil when nothing is laid down. Throws when the file was damaged.
    public init?(_ data: DataFolder) throws {
        let path = data.archiveFile
        guard access(path, F_OK) == 0 else { return nil }
        guard let bytes = readWholeFile(path, limit: WriteAheadArchive.mostBytes),
            let folder = JSON(parsing: bytes)?["folder"]?.string
        else {
            throw BackupError.file(
                path: path, reason: "is damaged: set it again with comptoir backup archive")
        }
        archive = try ClusterArchive(folder: folder)
    }

    public func save(_ data: DataFolder) throws {
        try data.make()
        let json: JSON = ["folder": .string(archive.folder)]
        try data.replace(data.archiveFile, with: json.bytes)
    }

    /// The moments of the copies, the oldest first.
    public var copies: [BackupName] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: archive.bases)) ?? []
        return names.compactMap { BackupName($0 + ".tar") }.sorted()
    }

    /// Whether nothing was laid down there yet.
    public var isEmpty: Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: archive.log)) ?? []
        return names.isEmpty && copies.isEmpty
    }

    /// Throws when PostgreSQL could not lay down the last piece of its log: it keeps all of it until it can,
    /// and its disk fills up.
    func refuseFailure(_ installation: Installation) throws {
        let failed: String? = try Connection(installation.addresses.owner).value(
            """
            SELECT last_failed_wal FROM pg_stat_archiver
            WHERE last_failed_time > coalesce(last_archived_time, '-infinity')
            """)
        if let failed { throw BackupError.notLaidDown(piece: failed, folder: archive.folder) }
    }

    func folder(_ copy: BackupName) -> String { String(copy.text.dropLast(4)) }

    /// Makes a copy when the newest one is a week old, and removes what is older than the one before.
    /// Answers whether it did.
    @discardableResult
    public func copyIfDue(_ installation: Installation, at now: Instant) throws -> Bool {
        guard let cluster = installation.cluster else { return false }
        if let newest = copies.last,
            newest.createdAt.adding(seconds: WriteAheadArchive.copySeconds) > now,
            try holdsKeys(of: installation, newest)
        {
            return false
        }
        // The setting counts from PostgreSQL's next start on; a copy without the log leads nowhere.
        let mode: String? = try Connection(installation.addresses.owner).value(
            "SELECT current_setting('archive_mode')")
        guard mode == "on" else { throw BackupError.notArchiving }
        let name = folder(BackupName(now, isEncrypted: false))
        try cluster.copy(to: archive, named: name)
        try DataFolder.write(
            installation.secretKey, to: "\(archive.bases)/\(name)/\(BackupManifest.secretKey)")
        for (file, bytes) in try installation.masterKeyContents() {
            try DataFolder.write(bytes, to: "\(archive.bases)/\(name)/\(file)")
        }
        for old in copies.dropLast(WriteAheadArchive.keptCopies) {
            try? FileManager.default.removeItem(atPath: archive.bases + "/" + folder(old))
        }
        if let oldest = copies.first { try cluster.forgetLog(before: folder(oldest), in: archive) }
        return true
    }

    /// Whether the copy has the keys of today: what the log says after others took their place opens with
    /// those.
    private func holdsKeys(of installation: Installation, _ copy: BackupName) throws -> Bool {
        let limit = DataFolder.secretKeyBytes + 1
        func kept(_ name: String) -> [UInt8]? {
            readWholeFile("\(archive.bases)/\(folder(copy))/\(name)", limit: limit)
        }
        let master = try installation.masterKeyContents()
            .first { $0.name == BackupManifest.masterKey }?.bytes
        return kept(BackupManifest.secretKey) == installation.secretKey
            && kept(BackupManifest.masterKey) == master
    }

    /// Who was erased, for those who restore a moment from before.
    public var erasures: String { archive.folder + "/" + Tombstones.fileName }

    /// The copy from which the log leads to a moment; nil when all are younger.
    func copy(before moment: Instant?) throws -> BackupName {
        let copy = copies.last { copy in moment.map { copy.createdAt <= $0 } ?? true }
        guard let copy else { throw BackupError.noCopy(folder: archive.bases) }
        return copy
    }

    /// The keys of the installation as the copy has them, and where each belongs.
    func keys(of copy: BackupName, for data: DataFolder) throws -> [(path: String, bytes: [UInt8])]
    {
        let limit = DataFolder.secretKeyBytes + 1
        let key = "\(archive.bases)/\(folder(copy))/\(BackupManifest.secretKey)"
        guard let bytes = readWholeFile(key, limit: limit) else {
            throw BackupError.file(path: key, reason: "cannot be read")
        }
        let masters = data.masterKeyFiles.compactMap { file, path in
            readWholeFile("\(archive.bases)/\(folder(copy))/\(file)", limit: limit)
                .map { (path, $0) }
        }
        return [(data.secretKeyFile, bytes)] + masters
    }
}

extension Restore {
    /// Brings an installation back as it was at a moment, or at the end of the log when none is given.
    /// What it replaces is moved aside first, as `run(from:)` does.
    public func run(
        from archive: WriteAheadArchive, until moment: Instant?,
        isHealthy: (Installation, Pool) throws -> Bool
    ) throws {
        let copy = try archive.copy(before: moment)
        let keys = try archive.keys(of: copy, for: data)
        // A copy whose list of files is lost may be whole all the same.
        try refuseTooLittleRoom(for: (try? archive.databaseBytes(of: copy)) ?? 0)
        try replacing {
            for (path, bytes) in keys { try DataFolder.write(bytes, to: path) }
            // PostgreSQL reads its settings before it knows what Z means.
            try Cluster.recover(
                folder: data.cluster, from: archive.archive, copy: archive.folder(copy),
                until: moment.map { String($0.rfc3339.dropLast()) + "+00" })
            return try examine({ _ in }, isHealthy)
        }
    }
}
