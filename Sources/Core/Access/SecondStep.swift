import Basics
import HTTP
import Markup

/// Between the password and the session: the page that asks for the second proof. Who gave the right
/// password is told by a signed cookie that lasts ten minutes and opens nothing else.
enum SecondStep {
    private static let cookieName = "comptoir_second_step"
    private static let lifetimeSeconds = 600
    /// Wrong codes after which an account must wait, wherever they are typed: there are a million.
    private static let failuresPerAccount = 10

    static func begin(_ account: Account, next: String, _ request: Request) throws -> Reply {
        let until = request.now.seconds + lifetimeSeconds
        let bound = account.isBound ? account.organisation?.description ?? "-" : "-"
        let content = "\(account.email) \(until) \(bound) \(next)"
        var response = HTTPResponse.redirect(to: "/sign-in/code")
        response.setCookie(
            try cookie(
                hexadecimal(Array(content.utf8)) + "."
                    + hexadecimal(signature(content, account, request)), request))
        return .response(response)
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
        // One at a time for each person: many at once would all pass before the first failure is counted.
        let (proof, wait): (SecondProof?, Int?) = try application.pool.withConnection {
            connection in
            try connection.transaction { connection in
                _ = try connection.secondFactor(of: account.user, locked: true)
                if let wait = try connection.throttled([key], at: request.now) {
                    return (nil, wait)
                }
                let proof = try connection.useSecondFactor(
                    code, of: account.user, application, at: request.now)
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
        response.setCookie(try cookie("", request))
        return .response(response)
    }

    /// Whose password was right just now, and where they wanted to go. A changed password ends it.
    private static func pending(_ request: Request) throws -> (Account, next: String)? {
        let parts = request.http.cookies[cookieName]?.split(separator: ".") ?? []
        guard parts.count == 2, let content = bytes(hexadecimal: String(parts[0])),
            let given = bytes(hexadecimal: String(parts[1]))
        else { return nil }
        let text = String(decoding: content, as: UTF8.self)
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 4, let until = Int(words[1]), until > request.now.seconds,
            var account = try request.application.pool.withConnection({
                try $0.account(email: words[0])
            }), Digest.equal(given, signature(text, account, request)), account.hasSecondFactor
        else { return nil }
        if let organisation = Organisation.ID(words[2]) {
            account.organisation = organisation
            account.isBound = true
        }
        return (account, SignIn.destination(words[3]))
    }

    private static func signature(_ content: String, _ account: Account, _ request: Request)
        -> [UInt8]
    {
        request.application.signature(
            of: Array("\(content) \(account.passwordHash)".utf8), for: "second step")
    }

    private static func cookie(_ value: String, _ request: Request) throws -> Cookie {
        try Cookie(
            name: cookieName, value: value, maxAgeSeconds: value.isEmpty ? 0 : lifetimeSeconds,
            secure: request.http.isSecure)
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
