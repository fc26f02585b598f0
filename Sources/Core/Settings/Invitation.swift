import Basics
import Database

/// Somebody who is asked to join the organisation and has not answered yet.
struct Invitation: Record, Sendable {
    typealias ID = Basics.ID<Invitation>

    static let lifetimeDays = 7
    static let lifetimeSeconds = lifetimeDays * 86_400

    var id: ID
    var email: String
    var name: String
    var role: Role
    /// The client that they are to come in as.
    var client: UniqueID?
    var expiresAt: Instant
    var createdAt: Instant

    init(row: Row) throws {
        id = try row["id"]
        email = try row["email"]
        name = try row["name"]
        role = try Role(row: row)
        client = try row["client_id"]
        expiresAt = try row["expires_at"]
        createdAt = try row["created_at"]
    }

    static let columns: SQL =
        "i.id, i.email, i.name, \(Role.columns("i")), i.client_id, i.expires_at, i.created_at"
    static let table: SQL = "invitations i \(Role.join("i"))"

    var address: String { "/settings/colleagues/invitations/\(id)" }
}

/// Whom to ask, and as what.
struct InvitationDraft: Sendable {
    static let longestName = 100

    var name: String
    var email: String
    var role: Role
    var client: UniqueID?

    init(name: String, email: String, role: Role, client: UniqueID? = nil) {
        self.name = name
        self.email = email
        self.role = role
        self.client = client
    }

    init(_ input: inout Input, as role: Role) {
        name = input.line("name", required: true, most: InvitationDraft.longestName)
        email = input.email("email", required: true)
        self.role = role
    }
}

extension Transaction {
    /// Asks somebody to join: by mail, where there is a mail server. Nobody learns whether the address has an
    /// account already.
    func invite(_ draft: InvitationDraft) throws -> Invitation {
        try refuseBeyondOwn(draft.role)
        if let present = try colleagues().first(where: { $0.email == draft.email }),
            !present.isArchived
        {
            throw Problem.invalid(
                "email",
                Text(
                    "\(present.name) a déjà accès avec cette adresse.",
                    "\(present.name) already has access with this address."))
        }
        let id: Invitation.ID = newID()
        try run(
            """
            INSERT INTO invitations (organisation_id, id, email, name, role, custom_role_id, client_id,
                token_hash, expires_at, created_at, created_by)
            VALUES (\(organisation), \(id), \(draft.email), \(draft.name),
                \(draft.role.kind), \(draft.role.customID), \(draft.client), \(Session.hash(Random.token())), \(now.adding(seconds: Invitation.lifetimeSeconds)),
                \(now), \(scope.user?.id))
            """)
        try record(
            .colleagueInvited, .user, nil, label: draft.name,
            details: ["email": .string(draft.email), "role": .string(draft.role.inJournal)])
        try mailInvitation(id)
        return try invitation(id)
    }

    func invitations() throws -> [Invitation] {
        try all(
            """
            SELECT \(Invitation.columns) FROM \(Invitation.table)
            WHERE i.organisation_id = \(organisation) ORDER BY i.created_at DESC, i.id
            """)
    }

    func invitation(_ id: Invitation.ID) throws -> Invitation {
        try one(
            """
            SELECT \(Invitation.columns) FROM \(Invitation.table)
            WHERE i.organisation_id = \(organisation) AND i.id = \(id)
            """)
    }

    /// A new link in place of those before, good for a week from now; it is nowhere but in the answer.
    func renewLink(of id: Invitation.ID) throws -> String {
        let token = Random.token()
        let changed = try run(
            """
            UPDATE invitations SET token_hash = \(Session.hash(token)),
                expires_at = \(now.adding(seconds: Invitation.lifetimeSeconds))
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        guard changed == 1 else { throw Problem.notFound }
        return "/invitation?organisation=\(organisation)&token=\(token)"
    }

    /// The same for whoever hands it over: a mail that still waits would replace it.
    func showLink(of invitation: Invitation) throws -> String {
        try refuseBeyondOwn(invitation.role)
        try run(
            """
            UPDATE account_mails SET sent_at = \(now)
            WHERE organisation_id = \(organisation) AND invitation_id = \(invitation.id)
                AND sent_at IS NULL
            """)
        try record(.invitationLinkShown, .user, nil, label: invitation.name)
        return try renewLink(of: invitation.id)
    }

    func withdrawInvitation(_ id: Invitation.ID) throws {
        let invitation = try invitation(id)
        try refuseBeyondOwn(invitation.role)
        try run(
            "DELETE FROM invitations WHERE organisation_id = \(organisation) AND id = \(id)")
        try record(.invitationWithdrawn, .user, nil, label: invitation.name)
    }

    /// The one that a link belongs to; nil when it was used, renewed, withdrawn or is too old.
    func invitation(token: String, locked: Bool = false) throws -> Invitation? {
        try first(
            """
            SELECT \(Invitation.columns) FROM \(Invitation.table)
            WHERE i.organisation_id = \(organisation) AND i.token_hash = \(Session.hash(token))
                AND i.expires_at > \(now) \(locked ? "FOR UPDATE OF i" : .empty)
            """)
    }

    /// Gives the person the role that was offered. `password` is the hash for an account that is made here;
    /// nil when the person has one and has proved it.
    func accept(token: String, name: String, password: String?) throws -> User.ID {
        guard let invitation = try invitation(token: token, locked: true) else {
            throw Problem.notFound
        }
        let known: User.ID? = try value("SELECT id FROM users WHERE email = \(invitation.email)")
        // The account came to be since the page was shown: it asks for its password then.
        guard (known == nil) == (password != nil) else { throw Problem.changedMeanwhile }
        let id = known ?? newID()
        let isActive: Bool? = try value(
            """
            SELECT EXISTS (SELECT FROM memberships WHERE organisation_id = \(organisation)
                AND user_id = \(id) AND archived_at IS NULL)
            """)
        // Who has access again, by another way, keeps the role that they have.
        guard isActive != true else { throw Problem.notFound }
        if let password, known == nil {
            try connection.createUser(
                id: id, email: invitation.email, name: name, passwordHash: password,
                language: scope.organisation.language)
        }
        try connection.addMembership(
            id, to: organisation, as: invitation.role, client: invitation.client)
        try run(
            """
            DELETE FROM invitations
            WHERE organisation_id = \(organisation) AND id = \(invitation.id)
            """)
        try record(
            .invitationAccepted, .user, id.value, label: invitation.email,
            details: ["role": .string(invitation.role.inJournal)])
        return id
    }
}

extension Action {
    static let colleagueInvited = Action(
        "colleague.invited", Text("a invité", "invited"), icon: "user-plus", severity: .high)
    static let invitationWithdrawn = Action(
        "colleague.invitation_withdrawn",
        Text("a retiré l’invitation de", "withdrew the invitation of"), icon: "x")
    static let invitationLinkShown = Action(
        "colleague.invitation_link_shown",
        Text("a affiché le lien d’invitation de", "showed the invitation link of"), icon: "link",
        severity: .high)
    static let invitationAccepted = Action(
        "colleague.added",
        Text("est entré par l’invitation de", "came in by the invitation of"), icon: "user-plus",
        severity: .high)
}
