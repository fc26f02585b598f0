import Basics
import Database
import FoundationEssentials
import Glibc

// What a restore replaces: refused while it matters, moved aside, and back.

extension Restore {
    /// Throws unless there is nothing to lose, or it may be lost; and when somebody else is at work.
    func refuseRecords() throws {
        guard FileManager.default.fileExists(atPath: data.cluster + "/data") else {
            // The keys of a database that is elsewhere.
            if FileManager.default.fileExists(atPath: data.secretKeyFile), !replaces {
                throw BackupError.notEmpty(folder: data.path)
            }
            return
        }
        let installation: Installation
        do {
            installation = try Installation(settings, log: { _ in })
        } catch {
            // What cannot start any more is what a backup is for; what somebody serves is not.
            guard replaces else { throw error }
            if Cluster.isRunning(data.cluster) { throw BackupError.inUse(folder: data.path) }
            Log.warning(
                "what is replaced does not start", ["error": .string(String(describing: error))])
            return
        }
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

    /// The folder in which everything that was there now is; when something cannot be moved, nothing is.
    func moveAside() throws -> String {
        let aside = data.path + "/replaced-\(Instant.now.seconds)-\(getpid())"
        guard mkdir(aside, geteuid() == 0 ? 0o711 : 0o700) == 0 else {
            throw BackupError.file(path: aside, reason: String(cString: strerror(errno)))
        }
        var moved: [String] = []
        do {
            for path in [data.cluster] + places.map(\.path) {
                try move(path, to: aside + "/" + lastPart(path))
                moved.append(path)
            }
        } catch {
            for path in moved { try move(aside + "/" + lastPart(path), to: path) }
            rmdir(aside)
            throw error
        }
        return aside
    }

    func moveBack(_ aside: String) throws {
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
