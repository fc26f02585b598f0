import Basics
import Database
import HTTP

/// Signing in and out.
public enum SignIn: Capability {
    /// Failures after which guessing must wait: of an account from browsers that its person never used, of
    /// one of the person's own browsers, and of an address from browsers that are not known.
    static let failuresPerAccount = 10
    static let failuresPerDevice = 10
    static let failuresPerAddress = 50
    /// Bytes of a path to go on to: it travels in a cookie.
    private static let longestDestination = 1000

    public static func routes(_ routes: inout Routes) {
        routes.get("sign-in", nil, page)
        routes.post("sign-in", nil, signIn)
        routes.get("sign-in/code", nil, SecondStep.page)
        routes.post("sign-in/code", nil, SecondStep.check)
        routes.post("sign-out", .manageSelf, signOut)
        routes.bare("health", health)
    }

    public static let actions: [Action] = [.signedIn]

    static func page(_ request: Request) throws -> Reply {
        if request.signedIn != nil { throw Redirection(path: "/") }
        if try FirstStart.isOpen(request) { throw Redirection(path: "/welcome") }
        return try SignInPage.reply(request, email: "", message: nil)
    }

    static func signIn(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        let fields = try request.form().fields
        let (typed, password) = (fields["email"] ?? "", fields["password"] ?? "")
        guard let account = try account(typed, password, request) else {
            // The same words whether the account exists or not.
            return try SignInPage.reply(
                request, email: typed,
                message: Text(
                    "L’adresse ou le mot de passe ne correspond pas.",
                    "The address or the password does not match."))
        }
        let next = destination(fields["next"])
        return try afterPassword(account, next: next, request)
    }

    /// Once the password was right, or the company's own word: whoever has a second proof shows it first.
    static func afterPassword(_ account: Account, next: String, _ request: Request) throws -> Reply
    {
        if account.hasSecondFactor {
            return try SecondStep.begin(account, next: next, request)
        }
        if try Passkeys.mustBeUsed(by: account, request) {
            let onwards = next == "/" ? "" : "?next=" + PercentEncoding.encoded(next)
            return .done(at: "/sign-in" + onwards, say: Passkeys.signInText)
        }
        return try enter(account, proof: nil, next: next, request)
    }

    /// Whose address and password these are; nil when they do not match. Failures count, and a person who
    /// must wait is told so.
    static func account(_ typed: String, _ password: String, _ request: Request) throws -> Account?
    {
        let email = EmailAddress.normalized(typed) ?? ""
        return try matching(email, password, request) { $0.organisation != nil }
    }

    /// Whether the password is that of the account, which may be without an organisation.
    static func proves(_ password: String, _ email: String, _ request: Request) throws -> Bool {
        try matching(email, password, request) { _ in true } != nil
    }

    private static func matching(
        _ email: String, _ password: String, _ request: Request, _ isOpen: (Account) -> Bool
    ) throws -> Account? {
        let application = request.application
        let keys = throttleKeys(email, request)
        let account = try application.pool.withConnection { try $0.account(email: email) }
        // Before hashing, which takes long: many guesses at once would all pass before the first is counted.
        try application.beginAttempt(keys, at: request.now)
        let isRight = application.passwords.verify(password, against: account?.passwordHash)
        guard let account, isRight, isOpen(account) else { return nil }
        try application.forgive(keys, at: request.now)
        return account
    }

    /// Begins the session. `proof` is the second one where there was one, `passkey` what gave it.
    static func enter(
        _ account: Account, proof: SecondProof?, by passkey: Passkey.ID? = nil, next: String,
        _ request: Request
    ) throws -> Reply {
        guard let place = account.organisation else { throw Problem.signInRequired }
        let isKnown = KnownDevice.id(of: account.email, request) != nil
        let token = try request.application.pool.withConnection { connection in
            try connection.transaction { connection in
                let token = try connection.startSession(
                    user: account.user, organisation: place, from: SessionOrigin(request),
                    isBound: account.isBound, by: passkey, at: request.now)
                try connection.noteSignIn(account, isKnown: isKnown, proof, request)
                return token
            }
        }
        if !isKnown { JobBell.shared.ring() }
        var response = HTTPResponse.redirect(to: next)
        response.setCookie(try sessionCookie(token, request))
        if !account.isBound {
            response.setCookie(try KnownDevice.cookie(for: account.email, request))
        }
        return .response(response)
    }

