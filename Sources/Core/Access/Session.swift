import Basics
import Database

/// A person signed in to one organisation.
public struct Session: Record, Sendable {
    public static let cookieName = "comptoir_session"
    /// A session ends after two weeks without a visit.
    static let lifetimeSeconds = 14 * 86_400
    /// And after a month however often somebody came: then they prove once more who they are.
    static let longestSeconds = 30 * 86_400
    /// Noting every visit would write at each page; every ten minutes is near enough.
    static let touchSeconds = 600

    public var user: User
    public var organisation: Organisation
    public var role: Role
    /// The client that they are, when they come in as one.
    public var client: UniqueID?
    var lastSeenAt: Instant
    /// When its person proved who they are; nil of programs.
    var startedAt: Instant?
    /// Whether it stays in this organisation.
    var isBound = false
    /// What opened it, where that was a passkey.
    var passkey: Passkey.ID?
    /// Whether its person has shown more than a password, or does so each time they sign in.
    var hasProvenTwice: Bool { user.hasSecondFactor || passkey != nil }
    /// The one organisation of which it may see and change anything, when it stays in it.
    var boundTo: Organisation.ID? { isBound ? organisation.id : nil }

    public init(row: Row) throws {
        user = try User(row: row)
        organisation = try Organisation(row: row)
        role = try Role(row: row)
        client = try row["client_id"]
        lastSeenAt = try row["last_seen_at"]
        startedAt = try row["started_at"]
        isBound = try row["is_bound"]
        passkey = try row["passkey_id"]
    }

    static func hash(_ token: String) -> [UInt8] { Digest.sha256(token) }
}

/// Where a session was begun.
struct SessionOrigin: Sendable {
    var address: String
    /// As the browser names itself, cut to what is kept.
    var userAgent: String
    /// Scheme and host that it asked for.
    var origin = ""

    init(address: String, userAgent: String = "") {
        self.address = address
        self.userAgent = userAgent
    }

    init(_ request: Request) {
        address = request.http.remoteAddress
        userAgent = UserAgent(request.http.headers["User-Agent"] ?? "").text
        origin = request.origin
    }
}

extension Connection {
    /// Nil when the cookie's token is unknown, expired, or its membership ended.
    func session(token: String, at now: Instant) throws -> Session? {
        try first(
            """
            SELECT \(User.columns), \(Organisation.columns), \(Role.columns()), m.client_id,
                s.last_seen_at, s.created_at AS started_at, s.is_bound, s.passkey_id
            FROM sessions s
            JOIN users u ON u.id = s.user_id
            JOIN memberships m ON m.organisation_id = s.organisation_id AND m.user_id = s.user_id
            \(Role.join())
            JOIN organisations o ON o.id = s.organisation_id
            WHERE s.token_hash = \(Session.hash(token)) AND s.expires_at > \(now)
                AND m.archived_at IS NULL
            """)
    }

    func touchSession(token: String, at now: Instant) throws {
        try run(
            """
            UPDATE sessions SET last_seen_at = \(now),
                expires_at = least(\(now.adding(seconds: Session.lifetimeSeconds))::timestamptz,
                    created_at + make_interval(secs => \(Session.longestSeconds)))
            WHERE token_hash = \(Session.hash(token))
            """)
    }

    /// The new session's token, to be set as a cookie; only its hash is kept.
    ///
    /// - Parameter start: when its person proved who they are, where another session goes on in this one.
    func startSession(
        user: User.ID, organisation: Organisation.ID, from place: SessionOrigin,
        isBound: Bool = false, by passkey: Passkey.ID? = nil, since start: Instant? = nil,
        at now: Instant
    ) throws -> String {
        let start = start ?? now
        let end = min(
            now.adding(seconds: Session.lifetimeSeconds),
            start.adding(seconds: Session.longestSeconds))
        let token = Random.token()
        try run(
            """
            INSERT INTO sessions
                (token_hash, user_id, organisation_id, created_at, last_seen_at, expires_at, address,
                    user_agent, is_bound, passkey_id)
            VALUES (\(Session.hash(token)), \(user), \(organisation), \(start), \(now), \(end), \(place.address),
                \(place.userAgent), \(isBound), \(passkey))
            """)
        try run("DELETE FROM sessions WHERE expires_at < \(now)")
        return token
    }

    func endSession(token: String) throws {
        try run("DELETE FROM sessions WHERE token_hash = \(Session.hash(token))")
    }

    /// After a change of password, every other place where this person is signed in.
    func endOtherSessions(
        of user: User.ID, except token: String, only organisation: Organisation.ID? = nil
    ) throws {
        try run(
            """
            DELETE FROM sessions
            WHERE user_id = \(user) AND token_hash <> \(Session.hash(token))
                AND (\(organisation)::uuid IS NULL OR organisation_id = \(organisation))
            """)
    }
}
