import Basics
import Database

extension Transaction {
    func changeRole(of id: User.ID, to role: Role) throws {
        let before = try lockedColleague(id)
        guard before.role.code != role.code else { return }
        guard before.role != .client, role != .client else { throw Problem.clientsStayClients }
        try refuseBeyondOwn(before.role, role)
        if role != .owner { try refuseLastOwner(before) }
        try run(
            """
            UPDATE memberships SET role = \(role.kind), custom_role_id = \(role.customID)
            WHERE organisation_id = \(organisation) AND user_id = \(id)
            """)
        let change: JSON = [
            "field": "role", "before": .string(before.role.inJournal),
            "after": .string(role.inJournal),
        ]
        try record(
            .colleagueRoleChanged, .user, id.value, label: before.name,
            details: ["changes": [change]])
    }

    /// Ends somebody's access at once: wherever they are signed in, the next page asks who they are.
    /// What they did keeps their name.
    func archiveColleague(_ id: User.ID) throws {
        let colleague = try lockedColleague(id)
        try refuseBeyondOwn(colleague.role)
        try refuseLastOwner(colleague)
        guard id != scope.user?.id else {
            throw Problem.conflict(
                Text(
                    "Vous ne pouvez pas retirer votre propre accès : demandez-le à un autre propriétaire.",
                    "You cannot remove your own access: ask another owner."))
        }
        try run(
            """
            UPDATE memberships SET archived_at = \(now)
            WHERE organisation_id = \(organisation) AND user_id = \(id)
            """)
        try run(
            "DELETE FROM sessions WHERE organisation_id = \(organisation) AND user_id = \(id)")
        try record(.colleagueArchived, .user, id.value, label: colleague.name)
    }

    func restoreColleague(_ id: User.ID) throws {
        let colleague = try colleague(id)
        guard colleague.isArchived else { return }
        try refuseBeyondOwn(colleague.role)
        try run(
            """
            UPDATE memberships SET archived_at = NULL
            WHERE organisation_id = \(organisation) AND user_id = \(id)
            """)
        try run(
            """
            DELETE FROM invitations
            WHERE organisation_id = \(organisation) AND email = \(colleague.email)
            """)
        try record(.colleagueRestored, .user, id.value, label: colleague.name)
    }

    /// Somebody who has access, while the owners' rows are held: two owners who demote each other at
    /// the same moment must not both succeed.
    private func lockedColleague(_ id: User.ID) throws -> Colleague {
        try run(
            """
            SELECT user_id FROM memberships
            WHERE organisation_id = \(organisation) AND (role = 'owner' OR user_id = \(id))
            ORDER BY user_id FOR UPDATE
            """)
        let colleague = try colleague(id)
        if colleague.isArchived { throw Problem.notFound }
        return colleague
    }

    /// Nobody gives or takes away what they may not do themselves.
    func refuseBeyondOwn(_ roles: Role...) throws {
        for role in roles where role != .client && !scope.role.mayGrant(role) {
            throw Problem.conflict(
                Text(
                    "Le rôle « \(role.label.french) » permet plus que le vôtre : demandez à un propriétaire.",
                    "The role “\(role.label.english)” allows more than yours: ask an owner."))
        }
    }

    private func refuseLastOwner(_ colleague: Colleague) throws {
        guard colleague.role == .owner else { return }
        let owners = try colleagues().filter { $0.role == .owner && !$0.isArchived }
        guard owners.count < 2 else { return }
        throw Problem.conflict(
            Text(
                "\(colleague.name) est seul propriétaire : nommez-en d’abord un autre.",
                "\(colleague.name) is the only owner: name another one first."))
    }
}

extension Role {
    /// Roles of one's own by the name that they had, for they may change or go.
    var inJournal: String { customID == nil ? code : label.french }
}

extension Problem {
    static let clientsStayClients = Problem.conflict(
        Text(
            "Un accès de client ne devient pas celui d’un collègue : invitez la personne avec une autre adresse.",
            "A client’s access does not become a colleague’s: invite the person with another address."
        ))
}
