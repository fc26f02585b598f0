import Testing

@testable import HTTP

extension ServerTests {
    @Suite struct ExchangeTests {
        @Test func answersCarryTheirIdentifierAndForbidSniffing() throws {
            let server = try TestServer(limits: { $0.serverName = "Test" })
            let answer = try server.ask("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer.status == 200)
            #expect(answer.text == "GET /a 0")
            #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
            #expect(answer.headers["Server"] == "Test")
            #expect(answer.headers["Date"]?.hasSuffix(" GMT") == true)
            let entry = try #require(server.log.first)
            #expect(answer.headers["X-Request-Id"] == entry.requestID)
            #expect(entry.requestID.utf8.count == 24)
        }

        @Test func theRouterDecidesBetweenFoundMissingAndNotAllowed() throws {
            var router = Router<@Sendable ([String: String]) -> HTTPResponse>()
            router.add(.get, "clients/:id") { .text("client \($0["id"]!)") }
            router.add(.post, "clients/:id") { .text("changed \($0["id"]!)") }
            let server = try TestServer { [router] request in
                switch router.match(request) {
                case .found(let endpoint, let parameters):
                    return endpoint(parameters)
                case .methodNotAllowed(let allow):
                    let names = allow.map(\.rawValue).joined(separator: ", ")
                    return HTTPResponse(status: 405, headers: ["Allow": names])
                case .notFound:
                    return .text("none", status: 404)
                }
            }
            #expect(
                try server.ask("GET /clients/D%C3%A9 HTTP/1.1\r\nHost: x\r\n\r\n").text
                    == "client Dé")
            #expect(try server.ask("GET /orders HTTP/1.1\r\nHost: x\r\n\r\n").status == 404)
            let refused = try server.ask("DELETE /clients/1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(refused.status == 405)
            #expect(refused.headers["Allow"] == "GET, HEAD, POST")
        }

        @Test func aHeadRequestGetsTheLengthWithoutTheBody() throws {
            let server = try TestServer { _ in .text("12345") }
            let client = try server.connect()
            client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try client.answer(toHead: true)
            #expect(head.headers["Content-Length"] == "5")
            #expect(try client.answer().text == "12345")
        }

        @Test func answersWithoutContentHaveNoBody() throws {
            let server = try TestServer { request in
                HTTPResponse(status: Int(request.segments[0])!, body: .bytes(Array("body".utf8)))
            }
            let client = try server.connect()
            for status in [204, 304] {
                client.send("GET /\(status) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().status == status)
            }
            client.send("GET /200 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try client.answer().text == "body")
            #expect(try client.untilClosed().isEmpty)
        }

        @Test func oneConnectionServesRequestAfterRequest() throws {
            let server = try TestServer()
            let client = try server.connect()
            for number in 1...50 {
                client.send("POST /\(number) HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                #expect(try client.answer().text == "POST /\(number) 3")
            }
            #expect(server.server.openConnections == 1)
        }

        @Test func pipelinedRequestsAreAnsweredInOrder() throws {
            let server = try TestServer()
            let client = try server.connect()
            let requests = (1...100).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
            client.send(requests.joined())
            for number in 1...100 {
                #expect(try client.answer().text == "GET /\(number) 0")
            }
        }

        @Test func chunkedBodiesArriveWhole() throws {
            let server = try TestServer { request in
                .text(String(decoding: (try? request.body) ?? [], as: UTF8.self))
            }
            let client = try server.connect()
            let head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            for byte in (head + "5\r\nhello\r\nA\r\n, world...\r\n0\r\n\r\n").utf8 {
                client.send([byte])
            }
            #expect(try client.answer().text == "hello, world...")
            client.send(head + "2\r\nok\r\n0\r\n\r\n")
            #expect(try client.answer().text == "ok")
        }

        @Test func aClientThatAsksFirstIsToldToContinue() throws {
            let server = try TestServer()
            let client = try server.connect()
            client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.answer().status == 100)
            client.send("ok")
            #expect(try client.answer().text == "POST / 2")
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n")
            client.send("Expect: 100-continue\r\n\r\n")
            #expect(try client.answer().status == 100)
            // Once, however the body is cut.
            for byte in "2\r\nok\r\n0\r\n\r\n".utf8 { client.send([byte]) }
            #expect(try client.answer().text == "POST / 2")
        }

        @Test func aClientThatClosedItsSendingSideGetsItsAnswer() throws {
            let gate = Gate()
            let body = [UInt8](repeating: 7, count: 3_000_000)
            let server = try TestServer { _ in
                gate.pass()
                return HTTPResponse(status: 200, body: .bytes(body))
            }
            let client = try server.connect()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.finishSending()
            #expect(gate.waitForArrivals(1))
            gate.open()
            #expect(try client.answer().body == body)
        }

        @Test func oldClientsAreAnsweredAndClosed() throws {
            let server = try TestServer()
            let client = try server.connect()
            client.send("GET / HTTP/1.0\r\nHost: x\r\n\r\n")
            #expect(try client.answer().text == "GET / 0")
            #expect(try client.untilClosed().isEmpty)
        }

        @Test func largeBodiesPassBothWays() throws {
            let server = try TestServer { request in
                HTTPResponse(status: 200, body: .bytes((try? request.body) ?? []))
            }
            let client = try server.connect()
            let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
            client.send(body)
            #expect(try client.answer().body == body)
        }

        @Test func aHeaderThatWouldInjectAnotherBecomesAnInternalError() throws {
            let server = try TestServer { _ in .redirect(to: "/a\r\nSet-Cookie: stolen=1") }
            let answer = try server.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(answer.status == 500)
            #expect(answer.headers["Set-Cookie"] == nil)
            #expect(answer.headers["Location"] == nil)
        }

        @Test func cookiesTravelBothWays() throws {
            let cookie = try Cookie(name: "session", value: "abc", maxAgeSeconds: 60, secure: true)
            let server = try TestServer { request in
                var response = HTTPResponse.text(request.cookies["session"] ?? "none")
                response.setCookie(cookie)
                response.headers.append("Set-Cookie", "other=1")
                return response
            }
            let answer = try server.ask(
                "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b; session=xyz\r\n\r\n")
            #expect(answer.text == "xyz")
            #expect(
                answer.headers.all(named: "set-cookie") == [
                    "session=abc; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax", "other=1",
                ])
        }

        @Test func aPathThatCannotBeDecodedIsRefusedAndTheConnectionGoesOn() throws {
            let server = try TestServer()
            let client = try server.connect()
            for path in ["/a/%2e%2e/b", "/../b", "/%zz", "/%00", "/%C3", "/a//b", "/?a=%FF"] {
                client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().status == 400, "\(path)")
            }
            client.send("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().status == 200)
        }

        @Test func theLogHoldsThePathWithoutTheQuery() throws {
            let server = try TestServer()
            _ = try server.ask("GET /a%22b?token=secret HTTP/1.1\r\nHost: x\r\n\r\n")
            let entry = try #require(server.log.first)
            #expect(entry.path == "/a%22b")
            #expect(entry.status == 200)
            #expect(entry.bytesOut == "GET /a%22b 0".utf8.count)
            #expect(entry.address == "127.0.0.1")
            let line = entry.jsonLine()
            #expect(!line.contains("secret") && !line.contains("\n"))
            #expect(line.hasPrefix("{\"time\":\"20") && line.hasSuffix("}"))
            #expect(line.contains("\"method\":\"GET\",\"path\":\"/a%22b\",\"status\":200,"))
        }

        @Test func onlyATrustedProxySaysWhoTheClientIs() throws {
            let handler: @Sendable (HTTPRequest) -> HTTPResponse = {
                .text("\($0.remoteAddress) \($0.isSecure)")
            }
            let request =
                "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 9.9.9.9, 5.6.7.8\r\n"
                + "X-Forwarded-Proto: https\r\n\r\n"
            #expect(try TestServer(handler).ask(request).text == "127.0.0.1 false")
            let behindProxy = try TestServer(
                limits: { $0.trustedProxies = ["127.0.0.1"] }, handler: handler)
            #expect(try behindProxy.ask(request).text == "5.6.7.8 true")
            #expect(behindProxy.log.first?.address == "5.6.7.8")
        }
    }
}
