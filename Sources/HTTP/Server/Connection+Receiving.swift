import CEvent
import Glibc

// What a client sends, and how it is told off.

extension Connection {
    /// How many bytes we still listen to of a refused client. Closing at once would reset the
    /// connection, and the client might never see why.
    private static let lingerBytes = 32 * 1_024 * 1_024
    /// One read of libevent's arrives in up to so many pieces.
    private static let expectedPieces = 8

    /// Called within the read, before libevent looks at the bytes.
    func received(_ count: Int, in input: OpaquePointer) {
        guard !isFeeding else { return }
        attach()
        switch phase {
        case .condemned:
            lingeredBytes += count
            if lingeredBytes > Self.lingerBytes { loop.condemn(self) }
            return
        case .holding:
            // It was asked to listen. What it says now would only fill the memory.
            discard(count, from: input)
            return loop.deliver(.end, to: HeldConnection(connection: self, loop: loop))
        case .idle: enter(.receiving)
        case .receiving, .handling, .answering: break
        }
        note(arrived: count)
        do throws(Refusal) {
            if refusalAfterAnswers == nil { try read(count, of: input) }
            discard(count, from: input)
            feed(input)
            if reader.awaited?.asksFirst == true { tellToContinue() }
        } catch {
            discard(count, from: input)
            feed(input)
            refuse(error)
        }
    }

    /// Reads the last bytes of what has come.
    private func read(_ count: Int, of input: OpaquePointer) throws(Refusal) {
        var position = evbuffer_ptr()
        evbuffer_ptr_set(input, &position, evbuffer_get_length(input) - count, EVBUFFER_PTR_SET)
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

    /// Takes the last bytes away. What stands before them are requests that libevent has yet to
    /// read.
    private func discard(_ count: Int, from input: OpaquePointer) {
        isFeeding = true
        defer { isFeeding = false }
        let before = evbuffer_get_length(input) - count
        guard before > 0, let kept = evbuffer_new() else {
            evbuffer_drain(input, count)
            return
        }
        evbuffer_remove_buffer(input, kept, before)
        evbuffer_drain(input, count)
        evbuffer_add_buffer(input, kept)
        evbuffer_free(kept)
    }

    /// Hands libevent a line for each request that is whole. It bears the request's number, and of
    /// the head only what decides over the life of the connection: bodies are ours.
    private func feed(_ input: OpaquePointer) {
        isFeeding = true
        defer { isFeeding = false }
        for request in reader.waiting.suffix(reader.completed - fed) {
            var line = request.head.method == .head ? "HEAD" : "GET"
            line += " \(Self.target(of: fed)) HTTP/1.\(request.head.isVersion1 ? 0 : 1)\r\n"
            for value in request.head.headers.all(named: "Connection") {
                line += "Connection: \(value)\r\n"
            }
            line += "\r\n"
            evbuffer_add(input, line, line.utf8.count)
            fed += 1
        }
    }

    private static func target(of number: Int) -> String { "/\(number)" }

    /// Past libevent, which does not know of the body. Should the line not leave at once, the client
    /// sends the body without it a little later; under TLS the connection is then of no more use.
    private func tellToContinue() {
        guard reader.completed == answered, continued != answered else { return }
        continued = answered
        let hasLeft = sendPast("HTTP/1.1 100 Continue\r\n\r\n")
        if !hasLeft && loop.tls != nil { condemn(nil) }
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
    func condemn(_ refusal: Refusal?) {
        mark(.condemned(refusal))
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
            { _, context in Connection.from(context).endSending(all: true) },
            { _, _, context in Connection.from(context).close() },
            Unmanaged.passUnretained(self).toOpaque())
        bufferevent_write(stream, bytes, bytes.count)
        bufferevent_enable(stream, Int16(EV_READ | EV_WRITE))
    }

    /// The request that libevent has read, if it is the one that the reader read.
    func arrival(of request: OpaquePointer) -> Arrival? {
        guard let target = evhttp_request_get_uri(request),
            String(cString: target) == Self.target(of: fed - reader.waiting.count),
            let whole = reader.next()
        else { return nil }
        enter(.handling)
        return Arrival(head: whole.head, body: whole.body, peer: address)
    }
}

/// The date of now as HTTP writes it.
private func currentDate() -> String {
    var text = [CChar](repeating: 0, count: 50)
    evutil_date_rfc1123(&text, text.count, nil)
    return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}
