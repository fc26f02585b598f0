import Basics
import Database

/// A person who signs in.
public struct User: Record, Sendable {
    public typealias ID = Basics.ID<User>

    public enum Theme: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case auto, light, dark
    }

    public var id: ID
    public var email: String
    public var name: String
    public var language: Language
    public var theme: Theme
    /// Whether a one-time password is asked for at sign-in.
    public var hasSecondFactor: Bool
    /// Whether a device of theirs opens the account without a password.
    public var hasPasskey: Bool

    public init(row: Row) throws {
        id = try row["user_id"]
        email = try row["user_email"]
        name = try row["user_name"]
        language = try row["user_language"]
        theme = try row["theme"]
        hasSecondFactor = try row["has_second_factor"]
        hasPasskey = try row["has_passkey"]
    }

    static let columns: SQL = """
        u.id AS user_id, u.email AS user_email, u.name AS user_name,
        u.language AS user_language, u.theme,
        u.totp_confirmed_at IS NOT NULL AS has_second_factor,
        EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id) AS has_passkey
        """

    /// At most two letters to stand for the person.
    public var initials: String { Comptoir.initials(name) }
}

/// Texts about names that several pages need.
public enum Comptoir {
    /// The first letters of the first and last words.
    public static func initials(_ name: String) -> String {
        let words = PlainText.folded(name).split(separator: " ")
        let letters = words.count < 2 ? words.prefix(1) : [words[0], words[words.count - 1]]
        return String(letters.compactMap(\.first)).uppercased()
    }
}
