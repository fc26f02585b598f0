@testable import Core
import Glibc
import Testing

/// A page that listens, as a plain socket.
final class OpenPage {
    struct Silence: Error { let received: String }

    private static let patienceMilliseconds: Int32 = 20_000
    private let descriptor: Int32
    private var text = ""

    init(_ port: Int, token: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        // HTTP/1.0: the events come as they are, without chunks.
        let request =
            "GET /events HTTP/1.0\r\nHost: x\r\nCookie: \(Session.cookieName)=\(token)\r\n\r\n"
        send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL))
    }

    deinit { close(descriptor) }

    /// What comes up to the end of a text.
    func receive(until mark: String) throws -> String {
        while true {
            if let range = text.firstRange(of: mark) {
                defer { text = String(text[range.upperBound...]) }
                return String(text[..<range.upperBound])
            }
            guard let more = receiveMore(), !more.isEmpty else { throw Silence(received: text) }
            text += more
        }
    }

    func waitUntilClosed() throws {
        while true {
            guard let more = receiveMore() else { throw Silence(received: text) }
            if more.isEmpty { return }
        }
    }

    /// Empty at the end; nil when nothing comes.
    private func receiveMore() -> String? {
        var status = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&status, 1, Self.patienceMilliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
