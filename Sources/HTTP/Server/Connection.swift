import CEvent
import Glibc

/// One client's connection: the reader takes what it sends, libevent is handed whole requests, and
/// one timer bounds whatever it does. It belongs to the thread of its loop.
///
/// libevent is never told that we own a request (`evhttp_request_own`): an owned one would be
/// leaked when the client leaves while its answer is being written.
final class Connection {
    enum Phase {
        /// Between requests.
        case idle
        /// A request has begun to arrive.
        case receiving
        /// A worker has it, or will.
        case handling
        /// Its answer is being written.
        case answering(bytes: Int)
        /// Its answer goes on for as long as both sides like.
        case holding(HeldStream)
        /// It is being told off, or closed without a word.
        case condemned(Refusal?)
    }

    let stream: OpaquePointer
    unowned let loop: EventLoop
    private(set) var address = ""
    private(set) var isClosed = false
    private(set) var phase = Phase.idle
    private var peer: OpaquePointer?
    private var isAdmitted = false
    /// Whether the time to agree on keys has passed, and they were.
    private var hasWaited = false
    private var timer: OpaquePointer!
    private var observer: OpaquePointer!
    /// When the request that is arriving began, and how many bytes of it have come.
    private var receipt = (start: ContinuousClock.Instant.now, bytes: 0)

    // The files beside this one keep these.
    var reader: RequestReader
    var fed = 0
    var isFeeding = false
    /// The number of the request whose client was told to send the body.
    var continued: Int?
    var answered = 0
    var refusalAfterAnswers: Refusal?
    var lingeredBytes = 0
    /// The request whose answer is being held open.
    var heldRequest: OpaquePointer?

    /// Nil without memory.
    init?(loop: EventLoop) {
        guard let stream = Self.makeStream(loop) else { return nil }
        self.stream = stream
        self.loop = loop
        reader = RequestReader(limits: loop.responder.limits, spool: loop.spool)
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

    static func from(_ context: UnsafeMutableRawPointer?) -> Connection {
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
        guard isAdmitted && !loop.isDraining else { return condemn(nil) }
        enter(.idle)
        arm(firstPatience)
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
        if case .holding(let held) = phase { letGo(held) }
        endSending(all: false)
        release()
    }

    private func release() {
        isClosed = true
        evbuffer_remove_cb_entry(bufferevent_get_input(stream), observer)
        event_free(timer)
        bufferevent_decref(stream)
    }
}

// MARK: - Time

extension Connection {
    /// How long we still listen to a refused client.
    private static let lingerSeconds = 2.0

    /// Notes the phase without a time limit of its own.
    func mark(_ phase: Phase) { self.phase = phase }

    func enter(_ phase: Phase) {
        self.phase = phase
        let configuration = loop.responder.configuration
        switch phase {
        case .idle:
            arm(configuration.idleTimeoutSeconds)
        case .receiving:
            receipt = (.now, 0)
            arm(configuration.requestTimeoutSeconds)
        case .handling:
            event_del(timer)
        case .answering(let bytes):
            arm(
                configuration.requestTimeoutSeconds + Double(bytes)
                    / configuration.minAnswerBytesPerSecond)
        case .holding(let held):
            arm(held.heartbeatSeconds)
        case .condemned:
            arm(Self.lingerSeconds)
        }
    }

    private func arm(_ seconds: Double) {
        var interval = interval(seconds: seconds)
        event_add(timer, &interval)
    }

    private func timeOut() {
        switch phase {
        case .receiving where reader.completed == answered:
            let left = secondsLeft
            if left > 0 { arm(left) } else { condemn(.timedOut) }
        case .idle where loop.tls != nil && !isShakingHands && reader.completed == 0 && !hasWaited:
            hasWaited = true
            enter(.idle)
        case .holding(let held):
            write(held.heartbeat)
            if !isClosed { enter(phase) }
        default:
            close()
        }
    }

    func note(arrived count: Int) { receipt.bytes += count }

    /// A large body may take its time, as long as it comes fast enough: dripping buys nothing.
    private var secondsLeft: Double {
        let configuration = loop.responder.configuration
        let granted =
            configuration.requestTimeoutSeconds + Double(receipt.bytes)
            / configuration.minRequestBytesPerSecond
        return granted - receipt.start.duration(to: .now) / .seconds(1)
    }
}
