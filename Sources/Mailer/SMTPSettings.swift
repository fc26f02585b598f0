/// How to reach a mail server.
public struct SMTPSettings: Sendable, Hashable {
    public enum Security: String, Sendable {
        /// No encryption; for a server on the same machine.
        case none
        /// Encryption begun by STARTTLS and demanded: a server without it is refused. Port 587.
        case startTLS
        /// Encryption from the first byte. Port 465.
        case tls
    }
    /// A host name, an IPv4 address, or an IPv6 address without brackets.
    public var host: String
    public var port: Int
    public var security: Security
    public var username: String?
    public var password: String?
    /// A file of PEM certificates to trust instead of the system's.
    public var caFile: String?
    /// For the whole sending, in seconds.
    public var timeoutSeconds: Int

    public init(
        host: String, port: Int, security: Security, username: String? = nil,
        password: String? = nil, caFile: String? = nil, timeoutSeconds: Int = 60
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.username = username
        self.password = password
        self.caFile = caFile
        self.timeoutSeconds = timeoutSeconds
    }

    /// Whether the host is this machine, whatever the name service says.
    public var isLoopback: Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { UInt8($0).map { "\($0)" } == String($0) }
    }
}

/// The password stays out of logs, whichever way the settings are printed.
extension SMTPSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        let user = username.map { " as \(printable($0))" } ?? ""
        return "\(printable(host)):\(port) (\(security.rawValue))\(user)"
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["server": description]) }
}
