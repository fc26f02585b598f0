import Basics
import Database
import HTTP

/// Signing in with the account that the company keeps elsewhere (OpenID Connect). What such a provider opens is its
/// own organisation, and no other that the person works in.
public enum CompanySignIn: Capability {
    private static let cookieName = "comptoir_company_sign_in"
    private static let lifetimeSeconds = 600
    /// Beginnings of an address in a quarter of an hour: each asks a stranger's machine.
    private static let mostPerAddress = 60

    public static func routes(_ routes: inout Routes) {
        routes.get("sign-in/company", nil, ask)
        routes.get("sign-in/company/callback", nil, comeBack)
        routes.get("settings/company-sign-in", .manageOrganisation, show)
        routes.post("settings/company-sign-in", .manageOrganisation, save)
    }

    public static let actions: [Action] = [.identityProviderChanged]

    // MARK: signing in

    /// Without the company's short name a form asks for it.
    static func ask(_ request: Request) throws -> Reply {
        let slug = PlainText.line(request.http.query["name"] ?? "").lowercased()
        guard !slug.isEmpty else { return try CompanySignInPage.question(request, "", nil) }
        let key = ThrottleKey(
            "company:\(request.http.remoteAddress)", most: mostPerAddress, request.application)
        try request.application.checkThrottle([key], at: request.now)
        try request.application.recordFailure([key], at: request.now)
        do {
            guard let (organisation, exchange) = try exchange(slug: slug, request) else {
                return try CompanySignInPage.question(
                    request, slug,
                    Text(
                        "Aucune entreprise de ce nom n’ouvre ainsi ses comptes.",
                        "No company of this name opens its accounts like this."))
            }
            let attempt = Attempt(
                organisation: organisation, state: Random.token(), nonce: Random.token(),
                verifier: Random.token(), until: request.now.seconds + lifetimeSeconds,
                next: SignIn.destination(request.http.query["next"]))
            let address = try exchange.authorizationAddress(
                state: attempt.state, nonce: attempt.nonce,
                challenge: Base64URL.text(Digest.sha256(attempt.verifier)))
            var response = HTTPResponse.redirect(to: address)
            response.setCookie(try cookie(attempt.sealed(request.application), request))
            return .response(response)
        } catch let failure as OpenIDFailure {
            Log.warning("company sign-in failed", ["reason": .string("\(failure)")])
            return CompanySignInPage.failed(failure, request)
        }
    }

    static func comeBack(_ request: Request) throws -> Reply {
        let query = request.http.query
        guard let attempt = Attempt(request.http.cookies[cookieName] ?? "", request),
            query["state"] == attempt.state
        else { return CompanySignInPage.over(request) }
        guard let code = query["code"], query["error"] == nil else {
            return CompanySignInPage.refused(request)
        }
        do {
            guard let (_, exchange) = try exchange(attempt.organisation, request) else {
                return CompanySignInPage.over(request)
            }
            let identity = try exchange.identity(
                code: code, verifier: attempt.verifier, nonce: attempt.nonce, at: request.now)
            return try enter(identity, attempt, request)
        } catch let failure as OpenIDFailure {
            Log.warning("company sign-in failed", ["reason": .string("\(failure)")])
            return CompanySignInPage.failed(failure, request)
        }
    }

    private static func enter(
        _ identity: ExternalIdentity, _ attempt: Attempt, _ request: Request
    ) throws -> Reply {
        let user =
            try request.visit(attempt.organisation, as: "Comptoir") {
                try $0.person(identity)
            } ?? nil
        guard let user,
            var account = try request.application.pool.withConnection({ connection in
                try connection.user(user).flatMap { try connection.account(email: $0.email) }
            })
        else { return CompanySignInPage.unknown(request) }
        account.organisation = attempt.organisation
        account.isBound = true
        let reply =
            account.hasSecondFactor
            ? try SecondStep.begin(account, next: attempt.next, request)
            : try SignIn.enter(account, proof: nil, next: attempt.next, request)
        guard case .response(var response) = reply else { return reply }
        response.setCookie(try cookie("", request))
        return .response(response)
    }

