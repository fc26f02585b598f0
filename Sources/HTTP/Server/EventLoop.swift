import CEvent
import Glibc

/// One event base with its listening socket, run by one thread.
///
/// Workers hand their answers over through the inbox; the first into an empty inbox wakes the loop,
/// which then takes all that have gathered.
final class EventLoop: @unchecked Sendable {
    // All but the inbox and the constants belongs to the loop's own thread.

    enum Order: Sendable {
        /// Stop accepting, close idle connections, and the others after their answer.
        case drain
        /// Close every connection and return from `run`.
        case quit
    }

    private struct Inbox {
        var answers: [(ticket: Ticket, reply: Reply)] = []
        var additions: [(held: HeldConnection, order: HeldStream.Order)] = []
        var orders: [Order] = []
        var isClosed = false

        var isEmpty: Bool { answers.isEmpty && additions.isEmpty && orders.isEmpty }
    }

    /// How long the loop stops accepting when the program is out of file descriptors.
    private static let acceptPauseSeconds = 0.1

    let responder: Responder
    let census: ConnectionCensus
    let spool: UploadSpool
    /// Nil where connections are plain.
    let tls: TLSContext?
    let base: OpaquePointer
    private(set) var isDraining = false
    private let pool: WorkerPool
    private let http: OpaquePointer
    private let boundSocket: OpaquePointer
    private var wakeUp: OpaquePointer!
    private var resumeAccepting: OpaquePointer!
    private let inbox = Monitor(Inbox())
    private var connections: [OpaquePointer: Connection] = [:]
    private var newcomers: [Connection] = []
    private var condemned: [Connection] = []

    /// Takes over the listening descriptor.
    init(
        listeningOn descriptor: Int32, responder: Responder, pool: WorkerPool,
        census: ConnectionCensus, spool: UploadSpool, tls: TLSContext?
    ) {
        self.responder = responder
        self.pool = pool
        self.census = census
        self.spool = spool
        self.tls = tls
        // These fail only without memory.
        base = event_base_new()!
        http = evhttp_new(base)!
        boundSocket = evhttp_accept_socket_with_handle(http, descriptor)!
        setUp()
    }

