import Glibc
import Testing

@testable import HTTP

/// The tests that open sockets run one after the other: some count the sockets of the process.
@Suite(.serialized) struct ServerTests {}

/// A server on a free port, and what it logged.
final class TestServer: Sendable {
    let server: HTTPServer
    private let entries = Monitor<[AccessLogEntry]>([])

    convenience init(_ handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws {
        try self.init(limits: { _ in }, handler: handler)
    }

    init(
        limits configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        bodyLimit: @escaping BodyLimit = { _, _ in nil },
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse = TestServer.echo
    ) throws {
        var configuration = HTTPServerConfiguration()
        configuration.loops = 2
        configuration.workers = 4
        configure(&configuration)
        let entries = entries
        server = HTTPServer(
            configuration: configuration,
            accessLog: { entry in entries.change { $0.append(entry) } }, bodyLimit: bodyLimit,
            handler: handler)
        try server.start()
    }

    deinit { server.stop(graceSeconds: 5) }

    var log: [AccessLogEntry] { entries.change { $0 } }

    func connect() throws -> TestClient { try TestClient(port: server.port) }

    /// Sends one whole request on a connection of its own and reads the answer.
    func ask(_ text: String) throws -> TestClient.Answer {
        let client = try connect()
        client.send(text)
        return try client.answer(toHead: text.hasPrefix("HEAD "))
    }

    /// Waits until no connection is open.
    func isQuiet() -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if server.openConnections == 0 { return true }
            sched_yield()
        }
        return false
    }

    /// Says method, path and the size of the body.
    @Sendable static func echo(_ request: HTTPRequest) -> HTTPResponse {
        .text("\(request.method.rawValue) \(request.path) \(request.content.count)")
    }
}

/// A gate at which handlers wait until the test opens it.
final class Gate: Sendable {
    private let state = Monitor((isOpen: false, arrivals: 0))

    /// Called by a handler.
    func pass() {
        state.change { $0.arrivals += 1 }
        _ = state.wait(until: Deadline(afterSeconds: 20)) { $0.isOpen }
    }

    func open() { state.change { $0.isOpen = true } }

    /// Waits until so many handlers have come to the gate.
    func waitForArrivals(_ count: Int) -> Bool {
        state.wait(until: Deadline(afterSeconds: 10)) { $0.arrivals >= count }
    }
}
