import Basics
import Database
import HTTP

/// Signing in with the account that the company keeps elsewhere (OpenID Connect). What such a provider opens is its
/// own organisation, and no other that the person works in.
public enum CompanySignIn: Capability {
    /// While somebody is at the provider: it is this browser that must come back.
    private static let away = SealedCookie(name: "comptoir_company_sign_in", lifetimeSeconds: 600)
    /// Until they have said that it is them.
    private static let back = SealedCookie(name: "comptoir_company_entry", lifetimeSeconds: 600)
    /// Of an address in a quarter of an hour: each asks a stranger's machine.
    private static let mostPerAddress = 300

    public static func routes(_ routes: inout Routes) {
        routes.get("sign-in/company", nil, ask)
        routes.get("sign-in/company/callback", nil, comeBack)
        routes.post("sign-in/company/enter", nil, confirm)
        routes.get("settings/company-sign-in", .manageOrganisation, show)
        routes.post("settings/company-sign-in", .manageOrganisation, save)
    }

    public static let actions: [Action] = [.identityProviderChanged]

    // MARK: signing in

    /// Without the company's short name a form asks for it.
    static func ask(_ request: Request) throws -> Reply {
        let slug = PlainText.line(request.http.query["name"] ?? "").lowercased()
        guard !slug.isEmpty else { return try CompanySignInPage.question(request, "", nil) }
        try countAttempt(request)
        do {
            let organisation = try request.application.pool.withConnection {
                try $0.organisation(slug: slug)?.id
            }
            guard let organisation,
                let exchange = try request.application.providers.pass({
                    try exchange(organisation, request)
                })
            else {
                return try CompanySignInPage.question(
                    request, slug,
                    Text(
                        "Aucune entreprise de ce nom n’ouvre ainsi ses comptes.",
                        "No company of this name opens its accounts like this."))
            }
            let attempt = Attempt(
                organisation: organisation, state: Random.token(), nonce: Random.token(),
                verifier: Random.token(), next: SignIn.destination(request.http.query["next"]))
            let address = try exchange.authorizationAddress(
                state: attempt.state, nonce: attempt.nonce,
                challenge: Base64URL.text(Digest.sha256(attempt.verifier)))
            // Browsers let no form lead to another site, by way of a redirection either: then it is a link.
            let isForm = request.http.query["from"] == "form"
            var response =
                isForm
                ? CompanySignInPage.leave(for: address, request)
                : HTTPResponse.redirect(to: address)
            response.setCookie(try away.holding(attempt.json, request))
            return .response(response)
        } catch let failure as OpenIDFailure {
            Log.warning("company sign-in failed", ["reason": .string("\(failure)")])
            return CompanySignInPage.failed(failure, request)
        }
    }

    /// Back from the provider: who it is, is known, and asked once more. Without that a stranger's page could
    /// sign this browser in as the stranger.
    static func comeBack(_ request: Request) throws -> Reply {
        let query = request.http.query
        try countAttempt(request)
        guard let attempt = away.content(request).flatMap(Attempt.init),
            query["state"] == attempt.state
        else { return try ended(CompanySignInPage.over(request), request) }
        guard let code = query["code"], query["error"] == nil else {
            return try ended(CompanySignInPage.refused(request), request)
        }
        do {
            let identity = try request.application.providers.pass {
                try exchange(attempt.organisation, request)?.identity(
                    code: code, verifier: attempt.verifier, nonce: attempt.nonce, at: request.now)
            }
            guard let identity else {
                return try ended(CompanySignInPage.over(request), request)
            }
            return try welcome(identity, attempt, request)
        } catch let failure as OpenIDFailure {
            Log.warning("company sign-in failed", ["reason": .string("\(failure)")])
            return try ended(CompanySignInPage.failed(failure, request), request)
        }
    }

    private static func welcome(
        _ identity: ExternalIdentity, _ attempt: Attempt, _ request: Request
    ) throws -> Reply {
        let found =
            try request.visit(attempt.organisation, as: "Comptoir") { transaction in
                try transaction.person(identity).flatMap { try transaction.connection.user($0) }
                    .map { (transaction.scope.organisation, $0) }
            } ?? nil
        guard let (organisation, user) = found else {
            return try ended(CompanySignInPage.unknown(request), request)
        }
        let page = try CompanySignInPage.welcome(user, organisation, request)
        guard case .response(var response) = try ended(page, request) else { return page }
        response.setCookie(
            try back.holding(
                [
                    "organisation": JSON(organisation.id), "email": .string(user.email),
                    "next": .string(attempt.next),
                ], request))
        return .response(response)
    }

    static func confirm(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        guard let content = back.content(request), let email = content["email"]?.string,
            var account = try request.application.pool.withConnection({
                try $0.account(email: email)
            })
        else { return try ended(CompanySignInPage.over(request), request) }
        account.organisation = content["organisation"]?.string.flatMap { Organisation.ID($0) }
        account.isBound = true
        let next = SignIn.destination(content["next"]?.string)
        return try ended(SignIn.afterPassword(account, next: next, request), request)
    }

    /// What was remembered has served.
    private static func ended(_ reply: Reply, _ request: Request) throws -> Reply {
        var response = reply.response(to: request)
        for cookie in [away, back] where request.http.cookies[cookie.name] != nil {
            response.setCookie(try cookie.cleared(request))
        }
        return .response(response)
    }

    private static func countAttempt(_ request: Request) throws {
        let key = ThrottleKey.address("company", most: mostPerAddress, request)
        try request.application.beginAttempt([key], at: request.now)
    }

    /// Nil when the organisation has no provider that is on.
    private static func exchange(_ organisation: Organisation.ID, _ request: Request) throws
        -> OpenIDExchange?
    {
        let provider =
            try request.visit(organisation, as: "Comptoir", readOnly: true) {
                try $0.identityProvider()
            } ?? nil
        guard let provider, provider.isActive,
            let secret = try? request.application.keys(of: organisation).open(
                provider.sealedSecret, for: IdentityProvider.place(organisation))
        else { return nil }
        return try OpenIDExchange(
            request.application.webClient, provider,
            secret: String(decoding: secret, as: UTF8.self), redirectURI: redirectURI(request))
    }

    static func redirectURI(_ request: Request) -> String {
        request.origin + "/sign-in/company/callback"
    }

    // MARK: settings

    static func show(_ request: Request) throws -> Reply {
        let provider = try request.read { try $0.identityProvider() }
        let values = provider?.formValues ?? ["is_active": "on"]
        return .page(IdentityProviderPage(values, [], isNew: provider == nil, request).page)
    }

    static func save(_ request: Request) throws -> Reply {
        let before = try request.read { try $0.identityProvider() }
        var input = Input(try request.form().fields)
        let draft = IdentityProviderDraft(&input, request, before)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            let keys = try request.keys()
            try request.write { try $0.saveIdentityProvider(draft, version: version, keys) }
            return .done(
                at: "/settings/company-sign-in",
                say: Text("Réglages enregistrés.", "Settings saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                IdentityProviderPage(input.typed, problem.fields, isNew: before == nil, request)
                    .page, status: problem.status)
        }
    }
}
