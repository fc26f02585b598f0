import Basics
import HTTP
import Markup

/// Setting up, renewing and ending one's own second factor.
public enum SecondFactorPages: Capability {
    static let path = "/account/second-factor"

    public static func routes(_ routes: inout Routes) {
        routes.get("account/second-factor", .manageSelf, show)
        routes.post("account/second-factor", .manageSelf, prepare)
        routes.post("account/second-factor/confirm", .manageSelf, confirm)
        routes.post("account/second-factor/codes", .manageSelf, renewCodes)
        routes.post("account/second-factor/delete", .manageSelf, remove)
    }

    public static let actions: [Action] = [
        .secondFactorOn, .secondFactorOff, .recoveryCodesRenewed,
    ]

    /// What somebody may still reach who must set one up first.
    static func isOpenBefore(_ route: Routes.Route) -> Bool {
        route.pattern.hasPrefix("account/second-factor")
            || route.pattern.hasPrefix("account/passkeys")
            || ["sign-out", "logo", "account/organisation", "events"].contains(route.pattern)
    }

    static func show(_ request: Request) throws -> Reply { try page([], request) }

    static func prepare(_ request: Request) throws -> Reply {
        try withPassword(request) {
            try Passkeys.refuseWithoutPasskey(request)
            let secret = Random.bytes(OneTimePassword.secretBytes)
            let keys = try request.application.ownKeys
            try request.write { try $0.prepareSecondFactor(secret, keys) }
            return .done(at: path)
        }
    }

    static func confirm(_ request: Request) throws -> Reply {
        let code = try request.form().fields["code"] ?? ""
        do {
            let keys = try request.application.ownKeys
            let codes = try request.write {
                try $0.confirmSecondFactor(code, request.application, keys)
            }
            return codesPage(codes, request)
        } catch let problem as Problem where problem.isShownInForm {
            return try page(problem.fields, status: problem.status, request)
        }
    }

    static func renewCodes(_ request: Request) throws -> Reply {
        try withPassword(request) {
            guard request.session.user.hasSecondFactor else { throw Problem.notFound }
            return codesPage(
                try request.write { try $0.renewRecoveryCodes(request.application) }, request)
        }
    }

    static func remove(_ request: Request) throws -> Reply {
        try withPassword(request) {
            let user = request.session.user
            guard !request.organisation.requiresSecondFactor || user.hasPasskey else {
                throw Problem.conflict(
                    Text(
                        "\(request.organisation.name) demande la double vérification à tout le monde.",
                        "\(request.organisation.name) asks everybody for two-step sign-in."))
            }
            try request.write { try $0.removeSecondFactor(of: user.id, named: user.name) }
            return .done(
                at: path,
                say: Text("Double vérification désactivée.", "Two-step sign-in is off."))
        }
    }

    /// A session left open on a table must not change how its person is recognised.
    private static func withPassword(_ request: Request, _ body: () throws -> Reply) throws -> Reply
    {
        do {
            let password = try request.form().fields["current_password"] ?? ""
            try MyAccount.checkCurrentPassword(password, request)
            return try body()
        } catch let problem as Problem where problem.isShownInForm {
            return try page(problem.fields, status: problem.status, request)
        }
    }

    private static func page(
        _ problems: [FieldProblem], status: Int = 200, _ request: Request
    ) throws -> Reply {
        let user = request.session.user.id
        let (factor, left) = try request.application.pool.withConnection {
            (try $0.secondFactor(of: user), try $0.recoveryCodesLeft(of: user))
        }
        let password = factor?.password(try request.application.ownKeys, of: user)
        return .page(
            SecondFactorPage(factor, password, codesLeft: left, problems, request).page,
            status: status)
    }

    private static func codesPage(_ codes: [String], _ request: Request) -> Reply {
        let say = request.say
        let note = say(
            "Chacun ouvre votre compte une fois, sans téléphone. Imprimez-les ou rangez-les dans un gestionnaire de mots de passe : ils ne seront plus montrés.",
            "Each opens your account once, without a phone. Print them or keep them in a password manager: they are not shown again."
        )
        let page = Page(
            title: say("Vos codes de secours", "Your recovery codes"),
            path: [(title: say("Mon compte", "My account"), address: "/account")], frame: .narrow,
            body: """
                <div class="lh"><h1>\(say("Vos codes de secours", "Your recovery codes"))</h1></div>
                <div class="form">\(FieldCard.card(
                    say("La double vérification est active", "Two-step sign-in is on"), note: note, class: "body",
                    """
                    <ul class="codes">\(codes, { "<li><code>\($0)</code></li>" })</ul>
                    <a class="btn p" href="/account">\(request.icon("check"))\(say("Je les ai notés", "I wrote them down"))</a>
                    """))</div>
                """)
        return .page(page)
    }
}
