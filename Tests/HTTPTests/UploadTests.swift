import Glibc
import Testing

@testable import HTTP

extension ServerTests {
    /// Bodies too large for memory.
    @Suite struct UploadTests {
        private let folder: TestFolder

        init() throws { folder = try TestFolder() }

        private func server(
            most: Int = 100_000_000, inAll: Int = 2_000_000_000,
            _ handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse = TestServer.echo
        ) throws -> TestServer {
            let path = folder.path
            return try TestServer(
                limits: {
                    $0.uploadFolder = path
                    $0.maxBodyBytes = 1_000
                    $0.maxUploadBytes = inAll
                },
                bodyLimit: { _, target in target.hasPrefix("/upload") ? most : nil },
                handler: handler)
        }

        @Test func aLargeBodyIsInAFileWithoutANameWhileItsHandlerRuns() throws {
            let gate = Gate()
            let server = try server { request in
                gate.pass()
                var sum = 0
                try? request.content.pieces { piece in sum += piece.reduce(0) { $0 + Int($1) } }
                return .text("\(request.content.isInFile) \(request.content.count) \(sum)")
            }
            let client = try server.connect()
            let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
            client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
            client.send(body)
            #expect(gate.waitForArrivals(1))
            #expect(server.server.uploadedBytes == body.count)
            #expect(folder.names.isEmpty)
            gate.open()
            let sum = body.reduce(0) { $0 + Int($1) }
            #expect(try client.answer().text == "true \(body.count) \(sum)")
            #expect(eventually { server.server.uploadedBytes == 0 })
        }

        @Test func aSmallBodyStaysInMemoryAndAChunkedOneMovesWhenItGrows() throws {
            let server = try server { .text("\($0.content.isInFile) \($0.content.count)") }
            let small = BodyCollector.memoryBytes
            let client = try server.connect()
            client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: \(small)\r\n\r\n")
            client.send([UInt8](repeating: 1, count: small))
            #expect(try client.answer().text == "false \(small)")
            client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 1...40 {
                client.send("2710\r\n" + String(repeating: "a", count: 10_000) + "\r\n")
            }
            client.send("0\r\n\r\n")
            #expect(try client.answer().text == "true 400000")
        }

        @Test func theRouteSaysHowMuchItTakesAndMoreIsRefusedBeforeItComes() throws {
            let server = try server(most: 500_000)
            func status(_ path: String, _ length: Int) throws -> Int {
                try server.ask(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
                ).status
            }
            #expect(try status("/upload", 500_001) == 413)
            #expect(try status("/other", 1_001) == 413)
            let client = try server.connect()
            client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send("61a80\r\n" + String(repeating: "a", count: 400_000) + "\r\n61a80\r\n")
            #expect(try client.answer().status == 413)
            #expect(eventually { server.server.uploadedBytes == 0 })
            #expect(folder.names.isEmpty)
        }

        @Test func aClientThatLeavesLeavesNothingBehind() throws {
            let server = try server()
            do {
                let client = try server.connect()
                client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
                client.send([UInt8](repeating: 1, count: 600_000))
                #expect(eventually { server.server.uploadedBytes == 600_000 })
                #expect(folder.names.isEmpty)
            }
            #expect(eventually { server.server.uploadedBytes == 0 })
            #expect(server.isQuiet())
        }

        @Test func whenTheRoomIsTakenTheNextUploadIsTurnedAwayAndTheOthersGoOn() throws {
            let server = try server(inAll: 1_000_000)
            let first = try server.connect()
            first.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 800000\r\n\r\n")
            first.send([UInt8](repeating: 1, count: 700_000))
            #expect(eventually { server.server.uploadedBytes == 700_000 })
            let second = try server.connect()
            second.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 800000\r\n\r\n")
            second.send([UInt8](repeating: 1, count: 800_000))
            #expect(try second.answer().status == 503)
            #expect(eventually { server.server.uploadedBytes == 700_000 })
            first.send([UInt8](repeating: 1, count: 100_000))
            #expect(try first.answer().text == "POST /upload 800000")
        }

