import Basics
import Database
import HTTP

/// Signing in and out.
public enum SignIn: Capability {
    /// Failures after which an account, or an address, must wait.
    static let failuresPerAccount = 10
    static let failuresPerAddress = 50
    static let failureWindowSeconds = 900

    public static func routes(_ routes: inout Routes) {
        routes.get("sign-in", nil, page)
        routes.post("sign-in", nil, signIn)
        routes.post("sign-out", .manageSelf, signOut)
        routes.get("health", nil, health)
    }

    static func page(_ request: Request) throws -> Reply {
        if request.signedIn != nil { throw Redirection(path: "/") }
        if try FirstStart.isOpen(request) { throw Redirection(path: "/welcome") }
        return try SignInPage.reply(request, email: "", message: nil)
    }

    static func signIn(_ request: Request) throws -> Reply {
        try FormToken.check(request)
        let fields = try request.form().fields
        let email = fields["email"] ?? ""
        let address = EmailAddress.normalized(email) ?? ""
        let keys = throttleKeys(address, request)
        if let wait = try request.application.pool.withConnection({
            try $0.throttled(keys, at: request.now)
        }) {
            throw Problem.tooManyAttempts(retryAfterSeconds: wait)
        }
        let account = try request.application.pool.withConnection { try $0.account(email: address) }
        let isRight = request.application.passwords.verify(
            fields["password"] ?? "", against: account?.passwordHash)
        guard let account, isRight, let organisation = account.organisation else {
            try request.application.pool.withConnection {
                try $0.recordFailure(keys.map(\.key), at: request.now)
            }
            // The same words whether the account exists or not.
            return try SignInPage.reply(
                request, email: email,
                message: Text(
                    "L’adresse ou le mot de passe ne correspond pas.",
                    "The address or the password does not match."))
        }
        let token = try request.application.pool.withConnection { connection in
            try connection.forgetFailures(keys[0].key)
            return try connection.startSession(
                user: account.user, organisation: organisation,
                address: request.http.remoteAddress, at: request.now)
        }
        var response = HTTPResponse.redirect(to: destination(fields["next"]))
        response.setCookie(try sessionCookie(token, request))
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
            name: Session.cookieName, value: token, maxAgeSeconds: Session.lifetimeSeconds,
            secure: request.http.isSecure)
    }

    /// Only a path of ours: never the address of another site.
    private static func destination(_ next: String?) -> String {
        guard let next, next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"),
            next.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return next
    }

    private static func throttleKeys(_ email: String, _ request: Request) -> [(
        key: [UInt8], most: Int
    )] {
        let secret = request.application.secretKey
        return [
            (Digest.hmac(key: secret, Array("account:\(email)".utf8)), failuresPerAccount),
            (
                Digest.hmac(key: secret, Array("address:\(request.http.remoteAddress)".utf8)),
                failuresPerAddress
            ),
        ]
    }
}

struct Account: Record {
    var user: User.ID
    var passwordHash: String
    var organisation: Organisation.ID?

    init(row: Row) throws {
        user = try row["id"]
        passwordHash = try row["password_hash"]
        organisation = try row["organisation_id"]
    }
}

extension Connection {
    /// With the organisation where the person was last, or joined first.
    func account(email: String) throws -> Account? {
        try first(
            """
            SELECT u.id, u.password_hash, m.organisation_id
            FROM users u
            LEFT JOIN LATERAL (
                SELECT m.organisation_id FROM memberships m
                LEFT JOIN sessions s
                    ON s.user_id = m.user_id AND s.organisation_id = m.organisation_id
                WHERE m.user_id = u.id AND m.archived_at IS NULL
                ORDER BY s.last_seen_at DESC NULLS LAST, m.created_at LIMIT 1) m ON true
            WHERE u.email = \(email)
            """)
    }

    /// Seconds to wait, or nil when another attempt is allowed.
    func throttled(_ keys: [(key: [UInt8], most: Int)], at now: Instant) throws -> Int? {
        for (key, most) in keys {
            let failures: [Instant] = try values(
                """
                SELECT failed_at FROM sign_in_failures
                WHERE key = \(key) AND failed_at > \(now.adding(seconds: -SignIn.failureWindowSeconds))
                ORDER BY failed_at
                """)
            if failures.count >= most {
                return failures[0].seconds + SignIn.failureWindowSeconds - now.seconds
            }
        }
        return nil
    }

    func recordFailure(_ keys: [[UInt8]], at now: Instant) throws {
        for key in keys {
            try run("INSERT INTO sign_in_failures (key, failed_at) VALUES (\(key), \(now))")
        }
        try run(
            """
            DELETE FROM sign_in_failures
            WHERE failed_at < \(now.adding(seconds: -SignIn.failureWindowSeconds))
            """)
    }

    func forgetFailures(_ key: [UInt8]) throws {
        try run("DELETE FROM sign_in_failures WHERE key = \(key)")
    }
}
