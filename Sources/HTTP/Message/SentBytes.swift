import Glibc

/// Bytes that a client sent. Few are in memory; many are in a file without a name, which vanishes
/// with the last value that refers to it, so nobody has to tidy up.
///
///     try file.content.pieces { piece in try reader.read(piece) }     // 64 kB at a time
///     try file.content.write(toFileAt: path)                          // to keep it
public struct SentBytes: Sendable {
    private enum Storage: Sendable {
        case memory([UInt8])
        case file(SpoolFile)
    }

    /// How much is read from a file at a time.
    public static let pieceBytes = 64 * 1_024

    private let storage: Storage
    private let range: Range<Int>

    /// Bytes in memory.
    public init(_ bytes: [UInt8] = []) {
        storage = .memory(bytes)
        range = 0..<bytes.count
    }

    init(_ file: SpoolFile) {
        storage = .file(file)
        range = 0..<file.count
    }

    private init(_ storage: Storage, _ range: Range<Int>) {
        self.storage = storage
        self.range = range
    }

    /// How many there are.
    public var count: Int { range.count }
    /// Whether there are none.
    public var isEmpty: Bool { range.isEmpty }
    /// Whether they are in a file rather than in memory.
    public var isInFile: Bool {
        if case .file = storage { return true }
        return false
    }

    /// All of them, in memory: for what is known to be small.
    ///
    /// - Throws: 500 when the disk cannot be read.
    public var bytes: [UInt8] {
        get throws(HTTPError) {
            if case .memory(let bytes) = storage {
                return range.count == bytes.count ? bytes : Array(bytes[range])
            }
            return try read(at: 0, count: count)
        }
    }

    /// Some of them; fewer than asked for only at the end.
    ///
    /// - Parameters:
    ///   - offset: from the first, zero.
    ///   - count: how many at most.
    /// - Throws: 500 when the disk cannot be read.
    public func read(at offset: Int, count: Int) throws(HTTPError) -> [UInt8] {
        let start = min(range.lowerBound + offset, range.upperBound)
        let end = min(start + count, range.upperBound)
        switch storage {
        case .memory(let bytes): return Array(bytes[start..<end])
        case .file(let file): return try file.read(start..<end)
        }
    }

    /// Passes over all of them in order, a piece at a time, none of them empty.
    ///
    /// - Throws: what `body` throws; 500 when the disk cannot be read.
    public func pieces(
        of size: Int = SentBytes.pieceBytes, _ body: ([UInt8]) throws -> Void
    ) throws {
        var offset = 0
        while offset < count {
            let piece = try read(at: offset, count: size)
            offset += piece.count
            try body(piece)
        }
    }

    /// Keeps them in a file that only this user can read. One that is there already is left alone.
    ///
    /// - Throws: 500 when the file is there or cannot be written; then nothing is left of it.
    public func write(toFileAt path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SpoolFile.failure("kept") }
        defer { close(descriptor) }
        do {
            try pieces { piece in
                guard piece.withUnsafeBytes({ writeWhole($0, to: descriptor) }) else {
                    throw SpoolFile.failure("kept")
                }
            }
            guard fsync(descriptor) == 0 else { throw SpoolFile.failure("kept") }
        } catch {
            unlink(path)
            throw error
        }
    }

    /// A part of them, without copying.
    func slice(_ part: Range<Int>) -> SentBytes {
        SentBytes(
            storage, (range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound))
    }

    /// Where some bytes, which begin with a carriage return, first stand at or after a position.
    func firstIndex(of needle: [UInt8], from start: Int) throws(HTTPError) -> Int? {
        if case .memory(let bytes) = storage {
            let found = HTTP.firstIndex(
                of: needle, in: bytes[range], from: range.lowerBound + start)
            return found.map { $0 - range.lowerBound }
        }
        var position = start
        while position + needle.count <= count {
            let piece = try read(at: position, count: Self.pieceBytes)
            if let found = HTTP.firstIndex(of: needle, in: piece[...], from: 0) {
                return position + found
            }
            // The needle may begin at the end of one piece and end in the next.
            position += max(1, piece.count - needle.count + 1)
        }
        return nil
    }
}

/// Where the needle first begins at or after a position. The C library looks for its first byte, so
/// that a large upload does not keep a worker busy.
private func firstIndex(of needle: [UInt8], in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    bytes.withUnsafeBytes { content -> Int? in
        needle.withUnsafeBytes { needle in
            guard let base = content.baseAddress, let first = needle.first else { return nil }
            var position = start - bytes.startIndex
            while content.count - position >= needle.count {
                let left = content.count - position - needle.count + 1
                guard let found = memchr(base + position, Int32(first), left) else { return nil }
                if memcmp(found, needle.baseAddress!, needle.count) == 0 {
                    return UnsafeRawPointer(found) - base + bytes.startIndex
                }
                position = UnsafeRawPointer(found) - base + 1
            }
            return nil
        }
    }
}

/// Writes all bytes; false when that is not possible.
func writeWhole(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
    }
    return true
}
