import CCrypto
import Glibc

@testable import HTTP

/// A plain socket to the server, so that tests decide on every byte.
final class TestClient {
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// No step of a test may take longer.
    static let patienceMilliseconds: Int32 = 10_000

    let descriptor: Int32
    private var buffer: [UInt8] = []
    /// Where TLS is spoken.
    private var session: OpaquePointer?

    init(port: Int, address: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        let result = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw Failure(description: "connect: \(String(cString: strerror(errno)))")
        }
    }

    /// Speaks this version of TLS and no other, with whatever certificate it is shown.
    convenience init(tls version: Int32, port: Int) throws {
        try self.init(port: port)
        let context = SSL_CTX_new(TLS_client_method())
        defer { SSL_CTX_free(context) }
        // Level 0 alone still offers the versions that nobody should speak.
        SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0")
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        session = SSL_new(context)
        SSL_set_fd(session, descriptor)
        guard SSL_connect(session) == 1 else {
            ERR_clear_error()
            throw Failure(description: "no TLS")
        }
    }

    deinit {
        if let session { SSL_free(session) }
        Glibc.close(descriptor)
    }

    /// The serial number of the certificate that the server showed.
    var serialNumber: Int {
        guard let session, let certificate = SSL_get1_peer_certificate(session) else { return -1 }
        defer { X509_free(certificate) }
        return ASN1_INTEGER_get(X509_get_serialNumber(certificate))
    }

    /// Whether the other side said in TLS that nothing more comes.
    var hasEndedProperly: Bool {
        session.map { SSL_get_shutdown($0) & SSL_RECEIVED_SHUTDOWN != 0 } ?? false
    }

    /// Sends text whose lines end as in HTTP; false when the server has closed.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                if let session {
                    return Int(
                        SSL_write(session, $0.baseAddress! + sent, Int32(bytes.count - sent)))
                }
                return Glibc.send(
                    descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Closes the sending side only.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads one answer.
    func answer(toHead: Bool = false) throws -> Answer {
        var end: Int?
        while end == nil {
            end = buffer.indices.first { buffer[$0...].starts(with: "\r\n\r\n".utf8) }
            if end == nil, try !readMore() {
                throw Failure(description: "closed before an answer: \(buffer.count) bytes")
            }
        }
        let head = String(decoding: buffer[..<end!], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        guard let first = lines.first, let status = Int(first.split(separator: " ")[1]) else {
            throw Failure(description: "no status line: \(head)")
        }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers.append(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        let hasBody = !toHead && status != 304 && status != 204
        let length = hasBody ? Int(headers["Content-Length"] ?? "0")! : 0
        let start = end! + 4
        while buffer.count < start + length {
            guard try readMore() else { throw Failure(description: "closed within a body") }
        }
        let body = Array(buffer[start..<(start + length)])
        buffer.removeFirst(start + length)
        return Answer(status: status, headers: headers, body: body)
    }

    /// Waits until a text has come; all that came up to its end.
    func untilReceived(_ text: String) throws -> String {
        while true {
            let end = buffer.indices.first { buffer[$0...].starts(with: text.utf8) }
            if let end {
                let count = end + text.utf8.count
                defer { buffer.removeFirst(count) }
                return String(decoding: buffer[..<count], as: UTF8.self)
            }
            guard try readMore() else { throw Failure(description: "closed before \(text)") }
        }
    }

    /// Waits until the server has closed; what it had sent until then.
    func untilClosed() throws -> [UInt8] {
        while try readMore() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether bytes or the end can be read within the time.
    func isReadable(withinMilliseconds time: Int32) -> Bool {
        var status = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&status, 1, time) > 0
    }

    private func readMore() throws -> Bool {
        guard
            session.map { SSL_pending($0) > 0 } == true
                || isReadable(withinMilliseconds: Self.patienceMilliseconds)
        else {
            throw Failure(description: "nothing came for ten seconds")
        }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count =
            session.map { Int(SSL_read($0, &bytes, Int32(bytes.count))) }
            ?? recv(descriptor, &bytes, bytes.count, 0)
        if count <= 0 { return false }
        buffer += bytes[..<count]
        return true
    }
}
