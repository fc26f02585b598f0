import Glibc

/// Where bodies go that are too large for memory, and how much of the disk they may take together.
final class UploadSpool: Sendable {
    private let folder: String
    private let maxBytes: Int
    private let used = Monitor(0)

    init(_ configuration: HTTPServerConfiguration) {
        folder = configuration.uploadFolder
        maxBytes = configuration.maxUploadBytes
    }

    /// A new file. It loses its name at once: whatever becomes of the program, nothing stays behind.
    func makeFile() throws(Refusal) -> SpoolFile {
        let path = "\(folder)/upload-\(HTTPRequest.newID())"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .noRoom }
        unlink(path)
        return SpoolFile(descriptor, of: self)
    }

    /// Takes part of the room there is; false when there is not so much.
    fileprivate func take(_ count: Int) -> Bool {
        used.change(waking: false) { used in
            guard used + count <= maxBytes else { return false }
            used += count
            return true
        }
    }

    fileprivate func giveBack(_ count: Int) { used.change(waking: false) { $0 -= count } }

    /// How much is taken now.
    var usedBytes: Int { used.change(waking: false) { $0 } }
}

/// A file without a name. One thread writes it; when it is whole, any may read.
final class SpoolFile: @unchecked Sendable {
    // Unchecked: the count grows while the connection's thread alone knows the file.
    private let descriptor: Int32
    private let spool: UploadSpool
    private(set) var count = 0

    fileprivate init(_ descriptor: Int32, of spool: UploadSpool) {
        self.descriptor = descriptor
        self.spool = spool
    }

    deinit {
        close(descriptor)
        spool.giveBack(count)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        guard spool.take(bytes.count) else { throw .noRoom }
        count += bytes.count
        guard writeWhole(bytes, to: descriptor) else { throw .noRoom }
    }

    func read(_ range: Range<Int>) throws(HTTPError) -> [UInt8] {
        var isRead = true
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor, buffer.baseAddress! + filled, range.count - filled,
                    range.lowerBound + filled)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    isRead = false
                    return
                }
                filled += count
            }
        }
        guard isRead else { throw Self.failure("read") }
        return bytes
    }

    static func failure(_ verb: String) -> HTTPError {
        HTTPError(status: 500, message: "What was sent cannot be \(verb).")
    }
}

/// Gathers one body: in memory while it is small, then in a file.
struct BodyCollector {
    /// Larger bodies go to a file. The largest forms, of documents with hundreds of lines, are
    /// smaller; and every connection may hold so much.
    static let memoryBytes = 256 * 1_024

    private let spool: UploadSpool
    private let maxBytes: Int
    private var bytes: [UInt8] = []
    private var file: SpoolFile?
    private(set) var count = 0

    init(_ spool: UploadSpool, maxBytes: Int) {
        self.spool = spool
        self.maxBytes = maxBytes
    }

    /// Announces bytes before they come.
    func check(_ more: Int) throws(Refusal) {
        guard more <= maxBytes - count else { throw .bodyTooLarge }
    }

    mutating func append(_ piece: UnsafeRawBufferPointer) throws(Refusal) {
        try check(piece.count)
        count += piece.count
        if file == nil, count > Self.memoryBytes {
            let file = try spool.makeFile()
            self.file = file
            if let refusal = bytes.withUnsafeBytes({ Self.append($0, to: file) }) { throw refusal }
            bytes = []
        }
        if let file { try file.append(piece) } else { bytes.append(contentsOf: piece) }
    }

    /// All that has come.
    var content: SentBytes { file.map(SentBytes.init) ?? SentBytes(bytes) }

    /// A closure that the standard library calls cannot throw an error of its own type.
    private static func append(_ bytes: UnsafeRawBufferPointer, to file: SpoolFile) -> Refusal? {
        do throws(Refusal) {
            try file.append(bytes)
            return nil
        } catch {
            return error
        }
    }
}
