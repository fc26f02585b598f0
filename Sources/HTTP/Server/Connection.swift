import CEvent
import Glibc

/// One client's connection: what it sends passes the reader before libevent sees it, and one timer
/// bounds whatever it does. It belongs to the thread of its loop.
///
/// libevent is never told that we own a request (`evhttp_request_own`): an owned one would be
/// leaked when the client leaves while its answer is being written.
final class Connection {
    private enum Phase {
        /// Between requests.
        case idle
        /// A request has begun to arrive.
        case receiving
        /// A worker has it, or will.
        case handling
        /// Its answer is being written.
        case answering(bytes: Int)
        /// It is being told off, or closed without a word.
        case condemned(Refusal?)
    }

    /// How long, and for how many bytes, we still listen to a refused client. Closing at once would
    /// reset the connection, and the client might never see why.
    private static let lingerSeconds = 2.0
    private static let lingerBytes = 32 * 1_024 * 1_024
    /// Smaller bodies are copied: that costs less than keeping track of them.
    private static let minReferencedBytes = 4_096

    /// One read of libevent's arrives in up to so many pieces.
    private static let expectedPieces = 8

    let stream: OpaquePointer
    private unowned let loop: EventLoop
    private var peer: OpaquePointer?
    private var address = ""
    private var isAdmitted = false
    private var isClosed = false
    private var phase = Phase.idle
    private var timer: OpaquePointer!
    private var observer: OpaquePointer!
    private var reader: RequestReader
    private var answered = 0
    private var refusalAfterAnswers: Refusal?
    private var lingeredBytes = 0

    /// Nil without memory.
    init?(loop: EventLoop) {
        guard let stream = bufferevent_socket_new(loop.base, -1, 0) else { return nil }
        self.stream = stream
        self.loop = loop
        let configuration = loop.responder.configuration
        reader = RequestReader(
            maxHeaderBytes: configuration.maxHeaderBytes, maxBodyBytes: configuration.maxBodyBytes)
        bufferevent_incref(stream)
        let context = Unmanaged.passUnretained(self).toOpaque()
        timer = event_new(
            loop.base, -1, 0, { _, _, context in Connection.from(context).timeOut() }, context)
        observer = evbuffer_add_cb(
            bufferevent_get_input(stream),
            { input, info, context in
                if info!.pointee.n_added > 0 {
                    Connection.from(context).received(info!.pointee.n_added, in: input!)
                }
            }, context)
    }

    var isIdle: Bool {
        if case .idle = phase { return true }
        return false
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Connection {
        Unmanaged<Connection>.fromOpaque(context!).takeUnretainedValue()
    }
}

// MARK: - Opening and closing

extension Connection {
    /// Learns which libevent connection the stream belongs to: the argument of its callbacks.
    /// Called when libevent has set the stream up, by the loop or with the first bytes.
    func attach() {
        guard peer == nil, !isClosed else { return }
        var argument: UnsafeMutableRawPointer?
        bufferevent_getcb(stream, nil, nil, nil, &argument)
        guard let argument else { return release() }
        let peer = OpaquePointer(argument)
        self.peer = peer
        loop.opened(self, peer)
        evhttp_connection_set_closecb(
            peer, { _, context in Connection.from(context).closed() },
            Unmanaged.passUnretained(self).toOpaque())
        var text: UnsafeMutablePointer<CChar>?
        var port: UInt16 = 0
        evhttp_connection_get_peer(peer, &text, &port)
        address = text.map { String(cString: $0) } ?? ""
        isAdmitted = loop.census.admit(address)
        if isAdmitted && !loop.isDraining { enter(.idle) } else { condemn(nil) }
    }

    /// Closes the connection in libevent's own way, which lets go of a request in a worker's hands.
    func close() {
        guard !isClosed, let peer else { return }
        if case .condemned = phase {
            evhttp_connection_free(peer)
        } else {
            bufferevent_trigger_event(stream, Int16(BEV_EVENT_EOF), 0)
        }
    }

    /// Called by libevent just before it frees the connection.
    private func closed() {
        guard let peer else { return }
        loop.closed(peer)
        if isAdmitted { loop.census.leave(address) }
        release()
    }

    private func release() {
        isClosed = true
        evbuffer_remove_cb_entry(bufferevent_get_input(stream), observer)
        event_free(timer)
        bufferevent_decref(stream)
    }
}

// MARK: - Receiving

extension Connection {
    /// Called within the read, before libevent looks at the bytes.
    private func received(_ count: Int, in input: OpaquePointer) {
        attach()
        if case .condemned = phase {
            lingeredBytes += count
            if lingeredBytes > Self.lingerBytes { loop.condemn(self) }
            return
        }
        guard refusalAfterAnswers == nil else { return }
        if isIdle { enter(.receiving) }
        if reader.skip(count) { return }
        do throws(Refusal) {
            try read(count, at: evbuffer_get_length(input) - count, of: input)
        } catch {
            refuse(error)
        }
    }

