import Testing

@testable import HTTP

extension ServerTests {
    /// The ways known to us in which two programs read one request as two, or two as one. Each is
    /// refused, whatever stands behind it is not heard, and the connection ends.
    @Suite struct SmugglingTests {
        private func post(_ headers: String, _ body: String = "") -> String {
            "POST / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\r\n\(body)"
        }

        @Test func aDuplicateContentLengthIsRefused() throws {
            try expectRefusal(400, of: post("Content-Length: 3\r\nContent-Length: 3", "abc"))
        }
        @Test func twoDifferentContentLengthsAreRefused() throws {
            try expectRefusal(400, of: post("Content-Length: 3\r\nContent-Length: 5", "abc"))
        }
        @Test func aListOfContentLengthsIsRefused() throws {
            try expectRefusal(400, of: post("Content-Length: 3, 3", "abc"))
        }
        @Test func aContentLengthWithASignIsRefused() throws {
            try expectRefusal(400, of: post("Content-Length: +5", "abcde"))
            try expectRefusal(400, of: post("Content-Length: -5", "abcde"))
        }
        @Test func aContentLengthThatOverflowsIsRefused() throws {
            try expectRefusal(413, of: post("Content-Length: 18446744073709551621", "abcde"))
        }
        @Test func aSpaceBeforeTheColonIsRefused() throws {
            try expectRefusal(400, of: post("Content-Length : 3", "abc"))
            try expectRefusal(400, of: post("Transfer-Encoding : chunked", "0\r\n\r\n"))
        }
        @Test func aTabBeforeTheValueIsRefused() throws {
            try expectRefusal(400, of: post("Transfer-Encoding:\tchunked", "0\r\n\r\n"))
        }
        @Test func aVerticalTabBeforeTheValueIsRefused() throws {
            try expectRefusal(400, of: post("Transfer-Encoding: \u{B}chunked", "0\r\n\r\n"))
        }
        @Test func gzipBeforeChunkedIsRefused() throws {
            try expectRefusal(400, of: post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"))
        }
        @Test func chunkedThatIsNotTheLastCodingIsRefused() throws {
            try expectRefusal(400, of: post("Transfer-Encoding: chunked, identity", "0\r\n\r\n"))
        }
        @Test func twoTransferEncodingsAreRefused() throws {
            let twice = "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"
            try expectRefusal(400, of: post(twice, "0\r\n\r\n"))
        }
        @Test func aCodingThatOnlyLooksLikeChunkedIsRefused() throws {
            for coding in ["xchunked", "chunkedx", "\"chunked\"", "chunked;q=1", "chunked,"] {
                try expectRefusal(400, of: post("Transfer-Encoding: \(coding)", "0\r\n\r\n"))
            }
        }
        @Test func aLengthBesideChunkedIsRefused() throws {
            let both = "Content-Length: 4\r\nTransfer-Encoding: chunked"
            try expectRefusal(400, of: post(both, "0\r\n\r\n"))
            let other = "Transfer-Encoding: chunked\r\nContent-Length: 5"
            try expectRefusal(400, of: post(other, "0\r\n\r\n"))
        }
        @Test func chunkedInHTTP10IsRefused() throws {
            let head = "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            try expectRefusal(400, of: head + "0\r\n\r\n")
        }
        @Test func aFoldedHeaderIsRefused() throws {
            try expectRefusal(400, of: post("X: a\r\n Content-Length: 3", "abc"))
            try expectRefusal(400, of: post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"))
        }
        @Test func aBlankBeforeTheFirstHeaderIsRefused() throws {
            try expectRefusal(400, of: "GET / HTTP/1.1\r\n Host: x\r\nHost: x\r\n\r\n")
        }
        @Test func aBareLineFeedIsRefused() throws {
            try expectRefusal(400, of: "GET / HTTP/1.1\nHost: x\n\n")
            try expectRefusal(400, of: post("X: a\nContent-Length: 3", "abc"))
        }
        @Test func aBareCarriageReturnIsRefused() throws {
            try expectRefusal(400, of: post("X: a\rContent-Length: 3", "abc"))
            try expectRefusal(400, of: "GET / HTTP/1.1\rHost: x\r\n\r\n")
        }
        @Test func aNullByteIsRefused() throws {
            try expectRefusal(400, of: post("X: a\u{0}b"))
            try expectRefusal(400, of: post("Content-Length: 3\u{0}", "abc"))
            try expectRefusal(400, of: "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        @Test func aWholeAddressInPlaceOfAPathIsRefused() throws {
            try expectRefusal(400, of: "GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n")
            try expectRefusal(400, of: "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        @Test func twoHostsAreRefused() throws {
            try expectRefusal(400, of: "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")
            try expectRefusal(400, of: "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n")
            try expectRefusal(400, of: "GET / HTTP/1.1\r\nHost: x@y\r\n\r\n")
        }
        @Test func aChunkExtensionIsRefused() throws {
            try expectRefusal(
                400, of: post("Transfer-Encoding: chunked", "3;a=b\r\nabc\r\n0\r\n\r\n"))
            try expectRefusal(
                400, of: post("Transfer-Encoding: chunked", "3;\nabc\r\n0\r\n\r\n"))
        }
        @Test func aChunkSizeWithASignAPrefixOrBlanksIsRefused() throws {
            for size in ["+3", "-3", "0x3", " 3", "3 ", "3_0", ""] {
                try expectRefusal(
                    400, of: post("Transfer-Encoding: chunked", "\(size)\r\nabc\r\n0\r\n\r\n"))
            }
        }
        @Test func aChunkSizeThatOverflowsIsRefused() throws {
            try expectRefusal(
                400, of: post("Transfer-Encoding: chunked", "10000000000000003\r\nabc\r\n"))
            try expectRefusal(413, of: post("Transfer-Encoding: chunked", "fffffffffff\r\nabc\r\n"))
        }
        @Test func aChunkThatEndsOtherwiseThanSaidIsRefused() throws {
            try expectRefusal(
                400, of: post("Transfer-Encoding: chunked", "3\r\nabcd\r\n0\r\n\r\n"))
            try expectRefusal(400, of: post("Transfer-Encoding: chunked", "3\r\nabc\n0\r\n\r\n"))
        }
        @Test func aTrailerIsRefused() throws {
            try expectRefusal(
                400, of: post("Transfer-Encoding: chunked", "0\r\nContent-Length: 5\r\n\r\n"))
        }
        @Test func anEmptyFirstLineIsRefused() throws {
            try expectRefusal(400, of: "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        }
        @Test func aBodyOfAHeadRequestIsRefused() throws {
            try expectRefusal(
                400, of: "HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        }

        /// A GET may have a body: it belongs to the request and is no request itself.
        @Test func theBodyOfAGetRequestIsNotHeardAsARequest() throws {
            let server = try TestServer()
            let client = try server.connect()
            let inner = "GET /inner HTTP/1.1\r\nHost: x\r\n\r\n"
            client.send(
                "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)")
            #expect(try client.answer().text == "GET /a \(inner.utf8.count)")
            client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().text == "GET /b 0")
            #expect(server.log.map(\.path) == ["/a", "/b"])
        }

        /// libevent's own reading of methods with a body, of upgrades and of proxies' headers plays
        /// no part: it never sees them.
        @Test func headersThatLibeventWouldActUponChangeNothing() throws {
            let server = try TestServer()
            let client = try server.connect()
            let headers = [
                "Proxy-Connection: close", "Upgrade: h2c", "Keep-Alive: 0",
                "Content-Encoding: gzip", "X-HTTP-Method-Override: DELETE",
            ]
            for (number, header) in headers.enumerated() {
                client.send("PATCH /\(number) HTTP/1.1\r\nHost: x\r\n\(header)\r\n")
                client.send("Content-Length: 2\r\n\r\nok")
                #expect(try client.answer().text == "PATCH /\(number) 2")
            }
            #expect(server.server.openConnections == 1)
        }
    }
}
