import Basics
import Database
import FoundationEssentials
import Glibc

/// Makes an installation from a backup. What it replaces is moved aside first, and moved back when
/// anything fails.
public struct Restore {
    let settings: Installation.Settings
    let replaces: Bool
    let data: DataFolder

    /// `replaces`: whether a data folder that holds records may be replaced.
    public init(_ settings: Installation.Settings, replaces: Bool) {
        self.settings = settings
        self.replaces = replaces
        data = DataFolder(settings.dataFolder)
    }

    /// Restores what `Backup` wrote. `key` is asked for when it is encrypted. `isHealthy` examines the
    /// result; when it says no, the result stays, and what was replaced is kept beside it.
    public func run(
        from source: String, key: () throws -> RecipientSecret?,
        isHealthy: (Installation, Pool) throws -> Bool
    ) throws -> BackupManifest {
        try data.make()
        WorkFolder.sweep(data)
        let backup = try UnpackedBackup(source, data: data, key: key)
        defer { backup.remove() }
        let manifest = try verified(backup.folder)
        try replacing {
            let isWell = try install(backup.folder, manifest, isHealthy)
            if isWell { try configure(backup.folder, manifest) }
            return isWell
        }
        return manifest
    }

    /// Moves what is there aside, and back when `body` throws. When it answers that what it made is not
    /// well, both stay.
    func replacing(_ body: () throws -> Bool) throws {
        try data.make()
        try refuseRecords()
        // Cut off in between, half of a database lies there, without the policies that keep
        // organisations apart: nobody may serve it.
        let wasCutOff = FileManager.default.fileExists(atPath: data.restoringFile)
        try DataFolder.write([], to: data.restoringFile)
        // What another restore left half done comes back as unfit as it was.
        func isBack() { if !wasCutOff { unlink(data.restoringFile) } }
        let aside: String
        do {
            aside = try moveAside()
        } catch {
            isBack()
            throw error
        }
        let isWell: Bool
        do {
            isWell = try body()
        } catch {
            try moveBack(aside)
            isBack()
            throw error
        }
        unlink(data.restoringFile)
        guard isWell else { throw BackupFinding(kept: aside) }
        try? FileManager.default.removeItem(atPath: aside)
    }

    /// What a restore would do.
    public struct Plan: Sendable {
        public let manifest: BackupManifest
        public let freeBytes: Int
        /// Whether the data folder holds a database, so that `--replace` would be asked for.
        public let holdsDatabase: Bool
    }

    /// Examines everything that a restore would examine first, and changes nothing.
    public func plan(from source: String, key: () throws -> RecipientSecret?) throws -> Plan {
        let backup = try UnpackedBackup(source, data: data, key: key)
        defer { backup.remove() }
        let manifest = try verified(backup.folder)
        return Plan(
            manifest: manifest, freeBytes: data.freeBytes, holdsDatabase: holdsDatabase)
    }

    /// Throws unless every file is what was written, the dump can be read, this program is new enough,
    /// and there is room.
    private func verified(_ folder: String) throws -> BackupManifest {
        let manifest = try BackupManifest(verifying: folder)
        let known = try ProgramFolder.find(home: settings.home).migrations().count
        guard manifest.migrations <= known else {
            throw BackupError.newer(version: manifest.version)
        }
        try ChildProcess.run([
            try Cluster.program("pg_restore"), "--list", folder + "/" + BackupManifest.database,
        ])
        try refuseTooLittleRoom(for: manifest.databaseBytes)
        return manifest
    }

    func refuseTooLittleRoom(for bytes: Int) throws {
        let free = data.freeBytes
        guard free > bytes else {
            throw BackupError.noSpace(folder: data.path, needed: bytes, free: free)
        }
    }

    /// Whether the data folder holds a database, so that `--replace` would be asked for.
    var holdsDatabase: Bool {
        FileManager.default.fileExists(atPath: data.cluster + "/data")
    }

    private func install(
        _ folder: String, _ manifest: BackupManifest,
        _ isHealthy: (Installation, Pool) throws -> Bool
    ) throws -> Bool {
        for (name, path) in places { try copy(name, folder, manifest, to: path) }
        return try examine(
            { installation in
                try DatabaseLoad(addresses: installation.addresses)
                    .run(folder + "/" + BackupManifest.database, manifest.figures)
                // A search without them takes paths that only suit an empty table.
                try Connection(installation.addresses.owner).run("SELECT refresh_statistics()")
            }, isHealthy)
    }

    /// Opens what was restored, finishes it, brings it up to date, and has it examined.
    func examine(
        _ finish: (Installation) throws -> Void,
        _ isHealthy: (Installation, Pool) throws -> Bool
    ) throws -> Bool {
        var settings = settings
        settings.isRestoring = true
        let installation = try Installation(settings, log: { _ in })
        do {
            try finish(installation)
            try installation.migrate(log: { _ in })
            let pool = try installation.makePool(size: 2)
            defer { pool.close() }
            let isWell = try isHealthy(installation, pool)
            try installation.close()
            return isWell
        } catch {
            try installation.close()
            throw error
        }
    }

    private func copy(
        _ name: String, _ folder: String, _ manifest: BackupManifest, to path: String
    ) throws {
        guard manifest.files.contains(where: { $0.name == name }) else { return }
        guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else {
            throw BackupError.file(path: folder + "/" + name, reason: "cannot be read")
        }
        try DataFolder.write(Array(bytes), to: path)
    }

    /// How this place makes its own backups is the newer word, where it has one.
    private func configure(_ folder: String, _ manifest: BackupManifest) throws {
        for (name, path) in data.configuration
        // Not the plan: a trial elsewhere would lay its backups among those of the real place, and thin
        // them out.
        where name == BackupManifest.recipient && !FileManager.default.fileExists(atPath: path) {
            try copy(name, folder, manifest, to: path)
        }
    }

    /// What belongs to the records, and is moved aside with them.
    var places: [(name: String, path: String)] {
        data.masterKeyFiles + data.sealedMasterKeyFiles + [
            (BackupManifest.secretKey, data.secretKeyFile),
            (BackupManifest.demonstration, data.demonstrationFile),
            // Another cluster must not lay its log down where that of this one lies.
            ("archive.json", data.archiveFile),
        ]
    }
}

/// The backup was restored, but what it holds is not as it should be.
public struct BackupFinding: Error, CustomStringConvertible {
    /// Where what was replaced still is.
    public let kept: String
    public var description: String {
        "restored, but the records are not as they must be (see above); "
            + "what was replaced is in \(kept)"
    }
}
