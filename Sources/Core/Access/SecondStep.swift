import Basics
import HTTP
import Markup

/// Between the password and the session: the page that asks for the second proof. Who gave the right
/// password is told by a sealed cookie that lasts ten minutes and opens nothing else.
enum SecondStep {
    private static let cookie = SealedCookie(name: "comptoir_second_step", lifetimeSeconds: 600)
    /// Wrong codes after which an account must wait, wherever they are typed: there are a million.
    private static let failuresPerAccount = 10

    static func begin(_ account: Account, next: String, _ request: Request) throws -> Reply {
        var response = HTTPResponse.redirect(to: "/sign-in/code")
        response.setCookie(
            try cookie.holding(
                [
                    "email": .string(account.email), "password": password(of: account),
                    "organisation": JSON(account.organisation), "bound": .bool(account.isBound),
                    "next": .string(next),
                ], request))
        return .response(response)
    }

    /// Another one ends the step.
    private static func password(of account: Account) -> JSON {
        .string(hexadecimal(Digest.sha256(account.passwordHash)))
    }

    static func page(_ request: Request) throws -> Reply {
        guard try pending(request) != nil else { throw Redirection(path: "/sign-in") }
        return try page(request, [])
    }

    static func check(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        guard let (account, next) = try pending(request) else {
            throw Redirection(path: "/sign-in")
        }
        let application = request.application
        let key = ThrottleKey(
            "second:\(account.user)", most: failuresPerAccount, application)
        let code = try request.form().fields["code"] ?? ""
        let keys = try request.application.ownKeys
        // One at a time for each person: many at once would all pass before the first failure is counted.
        let (proof, wait): (SecondProof?, Int?) = try application.pool.withConnection {
            connection in
            try connection.transaction { connection in
                _ = try connection.secondFactor(of: account.user, locked: true)
                if let wait = try connection.throttled([key], at: request.now) {
                    return (nil, wait)
                }
                let proof = try connection.useSecondFactor(
                    code, of: account.user, application, keys, at: request.now)
                if proof == nil {
                    try connection.recordFailure([key], at: request.now)
                } else {
                    try connection.forgetFailures(key)
                }
                return (proof, nil)
            }
        }
        if let wait { throw Problem.tooManyAttempts(retryAfterSeconds: wait) }
        guard let proof else {
            return try page(request, [FieldProblem("code", SecondFactor.wrongText)])
        }
        guard
            case .response(var response) = try SignIn.enter(
                account, proof: proof, next: next, request)
        else { throw Redirection(path: "/sign-in") }
        response.setCookie(try cookie.cleared(request))
        return .response(response)
    }

    /// Whose password was right just now, and where they wanted to go.
    private static func pending(_ request: Request) throws -> (Account, next: String)? {
        guard let content = cookie.content(request), let email = content["email"]?.string,
            var account = try request.application.pool.withConnection({
                try $0.account(email: email)
            }), content["password"] == password(of: account), account.hasSecondFactor
        else { return nil }
        account.organisation = content["organisation"]?.string.flatMap { Organisation.ID($0) }
        account.isBound = content["bound"] == .bool(true)
        return (account, SignIn.destination(content["next"]?.string))
    }

    private static func page(_ request: Request, _ problems: [FieldProblem]) throws -> Reply {
        try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            let (say, fields) = (request.say, FormFields([:], problems, request))
            return EntrancePage(
                Text("Vérification", "Verification"),
                Text(
                    "Ouvrez l’application d’authentification de votre téléphone et recopiez son code.",
                    "Open the authenticator application of your phone and copy its code."), request
            ).page(
                """
                \(fields.summary)<form class="form" method="post" action="/sign-in/code">\(FormToken.input(for: request))
                \(fields.input("code", Text("Code à 6 chiffres", "6-digit code"), required: true, hint: Text("Sans téléphone : un de vos codes de secours.", "Without a phone: one of your recovery codes."), autocomplete: "one-time-code", maximum: 30, focus: true))
                <button class="btn p lg">\(say("Continuer", "Continue"))</button>
                <a class="lnk" href="/sign-in">\(say("Recommencer", "Start again"))</a></form>
                """)
        }
    }
}
