import Synchronization

/// How large a body may be, by method and target; nil for the standard.
public typealias BodyLimit = @Sendable (HTTPMethod, _ target: String) -> Int?

/// Turns what arrived on a connection into an answer and an entry of the access log.
final class Responder: Sendable {
    let configuration: HTTPServerConfiguration
    let limits: RequestReader.Limits
    /// Requests that no handler saw.
    let refused = Atomic(0)
    private let accessLog: (@Sendable (AccessLogEntry) -> Void)?
    private let refusal: @Sendable (HTTPError, _ target: String) -> HTTPResponse
    private let handler: @Sendable (HTTPRequest) -> HTTPResponse

    init(
        configuration: HTTPServerConfiguration,
        accessLog: (@Sendable (AccessLogEntry) -> Void)?,
        bodyLimit: @escaping BodyLimit,
        refusal: @escaping @Sendable (HTTPError, _ target: String) -> HTTPResponse,
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) {
        self.configuration = configuration
        let standard = configuration.maxBodyBytes
        limits = RequestReader.Limits(headerBytes: configuration.maxHeaderBytes) { head in
            bodyLimit(head.method, head.target) ?? standard
        }
        self.accessLog = accessLog
        self.refusal = refusal
        self.handler = handler
    }

    /// What a client hears when every worker is busy and the queue is full, or at shutdown.
    static let overloaded = HTTPResponse(
        status: 503,
        headers: ["Content-Type": "text/plain; charset=utf-8", "Retry-After": "1"],
        body: .bytes(Array("The server is busy. Please try again.\n".utf8)))

    /// Runs the handler; called by a worker.
    func answer(_ arrival: Arrival) -> Reply {
        let forwarded = ForwardedAddress(
            peer: arrival.peer, headers: arrival.head.headers,
            trustedProxies: configuration.trustedProxies)
        let response: HTTPResponse
        do throws(HTTPError) {
            response = handler(
                try HTTPRequest(
                    method: arrival.head.method, target: arrival.head.target,
                    headers: Compression.withPlainTags(arrival.head.headers),
                    content: arrival.body,
                    remoteAddress: forwarded.address,
                    isSecure: forwarded.isSecure || configuration.tls != nil,
                    id: arrival.id, startedAt: arrival.startedAt))
        } catch {
            refused.add(1, ordering: .relaxed)
            response = refusal(error, arrival.head.target)
        }
        return finish(response, arrival, address: forwarded.address)
    }

    /// Answers without the handler; called by a loop.
    func reject(_ arrival: Arrival, _ response: HTTPResponse, closes: Bool = false) -> Reply {
        refused.add(1, ordering: .relaxed)
        let forwarded = ForwardedAddress(
            peer: arrival.peer, headers: arrival.head.headers,
            trustedProxies: configuration.trustedProxies)
        return finish(response, arrival, address: forwarded.address, closes: closes)
    }

    /// The bytes that refuse a request which could not be read. libevent is passed by, since it
    /// would read on; so the answer is written as a whole.
    func refuse(_ refusal: Refusal, peer: String, date: String) -> [UInt8] {
        refused.add(1, ordering: .relaxed)
        let id = HTTPRequest.newID()
        let body = refusal.message + "\n"
        accessLog?(
            AccessLogEntry(
                requestID: id, address: peer, status: refusal.status, bytesOut: body.utf8.count,
                startedAt: .now))
        var lines = [
            "HTTP/1.1 \(refusal.status) \(phrase(for: refusal.status))", "Date: \(date)",
            "Content-Type: text/plain; charset=utf-8", "Content-Length: \(body.utf8.count)",
            "Connection: close", "X-Request-Id: \(id)", "X-Content-Type-Options: nosniff",
        ]
        if !configuration.serverName.isEmpty { lines.append("Server: \(configuration.serverName)") }
        return Array((lines + ["", body]).joined(separator: "\r\n").utf8)
    }

    private func finish(
        _ response: HTTPResponse, _ arrival: Arrival, address: String, closes: Bool = false
    ) -> Reply {
        var response = response
        Compression.apply(to: &response, for: arrival.head.headers)
        let reply = Reply(
            response, method: arrival.head.method, requestID: arrival.id,
            serverName: configuration.serverName, closes: closes)
        if let accessLog {
            let path = arrival.head.target.prefix { $0 != "?" }
            accessLog(
                AccessLogEntry(
                    requestID: arrival.id, address: address, method: arrival.head.method.rawValue,
                    path: String(path), status: reply.status, bytesOut: reply.content.size,
                    startedAt: arrival.startedAt))
        }
        return reply
    }
}

/// A request as it came off the wire.
struct Arrival: Sendable {
    let id = HTTPRequest.newID()
    let head: RequestHead
    let body: SentBytes
    let peer: String
    let startedAt = ContinuousClock.Instant.now
}
