import Basics
import Database
import HTTP

/// The first account of an installation, made in the browser with the code that `comptoir serve` prints.
public enum FirstStart: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get("welcome", nil, page)
        routes.post("welcome", nil, create)
    }

    public static let actions: [Action] = [
        .organisationCreated, .accountAdded, .passwordReplaced,
    ]

    /// Wrong codes after which an address must wait: nobody guesses one of 2⁶⁰ that way.
    private static let failuresPerAddress = 20

    /// Whether the first account is still to be made, and this program knows the code for it.
    static func isOpen(_ request: Request) throws -> Bool {
        guard request.application.firstStart != nil else { return false }
        return try request.application.pool.withConnection { try !$0.hasUsers() }
    }

    static func page(_ request: Request) throws -> Reply {
        guard try isOpen(request) else { throw Redirection(path: "/sign-in") }
        let values = ["code": request.http.query["code"] ?? ""]
        return try FirstStartPage.reply(request, values, [])
    }

    static func create(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        guard try isOpen(request), let code = request.application.firstStart else {
            throw Redirection(path: "/sign-in")
        }
        let key = ThrottleKey.address("welcome", most: failuresPerAddress, request)
        try request.application.checkThrottle([key], at: request.now)
        var input = Input(try request.form().fields)
        let draft = FirstAccountDraft(&input, request)
        if !code.matches(input.typed["code"] ?? "") {
            try request.application.recordFailure([key], at: request.now)
            input.refuse(
                "code",
                Text(
                    "Ce n’est pas le code affiché dans le terminal.",
                    "This is not the code shown in the terminal."))
        }
        do {
            try input.check()
            return try signedIn(draft, request)
        } catch Problem.invalid(let problems) {
            return try FirstStartPage.reply(request, input.typed, problems)
        }
    }

    private static func signedIn(_ draft: FirstAccountDraft, _ request: Request) throws -> Reply {
        let hash = request.application.passwords.hash(draft.password)
        let token = try request.application.pool.withConnection { connection in
            try connection.createFirstAccount(
                draft, passwordHash: hash, from: SessionOrigin(request), at: request.now)
        }
        // Somebody else was quicker: their account stands, and this person asks them for one.
        guard let token else { throw Redirection(path: "/sign-in") }
        var response = HTTPResponse.redirect(to: "/setup")
        response.setCookie(try SignIn.sessionCookie(token, request))
        return .response(response)
    }
}

extension Application {
    /// The page that makes the first account, with its code, for the terminal of the person who starts
    /// the program; nil when somebody has an account.
    public func firstStartPath() throws -> String? {
        guard let firstStart, try pool.withConnection({ try !$0.hasUsers() }) else { return nil }
        return "/welcome?code=\(firstStart.text)"
    }
}

extension Action {
    static let organisationCreated = Action(
        "organisation.created", Text("a créé l’espace de", "created the space of"),
        icon: "building-2")
}

/// Who begins, and for which company.
struct FirstAccountDraft: Sendable {
    var organisationName: String
    var name: String
    var email: String
    var password: String
    var language: Language

    init(_ input: inout Input, _ request: Request) {
        organisationName = input.line("organisation", required: true)
        name = input.line("name", required: true, most: 100)
        email = EmailAddress.normalized(input.typed["email"] ?? "") ?? ""
        if email.isEmpty {
            let isMissing = (input.typed["email"] ?? "").isEmpty
            input.refuse(
                "email",
                isMissing
                    ? Input.missing
                    : Text("Adresse attendue, comme a@b.fr.", "An address such as a@b.fr."))
        }
        // As it was typed: spaces belong to a password.
        password = input.typed["password"] ?? ""
        if let problem = PasswordRule.problem(with: password, email: email, request) {
            input.refuse("password", problem)
        }
        language = request.say
    }
}
