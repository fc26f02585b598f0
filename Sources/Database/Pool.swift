import CPostgres
import Glibc

/// Connections shared by the threads of the program.
///
/// A connection that was lost is replaced; while the database is gone every call fails at once
/// with `.unavailable`, and the first call after its return works.
public final class Pool: Sendable {
    private let connectionString: String
    private let size: Int
    private let waitSeconds: Double
    private let monitor = Monitor(State())

    private struct State {
        var idle: [Connection] = []
        var open = 0
        var isClosed = false
    }

    /// - Parameters:
    ///   - connectionString: libpq keywords or a `postgresql://` address. Nothing is opened yet.
    ///   - size: connections at most. More than four for each core of the database gain nothing.
    ///   - waitSeconds: how long a thread waits for a free connection before `.unavailable`.
    public init(connectionString: String, size: Int, waitSeconds: Double = 5) {
        self.connectionString = connectionString
        self.size = max(1, size)
        self.waitSeconds = waitSeconds
    }

    /// Lends a connection to `body`, which must not keep it. Throws what `body` throws, and
    /// `DatabaseError` of kind `.unavailable` when there is no connection to be had.
    @discardableResult
    public func withConnection<Answer>(_ body: (Connection) throws -> Answer) throws -> Answer {
        let connection = try take()
        defer { giveBack(connection) }
        return try body(connection)
    }

    /// Closes the connections; those in use are closed when they come back. Afterwards every
    /// call throws `.unavailable`.
    public func close() {
        let idle = monitor.withLock { state in
            state.isClosed = true
            state.open -= state.idle.count
            defer { state.idle = [] }
            return Borrowed(state.idle)
        }
        monitor.wakeAll()
        _ = idle
    }

    /// Connections at most.
    public var limit: Int { size }

    /// Connections open now, and how many of them wait to be used.
    public var usage: (open: Int, idle: Int) {
        monitor.withLock { ($0.open, $0.idle.count) }
    }

    private enum Turn {
        case use(Borrowed<Connection>)
        case connect
        case closed
        case nothingFree
    }

    private func take() throws -> Connection {
        while true {
            switch nextTurn() {
            case .use(let borrowed):
                if !borrowed.value.wasLeft { return borrowed.value }
                // The server closed it while nobody used it, by a restart for instance.
                forgetOne()
            case .connect:
                do {
                    return try Connection(connectionString)
                } catch {
                    forgetOne()
                    throw error
                }
            case .closed:
                throw DatabaseError(.unavailable, "the pool of connections is closed")
            case .nothingFree:
                throw DatabaseError(
                    .unavailable, "no connection was free within \(waitSeconds) seconds")
            }
        }
    }

    private func nextTurn() -> Turn {
        monitor.wait(seconds: waitSeconds) { state in
            if state.isClosed { return .closed }
            if let connection = state.idle.popLast() { return .use(Borrowed(connection)) }
            guard state.open < size else { return nil }
            state.open += 1
            return .connect
        } ?? .nothingFree
    }

    private func giveBack(_ connection: Connection) {
        let borrowed = Borrowed(connection)
        monitor.withLock { state in
            if state.isClosed || !borrowed.value.isReusable {
                state.open -= 1
            } else {
                state.idle.append(borrowed.value)
            }
        }
        monitor.wakeOne()
    }

    private func forgetOne() {
        monitor.withLock { $0.open -= 1 }
        monitor.wakeOne()
    }
}

/// Carries a connection out of the lock. Unchecked because a `Connection` is for one thread at a
/// time: the pool lends each to one thread only, and the lock orders the hand-over.
private struct Borrowed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

extension Connection {
    /// Whether the next user finds it as a new one: alive, and no transaction left open.
    fileprivate var isReusable: Bool {
        !isBroken && PQstatus(handle) == CONNECTION_OK
            && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    /// Whether the server sent something unasked for while the connection was idle. That is its
    /// farewell, or news that a new connection knows as well.
    fileprivate var wasLeft: Bool {
        var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&socket, 1, 0) != 0
    }
}
