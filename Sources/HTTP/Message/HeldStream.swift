/// An answer that stays open after its handler has returned, and grows whenever somebody adds to
/// it: a stream of events. No thread waits for it; the event loop of its connection holds it.
///
///     let stream = HeldStream(heartbeat: Array(":\n\n".utf8)) { listeners.remove(id) }
///     listeners.add(id, stream)
///     return HTTPResponse(status: 200, headers: ["Content-Type": "text/event-stream"],
///         body: .held(stream))
///
/// It ends when somebody ends it, when the client leaves or is too far behind, or when the server
/// stops. Its connection ends with it.
public final class HeldStream: Sendable {
    enum Order: Sendable {
        case send([UInt8])
        case end
    }

    private enum State {
        /// Not yet on its connection: what is added waits.
        case new([Order])
        case open(HeldConnection)
        case closed
    }

    /// More additions than this before the answer has begun are a mistake.
    private static let mostWaiting = 100

    let heartbeat: [UInt8]
    let heartbeatSeconds: Double
    private let state = Monitor(State.new([]))
    private let onClose: @Sendable () -> Void

    /// - Parameters:
    ///   - heartbeat: sent regularly, so that proxies and clients see that the answer is alive.
    ///   - heartbeatSeconds: how often.
    ///   - onClose: called once when the stream is over, whoever ended it. It must be quick: it may
    ///     run on an event loop.
    public init(
        heartbeat: [UInt8] = [], heartbeatSeconds: Double = 25,
        onClose: @escaping @Sendable () -> Void = {}
    ) {
        self.heartbeat = heartbeat
        self.heartbeatSeconds = heartbeatSeconds
        self.onClose = onClose
    }

    /// Adds to the answer, from any thread. Over a stream that is closed it does nothing.
    public func send(_ bytes: [UInt8]) { give(.send(bytes)) }

    /// Ends the answer, from any thread.
    public func end() { give(.end) }

    /// Whether nothing more will be sent.
    public var isClosed: Bool {
        state.change(waking: false) { state in
            if case .closed = state { return true }
            return false
        }
    }

    private func give(_ order: Order) {
        let isTooMuch = state.change(waking: false) { state in
            switch state {
            case .new(let orders):
                guard orders.count < Self.mostWaiting else { return true }
                state = .new(orders + [order])
            case .open(let connection):
                connection.deliver(order)
            case .closed:
                break
            }
            return false
        }
        if isTooMuch { close() }
    }

    /// The answer has begun.
    func attach(_ connection: HeldConnection) {
        state.change(waking: false) { state in
            guard case .new(let orders) = state else { return connection.deliver(.end) }
            orders.forEach(connection.deliver)
            state = .open(connection)
        }
    }

    /// The answer is over, or will never begin.
    func close() {
        let wasOpen = state.change(waking: false) { state in
            if case .closed = state { return false }
            state = .closed
            return true
        }
        if wasOpen { onClose() }
    }
}

extension HeldStream: Equatable {
    public static func == (left: HeldStream, right: HeldStream) -> Bool { left === right }
}
