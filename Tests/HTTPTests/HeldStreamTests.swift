import Glibc
import Testing

@testable import HTTP

extension ServerTests {
    /// Answers that go on after their handler has returned.
    @Suite struct HeldStreamTests {
        /// The streams that the server holds.
        private final class Streams: Sendable {
            let open = Monitor<[HeldStream]>([])
            let closed = Monitor(0)

            func hold(heartbeatSeconds: Double = 25) -> HTTPResponse {
                let stream = HeldStream(
                    heartbeat: Array(":\n\n".utf8), heartbeatSeconds: heartbeatSeconds
                ) { [closed] in closed.change { $0 += 1 } }
                open.change { $0.append(stream) }
                stream.send(Array("begin\n\n".utf8))
                return HTTPResponse(
                    status: 200, headers: ["Content-Type": "text/event-stream"],
                    body: .held(stream))
            }

            var all: [HeldStream] { open.change(waking: false) { $0 } }
            var closedCount: Int { closed.change(waking: false) { $0 } }
            func send(_ text: String) { all.forEach { $0.send(Array(text.utf8)) } }
        }

        private let streams = Streams()

        private func server(
            heartbeatSeconds: Double = 25, workers: Int = 4
        ) throws -> TestServer {
            let streams = streams
            return try TestServer(
                limits: {
                    $0.workers = workers
                    $0.maxConnectionsPerAddress = 2_000
                },
                handler: { request in
                    request.path == "/events"
                        ? streams.hold(heartbeatSeconds: heartbeatSeconds) : .text("page")
                })
        }

        private func listen(_ server: TestServer, _ method: String = "GET") throws -> TestClient {
            let client = try server.connect()
            client.send("\(method) /events HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
            return client
        }

        @Test func whatIsAddedLaterArrivesAtOnce() throws {
            let server = try server()
            let client = try listen(server)
            let opening = try client.untilReceived("begin\n\n")
            #expect(opening.contains("Content-Type: text/event-stream"))
            for number in 1...3 {
                streams.send("event \(number)\n\n")
                #expect(try client.untilReceived("event \(number)\n\n").contains("event"))
            }
            streams.all.forEach { $0.end() }
            let end = String(decoding: try client.untilClosed(), as: UTF8.self)
            #expect(end.hasSuffix("0\r\n\r\n"))
            #expect(streams.closedCount == 1)
            #expect(server.isQuiet())
        }

        @Test func itIsNeitherCompressedNorGivenALength() throws {
            let server = try server()
            let head = try listen(server).untilReceived("\r\n\r\n")
            #expect(head.contains("Transfer-Encoding: chunked"))
            #expect(head.contains("Connection: close"))
            #expect(!head.contains("Content-Length") && !head.contains("gzip"))
            #expect(server.log.map(\.status) == [200])
        }

        @Test func aHeadRequestHoldsNothing() throws {
            let server = try server()
            let client = try listen(server, "HEAD")
            #expect(try client.answer(toHead: true).status == 200)
            #expect(streams.closedCount == 1)
            #expect(server.log.map(\.method) == ["HEAD"])
        }

        @Test func aClientThatLeavesIsNoticed() throws {
            let server = try server()
            var client: TestClient? = try listen(server)
            _ = try client?.untilReceived("begin")
            client = nil
            #expect(eventually { streams.closedCount == 1 })
            #expect(server.isQuiet())
            streams.send("into the void")
            #expect(streams.all.first?.isClosed == true)
        }

        @Test func heartbeatsComeByThemselvesAndKeepItAlive() throws {
            let server = try server(heartbeatSeconds: 0.05)
            let beat = "3\r\n:\n\n\r\n"
            #expect(try listen(server).untilReceived(beat + beat + beat).contains("begin"))
            #expect(server.log.count == 1)
        }

        @Test func aClientThatIsTooFarBehindIsLetGo() throws {
            let server = try server()
            let client = try listen(server)
            _ = try client.untilReceived("begin")
            let event = String(repeating: "x", count: 30_000)
            // The buffers of the kernel take the first megabytes.
            #expect(
                eventually {
                    streams.send(event)
                    return streams.closedCount == 1
                })
            #expect(server.isQuiet())
        }

        @Test func aClientThatTalksWhileItShouldListenIsLetGo() throws {
            let server = try server()
            let client = try listen(server)
            _ = try client.untilReceived("begin")
            client.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try client.untilClosed()
            #expect(streams.closedCount == 1)
            #expect(server.log.map(\.path) == ["/events"])
        }

        @Test func stoppingEndsThemAll() throws {
            let server = try server()
            let clients = try (1...20).map { _ in try listen(server) }
            for client in clients { _ = try client.untilReceived("begin") }
            let start = ContinuousClock.now
            server.server.stop(graceSeconds: 10)
            #expect(start.duration(to: .now) < .seconds(5))
            for client in clients { _ = try client.untilClosed() }
            #expect(streams.closedCount == 20)
        }

        @Test func fiveHundredListenersTakeNoThreadAndPagesAreServed() throws {
            let server = try server(workers: 4)
            let threads = threadCount()
            let clients = try (1...500).map { _ in try listen(server) }
            for client in clients { _ = try client.untilReceived("begin\n\n") }
            #expect(threadCount() == threads)
            streams.send("event\n\n")
            #expect(try server.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").text == "page")
            for client in clients { _ = try client.untilReceived("event\n\n") }
            #expect(try server.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").text == "page")
            #expect(threadCount() == threads)
            #expect(server.server.openConnections >= 500)
        }

        private func threadCount() -> Int {
            guard let folder = opendir("/proc/self/task") else { return 0 }
            defer { closedir(folder) }
            var count = 0
            while readdir(folder) != nil { count += 1 }
            return count
        }
    }
}

@Suite struct ClientNetworkTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("::ffff:192.0.2.1", "192.0.2.1", true),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("::1", "127.0.0.1", false),
    ]) func addressesOfOneClientCountAsOne(_ left: String, _ right: String, _ isOne: Bool) {
        #expect((ClientNetwork(left) == ClientNetwork(right)) == isOne)
    }

    @Test func aClientOfManyAddressesHasNoMoreConnections() {
        var configuration = HTTPServerConfiguration()
        configuration.maxConnectionsPerAddress = 2
        let census = ConnectionCensus(configuration)
        #expect(census.admit("2001:db8:1:2::1") && census.admit("2001:db8:1:2::2"))
        #expect(!census.admit("2001:db8:1:2::3"))
        #expect(census.admit("2001:db8:1:3::1"))
        census.leave("2001:db8:1:2::1")
        #expect(census.admit("2001:db8:1:2::3"))
    }
}
