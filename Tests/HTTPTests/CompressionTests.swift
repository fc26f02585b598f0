import CZlib
import Testing

@testable import HTTP

@Suite struct AcceptedCodingTests {
    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("x-gzip", true), ("br, gzip", true), ("*", true),
        ("gzip;q=0.5", true), ("gzip ; q=0.001", true), ("gzip;q=1.000", true), ("gzip;Q=1", true),
        ("deflate, *;q=0.1", true), ("identity;q=0.5, gzip;q=0.5", true),
        ("", false), ("br", false), ("identity", false), ("gzip;q=0", false),
        ("gzip;q=0.000", false), ("*;q=0", false), ("gzip;q=0, *", false),
        ("identity, gzip;q=0.5", false), ("gzip;q=2", false), ("gzip;q=0.1234", false),
        ("gzip;q=", false), ("gzip;level=1", false), ("gzip;q=1;x=2", false), ("g zip", false),
    ]) func gzipIsReadAsMeant(_ header: String, _ wanted: Bool) {
        #expect(AcceptedCoding(["Accept-Encoding": header]).wantsGzip == wanted, "\(header)")
    }

    @Test func identityIsRefusedOnlyWhenThatIsSaid() {
        func refuses(_ header: String) -> Bool {
            AcceptedCoding(["Accept-Encoding": header]).refusesIdentity
        }
        #expect(refuses("gzip, identity;q=0"))
        #expect(refuses("gzip, *;q=0"))
        #expect(!refuses("gzip"))
        #expect(!refuses("identity;q=0.1, *;q=0"))
        #expect(!AcceptedCoding([:]).refusesIdentity && !AcceptedCoding([:]).wantsGzip)
    }
}

extension ServerTests {
    @Suite struct CompressionTests {
        private static let page = String(repeating: "<td>Menuiserie Aubrac</td>\n", count: 400)

        private func server(
            _ type: String = "text/html; charset=utf-8", _ text: String = page,
            _ headers: HTTPHeaders = [:], status: Int = 200
        ) throws -> TestServer {
            try TestServer { request in
                var response = HTTPResponse(
                    status: status, headers: headers, body: .bytes(Array(text.utf8)))
                response.headers.set("Content-Type", type)
                if let seen = request.headers["If-Match"] ?? request.headers["If-None-Match"] {
                    response.headers.set("X-Seen", seen)
                }
                return response
            }
        }

        private func ask(
            _ server: TestServer, _ headers: String = "Accept-Encoding: gzip\r\n",
            method: String = "GET"
        ) throws -> TestClient.Answer {
            try server.ask("\(method) / HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
        }

        @Test func textIsCompressedForThoseWhoTakeIt() throws {
            let server = try server()
            let packed = try ask(server)
            #expect(packed.headers["Content-Encoding"] == "gzip")
            #expect(packed.headers["Vary"] == "Accept-Encoding")
            #expect(packed.body.count < Self.page.utf8.count / 10)
            #expect(gunzipped(packed.body) == Array(Self.page.utf8))
            let plain = try ask(server, "")
            #expect(plain.headers["Content-Encoding"] == nil)
            #expect(plain.headers["Vary"] == "Accept-Encoding")
            #expect(plain.text == Self.page)
        }

        @Test func aHeadSaysWhatAGetWould() throws {
            let server = try server()
            let (get, head) = (try ask(server), try ask(server, method: "HEAD"))
            for name in ["Content-Length", "Content-Encoding", "Vary", "Content-Type"] {
                #expect(get.headers[name] == head.headers[name], "\(name)")
            }
            #expect(head.body.isEmpty)
        }

        @Test(arguments: [
            "text/css; charset=utf-8", "text/javascript", "text/csv; charset=utf-8",
            "application/json", "application/problem+json", "image/svg+xml",
        ]) func everyKindOfTextGains(_ type: String) throws {
            #expect(try ask(server(type)).headers["Content-Encoding"] == "gzip")
        }

        @Test(arguments: [
            "application/pdf", "image/png", "font/woff2", "application/zip", "application/gzip",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "text/event-stream", "application/octet-stream",
        ]) func whatIsPackedAlreadyStaysAsItIs(_ type: String) throws {
            let answer = try ask(server(type))
            #expect(answer.headers["Content-Encoding"] == nil && answer.headers["Vary"] == nil)
        }

        @Test func smallAnswersStayAsTheyAreUnlessThatIsRefused() throws {
            let server = try server("text/html", String(repeating: "a", count: 500))
            #expect(try ask(server).headers["Content-Encoding"] == nil)
            let refusing = "Accept-Encoding: gzip, identity;q=0\r\n"
            #expect(try ask(server, refusing).headers["Content-Encoding"] == "gzip")
        }

        @Test func whatMayNotChangeOrDoesNotShrinkStaysAsItIs() throws {
            let headers: HTTPHeaders = ["Cache-Control": "no-transform"]
            #expect(
                try ask(server("text/html", Self.page, headers)).headers["Content-Encoding"] == nil)
            var random = SystemRandomNumberGenerator()
            let noise = String(
                decoding: (0..<2_000).map { _ in UInt8.random(in: 32...126, using: &random) },
                as: UTF8.self)
            let answer = try ask(server("text/plain", noise))
            #expect(answer.text == noise || gunzipped(answer.body) == Array(noise.utf8))
        }

