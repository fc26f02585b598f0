import Basics
import Database

/// A role that an organisation made itself.
struct CustomRole: Record, Sendable {
    typealias ID = Basics.ID<CustomRole>

    static let longestName = 100
    static let mostPerOrganisation = 50

    var id: ID
    var name: String
    var permissions: Set<Permission>
    var version = 1

    /// A membership names no role that the program knows: the database is newer than the program.
    struct Unknown: Error { let kind: String }

    /// `codes` that the program does not know give nothing.
    init(id: ID, name: String, codes: [String]) {
        self.id = id
        self.name = name
        permissions =
            Set(
                codes.compactMap { Permission($0) }.filter(\.isForCustomRoles)
            ).completed
    }

    init(row: Row) throws {
        self.init(id: try row["id"], name: try row["name"], codes: try row["permissions"])
        version = try row["version"]
    }

    var role: Role {
        let labels = Permission.allCases.filter {
            permissions.contains($0) && $0.isForCustomRoles
        }.map(\.label)
        return Role(
            id.description, Text(name, name),
            Text(
                labels.map(\.french).joined(separator: ", "),
                labels.map(\.english).joined(separator: ", ")),
            permissions, customID: id)
    }

    var address: String { "/settings/roles/\(id)" }

    var formValues: [String: String] { ["name": name, "version": String(version)] }
}

struct CustomRoleDraft: Sendable {
    var name: String
    var permissions: Set<Permission>

    init(name: String, permissions: Set<Permission>) {
        self.name = name
        self.permissions = permissions.completed
    }

    /// Each permission is a box; what one needs comes with it.
    init(_ input: inout Input) {
        name = input.line("name", required: true, most: CustomRole.longestName)
        let ticked = input.all("permission").map { Permission($0) }
        if ticked.contains(where: { $0?.isForCustomRoles != true }) {
            input.refuse("permission", Text("Permission inconnue.", "Unknown permission."))
        }
        permissions = Set(ticked.compactMap { $0 }).completed
        let typed = input.typed["name"]?.lowercased()
        if Role.builtIn.contains(where: {
            [$0.label.french, $0.label.english].contains {
                $0.lowercased() == typed
            }
        }) {
            input.refuse(
                "name",
                Text("Ce rôle existe déjà dans Comptoir.", "Comptoir has this role already."))
        }
    }

    var codes: [String] { permissions.map(\.rawValue).sorted() }
}

extension Input {
    /// One of these roles, chosen by its code.
    mutating func role(_ field: String, among roles: [Role]) -> Role {
        let code = typed[field] ?? ""
        if let role = roles.first(where: { $0.code == code }) { return role }
        refuse(field, code.isEmpty ? Input.missing : Text("Choix inconnu.", "Unknown choice."))
        return .technician
    }
}

extension Transaction {
    /// By name.
    func customRoles() throws -> [CustomRole] {
        try all(
            """
            SELECT id, name, permissions, version FROM custom_roles
            WHERE organisation_id = \(organisation) ORDER BY folded(name), id
            """)
    }

    func customRole(_ id: CustomRole.ID) throws -> CustomRole {
        try one(
            """
            SELECT id, name, permissions, version FROM custom_roles
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    /// What may be given to a colleague by whoever acts: nobody gives more than they have.
    func grantableRoles() throws -> [Role] {
        (Role.forColleagues + (try customRoles().map(\.role))).filter { scope.role.mayGrant($0) }
    }

    @discardableResult
    func createRole(_ draft: CustomRoleDraft) throws -> CustomRole {
        let count: Int? = try value(
            "SELECT count(*) FROM custom_roles WHERE organisation_id = \(organisation)")
        guard count ?? 0 < CustomRole.mostPerOrganisation else {
            throw Problem.conflict(
                Text(
                    "\(CustomRole.mostPerOrganisation) rôles au plus : supprimez-en un d’abord.",
                    "At most \(CustomRole.mostPerOrganisation) roles: delete one first."))
        }
        let id: CustomRole.ID = newID()
        let role = CustomRole(id: id, name: draft.name, codes: draft.codes)
        try refuseBeyondOwn(role.role)
        try run(
            """
            INSERT INTO custom_roles (organisation_id, id, name, permissions, created_at)
            VALUES (\(organisation), \(id), \(draft.name), \(draft.codes), \(now))
            """)
        try record(
            .roleCreated, .organisation, nil, label: draft.name,
            details: ["permissions": .string(draft.codes.joined(separator: ", "))])
        return role
    }

    /// Whoever has it may do at once what it says now.
    func updateRole(_ id: CustomRole.ID, _ draft: CustomRoleDraft, version: Int?) throws {
        let before = try customRole(id)
        let after = CustomRole(id: id, name: draft.name, codes: draft.codes)
        try refuseBeyondOwn(before.role, after.role)
        guard before.version == version ?? before.version else { throw Problem.changedMeanwhile }
        let changed = try run(
            """
            UPDATE custom_roles SET name = \(draft.name), permissions = \(draft.codes),
                version = version + 1
            WHERE organisation_id = \(organisation) AND id = \(id) AND version = \(before.version)
            """)
        guard changed == 1 else { throw Problem.changedMeanwhile }
        func codes(_ role: CustomRole) -> String {
            role.permissions.map(\.rawValue).sorted().joined(separator: ", ")
        }
        let changes = FieldChanges(
            before: ["name": before.name, "permissions": codes(before)],
            after: ["name": draft.name, "permissions": codes(after)])
        if !changes.isEmpty {
            try record(
                .roleChanged, .organisation, nil, label: draft.name, details: changes.json)
        }
    }

    /// Only while nobody has it, is invited to it or had it.
    func deleteRole(_ id: CustomRole.ID) throws {
        let role = try customRole(id)
        try refuseBeyondOwn(role.role)
        let people: Int? = try value(
            """
            SELECT (SELECT count(*) FROM memberships
                WHERE organisation_id = \(organisation) AND custom_role_id = \(id))
                + (SELECT count(*) FROM invitations
                WHERE organisation_id = \(organisation) AND custom_role_id = \(id))
            """)
        guard people == 0 else {
            throw Problem.conflict(
                Text(
                    "Des personnes ont ce rôle : donnez-leur-en d’abord un autre.",
                    "People have this role: give them another one first."))
        }
        try run(
            "DELETE FROM custom_roles WHERE organisation_id = \(organisation) AND id = \(id)")
        try record(.roleDeleted, .organisation, nil, label: role.name)
    }
}

extension Action {
    static let roleCreated = Action(
        "role.created", Text("a créé le rôle", "made the role"), icon: "shield-check",
        severity: .high)
    static let roleChanged = Action(
        "role.changed", Text("a modifié le rôle", "changed the role"), icon: "shield-check",
        severity: .high)
    static let roleDeleted = Action(
        "role.deleted", Text("a supprimé le rôle", "deleted the role"), icon: "trash-2",
        severity: .high)
}
