import Testing

@testable import HTTP

@Suite struct StaticFilesTests {
    private let folder: TestFolder
    private let files: StaticFiles

    init() throws {
        folder = try TestFolder()
        folder.write("app.3f2a91c0d2.css", "body {}")
        folder.write("app.css", "body {}")
        folder.write("icons/plus.svg", "<svg/>")
        folder.write("page.beef.html", "short")
        folder.write("big.woff2", [UInt8](repeating: 1, count: 300_000))
        folder.write(".secret", "hidden")
        folder.link("link.txt", to: "/etc/hostname")
        files = try StaticFiles(folder: folder.path)
    }

    private func ask(_ name: String, _ headers: HTTPHeaders = [:]) throws -> HTTPResponse? {
        files.response(for: name, request: try HTTPRequest(headers: headers))
    }

    @Test func filesAreServedWithTheirTypeAndTag() throws {
        let answer = try #require(try ask("app.css"))
        #expect(answer.status == 200)
        #expect(answer.body == .bytes(Array("body {}".utf8)))
        #expect(answer.headers["Content-Type"] == "text/css; charset=utf-8")
        #expect(answer.headers["Cache-Control"] == "no-cache")
        #expect(answer.headers["ETag"]?.utf8.count == 34)
        #expect(try ask("icons/plus.svg")?.headers["Content-Type"] == "image/svg+xml")
        #expect(
            try ask("big.woff2")?.body == .file(path: "\(folder.path)/big.woff2", size: 300_000))
    }

    @Test func onlyANameWithAContentHashIsImmutable() throws {
        let immutable = "public, max-age=31536000, immutable"
        #expect(try ask("app.3f2a91c0d2.css")?.headers["Cache-Control"] == immutable)
        #expect(try ask("page.beef.html")?.headers["Cache-Control"] == "no-cache")
        let edited = try StaticFiles(folder: folder.path, immutable: false)
        let answer = edited.response(for: "app.3f2a91c0d2.css", request: try HTTPRequest())
        #expect(answer?.headers["Cache-Control"] == "no-cache")
    }

    @Test func whatTheClientHasIsNotSentAgain() throws {
        let tag = try #require(try ask("app.css")?.headers["ETag"])
        for value in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
            let answer = try #require(try ask("app.css", ["If-None-Match": value]))
            #expect(answer.status == 304 && answer.body == .empty)
            #expect(answer.headers["ETag"] == tag)
        }
        #expect(try ask("app.css", ["If-None-Match": "\"x\""])?.status == 200)
    }

    @Test func theTagFollowsTheContentAlone() throws {
        let tag = try ask("app.css")?.headers["ETag"]
        #expect(try ask("app.3f2a91c0d2.css")?.headers["ETag"] == tag)
        folder.write("app.css", "body {x}")
        let changed = try StaticFiles(folder: folder.path)
        #expect(
            changed.response(for: "app.css", request: try HTTPRequest())?.headers["ETag"] != tag)
    }

    @Test(arguments: [
        "", "/", ".", "..", "../app.css", "icons/../app.css", "icons", "icons/", "/app.css",
        "/etc/passwd", "../../../../etc/passwd", "app.css\0", ".secret", "link.txt", "APP.CSS",
    ]) func nothingElseIsServed(_ name: String) throws {
        #expect(try ask(name) == nil)
    }

    @Test func namesAreListedAndAMissingFolderIsNamed() throws {
        #expect(
            files.names == [
                "app.3f2a91c0d2.css", "app.css", "big.woff2", "icons/plus.svg", "page.beef.html",
            ])
        #expect(throws: HTTPSetupError.self) { try StaticFiles(folder: "\(folder.path)/none") }
    }
}

extension ServerTests {
    @Suite struct FileAnswerTests {
        @Test func filesPassThroughASocketUnchanged() throws {
            let folder = try TestFolder()
            let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 >> 2) }
            folder.write("big.png", bytes)
            folder.write("small.txt", "small")
            let files = try StaticFiles(folder: folder.path)
            let server = try TestServer { request in
                files.response(for: request.segments.joined(separator: "/"), request: request)
                    ?? .text("none", status: 404)
            }
            let client = try server.connect()
            for _ in 1...3 {
                client.send(
                    "GET /big.png HTTP/1.1\r\nHost: x\r\n\r\n"
                        + "GET /small.txt HTTP/1.1\r\nHost: x\r\n\r\n"
                )
                let big = try client.answer()
                #expect(big.body == bytes)
                #expect(big.headers["Content-Type"] == "image/png")
                #expect(try client.answer().text == "small")
            }
            client.send("HEAD /big.png HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer(toHead: true).headers["Content-Length"] == "700000")
            client.send("GET /%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.answer().status == 404)
        }

        @Test func aFileThatChangedOrVanishedIsAnInternalError() throws {
            let folder = try TestFolder()
            folder.write("a", "12345")
            let path = folder.path
            let server = try TestServer { request in
                HTTPResponse(status: 200, body: .file(path: path + request.path, size: 4))
            }
            #expect(try server.ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").status == 500)
            #expect(try server.ask("GET /b HTTP/1.1\r\nHost: x\r\n\r\n").status == 500)
        }
    }
}
