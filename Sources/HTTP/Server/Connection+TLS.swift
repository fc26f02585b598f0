import CCrypto
import CEvent
import Glibc

// A connection that speaks TLS. libevent encrypts and decrypts; what passes it by is here.

extension Connection {
    /// How long a client may take to agree on keys, in seconds: strangers' time, before a request.
    private static let handshakeSeconds = 10.0

    /// libevent's stream for a new connection; nil without memory.
    static func makeStream(_ loop: EventLoop) -> OpaquePointer? {
        guard let tls = loop.tls else { return bufferevent_socket_new(loop.base, -1, 0) }
        guard let session = tls.makeSession() else { return nil }
        // Freed with the stream, as is the socket, and by libevent itself where it makes none.
        let options = Int32(BEV_OPT_CLOSE_ON_FREE.rawValue)
        guard
            let stream = bufferevent_openssl_socket_new(
                loop.base, -1, session, BUFFEREVENT_SSL_ACCEPTING, options)
        else { return nil }
        bufferevent_openssl_set_allow_dirty_shutdown(stream, 1)
        return stream
    }

    private var session: OpaquePointer? {
        loop.tls == nil ? nil : bufferevent_openssl_get_ssl(stream)
    }

    /// How long a new connection may wait before its first request.
    var firstPatience: Double {
        let idle = loop.responder.configuration.idleTimeoutSeconds
        return loop.tls == nil ? idle : min(idle, Self.handshakeSeconds)
    }

    /// Whether keys are still being agreed on.
    var isShakingHands: Bool { session.map { SSL_is_init_finished($0) == 0 } ?? false }

    /// Writes a few bytes past libevent, while it has nothing to write. False when they did not leave.
    func sendPast(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let session else {
            let sent = Glibc.send(
                bufferevent_getfd(stream), bytes, bytes.count, Int32(MSG_NOSIGNAL))
            return sent == bytes.count
        }
        return SSL_write(session, bytes, Int32(bytes.count)) == Int32(bytes.count)
    }

    /// Tells the other side that nothing more comes: in TLS, and where `all` says so for the socket.
    func endSending(all: Bool) {
        if let session, !isShakingHands {
            SSL_shutdown(session)
            ERR_clear_error()
        }
        if all { shutdown(bufferevent_getfd(stream), Int32(SHUT_WR)) }
    }
}
