import Basics
import HTTP

extension Settings {
    static func colleagues(_ request: Request) throws -> Reply {
        let (colleagues, invitations) = try request.read {
            (try $0.colleagues(), try $0.invitations())
        }
        return .page(ColleaguesPage(colleagues, invitations, request).page)
    }

    static func newColleague(_ request: Request) throws -> Reply {
        let roles = try request.read { try $0.grantableRoles() }
        return .page(NewColleaguePage(["role": Role.agent.code], [], roles, request).page)
    }

    static func invite(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let roles = try request.read { try $0.grantableRoles() }
        let draft = InvitationDraft(&input, as: input.role("role", among: roles))
        do {
            try input.check()
            let path = try request.once { try $0.invite(draft).address }
            return .done(
                at: path, say: Text("Invitation créée.", "Invitation made."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                NewColleaguePage(input.typed, problem.fields, roles, request).page,
                status: problem.status)
        }
    }

    static func invitation(_ request: Request) throws -> Reply {
        let (invitation, mails) = try request.read {
            (try $0.invitation(request.id()), try $0.mailIsSetUp())
        }
        return .page(ColleagueInvitationPage(invitation, canMail: mails, request).page)
    }

    /// For the owner who hands the link over by another way than mail.
    static func showInvitationLink(_ request: Request) throws -> Reply {
        let (invitation, path) = try request.write { transaction in
            let invitation = try transaction.invitation(request.id())
            return (invitation, try transaction.showLink(of: invitation))
        }
        var page = ColleagueInvitationPage(invitation, canMail: false, request)
        page.link = request.origin + path
        return .page(page.page)
    }

    static func mailInvitation(_ request: Request) throws -> Reply {
        let path = try request.once { transaction in
            let invitation = try transaction.invitation(request.id())
            guard try transaction.mailIsSetUp() else { throw Problem.noMailServer }
            try transaction.mailInvitation(invitation.id)
            return invitation.address
        }
        return .done(at: path, say: Text("Invitation envoyée.", "Invitation sent."))
    }

    static func withdrawInvitation(_ request: Request) throws -> Reply {
        let id: Invitation.ID = try request.id()
        try request.write { try $0.withdrawInvitation(id) }
        return .done(
            at: "/settings/colleagues", say: Text("Invitation retirée.", "Invitation withdrawn."))
    }

    static func removeSecondFactor(_ request: Request) throws -> Reply {
        let id: User.ID = try request.id()
        try request.write { transaction in
            let colleague = try transaction.colleagueOfThisPlaceOnly(id)
            try transaction.removeSecondFactor(of: id, named: colleague.name)
            try transaction.removePasskeys(of: id, named: colleague.name)
        }
        return .done(
            at: "/settings/colleagues/\(id)",
            say: Text("Double vérification désactivée.", "Two-step sign-in is off."))
    }

    static func mailPasswordReset(_ request: Request) throws -> Reply {
        let id: User.ID = try request.id()
        let path = try request.once { transaction in
            let colleague = try transaction.colleagueOfThisPlaceOnly(id)
            guard try transaction.mailIsSetUp() else { throw Problem.noMailServer }
            try transaction.mailAccount(.passwordReset, to: id)
            return colleague.address
        }
        return .done(at: path, say: Text("Lien envoyé par courriel.", "Link sent by mail."))
    }

    static func colleague(_ request: Request) throws -> Reply {
        let (colleague, roles) = try request.read {
            (try $0.colleague(request.id()), try $0.grantableRoles())
        }
        return .page(ColleaguePage(colleague, [], roles, request).page)
    }

    static func changeRole(_ request: Request) throws -> Reply {
        let id: User.ID = try request.id()
        var input = Input(try request.form().fields)
        let roles = try request.read { try $0.grantableRoles() }
        let role = input.role("role", among: roles)
        do {
            try input.check()
            try request.write { try $0.changeRole(of: id, to: role) }
            return .done(at: "/settings/colleagues", say: Text("Rôle enregistré.", "Role saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let colleague = try request.read { try $0.colleague(id) }
            return .page(
                ColleaguePage(colleague, problem.fields, roles, request).page,
                status: problem.status)
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
