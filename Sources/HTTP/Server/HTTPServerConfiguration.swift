import Glibc

/// Where a server listens and how much it takes on. Every limit has a default that suits a program
/// of a few hundred users behind nginx or alone.
public struct HTTPServerConfiguration: Sendable {
    /// A numeric address: `127.0.0.1`, `::1`, `0.0.0.0` or `::`.
    public var address = "127.0.0.1"
    /// The TCP port; 0 takes a free one, which the server then tells.
    public var port = 0
    /// The certificate, where the server itself speaks TLS; then it speaks nothing else.
    public var tls: TLSFiles?
    /// Event loops, each with a thread and a listening socket of its own.
    public var loops = HTTPServerConfiguration.cores
    /// Threads that run handlers.
    public var workers = 4 * HTTPServerConfiguration.cores
    /// Requests that may wait for a worker; more are answered 503 at once.
    public var queueLimit = 256
    /// The request line and headers together, in bytes; more is answered 431.
    public var maxHeaderBytes = 16 * 1_024
    /// The body, in bytes, where nothing else is said for its target; more is answered 413.
    public var maxBodyBytes = 4 * 1_024 * 1_024
    /// Where bodies go that are too large for memory. They have no name there.
    public var uploadFolder = "/tmp"
    /// How much of the disk they may take together, in bytes; one more is answered 503.
    public var maxUploadBytes = 4 * 1_024 * 1_024 * 1_024
    /// From the first byte of a request to its last, in seconds, however busily it drips; then 408.
    public var requestTimeoutSeconds = 30.0
    /// What comes at this pace gets more time: a large body over a slow line.
    public var minRequestBytesPerSecond = 16.0 * 1_024
    /// A client that takes its answer more slowly than this, after as long a time again, is cut
    /// off.
    public var minAnswerBytesPerSecond = 16.0 * 1_024
    /// How long a connection may stay open between requests, in seconds.
    public var idleTimeoutSeconds = 60.0
    /// Open connections in all; one more is closed.
    public var maxConnections = 4_096
    /// Open connections from one address or, of IPv6, one network of 64 bits, trusted proxies
    /// excepted; one more is closed.
    public var maxConnectionsPerAddress = 128
    /// Numeric addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    public var trustedProxies: Set<String> = []
    /// The `Server` header; none when empty.
    public var serverName = ""

    /// The defaults.
    public init() {}

    private static let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    func check() throws(HTTPSetupError) {
        let counts = [
            loops, workers, queueLimit, maxHeaderBytes, maxBodyBytes, maxConnections,
            maxConnectionsPerAddress, maxUploadBytes,
        ]
        let rates = [
            requestTimeoutSeconds, idleTimeoutSeconds, minAnswerBytesPerSecond,
            minRequestBytesPerSecond,
        ]
        guard counts.allSatisfy({ $0 > 0 }), rates.allSatisfy({ $0 > 0 }) else {
            throw HTTPSetupError("Every limit of the server must be above zero.")
        }
        guard (0...65_535).contains(port) else {
            throw HTTPSetupError("\(port) is not a port: 0 to 65535.")
        }
        guard isFieldValue(serverName.utf8) else {
            throw HTTPSetupError("The server's name holds a control character.")
        }
    }
}