        @Test func aLargeBodyThatComesSlowlyButSteadilyHasTheTimeItNeeds() throws {
            let path = folder.path
            let server = try TestServer(limits: {
                $0.uploadFolder = path
                $0.requestTimeoutSeconds = 0.3
                $0.minRequestBytesPerSecond = 100_000
            })
            let client = try server.connect()
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n")
            let start = ContinuousClock.now
            for _ in 1...40 {
                client.send([UInt8](repeating: 1, count: 10_000))
                // Nothing comes back yet: the wait is the pace.
                #expect(!client.isReadable(withinMilliseconds: 20) || start.elapsed > 0.5)
            }
            #expect(try client.answer().text == "POST / 400000")
            #expect(start.elapsed > 0.5)
        }

        @Test func aFileOfAFormIsReadFromTheDiskWhereverItIsCut() throws {
            let server = try server { request in
                guard let form = try? request.form(), let file = form.upload("file"),
                    let bytes = try? file.bytes
                else { return .text("unreadable", status: 400) }
                let isWhole = bytes == UploadTests.content
                return .text(
                    "\(file.content.isInFile) \(file.filename) \(isWhole) \(form.fields["a"] ?? "")"
                )
            }
            // The boundary meets the ends of the pieces that are read at every place.
            for padding in 0..<40 {
                let head =
                    "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
                let tail =
                    "\r\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                    + String(repeating: "b", count: padding) + "\r\n--XX--\r\n"
                let body = Array(head.utf8) + UploadTests.content + Array(tail.utf8)
                let client = try server.connect()
                client.send(
                    "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n"
                        + "Content-Type: multipart/form-data; boundary=XX\r\n\r\n")
                client.send(body)
                let text = try client.answer().text
                #expect(text == "true a.csv true " + String(repeating: "b", count: padding))
            }
        }

        /// Full of what could be taken for the end.
        private static let content = Array(
            String(repeating: "\r\n--X\r\n--\r\r\n--XY\r\n", count: 20_000).utf8)

        @Test func whatIsKeptIsForItsOwnerAloneAndNeverOverwrites() throws {
            let folder = try TestFolder()
            let kept = folder.path + "/kept"
            let server = try server { request in
                do {
                    try request.content.write(toFileAt: kept)
                    return .text("kept")
                } catch { return .text("refused", status: 500) }
            }
            let body = [UInt8](repeating: 7, count: 300_000)
            for expected in ["kept", "refused"] {
                let client = try server.connect()
                client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n")
                client.send(body)
                #expect(try client.answer().text == expected)
            }
            var status = stat()
            #expect(stat(kept, &status) == 0 && status.st_size == 300_000)
            #expect(status.st_mode & 0o777 == 0o600)
        }

        @Test func textThatOnlyFillsTheMemoryIsRefused() throws {
            let server = try server { request in
                do throws(HTTPError) {
                    return .text("\(try request.form().fields.pairs.count)")
                } catch { return HTTPResponse(error) }
            }
            let body = [UInt8](repeating: UInt8(ascii: "a"), count: 5_000_000)
            let client = try server.connect()
            client.send(
                "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\n\r\n")
            client.send(body)
            #expect(try client.answer().status == 413)
        }

        @Test func twentyUploadsOf50MegabytesAtOnceTakeNoMemory() throws {
            let gate = Gate()
            let server = try server { request in
                gate.pass()
                return .text("\(request.content.count)")
            }
            let size = 50_000_000
            let piece = [UInt8](repeating: 3, count: 1_000_000)
            let before = residentBytes()
            let failures = Monitor(0)
            let threads = try (1...20).map { _ in
                try Thread.start {
                    guard let client = try? server.connect() else {
                        failures.change { $0 += 1 }
                        return
                    }
                    client.send(
                        "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
                    for _ in 0..<(size / piece.count) { client.send(piece) }
                    if (try? client.answer().text) != "\(size)" { failures.change { $0 += 1 } }
                }
            }
            // All are there, and none has been let go.
            #expect(eventually { server.server.uploadedBytes == 20 * size })
            let grown = residentBytes() - before
            gate.open()
            threads.forEach { $0.join() }
            #expect(failures.change(waking: false) { $0 } == 0)
            print("20 uploads of 50 MB at once: \(grown / 1_000) kB of memory")
            #expect(grown < 16_000_000)
            #expect(eventually { server.server.uploadedBytes == 0 })
        }
    }
}

extension ContinuousClock.Instant {
    fileprivate var elapsed: Double { duration(to: .now) / .seconds(1) }
}

extension TestFolder {
    /// What is in it.
    var names: [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.filter { $0 != "." && $0 != ".." }
    }
}

/// Whether something becomes true within the patience of a test.
func eventually(_ test: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
        if test() { return true }
        sched_yield()
    }
    return false
}
