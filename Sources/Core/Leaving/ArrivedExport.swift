import Basics
import FoundationEssentials
import Glibc

/// An export as a folder of plain files, whatever it was and whoever made it: what had to be taken apart is
/// removed again.
struct ArrivedExport {
    let folder: String
    private let isOwn: Bool

    private static let tar = "/usr/bin/tar"
    private static let parts = [ExportManifest.name, "tables", "files"]

    init(_ source: String, data: DataFolder) throws {
        switch try kind(of: source) {
        case S_IFDIR: (folder, isOwn) = (source, false)
        case S_IFREG:
            try ArrivedExport.refuseEntries(source, data)
            folder = data.path + "/arriving-\(getpid())"
            isOwn = true
            guard mkdir(folder, 0o700) == 0 else { throw LeavingError.lastFault(folder) }
        default: throw LeavingError.notAnExport(path: source)
        }
        do {
            if isOwn { try unpack(source) }
            try refuseSpecialFiles(source)
        } catch {
            remove()
            throw error
        }
    }

    func remove() { if isOwn { try? FileManager.default.removeItem(atPath: folder) } }

    private func unpack(_ source: String) throws {
        do {
            // Only what has these names comes out, whatever else somebody may have packed.
            try ChildProcess.run(
                [ArrivedExport.tar, "-xf", source, "-C", folder, "--no-same-owner"]
                    + ArrivedExport.parts)
        } catch {
            throw LeavingError.notAnExport(path: source)
        }
    }

    /// Before anything comes out: links, devices and names that lead out of the folder, and what would fill
    /// the disk.
    private static func refuseEntries(_ source: String, _ data: DataFolder) throws {
        var free = data.freeBytes
        func look(_ line: String) throws {
            // -rw------- 0/0 1234 2026-11-29 14:00 tables/clients.jsonl
            let columns = line.split(separator: " ", maxSplits: 5)
            guard let kind = line.first, columns.count == 6 else {
                throw LeavingError.notAnExport(path: source)
            }
            let name = columns[5]
            let isPlain = kind == "-" || kind == "d"
            guard isPlain, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                throw LeavingError.unsafe(entry: String(name), path: source)
            }
            guard let size = Int(columns[2]), size >= 0 else {
                throw LeavingError.notAnExport(path: source)
            }
            guard size < free else {
                throw BackupError.noSpace(folder: data.path, needed: size, free: free)
            }
            free -= size
        }
        let command = [
            tar, "-tvf", source, "--numeric-owner", "--absolute-names", "--quoting-style=escape",
        ]
        do {
            try ChildProcess.eachLine(of: command, look)
        } catch BackupError.program {
            throw LeavingError.notAnExport(path: source)
        }
    }

    /// A pipe would be waited for, a device read for ever, and a link followed.
    private func refuseSpecialFiles(_ source: String) throws {
        func look(_ name: String, _ wanted: mode_t) throws {
            let path = folder + "/" + name
            guard access(path, F_OK) == 0 || errno != ENOENT else {
                throw name == ExportManifest.name
                    ? LeavingError.notAnExport(path: source) : LeavingError.missing(file: name)
            }
            guard try kind(of: path, following: false) == wanted else {
                throw LeavingError.unsafe(entry: name, path: source)
            }
        }
        func names(_ name: String) -> [String] {
            let all = try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + name)
            return (all ?? []).map { name + "/" + $0 }
        }
        try look(ExportManifest.name, S_IFREG)
        for part in ArrivedExport.parts.dropFirst() { try look(part, S_IFDIR) }
        for name in names("tables") { try look(name, S_IFREG) }
        for group in names("files") {
            try look(group, S_IFDIR)
            for name in names(group) { try look(name, S_IFREG) }
        }
    }
}

/// What stands at a path: `S_IFREG`, `S_IFDIR`, or something else.
private func kind(of path: String, following: Bool = true) throws -> mode_t {
    var status = stat()
    guard (following ? stat(path, &status) : lstat(path, &status)) == 0 else {
        throw LeavingError.lastFault(path)
    }
    return status.st_mode & S_IFMT
}
