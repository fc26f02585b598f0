/// The first line and the headers of a request, once they have passed every check.
struct RequestHead: Sendable, Equatable {
    /// How the end of the body is known. There is never a doubt: what would leave one is refused.
    enum BodyLength: Sendable, Equatable {
        case bytes(Int)
        case chunked
    }

    let method: HTTPMethod
    let target: String
    /// Whether it is HTTP/1.0, which ends every connection unless asked to keep it.
    let isVersion1: Bool
    let headers: HTTPHeaders
    let bodyLength: BodyLength

    /// Whether the client waits for a word before it sends the body.
    var asksFirst: Bool { headers["Expect"] != nil && !isVersion1 && bodyLength != .bytes(0) }
}

/// Why a connection is answered once more and closed.
struct Refusal: Error, Sendable, Equatable {
    let status: Int
    let message: String

    static func malformed(_ message: String) -> Refusal { Refusal(status: 400, message: message) }

    static let timedOut = Refusal(status: 408, message: "The request took too long.")
    static let noRoom = Refusal(
        status: 503, message: "The disk of the server has no room for this at the moment.")
    static let bodyTooLarge = Refusal(status: 413, message: "The body is too large.")
    static let headersTooLarge = Refusal(status: 431, message: "The headers are too large.")
}

extension RequestHead {
    /// A request with more headers than this is refused.
    private static let maxHeaders = 100

    /// Reads a head that ends with an empty line. Every line must end with CR LF.
    ///
    /// What two readers could understand in two ways is refused, for that is how requests are
    /// smuggled past a proxy: lengths that repeat or are not plain digits, transfer codings other
    /// than `chunked`, blanks before a colon, folded lines, a host that is missing or repeated.
    init(parsing head: [UInt8]) throws(Refusal) {
        var lines = head.dropLast(4).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).makeIterator()
        let firstLine = lines.next().map(Self.withoutLineEnd) ?? []
        let (method, target, isVersion1) = try Self.parse(firstLine: firstLine)
        var headers = HTTPHeaders()
        while let line = lines.next() {
            guard headers.fields.count < Self.maxHeaders else { throw .headersTooLarge }
            let (name, value) = try Self.parse(header: Self.withoutLineEnd(line))
            headers.append(name, value)
        }
        try Self.checkHost(headers.all(named: "Host"))
        try Self.checkExpectation(headers.all(named: "Expect"))
        self.method = method
        self.target = target
        self.isVersion1 = isVersion1
        self.headers = headers
        bodyLength = try Self.bodyLength(headers, isVersion1: isVersion1)
        if method == .head && bodyLength != .bytes(0) {
            throw .malformed("A HEAD request cannot have a body.")
        }
    }

    private static func withoutLineEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    private static func parse(
        firstLine line: ArraySlice<UInt8>
    ) throws(Refusal) -> (HTTPMethod, target: String, isVersion1: Bool) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, isToken(parts[0]) else {
            throw .malformed("The first line is malformed.")
        }
        let isVersion1 = parts[2].elementsEqual("HTTP/1.0".utf8)
        guard isVersion1 || parts[2].elementsEqual("HTTP/1.1".utf8) else {
            throw parts[2].starts(with: "HTTP/".utf8)
                ? Refusal(status: 505, message: "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
                : .malformed("The first line is malformed.")
        }
        guard let method = HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self)) else {
            throw Refusal(status: 501, message: "The method is not known.")
        }
        // Two slashes would begin a host name, and a whole address is for proxies.
        let target = parts[1]
        guard target.first == UInt8(ascii: "/"), !target.starts(with: "//".utf8),
            target.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else { throw .malformed("The target must be a path in ASCII.") }
        return (method, String(decoding: target, as: UTF8.self), isVersion1)
    }

    private static func parse(
        header line: ArraySlice<UInt8>
    ) throws(Refusal) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[..<colon]) else {
            throw .malformed("A header's name is malformed.")
        }
        // libevent skips spaces only, and so would not see the `chunked` after a tab.
        let raw = line[(colon + 1)...].drop { $0 == 0x20 }
        guard raw.first != 0x09, isFieldValue(raw),
            let value = String(validating: trimmed(raw), as: UTF8.self)
        else { throw .malformed("A header's value holds characters that it cannot.") }
        return (String(decoding: line[..<colon], as: UTF8.self), value)
    }

    private static func checkHost(_ hosts: [String]) throws(Refusal) {
        guard hosts.count == 1, let host = hosts.first, !host.isEmpty,
            host.utf8.allSatisfy({ isToken(CollectionOfOne($0)) || ":[]".utf8.contains($0) })
        else { throw .malformed("There must be one valid Host header.") }
    }

    private static func checkExpectation(_ expectations: [String]) throws(Refusal) {
        guard expectations.count <= 1,
            isSameName(expectations.first ?? "100-continue", "100-continue")
        else { throw Refusal(status: 417, message: "The expectation is not known.") }
    }

    private static func bodyLength(
        _ headers: HTTPHeaders, isVersion1: Bool
    ) throws(Refusal) -> BodyLength {
        let lengths = headers.all(named: "Content-Length")
        let codings = headers.all(named: "Transfer-Encoding")
        guard lengths.count + codings.count <= 1 else {
            throw .malformed("The length of the body is given more than once.")
        }
        if let coding = codings.first {
            guard isSameName(coding, "chunked"), !isVersion1 else {
                throw .malformed("The only transfer coding is chunked, in HTTP/1.1.")
            }
            return .chunked
        }
        guard let text = lengths.first else { return .bytes(0) }
        let isNumber =
            !text.isEmpty
            && text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard isNumber else { throw .malformed("The length of the body is not a number.") }
        guard let length = Int(text) else { throw .bodyTooLarge }
        return .bytes(length)
    }
}
