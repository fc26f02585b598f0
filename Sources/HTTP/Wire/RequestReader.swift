/// Follows the bytes of a connection from request to request, ahead of libevent's lenient parser, and
/// refuses what is malformed, ambiguous or too large at the byte that makes it so.
///
/// It keeps the heads, which the server uses in place of libevent's reading of them, and counts
/// bodies without keeping them. libevent only ever reads bytes that have passed here, so both agree
/// on where every request ends.
struct RequestReader {
    private enum State {
        case head
        case body(left: Int)
        case chunkSize(digits: Int, value: Int)
        case chunkSizeEnd(value: Int)
        case chunk(left: Int)
        case chunkEnd(of: [UInt8])
        case trailer(of: [UInt8])
    }

    /// Sixteen digits would overflow; no body needs more than twelve.
    private static let maxChunkSizeDigits = 12
    private static let lineEnd = Array("\r\n".utf8)

    private let maxHeaderBytes: Int
    private let maxBodyBytes: Int
    private var state = State.head
    private var head: [UInt8] = []
    private var bodyBytes = 0
    private var heads: [(head: RequestHead, bodyBytes: Int)] = []

    /// How many requests have been read to their last byte.
    private(set) var completed = 0

    init(maxHeaderBytes: Int, maxBodyBytes: Int) {
        self.maxHeaderBytes = maxHeaderBytes
        self.maxBodyBytes = maxBodyBytes
    }

    /// Whether no request has begun since the last one was complete.
    var isBetweenRequests: Bool {
        if case .head = state { return head.isEmpty }
        return false
    }

    /// Takes the oldest complete request not yet taken: its head and the size of its decoded body.
    mutating func next() -> (head: RequestHead, bodyBytes: Int)? {
        heads.isEmpty ? nil : heads.removeFirst()
    }

    /// Counts bytes of a body without looking at them; false when they must be read.
    mutating func skip(_ count: Int) -> Bool {
        guard case .body(let left) = state, count < left else { return false }
        state = .body(left: left - count)
        return true
    }

    /// Reads the next bytes of the connection.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        var position = 0
        while position < bytes.count {
            switch state {
            case .body(let left):
                let count = min(left, bytes.count - position)
                position += count
                if left == count { complete() } else { state = .body(left: left - count) }
            case .chunk(let left):
                let count = min(left, bytes.count - position)
                position += count
                state = left == count ? .chunkEnd(of: Self.lineEnd) : .chunk(left: left - count)
            default:
                try read(bytes[position])
                position += 1
            }
        }
    }

    private mutating func read(_ byte: UInt8) throws(Refusal) {
        switch state {
        case .head:
            try readHead(byte)
        case .chunkSize(let digits, let value):
            if byte == UInt8(ascii: "\r"), digits > 0 {
                state = .chunkSizeEnd(value: value)
            } else if let digit = hexadecimalDigit(byte), digits < Self.maxChunkSizeDigits {
                state = .chunkSize(digits: digits + 1, value: value << 4 | Int(digit))
            } else {
                throw .malformed("The size of a chunk is malformed.")
            }
        case .chunkSizeEnd(let value):
            guard byte == UInt8(ascii: "\n") else {
                throw .malformed("The size of a chunk is malformed.")
            }
            try beginChunk(value)
        case .chunkEnd(let rest):
            guard byte == rest.first else { throw .malformed("A chunk does not end.") }
            state =
                rest.count == 1
                ? .chunkSize(digits: 0, value: 0) : .chunkEnd(of: Array(rest.dropFirst()))
        case .trailer(let rest):
            guard byte == rest.first else { throw .malformed("Trailers are not accepted.") }
            if rest.count == 1 { complete() } else { state = .trailer(of: Array(rest.dropFirst())) }
        case .body, .chunk:
            break
        }
    }

    private mutating func beginChunk(_ size: Int) throws(Refusal) {
        guard size <= maxBodyBytes - bodyBytes else { throw .bodyTooLarge }
        bodyBytes += size
        state = size == 0 ? .trailer(of: Self.lineEnd) : .chunk(left: size)
    }

    private mutating func readHead(_ byte: UInt8) throws(Refusal) {
        let isAfterReturn = head.last == UInt8(ascii: "\r")
        guard isAfterReturn == (byte == UInt8(ascii: "\n")), byte != 0 else {
            throw .malformed("A line of the head does not end with CR LF.")
        }
        guard head.count < maxHeaderBytes else { throw .headersTooLarge }
        head.append(byte)
        guard byte == UInt8(ascii: "\n") else { return }
        if head.count == 2 { throw .malformed("The first line is empty.") }
        guard head.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
        let parsed = try RequestHead(parsing: head)
        head.removeAll(keepingCapacity: true)
        bodyBytes = 0
        pending = parsed
        switch parsed.bodyLength {
        case .chunked:
            state = .chunkSize(digits: 0, value: 0)
        case .bytes(let count):
            guard count <= maxBodyBytes else { throw .bodyTooLarge }
            bodyBytes = count
            if count == 0 { complete() } else { state = .body(left: count) }
        }
    }

    private var pending: RequestHead?

    private mutating func complete() {
        if let pending { heads.append((pending, bodyBytes)) }
        pending = nil
        completed += 1
        state = .head
    }
}
