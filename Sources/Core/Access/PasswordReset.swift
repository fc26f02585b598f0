import Basics
import Database
import HTTP

/// A new password for somebody who forgot theirs: asked for with the address alone, chosen by a link that a
/// mail brings, once, within the hour. No answer reveals whether an address has an account.
public enum PasswordReset: Capability {
    static let lifetimeMinutes = 60
    /// Mails an account may be sent in an hour.
    private static let mostPerAccount = 3
    /// Requests of an address in a quarter of an hour.
    private static let mostPerAddress = 20

    public static func routes(_ routes: inout Routes) {
        routes.get("password-reset", nil, askPage)
        routes.post("password-reset", nil, ask)
        routes.get("password-reset/new", nil, choicePage)
        routes.post("password-reset/new", nil, choose)
    }

    public static let actions: [Action] = [.passwordReset]
    public static let jobs: [JobKind] = [AccountMail.job]

    static func askPage(_ request: Request) throws -> Reply {
        try PasswordResetPage.question(request, email: request.http.query["email"] ?? "", [])
    }

    static func ask(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        let typed = try request.form().fields["email"] ?? ""
        guard let email = EmailAddress.normalized(typed) else {
            let problem = FieldProblem(
                "email", Text("Adresse attendue, comme a@b.fr.", "An address such as a@b.fr."))
            return try PasswordResetPage.question(request, email: typed, [problem])
        }
        let application = request.application
        let key = ThrottleKey.address("reset", most: mostPerAddress, request)
        try application.beginAttempt([key], at: request.now)
        let (mail, job) = (UniqueID.make(at: request.now), UniqueID.make(at: request.now))
        let kind = AccountMail.job
        try application.pool.withConnection {
            _ = try $0.run(
                """
                SELECT ask_password_reset(\(email), \(mail), \(job), \(kind.name),
                    \(kind.maximumAttempts)::int, \(request.now), \(mostPerAccount)::int)
                """)
        }
        JobBell.shared.ring()
        return try PasswordResetPage.asked(request)
    }

    static func choicePage(_ request: Request) throws -> Reply {
        let token = request.http.query["token"] ?? ""
        guard try owner(of: token, request) != nil else {
            return try PasswordResetPage.over(request)
        }
        return try PasswordResetPage.choice(request, token: token, [])
    }

    static func choose(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        let form = try request.form().fields
        let (token, password) = (form["token"] ?? "", form["new_password"] ?? "")
        guard let account = try owner(of: token, request) else {
            return try PasswordResetPage.over(request)
        }
        if let problem = PasswordRule.problem(with: password, email: account.email, request) {
            return try PasswordResetPage.choice(
                request, token: token, [FieldProblem("new_password", problem)])
        }
        let hash = request.application.passwords.hash(password)
        let isDone = try request.application.pool.withConnection { connection in
            try connection.transaction { try $0.resetPassword(token, account, hash, request) }
        }
        guard isDone else { return try PasswordResetPage.over(request) }
        return .done(
            at: "/sign-in",
            say: Text(
                "Mot de passe changé. Connectez-vous avec le nouveau.",
                "Password changed. Sign in with the new one."))
    }

    private static func owner(of token: String, _ request: Request) throws -> ResetAccount? {
        try request.application.pool.withConnection {
            try $0.passwordReset(token, at: request.now)
        }
    }
}

/// Whose password a link changes.
struct ResetAccount: Record {
    var user: User.ID
    var email: String
    var name: String
    var organisation: Organisation.ID?

    init(row: Row) throws {
        user = try row["id"]
        email = try row["email"]
        name = try row["name"]
        organisation = try row["organisation_id"]
    }
}

extension Connection {
    /// A new link for that account, in place of those before; the secret is nowhere else.
    func newPasswordReset(for user: User.ID, at now: Instant) throws -> String {
        let token = Random.token()
        try run("DELETE FROM password_resets WHERE user_id = \(user) OR expires_at < \(now)")
        try run(
            """
            INSERT INTO password_resets (token_hash, user_id, expires_at)
            VALUES (\(Session.hash(token)), \(user),
                \(now.adding(seconds: PasswordReset.lifetimeMinutes * 60)))
            """)
        return token
    }

    func passwordReset(_ token: String, at now: Instant) throws -> ResetAccount? {
        try first(
            """
            SELECT u.id, u.email, u.name, m.organisation_id
            FROM password_resets r
            JOIN users u ON u.id = r.user_id
            LEFT JOIN LATERAL (SELECT organisation_id FROM memberships
                WHERE user_id = u.id AND archived_at IS NULL ORDER BY created_at LIMIT 1) m ON true
            WHERE r.token_hash = \(Session.hash(token)) AND r.expires_at > \(now)
            """)
    }

    /// False when the link was used by somebody quicker. Whoever is signed in anywhere is so no more, and
    /// guessing that locked the account is forgotten.
    func resetPassword(
        _ token: String, _ account: ResetAccount, _ hash: String, _ request: Request
    ) throws -> Bool {
        let used = try run(
            "DELETE FROM password_resets WHERE token_hash = \(Session.hash(token))")
        guard used == 1, try worksInOnePlace(account.user) else { return false }
        try replacePassword(of: account.user, with: hash, at: request.now)
        try forgetFailures(SignIn.accountKey(account.email, request.application))
        guard let id = account.organisation, let organisation = try organisation(id) else {
            return true
        }
        let user = try user(account.user)
        try act(in: organisation, as: user, at: request.now, from: SessionOrigin(request)) {
            try $0.record(.passwordReset, .user, account.user.value, label: account.name)
            try $0.mailAccount(.changed, to: account.user, details: ["what": "password"])
        }
        return true
    }

    /// Whether an account opens one organisation and no other: only then may what that organisation's mail
    /// server carries open it.
    func worksInOnePlace(_ user: User.ID) throws -> Bool {
        let places: Int? = try value(
            "SELECT count(*) FROM memberships WHERE user_id = \(user) AND archived_at IS NULL")
        return places == 1
    }

    func replacePassword(of user: User.ID, with hash: String, at now: Instant) throws {
        try run(
            """
            UPDATE users SET password_hash = \(hash), password_changed_at = \(now)
            WHERE id = \(user)
            """)
        try run("DELETE FROM sessions s WHERE s.user_id = \(user)")
        try run("DELETE FROM password_resets WHERE user_id = \(user)")
    }
}

extension Action {
    static let passwordReset = Action(
        "account.password_reset",
        Text("a changé, par un lien, le mot de passe de", "changed, by a link, the password of"),
        icon: "key-round", severity: .medium)
}
