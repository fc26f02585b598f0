import Basics
import FoundationEssentials
import Glibc

/// A folder inside the data folder for what must not outlive a command: a backup before it is encrypted, or
/// one that is being proved.
struct WorkFolder {
    private static let kinds = ["backup", "restore", "verify"]
    let path: String

    /// For its owner alone.
    init(in data: DataFolder, _ kind: String) throws {
        try self.init(at: "\(data.path)/\(kind)-\(getpid())-\(hexadecimal(Random.bytes(4)))")
    }

    /// For what is only looked at, where there is no data folder yet.
    static func temporary() throws -> WorkFolder {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return try WorkFolder(
            at: "\(parent)/comptoir-\(getpid())-\(hexadecimal(Random.bytes(8)))")
    }

    private init(at path: String) throws {
        self.path = path
        guard mkdir(path, 0o700) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Run by root, PostgreSQL's own user must pass through to its part of it.
    func openToOthers() throws {
        guard geteuid() != 0 || chmod(path, 0o711) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Removes those of programs that were killed: they hold the records in clear.
    static func sweep(_ data: DataFolder) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data.path)) ?? []
        for name in names {
            let parts = name.split(separator: "-")
            guard parts.count == 3, kinds.contains(String(parts[0])), let id = pid_t(parts[1]),
                kill(id, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: data.path + "/" + name)
        }
    }
}
