import CCrypto
import Glibc
import Testing

@testable import HTTP

extension ServerTests {
    /// The server that speaks TLS by itself.
    @Suite struct TLSTests {
        private static let versions = [TLS1_2_VERSION, TLS1_3_VERSION]
        private let folder: TestFolder

        init() throws {
            folder = try TestFolder()
            try makeCertificate(serial: 1)
        }

        private var files: TLSFiles {
            TLSFiles(certificate: folder.path + "/cert.pem", key: folder.path + "/key.pem")
        }

        private func server(
            limits: (inout HTTPServerConfiguration) -> Void = { _ in },
            handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse = TestServer.echo
        ) throws -> TestServer {
            let files = files
            return try TestServer(
                limits: {
                    $0.tls = files
                    limits(&$0)
                }, handler: handler)
        }

        private func connect(_ server: TestServer, _ version: Int32) throws -> TestClient {
            try TestClient(tls: version, port: server.server.port)
        }

        @Test(arguments: versions)
        func manyRequestsGoThroughOneConnection(version: Int32) throws {
            let server = try server()
            let client = try connect(server, version)
            for number in 1...20 {
                client.send("GET /page\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().text == "GET /page\(number) 0")
            }
            // All at once, so that some are decrypted before the first is answered.
            client.send(
                (1...20).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            for number in 1...20 { #expect(try client.answer().text == "GET /\(number) 0") }
        }

        @Test(arguments: versions)
        func largeBodiesArriveAndLargeAnswersLeave(version: Int32) throws {
            let answer = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            let server = try server(handler: { request in
                request.method == .post
                    ? TestServer.echo(request)
                    : HTTPResponse(status: 200, headers: [:], body: .bytes(answer))
            })
            let client = try connect(server, version)
            let body = [UInt8](repeating: 0x61, count: 3_000_000)
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
            client.send(body)
            #expect(try client.answer().text == "POST / \(body.count)")
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().body == answer)
        }

        @Test func filesAreSentEncryptedToo() throws {
            let content = [UInt8](repeating: 0x62, count: 900_000)
            folder.write("file", content)
            let path = folder.path + "/file"
            let server = try server(handler: { _ in
                HTTPResponse(
                    status: 200, headers: [:], body: .file(path: path, size: content.count))
            })
            let client = try connect(server, TLS1_3_VERSION)
            for _ in 1...3 {
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().body == content)
            }
        }

        @Test func aClientThatAsksBeforeItSendsIsTold() throws {
            let server = try server()
            let client = try connect(server, TLS1_3_VERSION)
            for _ in 1...3 {
                client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                #expect(
                    try client.untilReceived("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                client.send("hello")
                #expect(try client.answer().text == "POST / 5")
            }
        }

        @Test func requestsCountAsSecureWhateverTheirHeadersSay() throws {
            let server = try server(handler: { .text($0.isSecure ? "secure" : "plain") })
            let client = try connect(server, TLS1_3_VERSION)
            client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: http\r\n\r\n")
            #expect(try client.answer().text == "secure")
        }

        @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
        func olderVersionsAreRefused(version: Int32) throws {
            let server = try server()
            #expect(throws: TestClient.Failure.self) { try connect(server, version) }
            #expect(server.isQuiet())
        }

        @Test func plainHTTPIsRefusedAndTheServerGoesOn() throws {
            let server = try server()
            let plain = try server.connect()
            plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try !String(decoding: plain.untilClosed(), as: UTF8.self).contains("200"))
            let noise = try server.connect()
            noise.send([UInt8](repeating: 0xA5, count: 4_000))
            _ = try noise.untilClosed()
            #expect(server.isQuiet())
            let client = try connect(server, TLS1_3_VERSION)
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().status == 200)
        }

        @Test func whoeverDoesNotAgreeOnKeysInTimeIsCutOff() throws {
            let server = try server(limits: { $0.idleTimeoutSeconds = 0.3 })
            let silent = try server.connect()
            let dripping = try server.connect()
            dripping.send([0x16, 0x03, 0x01, 0x02])
            #expect(try silent.untilClosed().isEmpty)
            #expect(try dripping.untilClosed().isEmpty)
            #expect(server.isQuiet())
        }

        @Test func aConnectionThatIsRefusedIsToldWhyAndEndedProperly() throws {
            let server = try server()
            let client = try connect(server, TLS1_3_VERSION)
            client.send("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\n")
            #expect(try client.answer().status == 400)
            #expect(try client.untilClosed().isEmpty)
            #expect(client.hasEndedProperly)
        }

        @Test func connectionsEndWithAWordSoThatNothingCanBeCutOff() throws {
            let server = try server()
            let client = try connect(server, TLS1_2_VERSION)
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try client.answer().status == 200)
            #expect(try client.untilClosed().isEmpty)
            #expect(client.hasEndedProperly)
        }

        @Test func aNewCertificateCountsForNewConnectionsAndABadOneForNone() throws {
            let server = try server()
            let before = try connect(server, TLS1_3_VERSION)
            #expect(before.serialNumber == 1)
            try makeCertificate(serial: 2)
            try server.server.reloadCertificate()
            #expect(try connect(server, TLS1_3_VERSION).serialNumber == 2)
            folder.write("cert.pem", "no certificate")
            #expect(throws: HTTPSetupError.self) { try server.server.reloadCertificate() }
            #expect(try connect(server, TLS1_3_VERSION).serialNumber == 2)
            before.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try before.answer().status == 200, "open connections keep theirs")
        }

        @Test func filesThatDoNotFitAreRefusedAtTheStartWithoutAWordOfTheKey() throws {
            let key = folder.path + "/key.pem"
            try makeCertificate(serial: 2, key: "other.pem")
            var configuration = HTTPServerConfiguration()
            configuration.tls = TLSFiles(certificate: folder.path + "/cert.pem", key: key)
            let refused = HTTPServer(configuration: configuration, handler: TestServer.echo)
            let problem = #expect(throws: HTTPSetupError.self) { try refused.start() }
            #expect(problem?.message.contains(key) == true)
            #expect(problem?.message.contains("PRIVATE") == false)
        }

        @Test func aFloodOfConnectionsThatNeverAgreeLeavesNothingBehind() throws {
            let server = try server(limits: { $0.idleTimeoutSeconds = 0.3 })
            for _ in 1...3 {
                let clients = try (1...60).map { _ in try server.connect() }
                for (number, client) in clients.enumerated() where number % 2 == 0 {
                    client.send([0x16, 0x03, 0x01])
                }
            }
            #expect(server.isQuiet())
            #expect(server.server.openConnections == 0)
        }

        /// With OpenSSL's own program, as a person would for a trial.
        private func makeCertificate(serial: Int, key: String = "key.pem") throws {
            let words = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-set_serial", "\(serial)", "-keyout", "\(folder.path)/\(key)",
                "-out", "\(folder.path)/cert.pem",
            ]
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
            var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
            defer { arguments.forEach { free($0) } }
            var id: pid_t = 0
            try #require(posix_spawnp(&id, words[0], &actions, nil, &arguments, environ) == 0)
            var status: Int32 = -1
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            try #require(status == 0)
        }
    }
}
