import CEvent
import Glibc

// Answers on their way to the client.

extension Connection {
    /// Smaller bodies are copied: that costs less than keeping track of them.
    private static let minReferencedBytes = 4_096

    /// Writes an answer to the request in hand.
    func send(_ reply: Reply, to request: OpaquePointer) {
        answered += 1
        if case .held(let held) = reply.content { return hold(held, reply, request) }
        let headers = evhttp_request_get_output_headers(request)
        for field in reply.headers.fields { evhttp_add_header(headers, field.name, field.value) }
        if !reply.closes && isLastAnswer { evhttp_add_header(headers, "Connection", "close") }
        evhttp_request_set_on_complete_cb(
            request,
            { request, context in Connection.from(context).answerWritten(request!) },
            Unmanaged.passUnretained(self).toOpaque())
        add(reply.content, to: evhttp_request_get_output_buffer(request))
        enter(.answering(bytes: reply.content.size))
        evhttp_send_reply(request, Int32(reply.status), phrase(for: reply.status), nil)
        // libevent reads on while it writes. Then a client could fill the memory with requests, and
        // one that closes its sending side would lose its answer.
        bufferevent_disable(stream, Int16(EV_READ))
    }

    private var isLastAnswer: Bool {
        loop.isDraining || (refusalAfterAnswers != nil && answered == reader.completed)
    }

    /// Called by libevent when the last byte has been written, before it decides whether to close.
    private func answerWritten(_ request: OpaquePointer) {
        if isLastAnswer {
            evhttp_add_header(evhttp_request_get_output_headers(request), "Connection", "close")
        }
        let isBetween = reader.isBetweenRequests && reader.completed == answered
        enter(isBetween ? .idle : .receiving)
    }

    private func add(_ content: Reply.Content, to output: OpaquePointer?) {
        switch content {
        case .none, .held:
            break
        case .bytes(let bytes) where bytes.count < Self.minReferencedBytes:
            evbuffer_add(output, bytes, bytes.count)
        case .bytes(let bytes):
            let kept = KeptBytes(bytes)
            let context = Unmanaged.passRetained(kept).toOpaque()
            _ = kept.bytes.withUnsafeBytes {
                evbuffer_add_reference(
                    output, $0.baseAddress, $0.count,
                    { _, _, kept in Unmanaged<KeptBytes>.fromOpaque(kept!).release() }, context)
            }
        case .file(let descriptor, let size):
            // Without the flag libevent maps the file, which would crash us if it became shorter. What
            // has to be encrypted must be mapped: our files are replaced, never cut.
            if loop.tls == nil { evbuffer_set_flags(output, UInt64(EVBUFFER_FLAG_DRAINS_TO_FD)) }
            if evbuffer_add_file(output, descriptor, 0, Int64(size)) != 0 {
                Glibc.close(descriptor)
            }
        }
    }
}

// MARK: - Answers held open

extension Connection {
    /// Bytes that may wait for a client to take them; one that is further behind is let go.
    private static let maxHeldBacklogBytes = 64 * 1_024
    /// How long the other side may leave what we send without a sign of life, in milliseconds.
    private static let silenceMilliseconds: Int32 = 60_000

    /// Begins an answer that goes on until one side ends it.
    private func hold(_ held: HeldStream, _ reply: Reply, _ request: OpaquePointer) {
        guard !loop.isDraining else {
            held.close()
            return close()
        }
        let headers = evhttp_request_get_output_headers(request)
        for field in reply.headers.fields { evhttp_add_header(headers, field.name, field.value) }
        evhttp_request_set_on_complete_cb(
            request,
            { request, context in Connection.from(context).answerWritten(request!) },
            Unmanaged.passUnretained(self).toOpaque())
        heldRequest = request
        enter(.holding(held))
        bufferevent_set_timeouts(stream, nil, nil)
        var silence = Self.silenceMilliseconds
        setsockopt(
            bufferevent_getfd(stream), Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &silence,
            socklen_t(MemoryLayout<Int32>.size))
        evhttp_send_reply_start(request, Int32(reply.status), phrase(for: reply.status))
        held.attach(HeldConnection(connection: self, loop: loop))
    }

    /// Writes what a handler has to add, or ends the answer.
    func perform(_ order: HeldStream.Order) {
        guard !isClosed, case .holding = phase else { return }
        switch order {
        case .send(let bytes): write(bytes)
        case .end: endHolding()
        }
    }

    /// Ends a held answer; the connection ends with it.
    func endHolding() {
        guard case .holding(let held) = phase, let request = heldRequest else { return }
        heldRequest = nil
        held.close()
        enter(.answering(bytes: 0))
        evhttp_send_reply_end(request)
    }

    func write(_ bytes: [UInt8]) {
        guard let request = heldRequest, !bytes.isEmpty else { return }
        let waiting = evbuffer_get_length(bufferevent_get_output(stream))
        guard waiting + bytes.count <= Self.maxHeldBacklogBytes, let piece = evbuffer_new() else {
            return close()
        }
        evbuffer_add(piece, bytes, bytes.count)
        evhttp_send_reply_chunk(request, piece)
        evbuffer_free(piece)
    }

    /// The connection is being closed under a held answer. libevent leaves the request to us, since
    /// its answer was never finished.
    func letGo(_ held: HeldStream) {
        held.close()
        if let request = heldRequest { evhttp_request_free(request) }
        heldRequest = nil
    }
}

/// The way from a held answer back to its connection.
struct HeldConnection: @unchecked Sendable {
    // Other threads only carry the connection; its loop's thread is the one that looks inside.
    let connection: Connection
    let loop: EventLoop

    func deliver(_ order: HeldStream.Order) { loop.deliver(order, to: self) }
}

/// Bytes that libevent refers to until they are sent. An array's storage stays where it is as long
/// as somebody holds it and nobody changes it.
private final class KeptBytes: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
}
