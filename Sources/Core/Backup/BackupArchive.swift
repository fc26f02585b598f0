import Basics
import FoundationEssentials
import Glibc

/// A backup as one file: `tar`, encrypted for a recipient or not.
enum BackupArchive {
    private static let tar = "/usr/bin/tar"

    /// Packs a folder into a new file, through to the disk, and reads an encrypted one back with the key
    /// that is known at this moment only. Answers how many bytes it has.
    static func pack(
        _ folder: String, _ manifest: BackupManifest, into path: String,
        for recipient: RecipientKey?
    ) throws -> Int {
        let file = try Descriptor.create(path)
        defer { close(file) }
        let command =
            [tar, "-cf", "-", "-C", folder, BackupManifest.name] + manifest.files.map(\.name)
        var key: [UInt8]?
        if let recipient {
            try ChildProcess.read(command) { next in
                key = try SealedStream.seal(
                    for: recipient, read: next,
                    write: { try Descriptor.write($0, to: file, path) })
            }
        } else {
            try ChildProcess.run(command, output: file)
        }
        guard fsync(file) == 0 else {
            throw BackupError.file(path: path, reason: String(cString: strerror(errno)))
        }
        if let key { try readBack(path, key) }
        return Int(lseek(file, 0, SEEK_END))
    }

    private static func readBack(_ path: String, _ key: [UInt8]) throws {
        let file = try Descriptor.open(path)
        defer { close(file) }
        func next(_ count: Int) throws -> [UInt8] {
            try Descriptor.read(file, atMost: count, path)
        }
        try opening(path) {
            try SealedStream.open(
                try SealedStream.header(next), key: key, read: next, write: { _ in })
        }
    }

    /// Whether it is encrypted, by how it begins.
    static func isEncrypted(_ path: String) throws -> Bool {
        let file = try Descriptor.open(path)
        defer { close(file) }
        let count = SealedStream.magic.count
        return try Descriptor.read(file, atMost: count, path) == SealedStream.magic
    }

    /// Takes a file apart into a folder that exists. `key` opens an encrypted one.
    static func unpack(
        _ path: String, into folder: String, key: () throws -> RecipientSecret?
    ) throws {
        // What else somebody may have packed is removed with the folder and never looked at.
        let command = [tar, "-xf", "-", "-C", folder, "--no-same-owner", "--no-same-permissions"]
        let file = try Descriptor.open(path)
        defer { close(file) }
        func next(_ count: Int) throws -> [UInt8] {
            try Descriptor.read(file, atMost: count, path)
        }
        guard try isEncrypted(path) else {
            do {
                return try ChildProcess.write(command) { write in
                    while case let bytes = try next(Descriptor.pieceBytes), !bytes.isEmpty {
                        try write(bytes)
                    }
                }
            } catch BackupError.program {
                throw BackupError.notABackup(path: path)
            }
        }
        guard let secret = try key() else { throw BackupError.keyNeeded(path: path) }
        try opening(path) {
            let header = try SealedStream.header(next)
            let key = try SealedStream.key(header, secret)
            try ChildProcess.write(command) { write in
                try SealedStream.open(header, key: key, read: next, write: write)
            }
        }
    }

    /// Says of which file an error is.
    private static func opening(_ path: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as SealedStreamError {
            throw BackupError.notOpened(path: path, reason: error.description)
        }
    }
}
