import Basics
import Database

/// Restores a backup into a PostgreSQL of its own, compares what came back with what was counted when the
/// backup was made, and leaves nothing of it.
public struct BackupProof {
    private let data: DataFolder
    private let isCancelled: () -> Bool

    public init(_ data: DataFolder, isCancelled: @escaping () -> Bool = { false }) {
        self.data = data
        self.isCancelled = isCancelled
    }

    /// Proves a folder or a file that `Backup` wrote. `key` is asked for when it is encrypted. Throws what
    /// is wrong with it.
    public func run(
        from source: String, key: () throws -> RecipientSecret?
    ) throws -> BackupManifest {
        WorkFolder.sweep(data)
        let backup = try UnpackedBackup(source, data: data, key: key)
        defer { backup.remove() }
        let manifest = try BackupManifest(verifying: backup.folder)
        try run(backup.folder, manifest)
        return manifest
    }

    /// Proves the newest one of a place, and notes that it was.
    public func newest(
        of place: BackupPlace, at now: Instant, key: () throws -> RecipientSecret?
    ) throws -> BackupManifest {
        guard let newest = try place.stored().first else {
            throw BackupError.noneStored(place: place.text)
        }
        let inbox = try WorkFolder(in: data, "verify")
        defer { inbox.remove() }
        let manifest = try run(
            from: try place.fetch(newest.name, into: inbox.path), key: key)
        var record = BackupRecord(data)
        record.verifiedAt = now
        try record.save(data)
        return manifest
    }

    func run(_ folder: String, _ manifest: BackupManifest) throws {
        let free = data.freeBytes
        guard free > manifest.databaseBytes else {
            throw BackupError.noSpace(
                folder: data.path, needed: manifest.databaseBytes, free: free)
        }
        let place = try WorkFolder(in: data, "verify")
        defer { place.remove() }
        // Nothing of it is kept: it need not survive a power cut.
        let cluster = Cluster(
            folder: DataFolder(place.path).cluster,
            settings: ["fsync": "off", "full_page_writes": "off", "autovacuum": "off"])
        try place.openToOthers()
        let strings = try cluster.start()
        do {
            try DatabaseLoad(
                addresses: Installation.Addresses(
                    owner: strings.owner, runtime: strings.runtime, backup: strings.backup),
                isCancelled: isCancelled
            ).run(folder + "/" + BackupManifest.database, manifest.figures)
        } catch {
            try? cluster.stop()
            throw error
        }
        try cluster.stop()
    }
}
