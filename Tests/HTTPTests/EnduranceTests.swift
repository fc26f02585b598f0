import Glibc
import Testing

@testable import HTTP

extension ServerTests {
    @Suite struct EnduranceTests {
        @Test func aDrippedHeaderIsCutOffWhileOthersAreServed() throws {
            let server = try TestServer(limits: {
                $0.requestTimeoutSeconds = 0.5; $0.loops = 1
            })
            try expectTimeout(server, "GET / HTTP/1.1\r\nHost: x\r\nX: ", dripping: "a")
        }

        @Test func aDrippedBodyIsCutOffWhileOthersAreServed() throws {
            let server = try TestServer(limits: {
                $0.requestTimeoutSeconds = 0.5; $0.loops = 1
            })
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
            try expectTimeout(server, head, dripping: "a")
        }

        /// Sends a byte every few milliseconds, so that no time-out on inactivity could ever fire.
        private func expectTimeout(_ server: TestServer, _ head: String, dripping: String) throws {
            let slow = try server.connect()
            let start = ContinuousClock.now
            slow.send(head)
            var served = 0
            while !slow.isReadable(withinMilliseconds: 5) {
                slow.send(dripping)
                #expect(try server.ask("GET /other HTTP/1.1\r\nHost: x\r\n\r\n").status == 200)
                served += 1
                try #require(start.duration(to: .now) < .seconds(8))
            }
            #expect(try slow.answer().status == 408)
            #expect(start.duration(to: .now) >= .milliseconds(480))
            #expect(served > 3)
        }

        @Test func anIdleConnectionIsClosedWithoutAWord() throws {
            let server = try TestServer(limits: { $0.idleTimeoutSeconds = 0.2 })
            let silent = try server.connect()
            #expect(try silent.untilClosed().isEmpty)
            let used = try server.connect()
            used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try used.answer().status == 200)
            #expect(try used.untilClosed().isEmpty)
        }

