import Basics
import Database

/// An account by which somebody comes in as a client.
public struct ClientAccount: Record, Sendable {
    public var id: User.ID
    public var name: String
    public var email: String

    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        email = try row["email"]
    }
}

extension Transaction {
    /// Those who come in as a client, or the one of them with an e-mail address.
    public func accounts(ofClient client: UniqueID, email: String? = nil) throws -> [ClientAccount]
    {
        try all(
            """
            SELECT u.id, u.name, u.email FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.organisation_id = \(organisation) AND m.client_id = \(client)
                AND (\(email)::text IS NULL OR u.email = lower(\(email)))
            ORDER BY u.id
            """)
    }

    /// Ends somebody's access and their sessions here. An account that opens no other organisation
    /// keeps no name, no address and no password; one that does belongs to its person.
    public func eraseAccount(_ account: ClientAccount) throws {
        let id = account.id
        try run(
            """
            UPDATE memberships SET archived_at = coalesce(archived_at, \(now))
            WHERE organisation_id = \(organisation) AND user_id = \(id)
            """)
        for table: StaticString in [
            "sessions", "external_identities", "access_tokens", "account_mails",
        ] {
            try run(
                """
                DELETE FROM \(raw: table)
                WHERE organisation_id = \(organisation) AND user_id = \(id)
                """)
        }
        guard try !connection.opensSomePlace(id) else { return }
        try connection.eraseUser(id)
    }

    /// Names and addresses of those who are invited and did not answer yet.
    public func invited(ofClient client: UniqueID, email: String? = nil) throws -> [String] {
        try values(
            """
            SELECT unnest(ARRAY[name, email]) FROM invitations
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND (\(email)::text IS NULL OR email = lower(\(email)))
            """)
    }

    /// Invitations that nobody took up yet.
    public func eraseInvitations(ofClient client: UniqueID, email: String? = nil) throws {
        try run(
            """
            DELETE FROM invitations
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND (\(email)::text IS NULL OR email = lower(\(email)))
            """)
    }
}

extension Connection {
    fileprivate func opensSomePlace(_ user: User.ID) throws -> Bool {
        let places: Int? = try value(
            "SELECT count(*) FROM memberships WHERE user_id = \(user) AND archived_at IS NULL")
        return places != 0
    }

    /// The row stays, for what it did has no name but this id. No password fits an empty hash.
    fileprivate func eraseUser(_ user: User.ID) throws {
        let email = "erased-\(user)@erased.invalid"
        try run(
            """
            UPDATE users SET email = \(email), name = 'Personne effacée',
                password_hash = '', totp_secret = NULL, totp_confirmed_at = NULL
            WHERE id = \(user)
            """)
        try run("DELETE FROM recovery_codes WHERE user_id = \(user)")
        try run("DELETE FROM password_resets WHERE user_id = \(user)")
        try run("DELETE FROM passkeys WHERE user_id = \(user)")
        try run("DELETE FROM passkey_challenges WHERE user_id = \(user)")
    }
}
