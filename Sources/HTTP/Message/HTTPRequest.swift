/// One request, wholly received and decoded.
public struct HTTPRequest: Sendable {
    /// A path of more segments than this is refused.
    private static let maxSegments = 64

    /// Unique to the request, 24 hexadecimal digits; the answer carries it as `X-Request-Id`.
    public let id: String
    /// The method; HEAD stays HEAD, the server drops the body of its answer.
    public let method: HTTPMethod
    /// Path and query exactly as sent.
    public let target: String
    /// The path exactly as sent, without the query.
    public let path: String
    /// The decoded segments of the path: `/clients/D%C3%A9lia/` gives `["clients", "Délia"]`.
    public let segments: [String]
    /// The decoded query.
    public let query: Fields
    /// The header fields in the order sent.
    public let headers: HTTPHeaders
    /// The cookies by name.
    public let cookies: [String: String]
    /// The body, decoded from chunks if need be, wherever it is.
    public let content: SentBytes
    /// The client's numeric address: the peer, or what a trusted proxy says of it.
    public let remoteAddress: String
    /// Whether the client speaks TLS, which only a trusted proxy can say.
    public let isSecure: Bool
    /// When the request had been received, on a clock that never jumps.
    public let startedAt: ContinuousClock.Instant

    /// Makes a request as the server does; tests of handlers need no socket.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: path and query, beginning with `/`.
    ///   - headers: the header fields.
    ///   - content: the body.
    ///   - remoteAddress: the client's numeric address.
    ///   - isSecure: whether the client speaks TLS.
    ///   - id: at least 16 hexadecimal digits; random by default.
    ///   - startedAt: when the request had been received.
    /// - Throws: 400 when the path or the query is not valid percent-encoded UTF-8, when a segment
    ///   is `.` or `..`, empty (but for the last) or holds control characters.
    public init(
        method: HTTPMethod = .get, target: String = "/", headers: HTTPHeaders = HTTPHeaders(),
        content: SentBytes, remoteAddress: String = "127.0.0.1", isSecure: Bool = false,
        id: String = HTTPRequest.newID(), startedAt: ContinuousClock.Instant = .now
    ) throws(HTTPError) {
        self.id = id
        self.method = method
        self.target = target
        let bytes = target.utf8
        let path = bytes.prefix { $0 != UInt8(ascii: "?") }
        self.path = String(Substring(path))
        segments = try Self.segments(of: path)
        query = try Fields(parsing: bytes.dropFirst(path.count + 1))
        self.headers = headers
        cookies = HTTP.cookies(in: headers)
        self.content = content
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
        self.startedAt = startedAt
    }

    /// Makes a request whose body is in memory; see the other initialiser.
    public init(
        method: HTTPMethod = .get, target: String = "/", headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8] = [], remoteAddress: String = "127.0.0.1", isSecure: Bool = false,
        id: String = HTTPRequest.newID()
    ) throws(HTTPError) {
        try self.init(
            method: method, target: target, headers: headers, content: SentBytes(body),
            remoteAddress: remoteAddress, isSecure: isSecure, id: id)
    }

    /// The body in memory, for what is known to be small; `content` holds it wherever it is.
    ///
    /// - Throws: 500 when it is on a disk that cannot be read.
    public var body: [UInt8] {
        get throws(HTTPError) { try content.bytes }
    }

    /// Where the client is, for counting requests.
    public var network: ClientNetwork { ClientNetwork(remoteAddress) }

    /// A new random identifier of 24 hexadecimal digits.
    public static func newID() -> String {
        hexadecimal(UInt64.random(in: .min ... .max), digits: 16)
            + hexadecimal(UInt32.random(in: .min ... .max), digits: 8)
    }

    private static func segments(of path: Substring.UTF8View) throws(HTTPError) -> [String] {
        guard path.first == UInt8(ascii: "/") else {
            throw .badRequest("The path does not begin with a slash.")
        }
        var parts = path.dropFirst().split(
            separator: UInt8(ascii: "/"), maxSplits: maxSegments, omittingEmptySubsequences: false)
        guard parts.count <= maxSegments else { throw .badRequest("The path is too deep.") }
        if parts.last?.isEmpty == true { parts.removeLast() }
        var segments: [String] = []
        segments.reserveCapacity(parts.count)
        for part in parts {
            guard let segment = percentDecoded(part, plusIsSpace: false), isSegment(segment) else {
                throw .badRequest("The path is not valid.")
            }
            segments.append(segment)
        }
        return segments
    }

    private static func isSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