    /// Runs until the order to quit, then gives everything back.
    func run() {
        event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY)
        closeConnections()
        // Connections are freed by events of their own.
        event_base_loop(base, EVLOOP_NONBLOCK)
        let leftOver = inbox.change(waking: false) { inbox in
            inbox.isClosed = true
            defer {
                inbox.answers = []
                inbox.additions = []
            }
            return inbox.answers
        }
        leftOver.forEach { $0.ticket.discard($0.reply) }
        evhttp_free(http)
        event_free(wakeUp)
        event_free(resumeAccepting)
        event_base_free(base)
    }

    /// Gives an order; called by any thread.
    func order(_ order: Order) {
        inbox.change(waking: false) { inbox in
            guard !inbox.isClosed else { return }
            if inbox.isEmpty { event_active(wakeUp, 0, 0) }
            inbox.orders.append(order)
        }
    }

    /// Hands over an answer; called by any thread.
    func deliver(_ reply: Reply, for ticket: Ticket) {
        let isTaken = inbox.change(waking: false) { inbox in
            guard !inbox.isClosed else { return false }
            if inbox.isEmpty { event_active(wakeUp, 0, 0) }
            inbox.answers.append((ticket, reply))
            return true
        }
        if !isTaken { ticket.discard(reply) }
    }

    /// Hands over what is to be added to an answer held open; called by any thread.
    func deliver(_ order: HeldStream.Order, to held: HeldConnection) {
        inbox.change(waking: false) { inbox in
            guard !inbox.isClosed else { return }
            if inbox.isEmpty { event_active(wakeUp, 0, 0) }
            inbox.additions.append((held, order))
        }
    }

    /// Has a connection refused or closed once libevent is no longer busy with it.
    func condemn(_ connection: Connection) {
        condemned.append(connection)
        event_active(wakeUp, 0, 0)
    }

    func opened(_ connection: Connection, _ peer: OpaquePointer) {
        connections[peer] = connection
    }

    func closed(_ peer: OpaquePointer) {
        connections[peer] = nil
    }

    private func setUp() {
        let configuration = responder.configuration
        let context = Unmanaged.passUnretained(self).toOpaque()
        // The reader refuses first, with the right status; these are the second line.
        evhttp_set_max_headers_size(http, configuration.maxHeaderBytes)
        evhttp_set_max_body_size(http, 0)
        evhttp_set_default_content_type(http, nil)
        // What libevent is handed never has a body.
        evhttp_set_allowed_methods(
            http, UInt16(EVHTTP_REQ_GET.rawValue | EVHTTP_REQ_HEAD.rawValue))
        evhttp_set_bevcb(http, { _, context in EventLoop.from(context).newConnection() }, context)
        evhttp_set_gencb(
            http, { request, context in EventLoop.from(context).receive(request!) }, context)
        wakeUp = event_new(
            base, -1, Int16(EV_PERSIST), { _, _, context in EventLoop.from(context).wake() },
            context)
        let listener = evhttp_bound_socket_get_listener(boundSocket)
        resumeAccepting = event_new(
            base, -1, 0,
            { _, _, listener in evconnlistener_enable(OpaquePointer(listener!)) },
            UnsafeMutableRawPointer(listener))
        evconnlistener_set_error_cb(listener) { _, context in
            EventLoop.from(context).pauseAccepting()
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> EventLoop {
        Unmanaged<EventLoop>.fromOpaque(context!).takeUnretainedValue()
    }

    private func newConnection() -> OpaquePointer? {
        guard let connection = Connection(loop: self) else { return nil }
        newcomers.append(connection)
        event_active(wakeUp, 0, 0)
        return connection.stream
    }

    /// Called by libevent with a request whose last byte has been read.
    private func receive(_ request: OpaquePointer) {
        guard let peer = evhttp_request_get_connection(request), let connection = connections[peer],
            let arrival = connection.arrival(of: request)
        else {
            // The reader did not see what libevent saw. Nothing on this connection can be trusted.
            evhttp_send_error(request, 400, nil)
            return
        }
        let ticket = Ticket(request: request, connection: connection, loop: self)
        let job = WorkerPool.Job(
            run: { [responder] in
                ticket.loop.deliver(responder.answer(arrival), for: ticket)
            },
            abandon: { [responder] in
                let reply = responder.reject(arrival, Responder.overloaded, closes: true)
                ticket.loop.deliver(reply, for: ticket)
            })
        if !pool.submit(job) {
            connection.send(responder.reject(arrival, Responder.overloaded), to: request)
        }
    }

    private func wake() {
        let (answers, additions, orders) = inbox.change(waking: false) { inbox in
            defer {
                inbox.answers = []
                inbox.additions = []
                inbox.orders = []
            }
            return (inbox.answers, inbox.additions, inbox.orders)
        }
        for connection in take(&newcomers) { connection.attach() }
        for connection in take(&condemned) { connection.execute() }
        for answer in answers {
            if evhttp_request_get_connection(answer.ticket.request) == nil {
                answer.ticket.discard(answer.reply)
            } else {
                answer.ticket.connection.send(answer.reply, to: answer.ticket.request)
            }
        }
        for (held, order) in additions { held.connection.perform(order) }
        for order in orders {
            switch order {
            case .drain: drain()
            case .quit: event_base_loopbreak(base)
            }
        }
    }

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        event_del(resumeAccepting)
        evhttp_del_accept_socket(http, boundSocket)
        for connection in Array(connections.values) {
            if connection.isIdle { connection.close() } else { connection.endHolding() }
        }
    }

    private func closeConnections() {
        for connection in take(&newcomers) { connection.attach() }
        for connection in Array(connections.values) { connection.close() }
    }

    private func pauseAccepting() {
        evconnlistener_disable(evhttp_bound_socket_get_listener(boundSocket))
        var pause = interval(seconds: Self.acceptPauseSeconds)
        event_add(resumeAccepting, &pause)
    }
}

/// A request that a worker has in hand, and the way back to its connection.
struct Ticket: @unchecked Sendable {
    // Workers only carry these; the loop's thread is the one that looks inside.
    let request: OpaquePointer
    let connection: Connection
    let loop: EventLoop

    /// Gives back a request whose client has left. libevent has let go of it by then, and leaves it
    /// to us because no answer was sent.
    func discard(_ reply: Reply) {
        reply.discard()
        evhttp_request_free(request)
    }
}

func interval(seconds: Double) -> timeval {
    let whole = seconds.rounded(.down)
    return timeval(tv_sec: Int(whole), tv_usec: Int((seconds - whole) * 1e6))
}

private func take<Element>(_ array: inout [Element]) -> [Element] {
    defer { array = [] }
    return array
}
