/// Why a message was not sent; the kind tells whether to try again. It never holds a password.
public struct MailError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The server asks to come back later (4xx).
        case temporary
        /// The message will never be taken as it is (5xx, or not well formed).
        case permanent
        /// No server, no answer in time, or no trust in its certificate.
        case connection
        /// The server does not accept the user name and password, or they may not be sent.
        case authentication
    }
    public let kind: Kind
    /// The server's three figures, if it answered.
    public let smtpCode: Int?
    /// For the log and the administrator: one line of English, with the server's own words.
    public let message: String

    public init(kind: Kind, smtpCode: Int? = nil, message: String) {
        self.kind = kind
        self.smtpCode = smtpCode
        self.message = message
    }

    public var description: String { "\(kind.rawValue): \(message)" }
}
