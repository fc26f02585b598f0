import Glibc

/// An answer ready to be written: every header checked, its file open.
struct Reply: Sendable {
    enum Content: Sendable {
        case none
        case bytes([UInt8])
        case file(descriptor: Int32, size: Int)
        case held(HeldStream)

        var size: Int {
            switch self {
            case .none, .held: 0
            case .bytes(let bytes): bytes.count
            case .file(_, let size): size
            }
        }
    }

    let status: Int
    let headers: HTTPHeaders
    let content: Content
    /// Whether the connection is closed after this answer.
    let closes: Bool

    /// Makes an answer ready. A response that would break the protocol or whose file cannot be sent
    /// as promised becomes a 500: the fault is ours and must not reach the client half done.
    init(
        _ response: HTTPResponse, method: HTTPMethod?, requestID: String, serverName: String,
        closes: Bool = false
    ) {
        let hasBody = method != .head && ![204, 304].contains(response.status)
        let content = hasBody ? Self.open(response.body) : Content.none
        if !hasBody, case .held(let held) = response.body { held.close() }
        guard let content, response.headers.isSafe, (200...599).contains(response.status) else {
            if let content { Self.discard(content) }
            self = Reply(
                .text("The server made an answer that cannot be sent.\n", status: 500),
                method: method, requestID: requestID, serverName: serverName, closes: closes)
            return
        }
        status = response.status
        self.content = content
        var headers = response.headers
        var isHeld = false
        if case .held = content { isHeld = true }
        self.closes =
            closes || isHeld || headers["Connection"].map { isSameName($0, "close") } == true
        for name in ["Connection", "Content-Length", "Transfer-Encoding"] { headers.remove(name) }
        // libevent would leave it out for HEAD and for HTTP/1.0.
        if ![204, 304].contains(status), !isHeld {
            headers.set("Content-Length", String(response.body.size))
        }
        if self.closes { headers.set("Connection", "close") }
        headers.set("X-Request-Id", requestID)
        headers.set("X-Content-Type-Options", "nosniff")
        if !serverName.isEmpty { headers.set("Server", serverName) }
        self.headers = headers
    }

    /// Gives back what an answer holds that will not be sent.
    func discard() { Self.discard(content) }

    private static func discard(_ content: Content) {
        switch content {
        case .none, .bytes: break
        case .file(let descriptor, _): close(descriptor)
        case .held(let held): held.close()
        }
    }

    private static func open(_ body: HTTPResponse.Body) -> Content? {
        switch body {
        case .empty:
            return Content.none
        case .bytes(let bytes):
            return bytes.isEmpty ? Content.none : .bytes(bytes)
        case .held(let held):
            return .held(held)
        case .file(let path, let size):
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_size == size
            else {
                close(descriptor)
                return nil
            }
            if size > 0 { return .file(descriptor: descriptor, size: size) }
            close(descriptor)
            return Content.none
        }
    }
}
