import Basics
import Database

/// Somebody who works in the organisation, as others choose them.
public struct TeamMember: Record, Sendable {
    public var id: User.ID
    public var name: String

    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
    }
}

/// Somebody who comes in as a client, or is invited to.
public struct ClientPerson: Record, Sendable {
    public var name: String
    public var email: String
    public var isInvited: Bool
    /// Where the access is managed.
    public var address: String

    public init(row: Row) throws {
        name = try row["name"]
        email = try row["email"]
        isInvited = try row["is_invited"]
        let id: UniqueID = try row["id"]
        address = "/settings/colleagues/" + (isInvited ? "invitations/\(id)" : "\(id)")
    }
}

extension Transaction {
    /// Everybody who has access, but for clients, by name.
    public func team() throws -> [TeamMember] {
        try all(
            """
            SELECT u.id, u.name FROM memberships m
            JOIN users u ON u.id = m.user_id
            WHERE m.organisation_id = \(organisation) AND m.archived_at IS NULL
                AND m.role <> 'client'
            ORDER BY folded(u.name), u.id
            """)
    }

    /// Those who see the documents of a client.
    public func people(ofClient client: UniqueID) throws -> [ClientPerson] {
        try all(
            """
            SELECT u.id, u.name, u.email, false AS is_invited FROM memberships m
            JOIN users u ON u.id = m.user_id
            WHERE m.organisation_id = \(organisation) AND m.client_id = \(client)
                AND m.archived_at IS NULL
            UNION ALL
            SELECT id, name, email, true FROM invitations
            WHERE organisation_id = \(organisation) AND client_id = \(client)
            ORDER BY is_invited, name, id
            """)
    }

    /// Asks somebody to come in as that client. Answers the page of the invitation.
    public func inviteClient(_ input: inout Input, client: UniqueID) throws -> String {
        var draft = InvitationDraft(&input, as: .client)
        try input.check()
        guard scope.role.allows(.readInvoices), scope.role.allows(.readQuotes) else {
            throw Problem.forbidden
        }
        draft.client = client
        return try invite(draft).address
    }
}
