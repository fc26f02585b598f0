/// An answer: status, headers and body. The server adds `Content-Length`, `Date`, `X-Request-Id`
/// and `X-Content-Type-Options: nosniff`, compresses text for clients that take gzip (`Compression`),
/// and leaves out the body for HEAD, 204 and 304.
public struct HTTPResponse: Sendable {
    /// What follows the headers.
    public enum Body: Sendable, Equatable {
        /// Bytes in memory; the server sends them without copying.
        case bytes([UInt8])
        /// A regular file, sent by the kernel. The size is that of the file when the answer was
        /// made; a file that has another size when it is opened is answered 500.
        case file(path: String, size: Int)
        /// An answer that goes on after its handler has returned.
        case held(HeldStream)
        /// Nothing.
        case empty

        /// The number of bytes.
        public var size: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let size): size
            case .held, .empty: 0
            }
        }
    }

    /// 200 to 599.
    public var status: Int
    /// The headers; `Content-Length`, `Transfer-Encoding` and `Connection` are the server's and are
    /// replaced, except that `Connection: close` is honoured.
    public var headers: HTTPHeaders
    /// The body.
    public var body: Body

    /// - Parameters:
    ///   - status: 200 to 599.
    ///   - headers: the headers.
    ///   - body: the body.
    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Plain text in UTF-8.
    public static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "text/plain; charset=utf-8"],
            body: .bytes(Array(text.utf8)))
    }

    /// A page in UTF-8.
    public static func html(_ bytes: [UInt8], status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "text/html; charset=utf-8"],
            body: .bytes(bytes))
    }

    /// JSON in UTF-8.
    public static func json(_ bytes: [UInt8], status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json"], body: .bytes(bytes))
    }

    /// Sends the browser to another address.
    ///
    /// - Parameters:
    ///   - status: 303 after a form, so that reloading does not send it again; 301, 302, 307, 308.
    ///   - address: a path of ours or a whole address. A line break in it makes the answer a 500,
    ///     but where it leads is the caller's to judge.
    public static func redirect(_ status: Int = 303, to address: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Location": address])
    }

    /// The refusal in plain text.
    public init(_ error: HTTPError) {
        self = .text(error.message + "\n", status: error.status)
    }

    /// Adds a cookie beside those already set.
    public mutating func setCookie(_ cookie: Cookie) {
        headers.append("Set-Cookie", cookie.headerValue)
    }
}
