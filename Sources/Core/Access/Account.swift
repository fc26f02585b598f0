import Basics
import Database

/// Somebody who may sign in, and where to.
struct Account: Record {
    var user: User.ID
    var email: String
    var passwordHash: String
    var organisation: Organisation.ID?
    var hasSecondFactor: Bool
    /// Whether the session stays in this organisation: one that a provider of the organisation opens.
    var isBound = false
    /// Nil before the first time.
    var signedInAt: Instant?

    init(row: Row) throws {
        user = try row["id"]
        email = try row["email"]
        passwordHash = try row["password_hash"]
        organisation = try row["organisation_id"]
        hasSecondFactor = try row["has_second_factor"]
        signedInAt = try row["signed_in_at"]
    }
}

extension Connection {
    /// With the organisation where the person was last, or joined first.
    func account(email: String) throws -> Account? {
        try first(
            """
            SELECT u.id, u.email, u.password_hash, u.totp_confirmed_at IS NOT NULL AS has_second_factor,
                u.signed_in_at, m.organisation_id
            FROM users u
            LEFT JOIN LATERAL (
                SELECT m.organisation_id FROM memberships m
                LEFT JOIN sessions s
                    ON s.user_id = m.user_id AND s.organisation_id = m.organisation_id
                WHERE m.user_id = u.id AND m.archived_at IS NULL
                ORDER BY s.last_seen_at DESC NULLS LAST, m.created_at LIMIT 1) m ON true
            WHERE u.email = \(email)
            """)
    }
}
