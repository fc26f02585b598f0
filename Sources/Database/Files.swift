import FoundationEssentials
import Glibc

/// The few things this module asks of the file system.
enum Files {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The whole text of a file, `nil` when it cannot be read or is not UTF-8.
    static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(bytes: $0, encoding: .utf8) }
    }

    /// Every file below a folder, sorted by path. Throws when the folder cannot be read.
    static func list(_ folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw MigrationError.unreadable(path: folder)
        }
        return try names.sorted().flatMap { name in
            let path = folder + "/" + name
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            return isFolder ? try list(path) : [path]
        }
    }

    /// Writes a text so that a reader sees all of it or none, readable by its owner alone.
    static func write(_ text: String, to path: String, owner: (user: uid_t, group: gid_t)?) throws {
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw ClusterError.file(path: draft, reason: lastError) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                close(file)
                throw ClusterError.file(path: draft, reason: lastError)
            }
            bytes = bytes.dropFirst(count)
        }
        if let owner { fchown(file, owner.user, owner.group) }
        fsync(file)
        close(file)
        guard rename(draft, path) == 0 else {
            throw ClusterError.file(path: path, reason: lastError)
        }
    }

    /// Makes a folder and those above it; one that exists keeps its mode.
    static func makeFolder(_ path: String, mode: mode_t) throws {
        if exists(path) { return }
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        if !parent.isEmpty { try makeFolder("/" + parent, mode: 0o755) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw ClusterError.file(path: path, reason: lastError)
        }
    }

    static func removeTree(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }

    static var lastError: String { String(cString: strerror(errno)) }
}
