import CEvent
import Glibc

/// An HTTP/1.1 server: event loops that read and write, and a bounded pool of workers that run the
/// handler.
///
/// Each loop has a thread, a listening socket and a libevent server of its own. `RequestReader`
/// takes every byte before libevent does and refuses what is malformed or ambiguous, so a proxy in
/// front and this server cannot disagree about where a request ends. Large bodies go to the disk as
/// they come, answers may be held open without a thread (`HeldStream`), text leaves compressed.
/// TLS 1.2 and 1.3 where the configuration names a certificate. What is left to a proxy: HTTP/2 and
/// ranges.
///
/// SIGPIPE is ignored in the whole program once a server starts.
public final class HTTPServer: Sendable {
    /// How long the last answers may take to leave when the time of grace was not enough.
    private static let lastWordsSeconds = 0.25

    private struct Running {
        let port: Int
        let pool: WorkerPool
        let loops: [EventLoop]
        let threads: [Thread]
        let census: ConnectionCensus
        let spool: UploadSpool
        let tls: TLSContext?
    }

    private enum Life {
        case new
        case running(Running)
        case stopping
        case stopped
    }

    private let life = Monitor(Life.new)
    private let responder: Responder

    /// - Parameters:
    ///   - configuration: where to listen and the limits.
    ///   - accessLog: called once for each answer, from any thread, before the client has it.
    ///   - bodyLimit: how large a body may be, asked once its head has come; called by the event
    ///     loops, so it must be quick. The configuration's limit if not given or nil.
    ///   - refusal: answers a request whose target, as sent, cannot be decoded; a line of text if not
    ///     given.
    ///   - handler: answers a request; called by several workers at the same time.
    public init(
        configuration: HTTPServerConfiguration,
        accessLog: (@Sendable (AccessLogEntry) -> Void)? = nil,
        bodyLimit: @escaping BodyLimit = { _, _ in nil },
        refusal: @escaping @Sendable (HTTPError, _ target: String) -> HTTPResponse = { error, _ in
            HTTPResponse(error)
        },
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) {
        responder = Responder(
            configuration: configuration, accessLog: accessLog, bodyLimit: bodyLimit,
            refusal: refusal, handler: handler)
    }

    deinit { stop(graceSeconds: 0) }

    /// Starts listening; returns as soon as connections are accepted.
    ///
    /// - Throws: when a limit makes no sense, the address is not numeric, the port is taken, or the
    ///   server was started before.
    public func start() throws(HTTPSetupError) {
        try responder.configuration.check()
        let isNew = life.change { life in
            guard case .new = life else { return false }
            life = .stopping
            return true
        }
        guard isNew else { throw HTTPSetupError("A server starts only once.") }
        do throws(HTTPSetupError) {
            let running = try launch()
            life.change { $0 = .running(running) }
        } catch {
            life.change { $0 = .stopped }
            throw error
        }
    }

    /// The port; 0 while the server is not running.
    public var port: Int {
        life.change(waking: false) { life in
            guard case .running(let running) = life else { return 0 }
            return running.port
        }
    }

    /// How many connections are open.
    public var openConnections: Int {
        life.change(waking: false) { life in
            guard case .running(let running) = life else { return 0 }
            return running.census.total
        }
    }

    /// How much of the disk the bodies take that are there now, in bytes.
    public var uploadedBytes: Int {
        life.change(waking: false) { life in
            guard case .running(let running) = life else { return 0 }
            return running.spool.usedBytes
        }
    }

    /// How many requests wait for a worker.
    public var waitingRequests: Int {
        life.change(waking: false) { life in
            guard case .running(let running) = life else { return 0 }
            return running.pool.waiting
        }
    }

    /// Reads the certificate and its key again, for the connections that come from now on. Does
    /// nothing where there is none.
    ///
    /// - Throws: when they cannot be used; then those of before stay.
    public func reloadCertificate() throws(HTTPSetupError) {
        let tls = life.change(waking: false) { life -> TLSContext? in
            guard case .running(let running) = life else { return nil }
            return running.tls
        }
        try tls?.reload()
    }

    /// How many requests were refused before the handler saw them: unreadable, too large, or one too
    /// many.
    public var refusedRequests: Int { responder.refused.load(ordering: .relaxed) }

    /// Stops accepting, lets the requests that have begun finish, and ends the threads. A second
    /// call waits for the first.
    ///
    /// - Parameter graceSeconds: how long requests may take to finish. Then their connections are
    ///   closed, those still queued are answered 503, and a handler that still runs is left alone
    ///   with its thread.
    public func stop(graceSeconds: Double) {
        let running = life.change { life -> Running? in
            switch life {
            case .running(let running):
                life = .stopping
                return running
            case .new:
                life = .stopped
                return nil
            case .stopping, .stopped:
                return nil
            }
        }
        guard let running else {
            life.wait { life -> Void? in
                if case .stopped = life { return () }
                return nil
            }
            return
        }
        let deadline = Deadline(afterSeconds: graceSeconds)
        running.loops.forEach { $0.order(.drain) }
        _ = running.census.waitUntilEmpty(deadline: deadline)
        running.pool.close(deadline: deadline)
        // Those who were still queued have just been answered; let the answers leave.
        _ = running.census.waitUntilEmpty(deadline: Deadline(afterSeconds: Self.lastWordsSeconds))
        running.loops.forEach { $0.order(.quit) }
        running.threads.forEach { $0.join() }
        life.change { $0 = .stopped }
    }

    private func launch() throws(HTTPSetupError) -> Running {
        prepareProcess
        let configuration = responder.configuration
        raiseDescriptorLimit(to: configuration.maxConnections)
        let (descriptors, port) = try ListeningSocket.open(
            address: configuration.address, port: configuration.port, count: configuration.loops)
        let tls: TLSContext?
        do throws(HTTPSetupError) {
            tls = try configuration.tls.map { files throws(HTTPSetupError) in try TLSContext(files)
            }
        } catch {
            descriptors.forEach { close($0) }
            throw error
        }
        let census = ConnectionCensus(configuration)
        let spool = UploadSpool(configuration)
        let pool = WorkerPool(queueLimit: configuration.queueLimit)
        var loops: [EventLoop] = []
        var threads: [Thread] = []
        do throws(HTTPSetupError) {
            for descriptor in descriptors {
                loops.append(
                    EventLoop(
                        listeningOn: descriptor, responder: responder, pool: pool, census: census,
                        spool: spool, tls: tls))
            }
            try pool.start(workers: configuration.workers)
            for loop in loops {
                threads.append(try Thread.start { loop.run() })
            }
        } catch {
            pool.close(deadline: Deadline(afterSeconds: 1))
            for loop in loops { loop.order(.quit) }
            for loop in loops.dropFirst(threads.count) { loop.run() }
            threads.forEach { $0.join() }
            throw error
        }
        return Running(
            port: port, pool: pool, loops: loops, threads: threads, census: census, spool: spool,
            tls: tls)
    }
}

/// Done once: libevent learns to lock before its first event base exists, and a client that leaves
/// while we write must not end the program.
private let prepareProcess: Void = {
    evthread_use_pthreads()
    signal(SIGPIPE, SIG_IGN)
}()

/// Files that the program opens beside its connections: the database, uploads, what it serves.
private let otherDescriptors = 512

/// A shell's usual limit of 1,024 would be reached before that of the connections.
private func raiseDescriptorLimit(to connections: Int) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    let wanted = rlim_t(connections + otherDescriptors)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = min(wanted, limit.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
