import Basics
import HTTP

/// One's own page: name, language, theme, password, and the organisations one works in.
public enum MyAccount: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("account", .manageSelf, show)
        routes.post("account", .manageSelf, save)
        routes.post("account/password", .manageSelf, changePassword)
        routes.post("account/organisation", .manageSelf, switchOrganisation)
        routes.post("account/sessions/:id/delete", .manageSelf, endSession)
        routes.post("account/sessions/delete-others", .manageSelf, endOtherSessions)
    }

    public static let actions: [Action] = [.profileUpdated, .passwordChanged, .sessionEnded]

    static func show(_ request: Request) throws -> Reply {
        try page(request.session.user.formValues, [], status: 200, request)
    }

    /// A provider of one organisation answers for nothing elsewhere, and the account is the same everywhere.
    static func refuseBound(_ request: Request) throws {
        guard request.session.isBound else { return }
        throw Problem.conflict(
            Text(
                "Vous êtes entré par le compte de cette entreprise : pour cela, connectez-vous avec votre mot de passe.",
                "You came in by the account of this company: sign in with your password for that."))
    }

    static func save(_ request: Request) throws -> Reply {
        try refuseBound(request)
        var input = Input(try request.form().fields)
        let draft = ProfileDraft(&input, request.session.user)
        do {
            try input.check()
            try request.write { try $0.updateProfile(draft) }
            return .done(at: "/account", say: Text("Enregistré.", "Saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return try page(input.typed, problem.fields, status: problem.status, request)
        }
    }

    static func changePassword(_ request: Request) throws -> Reply {
        let form = try request.form().fields
        let (current, new) = (form["current_password"] ?? "", form["new_password"] ?? "")
        do {
            try checkCurrentPassword(current, request)
            if let problem = PasswordRule.problem(
                with: new, email: request.session.user.email, request)
            {
                throw Problem.invalid("new_password", problem)
            }
            let hash = request.application.passwords.hash(new)
            let token = request.http.cookies[Session.cookieName] ?? ""
            try request.write { try $0.changePassword(hash, keeping: token) }
            return .done(
                at: "/account",
                say: Text(
                    "Mot de passe changé. Vos autres appareils sont déconnectés.",
                    "Password changed. Your other devices are signed out."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            // Passwords are never written back into a page.
            return try page(
                request.session.user.formValues, problem.fields, status: problem.status, request)
        }
    }

    /// A stolen session must not serve to guess the password: failures make it wait, as sign-in does.
    static func checkCurrentPassword(_ password: String, _ request: Request) throws {
        try refuseBound(request)
        let (application, user) = (request.application, request.session.user)
        let (pool, key) = (
            application.pool,
            ThrottleKey("password:\(user.id)", most: SignIn.failuresPerAccount, application)
        )
        let account = try pool.withConnection { try $0.account(email: user.email) }
        try application.beginAttempt([key], at: request.now)
        guard application.passwords.verify(password, against: account?.passwordHash) else {
            throw Problem.invalid(
                "current_password",
                Text("Ce n’est pas votre mot de passe actuel.", "This is not your password."))
        }
        try application.forgive([key], at: request.now)
    }

    /// Begins a new session, so that a page still open on the other organisation cannot send its form to
    /// this one.
    static func switchOrganisation(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let chosen: Organisation.ID? = input.id("organisation", required: true)
        try input.check()
        try refuseBound(request)
        let user = request.session.user.id
        let token = try request.application.pool.withConnection { connection in
            let places = try connection.places(of: user)
            guard let chosen, places.contains(where: { $0.organisation == chosen }) else {
                throw Problem.notFound
            }
            if let old = request.http.cookies[Session.cookieName] {
                try connection.endSession(token: old)
            }
            return try connection.startSession(
                user: user, organisation: chosen, from: SessionOrigin(request),
                by: request.session.passkey, since: request.session.startedAt, at: request.now)
        }
        var response = HTTPResponse.redirect(to: "/")
        response.setCookie(try SignIn.sessionCookie(token, request))
        return .response(response)
    }

    private static func page(
        _ values: [String: String], _ problems: [FieldProblem], status: Int, _ request: Request
    ) throws -> Reply {
        let user = request.session.user.id
        let token = request.http.cookies[Session.cookieName] ?? ""
        // A provider of this organisation answers for nothing elsewhere.
        let only = request.session.boundTo
        let (places, sessions, passkeys) = try request.application.pool.withConnection {
            (
                try $0.places(of: user).filter { only == nil || $0.organisation == only },
                try $0.openSessions(of: user, here: token, only: only, at: request.now),
                try $0.passkeys(of: user)
            )
        }
        return .page(
            MyAccountPage(values, problems, places, sessions, passkeys, request).page,
            status: status)
    }
}

extension Action {
    static let profileUpdated = Action(
        "account.updated", Text("a modifié son compte", "changed their account"),
        icon: "user-round")
    static let passwordChanged = Action(
        "account.password_changed", Text("a changé son mot de passe", "changed their password"),
        icon: "key-round", severity: .medium)
}
