import Basics
import Database
import WebAuthn

/// A pair of keys by which somebody comes in; their device holds the one that signs.
struct Passkey: Record, Sendable {
    typealias ID = Basics.ID<Passkey>

    static let longestName = 100
    /// Of a person; each is named in every question to their devices.
    static let mostPerPerson = 20

    var id: ID
    var user: User.ID
    /// The address of its person's account.
    var email: String
    var credential: [UInt8]
    /// Nil for a kind that this version does not speak.
    var key: CredentialKey?
    var party: String
    /// Where its person was when it was made.
    var origin: String
    var name: String
    var isBackedUp: Bool
    var createdAt: Instant
    var lastUsedAt: Instant?

    var address: String { "\(Passkeys.path)/\(id)" }

    init(row: Row) throws {
        id = try row["id"]
        user = try row["user_id"]
        email = try row["email"]
        credential = try row["credential_id"]
        let bytes: [UInt8] = try row["public_key"]
        let algorithm = CredentialKey.Algorithm(rawValue: try row["algorithm"])
        key = algorithm.flatMap { CredentialKey($0, bytes) }
        party = try row["rp_id"]
        origin = try row["origin"]
        name = try row["name"]
        isBackedUp = try row["is_backed_up"]
        createdAt = try row["created_at"]
        lastUsedAt = try row["last_used_at"]
    }

    fileprivate static let columns: SQL = """
        p.id, p.user_id, u.email, p.credential_id, p.public_key, p.algorithm, p.rp_id, p.origin,
        p.name, p.is_backed_up, p.created_at, p.last_used_at
        """
}

extension Connection {
    /// The person's own, the latest first.
    func passkeys(of user: User.ID) throws -> [Passkey] {
        try all(
            """
            SELECT \(Passkey.columns) FROM passkeys p JOIN users u ON u.id = p.user_id
            WHERE p.user_id = \(user) ORDER BY p.created_at DESC, p.id DESC
            """)
    }

    /// One of the person's own, or `Problem.notFound`.
    func passkey(_ id: Passkey.ID, of user: User.ID) throws -> Passkey {
        let found: Passkey? = try first(
            """
            SELECT \(Passkey.columns) FROM passkeys p JOIN users u ON u.id = p.user_id
            WHERE p.user_id = \(user) AND p.id = \(id)
            """)
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Whosever it is.
    func passkey(credential: [UInt8]) throws -> Passkey? {
        try first(
            """
            SELECT \(Passkey.columns) FROM passkeys p JOIN users u ON u.id = p.user_id
            WHERE p.credential_id = \(credential)
            """)
    }

    /// Whether the person of a passkey may be met at this address: where it was made, or where an owner of one
    /// of their organisations signed in last. Another port of the same host is another program.
    func isMet(_ passkey: Passkey, at party: RelyingParty) throws -> Bool {
        if party.isLocal || passkey.origin == party.origin { return true }
        return try value(
            """
            SELECT EXISTS (SELECT FROM memberships m JOIN organisations o ON o.id = m.organisation_id
                WHERE m.user_id = \(passkey.user) AND m.archived_at IS NULL
                    AND o.origin = \(party.origin))
            """) ?? false
    }

    /// Notes a signature. False when the counter did not go on: then a copy of the key has signed too.
    func usePasskey(_ id: Passkey.ID, _ assertion: Assertion, at now: Instant) throws -> Bool {
        let count = Int(assertion.signCount)
        return try run(
            """
            UPDATE passkeys SET sign_count = \(count), last_used_at = \(now),
                is_backed_up = \(assertion.flags.contains(.backedUp))
            WHERE id = \(id) AND (sign_count < \(count) OR sign_count = 0 AND \(count) = 0)
            """) == 1
    }

    /// Whether an organisation of somebody's relies on their passkey: one that asks everybody for a second proof
    /// which they have no other of. `only` that one.
    func mustUsePasskey(_ user: User.ID, only organisation: Organisation.ID? = nil) throws -> Bool {
        try value(
            """
            SELECT EXISTS (SELECT FROM passkeys p
                JOIN users u ON u.id = p.user_id AND u.totp_confirmed_at IS NULL
                JOIN memberships m ON m.user_id = p.user_id AND m.archived_at IS NULL
                JOIN organisations o ON o.id = m.organisation_id AND o.requires_second_factor
                WHERE p.user_id = \(user)
                    AND (\(organisation)::uuid IS NULL OR o.id = \(organisation)))
            """) ?? false
    }
}
