import Basics
import Glibc

/// A file of lines that is hashed as it is written. For one thread.
final class LineFile {
    private let path: String
    private let descriptor: Int32
    private let digest = RunningDigest()
    private var buffer: [UInt8] = []
    private var bytes = 0

    private static let bufferSize = 1 << 16

    /// Makes a file that only its owner can read.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LeavingError.lastFault(path) }
    }

    deinit { Glibc.close(descriptor) }

    func write(line: String) throws {
        buffer += line.utf8
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= LineFile.bufferSize { try flush() }
    }

    /// Through to the disk. Answers how many bytes there are and their SHA-256 in hexadecimal.
    func close() throws -> (bytes: Int, sha256: String) {
        try flush()
        guard fsync(descriptor) == 0 else { throw LeavingError.lastFault(path) }
        return (bytes, hexadecimal(digest.finish()))
    }

    private func flush() throws {
        digest.add(buffer)
        bytes += buffer.count
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw LeavingError.lastFault(path) }
            rest = rest.dropFirst(count)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// The files of an export, each at `files/ab/ab12….pdf`: named by its hash, so that the same bytes are
/// there once. For one thread.
final class ExportedFiles {
    private let folder: String
    private(set) var count = 0
    private(set) var bytes = 0

    init(folder: String) { self.folder = folder }

    func write(_ content: [UInt8]) throws {
        let path = folder + "/" + ExportedFiles.path(of: content)
        guard access(path, F_OK) != 0 else { return }
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard mkdir(parent, 0o700) == 0 || errno == EEXIST else {
            throw LeavingError.lastFault(parent)
        }
        try DataFolder.write(content, to: path)
        count += 1
        bytes += content.count
    }

    /// As `ExportedTable` writes it into the line.
    static func path(of content: [UInt8]) -> String {
        let name = hexadecimal(Digest.sha256(content))
        let kinds: [(start: [UInt8], ending: String)] = [
            (Array("%PDF".utf8), ".pdf"), ([0x89] + Array("PNG".utf8), ".png"),
            ([0xFF, 0xD8, 0xFF], ".jpg"), (Array("<?xml".utf8), ".xml"),
        ]
        let ending = kinds.first { content.starts(with: $0.start) }?.ending ?? ""
        return "files/\(name.prefix(2))/\(name)\(ending)"
    }
}

/// Reads a file line by line; memory holds one line. For one thread.
final class LineReader {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    private static let chunk = 1 << 18

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw LeavingError.lastFault(path) }
    }

    deinit { close(descriptor) }

    /// The next line without its end, nil after the last.
    func next() throws -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return String(decoding: buffer[start..<end], as: UTF8.self)
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return String(decoding: buffer[start...], as: UTF8.self)
            }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            let chunk = try [UInt8](unsafeUninitializedCapacity: LineReader.chunk) { part, count in
                let got = read(descriptor, part.baseAddress, part.count)
                guard got >= 0 else { throw LeavingError.lastFault(path) }
                count = got
            }
            isAtEnd = chunk.isEmpty
            buffer += chunk
        }
    }
}
