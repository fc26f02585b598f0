import Basics
import FoundationEssentials
import Glibc

/// A backup as a folder, whatever it was: what had to be taken apart is removed again.
struct UnpackedBackup {
    let folder: String
    private let work: WorkFolder?

    /// `data` need not exist: then what is taken apart lies among the temporary files.
    init(_ source: String, data: DataFolder, key: () throws -> RecipientSecret?) throws {
        var status = stat()
        guard stat(source, &status) == 0 else {
            throw BackupError.file(path: source, reason: String(cString: strerror(errno)))
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            (folder, work) = (source, nil)
            return
        }
        let exists = FileManager.default.fileExists(atPath: data.path)
        let work = try exists ? WorkFolder(in: data, "restore") : WorkFolder.temporary()
        do {
            try BackupArchive.unpack(source, into: work.path, key: key)
        } catch {
            work.remove()
            throw error
        }
        (folder, self.work) = (work.path, work)
    }

    func remove() { work?.remove() }
}
