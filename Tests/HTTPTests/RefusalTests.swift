import Testing

@testable import HTTP

extension ServerTests {
    /// What one reader could understand differently from another is refused, and the connection
    /// closed.
    @Suite struct RefusalTests {
        @Test(arguments: [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost:\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\t3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\n Content-Length: 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tfolded\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
                + "0\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
            "GET / HTTP/1.1\r\nHost: x\r\nX Y: 1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX(Y): 1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nNoColon\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{1}b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{0}b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: a\u{7F}b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: a\rY: b\r\n\r\n",
            "GET / HTTP/1.1\nHost: x\n\n",
            "GET / HTTP/1.1\r\nHost: x\n\r\n",
            "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / /x HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /\r\nHost: x\r\n\r\n",
            "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET //x/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /#a HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /é HTTP/1.1\r\nHost: x\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        ]) func ambiguousRequestsAreRefused(_ request: String) throws {
            try expectRefusal(400, of: request)
        }

        @Test(arguments: [
            "0x3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n", "3;a=b\r\nabc\r\n0\r\n\r\n",
            "3 \r\nabc\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n",
            "\r\n3\r\nabc\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n",
            "0\r\nContent-Length: 5\r\n\r\n", "fffffffffffffffff\r\n",
        ]) func ambiguousChunksAreRefused(_ body: String) throws {
            try expectRefusal(
                400, of: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        }

        @Test func unknownMethodsVersionsAndExpectationsAreNamed() throws {
            for method in ["TRACE", "CONNECT", "get", "PROPFIND"] {
                try expectRefusal(501, of: "\(method) / HTTP/1.1\r\nHost: x\r\n\r\n")
            }
            for version in ["HTTP/2.0", "HTTP/1.2", "HTTP/0.9"] {
                try expectRefusal(505, of: "GET / \(version)\r\nHost: x\r\n\r\n")
            }
            try expectRefusal(417, of: "GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n")
        }

        @Test func theRequestBeforeABadOneIsStillAnswered() throws {
            let server = try TestServer()
            let client = try server.connect()
            client.send(
                "GET /good HTTP/1.1\r\nHost: x\r\n\r\nGET /bad HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n")
            let answer = try client.answer()
            #expect(answer.text == "GET /good 0")
            #expect(answer.headers["Connection"] == "close")
            #expect(try client.untilClosed().isEmpty)
            #expect(server.log.map(\.path) == ["/good"])
        }

        @Test func aRefusalIsLoggedAndNamesItsRequest() throws {
            let server = try TestServer()
            let answer = try server.ask("GET / HTTP/1.1\r\n\r\n")
            let entry = try #require(server.log.first)
            #expect(entry.requestID == answer.headers["X-Request-Id"])
            #expect(entry.status == 400)
            #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
        }

        @Test func aBodyOverTheLimitIsRefusedBeforeItIsSent() throws {
            let server = try TestServer(limits: { $0.maxBodyBytes = 1_000 })
            let client = try server.connect()
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            client.send([UInt8](repeating: 1, count: 1_000))
            #expect(try client.answer().text == "POST / 1000")
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
            #expect(try client.answer().status == 413)
            #expect(try client.untilClosed().isEmpty)
            for length in ["99999999999999999999999", "9223372036854775807"] {
                let request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
                #expect(try server.ask(request).status == 413)
            }
        }

        @Test func aChunkedBodyOverTheLimitIsRefused() throws {
            let server = try TestServer(limits: { $0.maxBodyBytes = 1_000 })
            let chunk = "1f4\r\n" + String(repeating: "a", count: 500) + "\r\n"
            let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            #expect(try server.ask(head + chunk + chunk + "0\r\n\r\n").text == "POST / 1000")
            #expect(try server.ask(head + chunk + chunk + "1\r\n").status == 413)
        }

        @Test func aClientThatSendsOnHearsWhyItWasRefused() throws {
            let server = try TestServer(limits: { $0.maxBodyBytes = 1_000 })
            let client = try server.connect()
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n")
            client.send([UInt8](repeating: 1, count: 8_000_000))
            #expect(try client.answer().status == 413)
        }

        @Test func headersOverTheLimitAreRefused() throws {
            let server = try TestServer(limits: { $0.maxHeaderBytes = 2_000 })
            let long = String(repeating: "a", count: 2_000)
            for request in [
                "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: \(long)",
                "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X: y\r\n", count: 101)
                    + "\r\n",
            ] {
                #expect(try server.ask(request).status == 431)
            }
        }
    }
}
