import Testing

@testable import HTTP

@Suite struct RequestTests {
    @Test func theTargetIsDecodedOnce() throws {
        let request = try HTTPRequest(target: "/clients/D%C3%A9lia%20%2B%2F%2525/?q=a+b%26c&q=d&e")
        #expect(request.path == "/clients/D%C3%A9lia%20%2B%2F%2525/")
        #expect(request.segments == ["clients", "Délia +/%25"])
        #expect(request.query.all("q") == ["a b&c", "d"])
        #expect(request.query["e"] == "")
        #expect(request.query["none"] == nil)
    }

    @Test(arguments: [
        "", "a", "/..", "/a/../b", "/a/%2E%2e", "/.", "/a//b", "//", "/%", "/%4", "/%g0", "/%00",
        "/%0A", "/%7f", "/%FF", "/%C3", "/%ED%A0%80", "/?a=%", "/?%FF", "/?a=%00",
    ]) func targetsThatCannotBeDecodedAreRefused(_ target: String) {
        #expect(throws: HTTPError.self) { try HTTPRequest(target: target) }
    }

    @Test func veryDeepPathsAreRefused() throws {
        let deep = String(repeating: "/a", count: 64)
        #expect(try HTTPRequest(target: deep).segments.count == 64)
        #expect(throws: HTTPError.self) { try HTTPRequest(target: deep + "/a") }
    }

    @Test func identifiersAreUnique() {
        let identifiers = Set((1...1_000).map { _ in HTTPRequest.newID() })
        #expect(identifiers.count == 1_000)
        #expect(identifiers.allSatisfy { $0.utf8.count == 24 })
    }

    @Test func fieldsKeepTheirOrderAndRepetitions() throws {
        let fields = try Fields(parsing: "line=1&a=x%3Dy&line=2&=empty&&b")
        #expect(fields.pairs.map(\.name) == ["line", "a", "line", "", "b"])
        #expect(fields.all("line") == ["1", "2"])
        #expect(fields["a"] == "x=y")
        #expect(fields.names == ["line", "a", "", "b"])
        #expect(fields.contains("b") && !fields.contains("c"))
    }

    @Test func manyFieldsAreFoundAsFewAre() throws {
        let text = (0..<4_000).map { "f\($0 % 2_000)=\($0)" }.joined(separator: "&")
        let fields = try Fields(parsing: text)
        #expect(fields["f7"] == "7")
        #expect(fields.all("f7") == ["7", "2007"])
        #expect(fields["f2000"] == nil && fields.all("f2000").isEmpty)
    }

    @Test func tooManyFieldsAreRefused() throws {
        let text = String(repeating: "a=1&", count: Fields.standardLimit)
        #expect(try Fields(parsing: text).pairs.count == Fields.standardLimit)
        #expect(throws: HTTPError(status: 413, message: "There are too many fields.")) {
            try Fields(parsing: text + "a=1")
        }
    }

    @Test func headersCompareWithoutCase() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X": "1"]
        headers.append("x", "2")
        #expect(headers["content-type"] == "a")
        #expect(headers.all(named: "X") == ["1", "2"])
        headers.set("X", "3")
        #expect(headers.all(named: "x") == ["3"])
        #expect(headers.fields.map(\.name) == ["Content-Type", "X"])
    }

    @Test func headersThatWouldBreakAMessageAreSeen() {
        for (name, value) in [
            ("A", "b\r\nC: d"), ("A", "b\n"), ("A", "\0"), ("A", "\u{7F}"), ("A B", "c"), ("", "c"),
            ("A:", "b"), ("Ä", "b"), ("A\r", "b"),
        ] {
            #expect(!([name: value] as HTTPHeaders).isSafe)
        }
        #expect((["A-b_1": "any text, é, \"x\"\t"] as HTTPHeaders).isSafe)
    }

    @Test func cookiesAreReadAsBrowsersSendThem() {
        var headers: HTTPHeaders = ["Cookie": "a=1; b=\"2\"; a=3;c = x=y ; broken; =5; d="]
        headers.append("Cookie", "e=6")
        #expect(
            cookies(in: headers) == ["a": "1", "b": "2", "c": "x=y", "d": "", "e": "6"])
    }

    @Test func aCookieCannotInject() throws {
        for value in ["a;b", "a\r\nX: y", "a b", "a,b", "\"a\"", "a\\b", "é", "\0"] {
            #expect(throws: HTTPError.self) { try Cookie(name: "n", value: value, secure: false) }
        }
        for name in ["", "a b", "a=b", "a;b", "é"] {
            #expect(throws: HTTPError.self) { try Cookie(name: name, value: "v", secure: false) }
        }
        for path in ["", "a", "/;Domain=x", "/\r\n"] {
            #expect(throws: HTTPError.self) {
                try Cookie(name: "n", value: "v", path: path, secure: false)
            }
        }
        #expect(throws: HTTPError.self) {
            try Cookie(name: "n", value: "v", secure: false, sameSite: .none)
        }
        let cookie = try Cookie(
            name: "n", value: "v", httpOnly: false, secure: false, sameSite: .strict)
        #expect(cookie.headerValue == "n=v; Path=/; SameSite=Strict")
    }

    @Test func theClientBehindProxiesIsTheLastUntrustedHop() {
        func client(_ forwarded: [String], peer: String = "10.0.0.1") -> String {
            var headers = HTTPHeaders()
            forwarded.forEach { headers.append("X-Forwarded-For", $0) }
            return ForwardedAddress(
                peer: peer, headers: headers, trustedProxies: ["10.0.0.1", "10.0.0.2"]
            ).address
        }
        #expect(client(["1.1.1.1, 2.2.2.2"]) == "2.2.2.2")
        #expect(client(["1.1.1.1", "2001:db8::1 , 10.0.0.2"]) == "2001:db8::1")
        #expect(client(["1.1.1.1"], peer: "3.3.3.3") == "3.3.3.3")
        #expect(client(["evil\"name"]) == "10.0.0.1")
        #expect(client([]) == "10.0.0.1")
    }
}