        /// BREACH: somebody else's page leads the victim's browser here and measures the answers.
        @Test func whatAnotherSiteAskedForIsNotCompressed() throws {
            let server = try server()
            for (site, isPacked) in [
                ("cross-site", false), ("same-site", false), ("same-origin", true), ("none", true),
            ] {
                let headers = "Accept-Encoding: gzip\r\nSec-Fetch-Site: \(site)\r\n"
                let answer = try ask(server, headers)
                #expect((answer.headers["Content-Encoding"] == "gzip") == isPacked, "\(site)")
            }
        }

        @Test func theTagOfTheCompressedFormIsItsOwnAndComesBackAsTheVersionsOwn() throws {
            let server = try server("application/json", Self.page, ["ETag": "\"7\""])
            #expect(try ask(server, "").headers["ETag"] == "\"7\"")
            #expect(try ask(server).headers["ETag"] == "\"7-gzip\"")
            for (sent, seen) in [
                ("If-Match: \"7-gzip\"", "\"7\""), ("If-Match: \"7\"", "\"7\""),
                ("If-None-Match: W/\"6-gzip\", \"7-gzip\" , *", "W/\"6\", \"7\", *"),
            ] {
                #expect(try ask(server, "\(sent)\r\n").headers["X-Seen"] == seen, "\(sent)")
            }
        }

        @Test func a304NamesTheFormThatTheClientHas() throws {
            let server = try server("application/json", "", ["ETag": "\"7\""], status: 304)
            let answer = try ask(server)
            #expect(answer.status == 304)
            #expect(answer.headers["ETag"] == "\"7-gzip\"")
            #expect(answer.headers["Vary"] == "Accept-Encoding")
            #expect(try ask(server, "").headers["ETag"] == "\"7\"")
        }

        @Test func filesLeaveInTheFormThatWasMadeBeforehand() throws {
            let folder = try TestFolder()
            folder.write("app.css", "body {}")
            folder.write("app.css.gz", "packed")
            folder.write("alone.gz", "an archive")
            let files = try StaticFiles(folder: folder.path)
            #expect(files.names == ["alone.gz", "app.css"])
            let server = try TestServer { request in
                files.response(for: request.segments.joined(separator: "/"), request: request)
                    ?? .text("none", status: 404)
            }
            func get(_ name: String, _ headers: String) throws -> TestClient.Answer {
                try server.ask("GET /\(name) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
            }
            let gzip = "Accept-Encoding: gzip\r\n"
            let packed = try get("app.css", gzip)
            #expect(packed.text == "packed" && packed.headers["Content-Encoding"] == "gzip")
            #expect(packed.headers.all(named: "Vary") == ["Accept-Encoding"])
            let plain = try get("app.css", "")
            #expect(plain.text == "body {}" && plain.headers["Content-Encoding"] == nil)
            #expect(plain.headers["Vary"] == "Accept-Encoding")
            #expect(plain.headers["ETag"] != packed.headers["ETag"])
            for answer in [packed, plain] {
                let tag = try #require(answer.headers["ETag"])
                let again = try get("app.css", gzip + "If-None-Match: \(tag)\r\n")
                #expect(again.status == 304)
                #expect(again.headers["ETag"] == packed.headers["ETag"])
            }
            #expect(try get("app.css.gz", gzip).status == 404)
        }

        @Test func manyThreadsCompressAtOnce() throws {
            let failures = Monitor(0)
            let threads = try (1...24).map { number in
                try Thread.start {
                    for turn in 1...20 {
                        let text = Array(String(repeating: "\(number) \(turn) ", count: 500).utf8)
                        if Gzip.compressed(text).map(gunzipped) != text {
                            failures.change { $0 += 1 }
                        }
                    }
                }
            }
            threads.forEach { $0.join() }
            #expect(failures.change(waking: false) { $0 } == 0)
        }
    }
}

/// What zlib makes of a gzip file; nothing when it is damaged.
private func gunzipped(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: 1_000_000)
    var isWhole = false
    let capacity = output.count
    input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END
        }
    }
    return isWhole ? Array(output.prefix(capacity - Int(stream.avail_out))) : []
}
