import Core
import Database
import DatabaseTesting
import Foundation
import Testing

@Suite struct ServeTests {
    @Test func theFirstStartPrintsTheAddressAndTheWayToTheFirstAccount() throws {
        let place = try Place()
        let server = try RunningServer(data: place.data)
        #expect(server.output.contains("\(server.url)/welcome?code="))
        #expect(server.output.contains("Data: \(place.data)"))
        let answer = try Visitor(server.port).ask("GET /sign-in HTTP/1.1\r\nHost: a\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 303"))
        #expect(answer.contains("Location: /welcome"))
        #expect(server.stop(SIGINT) == 0)
        #expect(server.log.contains("\"path\":\"/sign-in\",\"status\":303"), "the access log")
        #expect(!server.output.contains("303"), "which is not data")
    }

    @Test func aRequestThatHasBegunIsAnsweredBeforeTheProgramEnds() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let server = try RunningServer(data: place.data)
        let visitor = try Visitor(server.port)
        let head =
            "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n"
        #expect(try visitor.ask(head).hasPrefix("HTTP/1.1 100"), "the request has begun")
        kill(server.process.processIdentifier, SIGTERM)
        eventually("the program is stopping") { server.log.contains("stopping") }
        try visitor.send("email=a@b.c")
        #expect(try visitor.receive().hasPrefix("HTTP/1.1 400"), "refused for want of a token")
        #expect(server.process.exitCode() == 0)
        #expect(
            !FileManager.default.fileExists(atPath: place.data + "/postgres/data/postmaster.pid"))
    }

    @Test func afterAViolentEndTheDatabaseIsAdopted() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let first = try RunningServer(data: place.data)
        let postgres = try place.postgres
        _ = first.stop(SIGKILL)
        #expect(kill(postgres, 0) == 0, "PostgreSQL is left running")
        let second = try RunningServer(data: place.data)
        #expect(second.log.contains("PostgreSQL was running already (process \(postgres))"))
        #expect(try place.postgres == postgres)
        let answer = try Visitor(second.port).ask("GET /health HTTP/1.1\r\nHost: a\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(second.stop() == 0)
    }

    @Test func whileTheDatabaseIsGonePagesSayUnavailableAndThenRecover() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let server = try RunningServer(data: place.data)
        func status() throws -> String {
            let answer = try Visitor(server.port).ask("GET /health HTTP/1.1\r\nHost: a\r\n")
            return String(answer.dropFirst(9).prefix(3))
        }
        #expect(try status() == "200")
        // Stopped rather than killed: it neither answers nor is it started again before we look.
        let postgres = try place.postgres
        kill(postgres, SIGKILL)
        var seen: Set<String> = []
        try eventually("it recovers") {
            seen.insert(try status())
            return try seen.contains("503") && status() == "200"
        }
        #expect(seen.isSubset(of: ["200", "503"]))
        #expect(server.stop() == 0)
    }

    @Test func beforeItStopsTheProgramSaysForAWhileThatItTakesNoNewWork() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let server = try RunningServer(
            data: place.data, environment: ["COMPTOIR_DRAIN_SECONDS": "600"])
        func ready() throws -> String {
            try Visitor(server.port).ask("GET /readyz HTTP/1.1\r\nHost: a\r\n")
        }
        #expect(try ready().hasPrefix("HTTP/1.1 200"))
        let metrics = try Visitor(server.port).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n")
        #expect(metrics.contains("\ncomptoir_http_open_connections "))
        kill(server.process.processIdentifier, SIGTERM)
        eventually("the program is draining") { server.log.contains("draining") }
        let answer = try ready()
        #expect(answer.hasPrefix("HTTP/1.1 503"))
        #expect(answer.hasSuffix("draining\n"))
        // Whoever asks twice does not want to wait so long; what is under way ends all the same.
        #expect(server.stop() == 0)
    }

    @Test func aTokenForMeasurementsThatOthersCanReadOrThatIsShortIsRefused() throws {
        let place = try Place()
        try #require(try place.addOwner().code == 0)
        let path = place.data + "/metrics.token"
        try DataFolder.write(Array("short".utf8), to: path)
        let short = try place.run(["serve", "--port", "0"])
        #expect(short.code == 1)
        #expect(short.complaints.contains("32 characters"))
        try DataFolder.write(Array(String(repeating: "k7", count: 16).utf8), to: path)
        chmod(path, 0o640)
        let open = try place.run(["serve", "--port", "0"])
        #expect(open.code == 1)
        #expect(open.complaints.contains("chmod 600"))
    }

    @Test func aPortThatIsTakenIsSaid() throws {
        let place = try Place()
        let server = try RunningServer(data: place.data)
        let second = try place.run(["serve", "--port", "\(server.port)"])
        #expect(second.code == 1)
        #expect(second.complaints.contains("\(server.port)"))
        #expect(server.stop() == 0)
    }
}

extension Place {
    fileprivate var postgres: pid_t {
        get throws {
            let file = try String(
                contentsOfFile: data + "/postgres/data/postmaster.pid", encoding: .utf8)
            return try #require(file.split(separator: "\n").first.flatMap { pid_t($0) })
        }
    }
}

/// A connection to the program, byte by byte.
final class Visitor {
    private let socket: Int32

    init(_ port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(socket) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        try #require(
            Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
    }

    /// What the program has to say next, or nothing when it has closed the connection.
    func receive() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    func ask(_ head: String) throws -> String {
        try send(head + "\r\n")
        return try receive()
    }
}
