import Basics
import HTTP

extension Settings {
    static func colleagues(_ request: Request) throws -> Reply {
        let colleagues = try request.read { try $0.colleagues() }
        return .page(ColleaguesPage(colleagues, request).page)
    }

    static func newColleague(_ request: Request) throws -> Reply {
        .page(NewColleaguePage(["role": Role.agent.rawValue], [], request).page)
    }

    static func addColleague(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = ColleagueDraft(&input)
        do {
            try input.check()
            let hash = request.application.passwords.hash(draft.password)
            var added: (colleague: Colleague, isNew: Bool)?
            let path = try request.once { transaction in
                let done = try transaction.addColleague(draft, passwordHash: hash)
                added = done
                return done.colleague.address
            }
            // A form sent twice, or a known account, has no password to show.
            guard let added, added.isNew, !request.isAPI else {
                return .done(
                    at: path,
                    say: Text(
                        "Accès ouvert, avec le mot de passe habituel de cette personne.",
                        "Access given, with this person’s usual password."))
            }
            return .page(AddedColleaguePage(added.colleague, draft.password, request).page)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            var values = input.typed
            values["password"] = nil
            return .page(
                NewColleaguePage(values, problem.fields, request).page, status: problem.status)
        }
    }

    static func colleague(_ request: Request) throws -> Reply {
        let colleague = try request.read { try $0.colleague(request.id()) }
        return .page(ColleaguePage(colleague, [], request).page)
    }

    static func changeRole(_ request: Request) throws -> Reply {
        let id: User.ID = try request.id()
        var input = Input(try request.form().fields)
        let role = input.choice("role", of: Role.self, or: .agent)
        if input.typed["role", default: ""].isEmpty { input.refuse("role", Input.missing) }
        do {
            try input.check()
            try request.write { try $0.changeRole(of: id, to: role) }
            return .done(at: "/settings/colleagues", say: Text("Rôle enregistré.", "Role saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let colleague = try request.read { try $0.colleague(id) }
            return .page(
                ColleaguePage(colleague, problem.fields, request).page, status: problem.status)
        }
    }

    static func archiveColleague(_ request: Request) throws -> Reply {
        let id: User.ID = try request.id()
        try request.write { try $0.archiveColleague(id) }
        return .done(at: "/settings/colleagues", say: Text("Accès retiré.", "Access removed."))
    }

    static func restoreColleague(_ request: Request) throws -> Reply {
        let id: User.ID = try request.id()
        try request.write { try $0.restoreColleague(id) }
        return .done(at: "/settings/colleagues", say: Text("Accès rétabli.", "Access restored."))
    }
}
