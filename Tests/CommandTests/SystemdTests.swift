import DatabaseTesting
import Foundation
import TestSupport
import Testing

/// What a service manager sees of the program.
@Suite struct SystemdTests {
    @Test func systemdIsToldWhenPagesAreServedAndWhenTheProgramStops() throws {
        let place = try Place()
        let manager = try NotifySocket()
        let server = try RunningServer(
            data: place.data, environment: ["NOTIFY_SOCKET": manager.path])
        #expect(try manager.next() == "READY=1")
        let answer = try Visitor(server.port).ask("GET /health HTTP/1.1\r\nHost: a\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200"), "ready means that it answers")
        #expect(server.stop() == 0)
        #expect(try manager.next() == "STOPPING=1")
    }

    @Test func aSocketThatNobodyListensToKeepsTheProgramFromNothing() throws {
        let place = try Place()
        for path in [
            place.folder + "/nobody", "nonsense", "/" + String(repeating: "a", count: 300),
        ] {
            let server = try RunningServer(data: place.data, environment: ["NOTIFY_SOCKET": path])
            #expect(server.stop() == 0)
        }
    }

    @Test func aKeyHandedOverAsACredentialIsUsedAndNeverWrittenToTheFolder() throws {
        let place = try Place(named: "data")
        let credentials = try place.credentials(UInt8(7))
        #expect(try place.addOwner(credentials).code == 0)
        #expect(!FileManager.default.fileExists(atPath: place.data + "/secret.key"))
        // Without it a new key would be drawn, which opens nothing of what the first one sealed.
        let without = try place.run(["user", "list"])
        #expect(without.code == 1)
        #expect(without.complaints.contains("secret.key is missing"))
        #expect(!FileManager.default.fileExists(atPath: place.data + "/secret.key"))
        #expect(try place.run(["user", "list"], environment: credentials).code == 0)
    }

    @Test func aCredentialThatIsNotTheFoldersKeyIsRefused() throws {
        let place = try Place(named: "data")
        #expect(try place.addOwner().code == 0)
        let other = try place.run(["user", "list"], environment: place.credentials(UInt8(7)))
        #expect(other.code == 1)
        #expect(other.complaints.contains("is not the credential comptoir-secret-key"))
        let damaged = try place.run(
            ["user", "list"], environment: place.credentials(UInt8(7), count: 31))
        #expect(damaged.code == 1)
        #expect(damaged.complaints.contains("32 bytes"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root has rights to give up"))
    func rootsCommandBecomesTheOwnerOfTheFolderAndLeavesNothingOfItsOwn() throws {
        let place = try Place(named: "data")
        let owner = try #require(getpwnam("www-data")).pointee.pw_uid
        for path in [place.folder, place.data] {
            mkdir(path, 0o700)
            try #require(chown(path, owner, owner) == 0)
        }
        #expect(try place.addOwner().code == 0)
        let files = try #require(FileManager.default.enumerator(atPath: place.data))
        var strangers: [String] = []
        for case let name as String in files {
            var status = stat()
            lstat(place.data + "/" + name, &status)
            if status.st_uid != owner { strangers.append(name) }
        }
        #expect(strangers.isEmpty)
        #expect(FileManager.default.fileExists(atPath: place.data + "/secret.key"))
    }
}

extension Place {
    /// A folder with a key, as the service manager hands it over.
    fileprivate func credentials(_ byte: UInt8, count: Int = 32) throws -> [String: String] {
        let path = folder + "/credentials"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        let key = Data(repeating: byte, count: count)
        try key.write(to: URL(fileURLWithPath: path + "/comptoir-secret-key"))
        return ["CREDENTIALS_DIRECTORY": path]
    }
}

/// The socket on which systemd listens to its services.
private final class NotifySocket {
    let path: String
    private let socket: Int32

    init() throws {
        path = try TestCluster.makeFolder() + "/notify"
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        try #require(bytes.count < 108)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        // A message that never comes fails the test rather than stopping it.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    func next() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(socket, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
