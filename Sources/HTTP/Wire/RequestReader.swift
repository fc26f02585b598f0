import Glibc

/// Follows the bytes of a connection from request to request, ahead of libevent's lenient parser,
/// and refuses what is malformed, ambiguous or too large at the byte that makes it so.
///
/// libevent never sees what a client sent: it is handed one plain line for each request that is whole
/// here, so no two readers can understand a request in two ways.
struct RequestReader {
    /// A request whose last byte has come.
    struct Whole: Sendable {
        let head: RequestHead
        let body: SentBytes
    }

    /// How much a request may hold.
    struct Limits: Sendable {
        let headerBytes: Int
        /// Of the body, by what the head asks for.
        let bodyBytes: @Sendable (RequestHead) -> Int
    }

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

    private let limits: Limits
    private let spool: UploadSpool
    private var state = State.head
    private var head: [UInt8] = []
    /// The request whose body is arriving.
    private var pending: (head: RequestHead, body: BodyCollector)?
    private var whole: [Whole] = []

    /// How many requests have been read to their last byte.
    private(set) var completed = 0

    init(limits: Limits, spool: UploadSpool) {
        self.limits = limits
        self.spool = spool
    }

    /// Whether no request has begun since the last one was complete.
    var isBetweenRequests: Bool {
        if case .head = state { return head.isEmpty }
        return false
    }

    /// The head of the request whose body is still to come, until the first of it has.
    var awaited: RequestHead? {
        pending.flatMap { $0.body.count == 0 ? $0.head : nil }
    }

    /// The requests that are whole and not yet taken, the oldest first.
    var waiting: [Whole] { whole }

    /// Takes the oldest whole request not yet taken.
    mutating func next() -> Whole? {
        whole.isEmpty ? nil : whole.removeFirst()
    }

    /// Reads the next bytes of the connection.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(Refusal) {
        var position = 0
        while position < bytes.count {
            switch state {
            case .body(let left):
                let count = min(left, bytes.count - position)
                try keep(bytes, position, count)
                position += count
                if left == count { complete() } else { state = .body(left: left - count) }
            case .chunk(let left):
                let count = min(left, bytes.count - position)
                try keep(bytes, position, count)
                position += count
                state = left == count ? .chunkEnd(of: Self.lineEnd) : .chunk(left: left - count)
            case .head:
                position += try readHead(UnsafeRawBufferPointer(rebasing: bytes[position...]))
            default:
                try read(bytes[position])
                position += 1
            }
        }
    }

    private mutating func keep(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int
    ) throws(Refusal) {
        try pending?.body.append(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]))
    }

    private mutating func read(_ byte: UInt8) throws(Refusal) {
        switch state {
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
        case .head, .body, .chunk:
            break
        }
    }

    private mutating func beginChunk(_ size: Int) throws(Refusal) {
        try pending?.body.check(size)
        state = size == 0 ? .trailer(of: Self.lineEnd) : .chunk(left: size)
    }

    /// Reads up to the end of a line, or all there is of it; says how many bytes that was. Looking
    /// for whole lines rather than at single bytes makes long heads cheap.
    private mutating func readHead(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Int {
        let lineFeed = position(of: UInt8(ascii: "\n"), in: bytes)
        let piece = UnsafeRawBufferPointer(rebasing: bytes[...(lineFeed ?? bytes.count - 1)])
        guard isPartOfLine(piece, isEnd: lineFeed != nil) else {
            throw .malformed("A line of the head does not end with CR LF.")
        }
        guard head.count + piece.count <= limits.headerBytes else { throw .headersTooLarge }
        head.append(contentsOf: piece)
        if lineFeed != nil { try endLine() }
        return piece.count
    }

    /// A carriage return may only stand before the line feed, and NUL nowhere.
    private func isPartOfLine(_ piece: UnsafeRawBufferPointer, isEnd: Bool) -> Bool {
        let isAfterReturn = head.last == UInt8(ascii: "\r")
        if isAfterReturn { return isEnd && piece.count == 1 }
        if position(of: 0, in: piece) != nil { return false }
        let carriageReturn = position(of: UInt8(ascii: "\r"), in: piece)
        if isEnd { return carriageReturn == piece.count - 2 }
        return carriageReturn == nil || carriageReturn == piece.count - 1
    }

    private mutating func endLine() throws(Refusal) {
        if head.count == 2 { throw .malformed("The first line is empty.") }
        guard head.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
        let parsed = try RequestHead(parsing: head)
        head.removeAll(keepingCapacity: true)
        let body = BodyCollector(spool, maxBytes: limits.bodyBytes(parsed))
        pending = (parsed, body)
        switch parsed.bodyLength {
        case .chunked:
            state = .chunkSize(digits: 0, value: 0)
        case .bytes(let count):
            try body.check(count)
            if count == 0 { complete() } else { state = .body(left: count) }
        }
    }

    private mutating func complete() {
        if let pending { whole.append(Whole(head: pending.head, body: pending.body.content)) }
        pending = nil
        completed += 1
        state = .head
    }
}

/// Where a byte first stands, found by the C library.
private func position(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else {
        return nil
    }
    return UnsafeRawPointer(found) - base
}
