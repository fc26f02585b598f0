import Basics
import Database
import Mailer

/// Why a mail was not sent the last time, to be told in the reader's language.
public struct DeliveryFailure: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        case temporary, permanent, connection, authentication
    }
    public var kind: Kind
    /// The server's own words, or what went wrong on the way to it.
    public var answer: String

    public init(_ kind: Kind, _ answer: String) {
        self.kind = kind
        self.answer = answer
    }

    /// From columns failure_kind and last_error; nil when nothing went wrong.
    init?(row: Row) throws {
        let kind: String = try row["failure_kind"]
        guard let known = Kind(rawValue: kind) else { return nil }
        self.init(known, try row["last_error"])
    }
}
