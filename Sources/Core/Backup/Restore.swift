import Basics
import Database
import FoundationEssentials
import Glibc

/// Makes an installation from a backup. What it replaces is moved aside first, and moved back when
/// anything fails.
public struct Restore {
    private let settings: Installation.Settings
    private let replaces: Bool
    private let data: DataFolder

    /// `replaces`: whether a data folder that holds records may be replaced.
    public init(_ settings: Installation.Settings, replaces: Bool) {
        self.settings = settings
        self.replaces = replaces
        data = DataFolder(settings.dataFolder)
    }

    /// Restores a folder or a `.tar` file that `Backup` wrote. `isHealthy` examines the result; when it
    /// says no, the result stays, and what was replaced is kept beside it.
    public func run(
        from source: String, isHealthy: (Installation, Pool) throws -> Bool
    ) throws -> BackupManifest {
        try data.make()
        let folder = try unpacked(source)
        defer { if folder != source { try? FileManager.default.removeItem(atPath: folder) } }
        let manifest = try BackupManifest(verifying: folder)
        let known = try ProgramFolder.find(home: settings.home).migrations().count
        guard manifest.migrations <= known else {
            throw BackupError.newer(version: manifest.version)
        }
        try refuseRecords()
        let aside = try moveAside()
        do {
            let isWell = try install(folder, manifest, isHealthy)
            if isWell {
                try? FileManager.default.removeItem(atPath: aside)
            } else {
                throw BackupFinding(kept: aside)
            }
        } catch let finding as BackupFinding {
            throw finding
        } catch {
            try moveBack(aside)
            throw error
        }
        return manifest
    }

    private func install(
        _ folder: String, _ manifest: BackupManifest,
        _ isHealthy: (Installation, Pool) throws -> Bool
    ) throws -> Bool {
        for (name, path) in places where manifest.files.contains(where: { $0.name == name }) {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else {
                throw BackupError.file(path: folder + "/" + name, reason: "cannot be read")
            }
            try DataFolder.write(Array(bytes), to: path)
        }
        let installation = try Installation(settings, log: { _ in })
        do {
            try load(folder + "/" + BackupManifest.database, into: installation)
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

    private func load(_ dump: String, into installation: Installation) throws {
        func restore(_ section: String) throws {
            try ChildProcess.run([
                try Cluster.program("pg_restore"), "--section=\(section)", "--single-transaction",
                "--exit-on-error", "--no-owner", "--no-comments", "--no-password",
                "--dbname=\(installation.addresses.owner)", dump,
            ])
        }
        try restore("pre-data")
        try restore("data")
        // Before the triggers and policies of the last section exist, which would forbid it.
        try Connection(installation.addresses.owner).runScript(Restore.renumberTransactions)
        try restore("post-data")
    }

    /// Entries hold the number of the transaction that wrote them, and followers read in that order. A
    /// new cluster counts transactions from the beginning, so that everything written from now on would
    /// stand before what was restored, and be missed. So all that was restored gets the first number of
    /// all, and a follower goes on with the first entry that it has not seen.
    private static let renumberTransactions = """
        UPDATE journal_followers f SET transaction_id = '3', entry_id = coalesce(
            (SELECT min(e.id) - 1 FROM journal_entries e
                WHERE (e.transaction_id, e.id) > (f.transaction_id, f.entry_id)),
            (SELECT max(e.id) FROM journal_entries e), 0);
        UPDATE journal_entries SET transaction_id = '3';
        """

    private var places: [(name: String, path: String)] {
        [
            (BackupManifest.secretKey, data.secretKeyFile),
            (BackupManifest.demonstration, data.demonstrationFile),
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

extension Restore {
    private func unpacked(_ source: String) throws -> String {
        var status = stat()
        guard stat(source, &status) == 0 else {
            throw BackupError.file(path: source, reason: String(cString: strerror(errno)))
        }
        if status.st_mode & S_IFMT == S_IFDIR { return source }
        let folder = data.path + "/restore-\(getpid())"
        guard mkdir(folder, 0o700) == 0 else {
            throw BackupError.file(path: folder, reason: String(cString: strerror(errno)))
        }
        do {
            // Only files of these names come out, whatever else somebody may have packed.
            try ChildProcess.run([
                "/usr/bin/tar", "-xf", source, "-C", folder, "--no-same-owner", "--wildcards",
                "*.json", "*.dump", "*.key",
            ])
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw BackupError.notABackup(path: source)
        }
        return folder
    }

    /// Throws unless there is nothing to lose, or it may be lost; and when somebody else is at work.
    private func refuseRecords() throws {
        guard FileManager.default.fileExists(atPath: data.cluster + "/data") else { return }
        let installation = try Installation(settings, log: { _ in })
        let holdsRecords: Bool
        do {
            let connection = try Connection(installation.addresses.owner)
            let exists: Bool? = try connection.value(
                "SELECT to_regclass('organisations') IS NOT NULL")
            holdsRecords =
                exists == true ? try !connection.organisations().isEmpty : false
            if replaces { try Tombstones(connection).keep(in: data.erasures) }
        } catch {
            try installation.close()
            throw error
        }
        try installation.close()
        if FileManager.default.fileExists(atPath: data.cluster + "/data/postmaster.pid") {
            throw BackupError.inUse(folder: data.path)
        }
        if holdsRecords, !replaces { throw BackupError.notEmpty(folder: data.path) }
    }

    /// The folder in which everything that was there now is.
    private func moveAside() throws -> String {
        let aside = data.path + "/replaced-\(Instant.now.seconds)-\(getpid())"
        guard mkdir(aside, geteuid() == 0 ? 0o711 : 0o700) == 0 else {
            throw BackupError.file(path: aside, reason: String(cString: strerror(errno)))
        }
        for path in [data.cluster] + places.map(\.path) {
            try move(path, to: aside + "/" + lastPart(path))
        }
        return aside
    }

    private func moveBack(_ aside: String) throws {
        for path in [data.cluster] + places.map(\.path) {
            if FileManager.default.fileExists(atPath: path) {
                try FileManager.default.removeItem(atPath: path)
            }
            try move(aside + "/" + lastPart(path), to: path)
        }
        rmdir(aside)
    }

    private func move(_ from: String, to path: String) throws {
        guard rename(from, path) == 0 || errno == ENOENT else {
            throw BackupError.file(path: from, reason: String(cString: strerror(errno)))
        }
    }

    private func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