        @Test func aClientThatTakesNoAnswerIsCutOff() throws {
            let body = [UInt8](repeating: 1, count: 32_000_000)
            let server = try TestServer(
                limits: {
                    $0.requestTimeoutSeconds = 0.3
                    $0.minAnswerBytesPerSecond = 1e9
                }, handler: { _ in HTTPResponse(status: 200, body: .bytes(body)) })
            let client = try server.connect()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.isReadable(withinMilliseconds: 5_000))
            #expect(server.server.openConnections == 1)
            #expect(server.isQuiet())
            #expect(throws: TestClient.Failure.self) { try client.answer() }
        }

        /// Each request is heavy with headers and its answer too long to be written at once, so
        /// that a request forgotten when its client leaves would show.
        @Test func requestsOfClientsThatLeftAreFreed() throws {
            let body = [UInt8](repeating: 1, count: 200_000)
            let server = try TestServer(
                limits: { $0.maxHeaderBytes = 200_000 },
                handler: { _ in HTTPResponse(status: 200, body: .bytes(body)) })
            let padding = String(repeating: "a", count: 190_000)
            func leave(_ times: Int) throws -> Int {
                for number in 1...times {
                    try server.connect()
                        .send("GET / HTTP/1.1\r\nHost: x\r\nX: \(padding)\r\n\r\n")
                    // More at once would be turned away.
                    if number % 50 == 0 { try #require(server.isQuiet()) }
                }
                return residentBytes()
            }
            let before = try leave(50)
            #expect(try leave(400) - before < 50_000_000)
        }

        @Test func aFullQueueIsAnsweredAtOnceAndRecovers() throws {
            let gate = Gate()
            let server = try TestServer(
                limits: {
                    $0.workers = 2; $0.queueLimit = 3
                },
                handler: { request in
                    if request.path == "/slow" { gate.pass() }
                    return .text("done")
                })
            let running = try (1...2).map { _ in try server.connect() }
            running.forEach { $0.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n") }
            #expect(gate.waitForArrivals(2))
            // Each waits in the queue; a request more makes it full. Which one is refused is a
            // matter of loops, so the test sends until the first refusal.
            var queued: [TestClient] = []
            var refusals = 0
            while refusals < 5 {
                let client = try server.connect()
                client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
                if queued.count == 3 {
                    let answer = try client.answer()
                    #expect(answer.status == 503)
                    #expect(answer.headers["Retry-After"] == "1")
                    refusals += 1
                } else {
                    queued.append(client)
                    // The loop has taken it when it answers the next byte's worth of work.
                    #expect(waitUntilQueued(queued.count, on: server))
                }
            }
            gate.open()
            for client in running + queued { #expect(try client.answer().text == "done") }
            #expect(try server.ask("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n").text == "done")
        }

        @Test func aRefusedRequestLeavesItsConnectionUsable() throws {
            let gate = Gate()
            let server = try TestServer(
                limits: {
                    $0.workers = 1; $0.queueLimit = 1; $0.loops = 1
                },
                handler: { _ in
                    gate.pass()
                    return .text("done")
                })
            let first = try server.connect()
            first.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(gate.waitForArrivals(1))
            let second = try server.connect()
            second.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(waitUntilQueued(1, on: server))
            let third = try server.connect()
            third.send("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try third.answer().status == 503)
            gate.open()
            #expect(try first.answer().status == 200)
            #expect(try second.answer().status == 200)
            third.send("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try third.answer().status == 200)
        }

        @Test func tooManyConnectionsAreClosedAndRoomIsGivenBack() throws {
            let server = try TestServer(limits: { $0.maxConnectionsPerAddress = 3 })
            var clients = try (1...3).map { _ in try server.connect() }
            for client in clients {
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
            let refused = try server.connect()
            #expect(try refused.untilClosed().isEmpty)
            clients.removeLast()
            var isServed = false
            let deadline = ContinuousClock.now + .seconds(10)
            while !isServed && ContinuousClock.now < deadline {
                isServed = (try? server.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status) == 200
            }
            #expect(isServed)
        }

        @Test func clientsThatLeaveAtAnyMomentHarmNobody() throws {
            let gate = Gate()
            let body = [UInt8](repeating: 1, count: 4_000_000)
            let server = try TestServer { request in
                if request.path == "/wait" { gate.pass() }
                return HTTPResponse(status: 200, body: .bytes(body))
            }
            let whole = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
            let upload = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
            for text in ["", "GET", "GET / HTTP/1.1\r\nHost", upload, whole, whole] {
                let client = try server.connect()
                client.send(text)
            }
            #expect(gate.waitForArrivals(2))
            gate.open()
            for _ in 1...20 {
                let client = try server.connect()
                client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(client.isReadable(withinMilliseconds: 10_000))
            }
            #expect(try server.ask("GET /now HTTP/1.1\r\nHost: x\r\n\r\n").body.count == body.count)
            #expect(server.isQuiet())
        }

        @Test func stoppingFinishesTheRunningRequestAndRefusesNewOnes() throws {
            let gate = Gate()
            let server = try TestServer { _ in
                gate.pass()
                return .text("finished")
            }
            let port = server.server.port
            let idle = try server.connect()
            let running = try server.connect()
            running.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(gate.waitForArrivals(1))
            let hasStopped = Monitor(false)
            let stopping = try Thread.start {
                server.server.stop(graceSeconds: 10)
                hasStopped.change { $0 = true }
            }
            #expect(try idle.untilClosed().isEmpty)
            var isRefused = false
            let deadline = ContinuousClock.now + .seconds(10)
            while !isRefused && ContinuousClock.now < deadline {
                do {
                    let late = try TestClient(port: port)
                    isRefused = (try? late.untilClosed()) != nil
                } catch {
                    isRefused = true
                }
            }
            #expect(isRefused)
            #expect(!hasStopped.change(waking: false) { $0 })
            gate.open()
            let answer = try running.answer()
            #expect(answer.text == "finished")
            #expect(answer.headers["Connection"] == "close")
            stopping.join()
            #expect(throws: TestClient.Failure.self) { try TestClient(port: port) }
            server.server.stop(graceSeconds: 1)
        }

        @Test func stoppingGivesUpOnAHandlerThatDoesNotEnd() throws {
            let gate = Gate()
            let server = try TestServer(
                limits: { $0.workers = 1 },
                handler: { _ in
                    gate.pass()
                    return .text("late")
                })
            let stuck = try server.connect()
            stuck.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(gate.waitForArrivals(1))
            let queued = try server.connect()
            queued.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(waitUntilQueued(1, on: server))
            let start = ContinuousClock.now
            server.server.stop(graceSeconds: 0.2)
            #expect(start.duration(to: .now) < .seconds(5))
            #expect(try stuck.untilClosed().isEmpty)
            #expect(try queued.answer().status == 503)
            gate.open()
        }

        @Test func aPortInUseIsNotSharedByAccident() throws {
            let first = try TestServer()
            #expect(throws: HTTPSetupError.self) {
                _ = try TestServer(limits: { $0.port = first.server.port })
            }
        }

        @Test func nonsenseInTheConfigurationIsNamed() {
            for change: (inout HTTPServerConfiguration) -> Void in [
                { $0.workers = 0 }, { $0.port = 70_000 }, { $0.address = "localhost" },
                { $0.serverName = "a\nb" }, { $0.requestTimeoutSeconds = 0 },
            ] {
                #expect(throws: HTTPSetupError.self) { _ = try TestServer(limits: change) }
            }
        }

        @Test func thousandsOfRequestsLeaveNoDescriptorBehind() throws {
            let file = try TestFolder()
            file.write("big.bin", [UInt8](repeating: 5, count: 300_000))
            let path = "\(file.path)/big.bin"
            let server = try TestServer { request in
                request.path == "/file"
                    ? HTTPResponse(status: 200, body: .file(path: path, size: 300_000))
                    : .text("ok")
            }
            let before = sockets(ofPort: server.server.port)
            for _ in 1...1_000 {
                #expect(try server.ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").text == "ok")
            }
            let failures = Monitor(0)
            let threads = try (1...8).map { number in
                try Thread.start {
                    for turn in 1...125 {
                        let path = (number + turn) % 4 == 0 ? "/file" : "/"
                        let answer = try? server.ask("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                        let size = path == "/file" ? 300_000 : 2
                        if answer?.body.count != size { failures.change { $0 += 1 } }
                        // Some leave without waiting.
                        let leaving = try? server.connect()
                        leaving?.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
                    }
                }
            }
            threads.forEach { $0.join() }
            #expect(failures.change(waking: false) { $0 } == 0)
            #expect(server.isQuiet())
            // libevent closes a socket just after the server has counted it out.
            let deadline = ContinuousClock.now + .seconds(10)
            while sockets(ofPort: server.server.port) != before && ContinuousClock.now < deadline {
                sched_yield()
            }
            #expect(sockets(ofPort: server.server.port) == before)
            #expect(!openDescriptorTargets().contains(path))
        }

        /// Whether so many requests reached the queue, seen from outside: the pool tells.
        private func waitUntilQueued(_ count: Int, on server: TestServer) -> Bool {
            let deadline = ContinuousClock.now + .seconds(10)
            while ContinuousClock.now < deadline {
                if server.server.waitingRequests == count { return true }
                sched_yield()
            }
            return false
        }
    }
}

/// The memory of the process that is in use.
func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    fgets(&line, Int32(line.count), file)
    let text = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return (Int(text.split(separator: " ")[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}

/// How many sockets of the process have that port at their own end: the listening ones and those
/// that were accepted. Other tests have sockets too.
private func sockets(ofPort port: Int) -> Int {
    (0..<4_096).count { descriptor in
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(Int32(descriptor), $0, &length)
            }
        }
        return result == 0 && name.sin_family == sa_family_t(AF_INET)
            && Int(UInt16(bigEndian: name.sin_port)) == port
    }
}

/// What the descriptors of the process refer to.
private func openDescriptorTargets() -> [String] {
    (0..<4_096).compactMap { number in
        var target = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/fd/\(number)", &target, target.count)
        return count > 0
            ? String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