    static func signOut(_ request: Request) throws -> Reply {
        if let token = request.http.cookies[Session.cookieName] {
            try request.application.pool.withConnection { try $0.endSession(token: token) }
        }
        var response = HTTPResponse.redirect(to: "/sign-in")
        response.setCookie(
            try Cookie(
                name: Session.cookieName, value: "", maxAgeSeconds: 0,
                secure: request.http.isSecure))
        return .response(response)
    }

    /// For the person who runs the program, and for what watches it.
    static func health(_ request: Request) throws -> Reply {
        let one: Int? = try request.application.pool.withConnection { try $0.value("SELECT 1") }
        return .response(.text(one == 1 ? "ok\n" : "wrong\n", status: one == 1 ? 200 : 503))
    }

    static func sessionCookie(_ token: String, _ request: Request) throws -> Cookie {
        try Cookie(
            name: Session.cookieName, value: token, maxAgeSeconds: Session.longestSeconds,
            secure: request.http.isSecure)
    }

    /// Only a path of ours: never the address of another site.
    static func destination(_ next: String?) -> String {
        guard let next, next.utf8.count <= longestDestination, next.hasPrefix("/"),
            !next.hasPrefix("//"), !next.contains("\\"),
            next.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return next
    }

    static func accountKey(_ email: String, _ application: Application) -> ThrottleKey {
        ThrottleKey("account:\(email)", most: failuresPerAccount, application)
    }

    /// Whoever sits at a browser of the person's is not made to wait
    /// by those who guess elsewhere, nor by those who guess at the same address: behind it may be a whole
    /// company. Only who signed in as that person has such a browser, so that it helps nobody to guess at
    /// others.
    static func throttleKeys(_ email: String, _ request: Request) -> [ThrottleKey] {
        let application = request.application
        if let device = KnownDevice.id(of: email, request) {
            return [
                ThrottleKey("device:\(email) \(device)", most: failuresPerDevice, application)
            ]
        }
        return [
            accountKey(email, application),
            ThrottleKey.address("address", most: failuresPerAddress, request),
        ]
    }
}

extension Connection {
    /// Who came in, from where and how, for the journal; and for the person, when it may not be them.
    fileprivate func noteSignIn(
        _ account: Account, isKnown: Bool, _ proof: SecondProof?, _ request: Request
    ) throws {
        try run("UPDATE users SET signed_in_at = \(request.now) WHERE id = \(account.user)")
        guard let place = account.organisation, let organisation = try organisation(place),
            let user = try user(account.user)
        else { return }
        let from = SessionOrigin(request)
        try act(in: organisation, as: user, at: request.now, from: from) {
            let remarks = [
                isKnown ? nil : Text("depuis un nouvel appareil", "from a new device"),
                proof == .recoveryCode
                    ? Text("avec un code de secours", "with a recovery code") : nil,
                proof == .passkey ? Text("avec une clé d’accès", "with a passkey") : nil,
            ].compactMap { $0.map(organisation.language.callAsFunction) }
            let note = remarks.joined(separator: ", ").capitalisedFirst
            try $0.record(
                .signedIn, .user, user.id.value,
                details: note.isEmpty ? .object([]) : ["note": .string(note)])
            try $0.noteOrigin(from.origin)
            if !isKnown, account.signedInAt != nil {
                try $0.mailAccount(
                    .newDevice, to: user.id,
                    details: [
                        "at": JSON(request.now), "address": .string(from.address),
                        "user_agent": .string(from.userAgent),
                    ])
            }
        }
    }
}

extension Transaction {
    /// Links in mails begin where an owner was let in, and nowhere else: anybody can ask for a page under
    /// any name. An address of this machine alone replaces no other.
    func noteOrigin(_ origin: String) throws {
        guard !origin.isEmpty, origin != scope.organisation.origin else { return }
        let isLocal = ["127.0.0.1", "localhost", "[::1]"].contains { origin.contains("//" + $0) }
        try run(
            """
            UPDATE organisations o SET origin = \(origin)
            WHERE o.id = \(organisation) AND o.origin <> \(origin) AND (NOT \(isLocal) OR o.origin = '')
                AND EXISTS (SELECT FROM memberships m WHERE m.organisation_id = o.id
                    AND m.user_id = \(scope.user?.id) AND m.role = 'owner')
            """)
    }
}

extension Action {
    static let signedIn = Action(
        "account.signed_in", Text("s’est connecté", "signed in"), icon: "key-round",
        severity: .medium)
}