    private static func exchange(slug: String, _ request: Request) throws -> (
        Organisation.ID, OpenIDExchange
    )? {
        let organisation = try request.application.pool.withConnection {
            try $0.organisation(slug: slug)
        }
        return try organisation.flatMap { try exchange($0.id, request) }
    }

    /// Nil when the organisation has no provider that is on.
    private static func exchange(_ organisation: Organisation.ID, _ request: Request) throws -> (
        Organisation.ID, OpenIDExchange
    )? {
        let provider =
            try request.visit(organisation, as: "Comptoir", readOnly: true) {
                try $0.identityProvider()
            } ?? nil
        guard let provider, provider.isActive,
            let secret = try? request.application.secretBox.open(
                provider.sealedSecret, for: IdentityProvider.place(organisation))
        else { return nil }
        return (
            organisation,
            try OpenIDExchange(
                request.application.webClient, provider,
                secret: String(decoding: secret, as: UTF8.self),
                redirectURI: redirectURI(request))
        )
    }

    static func redirectURI(_ request: Request) -> String {
        request.origin + "/sign-in/company/callback"
    }

    private static func cookie(_ value: String, _ request: Request) throws -> Cookie {
        try Cookie(
            name: cookieName, value: value, maxAgeSeconds: value.isEmpty ? 0 : lifetimeSeconds,
            secure: request.http.isSecure)
    }

    // MARK: settings

    static func show(_ request: Request) throws -> Reply {
        let provider = try request.read { try $0.identityProvider() }
        let values = provider?.formValues ?? ["is_active": "on"]
        return .page(IdentityProviderPage(values, [], isNew: provider == nil, request).page)
    }

    static func save(_ request: Request) throws -> Reply {
        let isNew = try request.read { try $0.identityProvider() } == nil
        var input = Input(try request.form().fields)
        let draft = IdentityProviderDraft(&input, request, isNew: isNew)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            try request.write {
                try $0.saveIdentityProvider(
                    draft, version: version, request.application.secretBox)
            }
            return .done(
                at: "/settings/company-sign-in",
                say: Text("Réglages enregistrés.", "Settings saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                IdentityProviderPage(input.typed, problem.fields, isNew: isNew, request).page,
                status: problem.status)
        }
    }
}

/// What is remembered while somebody is at the provider: in a sealed cookie, so that it is this browser that comes
/// back.
private struct Attempt {
    var organisation: Organisation.ID
    var state: String
    var nonce: String
    var verifier: String
    var until: Int
    var next: String

    private static let place = Array("company sign-in".utf8)

    init(
        organisation: Organisation.ID, state: String, nonce: String, verifier: String, until: Int,
        next: String
    ) {
        self.organisation = organisation
        self.state = state
        self.nonce = nonce
        self.verifier = verifier
        self.until = until
        self.next = next
    }

    /// Nil for a cookie that is not ours, or too old.
    init?(_ text: String, _ request: Request) {
        guard let sealed = bytes(hexadecimal: text),
            let bytes = try? request.application.secretBox.open(sealed, for: Self.place),
            let json = JSON(parsing: bytes),
            let organisation = json["organisation"]?.string.flatMap({ Organisation.ID($0) }),
            let state = json["state"]?.string, let nonce = json["nonce"]?.string,
            let verifier = json["verifier"]?.string, let until = json["until"]?.int,
            let next = json["next"]?.string, until > request.now.seconds
        else { return nil }
        self.init(
            organisation: organisation, state: state, nonce: nonce, verifier: verifier,
            until: until, next: SignIn.destination(next))
    }

    func sealed(_ application: Application) -> String {
        let json: JSON = [
            "organisation": JSON(organisation), "state": .string(state), "nonce": .string(nonce),
            "verifier": .string(verifier), "until": .int(until), "next": .string(next),
        ]
        return hexadecimal(application.secretBox.seal(json.bytes, for: Self.place))
    }
}
