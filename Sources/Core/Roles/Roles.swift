import Basics
import HTTP

/// Who may do what: the roles that every organisation has, and those that it makes itself.
public enum Roles: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("settings/roles", .manageColleagues, list)
        routes.get("settings/roles/new", .manageColleagues, new)
        routes.post("settings/roles", .manageColleagues, create)
        routes.get("settings/roles/:id", .manageColleagues, show)
        routes.post("settings/roles/:id", .manageColleagues, update)
        routes.post("settings/roles/:id/delete", .manageColleagues, delete)
    }

    public static let actions: [Action] = [.roleCreated, .roleChanged, .roleDeleted]

    static func list(_ request: Request) throws -> Reply {
        let roles = try request.read { try $0.customRoles() }
        return .page(RolesPage(roles, request).page)
    }

    /// `?from=agent` begins with what that role may do.
    static func new(_ request: Request) throws -> Reply {
        let model = request.http.query["from"].flatMap { Role(builtIn: $0) }
        return .page(
            RoleForm([:], model?.permissions ?? [], [], existing: nil, request).page)
    }

    static func create(_ request: Request) throws -> Reply {
        try save(request, existing: nil) { draft, _ in
            _ = try request.once { try $0.createRole(draft).address }
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let role = try request.read { try $0.customRole(request.id()) }
        return .page(RoleForm(role.formValues, role.permissions, [], existing: role, request).page)
    }

    static func update(_ request: Request) throws -> Reply {
        let id: CustomRole.ID = try request.id()
        let role = try request.read { try $0.customRole(id) }
        return try save(request, existing: role) { draft, input in
            let version = input.whole("version", in: 1...Int(Int32.max))
            try input.check()
            try request.write { try $0.updateRole(id, draft, version: version) }
        }
    }

    private static func save(
        _ request: Request, existing: CustomRole?,
        _ write: (CustomRoleDraft, inout Input) throws -> Void
    ) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = CustomRoleDraft(&input)
        do {
            try input.check()
            try write(draft, &input)
            return .done(at: "/settings/roles", say: Text("Rôle enregistré.", "Role saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                RoleForm(
                    input.typed, draft.permissions, problem.fields, existing: existing, request
                ).page,
                status: problem.status)
        }
    }

    static func delete(_ request: Request) throws -> Reply {
        let id: CustomRole.ID = try request.id()
        try request.write { try $0.deleteRole(id) }
        return .done(at: "/settings/roles", say: Text("Rôle supprimé.", "Role deleted."))
    }
}
