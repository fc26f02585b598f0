import Basics
import Database

/// A person's place in the organisation.
struct Colleague: Record, Sendable {
    var id: User.ID
    var name: String
    var email: String
    var role: Role
    /// The client that they are, when they come in as one.
    var client: UniqueID?
    var isArchived: Bool
    /// A code of their telephone, or a passkey.
    var hasSecondFactor: Bool
    /// Nil when they never signed in, or not since their last session ended.
    var lastSeenAt: Instant?

    init(row: Row) throws {
        id = try row["user_id"]
        name = try row["user_name"]
        email = try row["user_email"]
        role = try Role(row: row)
        client = try row["client_id"]
        let archivedAt: Instant? = try row["archived_at"]
        isArchived = archivedAt != nil
        hasSecondFactor = try row["has_second_factor"]
        lastSeenAt = try row["last_seen_at"]
    }

    var address: String { "/settings/colleagues/\(id)" }
    var initials: String { Comptoir.initials(name) }
}

extension Transaction {
    /// Everyone who has or had access, those who have it first, then by name.
    func colleagues() throws -> [Colleague] {
        try all(
            """
            SELECT u.id AS user_id, u.name AS user_name, u.email AS user_email,
                \(Role.columns()), m.client_id, m.archived_at,
                u.totp_confirmed_at IS NOT NULL
                    OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id) AS has_second_factor,
                max(s.last_seen_at) AS last_seen_at
            FROM memberships m
            JOIN users u ON u.id = m.user_id
            \(Role.join())
            LEFT JOIN sessions s
                ON s.organisation_id = m.organisation_id AND s.user_id = m.user_id
            WHERE m.organisation_id = \(organisation)
            GROUP BY u.id, m.organisation_id, m.user_id, r.organisation_id, r.id
            ORDER BY m.archived_at IS NOT NULL, folded(u.name), u.id
            """)
    }

    /// Somebody whose account is this organisation's alone: what opens it may be renewed from here. An
    /// account that opens another place too is left to whoever runs the program.
    func colleagueOfThisPlaceOnly(_ id: User.ID) throws -> Colleague {
        let colleague = try colleague(id)
        guard try connection.worksInOnePlace(id), !colleague.isArchived, id != scope.user?.id else {
            throw Problem.conflict(
                Text(
                    "Cela ne se fait pas d’ici pour ce compte : demandez à la personne qui gère l’installation.",
                    "This cannot be done from here for this account: ask whoever runs the installation."
                ))
        }
        try refuseBeyondOwn(colleague.role)
        return colleague
    }

    func colleague(_ id: User.ID) throws -> Colleague {
        guard let colleague = try colleagues().first(where: { $0.id == id }) else {
            throw Problem.notFound
        }
        return colleague
    }
}