    private func read(_ count: Int, at start: Int, of input: OpaquePointer) throws(Refusal) {
        var position = evbuffer_ptr()
        evbuffer_ptr_set(input, &position, start, EVBUFFER_PTR_SET)
        var pieces = [iovec](repeating: iovec(), count: Self.expectedPieces)
        let needed = Int(evbuffer_peek(input, count, &position, &pieces, Int32(pieces.count)))
        if needed > pieces.count {
            pieces = [iovec](repeating: iovec(), count: needed)
            evbuffer_peek(input, count, &position, &pieces, Int32(needed))
        }
        var left = count
        for piece in pieces.prefix(needed) {
            let length = min(left, piece.iov_len)
            try reader.read(UnsafeRawBufferPointer(start: piece.iov_base, count: length))
            left -= length
        }
    }

    /// Requests before the bad one still get their answers; the last of them closes the connection.
    private func refuse(_ refusal: Refusal) {
        if reader.completed > answered {
            refusalAfterAnswers = refusal
        } else {
            condemn(refusal)
        }
    }

    /// Takes the stream out of libevent's hands. The rest waits until libevent has returned from
    /// it.
    private func condemn(_ refusal: Refusal?) {
        phase = .condemned(refusal)
        bufferevent_setcb(
            stream, { stream, _ in evbuffer_drain(bufferevent_get_input(stream), Int.max) }, nil,
            { _, _, context in Connection.from(context).close() },
            Unmanaged.passUnretained(self).toOpaque())
        loop.condemn(self)
    }

    /// Answers a condemned connection and listens a little longer, or closes it.
    func execute() {
        guard !isClosed, case .condemned(let refusal) = phase else { return }
        guard let refusal else { return close() }
        let bytes = loop.responder.refuse(refusal, peer: address, date: currentDate())
        // Called again, it closes.
        enter(.condemned(nil))
        let input = bufferevent_get_input(stream)
        evbuffer_drain(input, Int.max)
        bufferevent_setcb(
            stream, { stream, _ in evbuffer_drain(bufferevent_get_input(stream), Int.max) },
            { stream, _ in shutdown(bufferevent_getfd(stream), Int32(SHUT_WR)) },
            { _, _, context in Connection.from(context).close() },
            Unmanaged.passUnretained(self).toOpaque())
        bufferevent_write(stream, bytes, bytes.count)
        bufferevent_enable(stream, Int16(EV_READ | EV_WRITE))
    }

    /// The request that libevent has read, if it is the one that the reader read.
    func arrival(of request: OpaquePointer) -> Arrival? {
        guard let (head, bodyBytes) = reader.next(),
            let input = evhttp_request_get_input_buffer(request),
            let target = evhttp_request_get_uri(request), String(cString: target) == head.target,
            evbuffer_get_length(input) == bodyBytes
        else { return nil }
        var body = [UInt8](repeating: 0, count: bodyBytes)
        evbuffer_remove(input, &body, bodyBytes)
        enter(.handling)
        return Arrival(head: head, body: body, peer: address)
    }
}

// MARK: - Answering

extension Connection {
    /// Writes an answer to the request in hand.
    func send(_ reply: Reply, to request: OpaquePointer) {
        answered += 1
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
        case .none:
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
            // Without the flag libevent would map the file, and crash us if it became shorter.
            evbuffer_set_flags(output, UInt64(EVBUFFER_FLAG_DRAINS_TO_FD))
            if evbuffer_add_file(output, descriptor, 0, Int64(size)) != 0 {
                Glibc.close(descriptor)
            }
        }
    }
}

// MARK: - Time

extension Connection {
    private func enter(_ phase: Phase) {
        self.phase = phase
        let configuration = loop.responder.configuration
        switch phase {
        case .idle:
            arm(configuration.idleTimeoutSeconds)
        case .receiving:
            arm(configuration.requestTimeoutSeconds)
        case .handling:
            event_del(timer)
        case .answering(let bytes):
            arm(
                configuration.requestTimeoutSeconds + Double(bytes)
                    / configuration.minAnswerBytesPerSecond)
        case .condemned:
            arm(Self.lingerSeconds)
        }
    }

    private func arm(_ seconds: Double) {
        var interval = interval(seconds: seconds)
        event_add(timer, &interval)
    }

    private func timeOut() {
        if case .receiving = phase, reader.completed == answered {
            condemn(.timedOut)
        } else {
            close()
        }
    }
}

/// Bytes that libevent refers to until they are sent. An array's storage stays where it is as long
/// as somebody holds it and nobody changes it.
private final class KeptBytes: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// The date of now as HTTP writes it.
private func currentDate() -> String {
    var text = [CChar](repeating: 0, count: 50)
    evutil_date_rfc1123(&text, text.count, nil)
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}
