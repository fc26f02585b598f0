import Basics
import Database
import HTTP
import Markup

/// Where a person is signed in.
struct OpenSession: Record, Sendable {
    typealias ID = Basics.ID<OpenSession>

    var id: ID
    var organisation: String
    var createdAt: Instant
    var lastSeenAt: Instant
    var address: String
    var userAgent: UserAgent
    /// Whether it is the one that asks.
    var isHere: Bool

    init(row: Row) throws {
        id = try row["id"]
        organisation = try row["organisation_name"]
        createdAt = try row["created_at"]
        lastSeenAt = try row["last_seen_at"]
        address = try row["address"]
        userAgent = UserAgent(try row["user_agent"])
        isHere = try row["is_here"]
    }
}

extension Connection {
    /// The person's own, in whichever organisation; the latest first, the one that asks on top.
    /// `only` those in one organisation, for a session that stays in it.
    func openSessions(
        of user: User.ID, here token: String, only organisation: Organisation.ID?, at now: Instant
    ) throws -> [OpenSession] {
        try all(
            """
            SELECT s.id, o.name AS organisation_name, s.created_at, s.last_seen_at, s.address,
                s.user_agent, s.token_hash = \(Session.hash(token)) AS is_here
            FROM sessions s
            JOIN organisations o ON o.id = s.organisation_id
            WHERE s.user_id = \(user) AND s.expires_at > \(now)
                AND (\(organisation)::uuid IS NULL OR s.organisation_id = \(organisation))
            ORDER BY is_here DESC, s.last_seen_at DESC, s.id LIMIT 100
            """)
    }
}

extension Transaction {
    /// Ends one of the person's own sessions, at once.
    func endSession(_ id: OpenSession.ID, only organisation: Organisation.ID?) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        let ended = try run(
            """
            DELETE FROM sessions WHERE user_id = \(user.id) AND id = \(id)
                AND (\(organisation)::uuid IS NULL OR organisation_id = \(organisation))
            """)
        guard ended == 1 else { throw Problem.notFound }
        try record(.sessionEnded, .user, user.id.value)
    }

    func endOtherSessions(than token: String, only organisation: Organisation.ID?) throws {
        guard let user = scope.user else { throw Problem.forbidden }
        try connection.endOtherSessions(of: user.id, except: token, only: organisation)
        try record(.sessionEnded, .user, user.id.value)
    }
}

extension MyAccount {
    static func endSession(_ request: Request) throws -> Reply {
        let id: OpenSession.ID = try request.id()
        try request.write { try $0.endSession(id, only: request.session.boundTo) }
        return .done(at: "/account", say: Text("Appareil déconnecté.", "Device signed out."))
    }

    static func endOtherSessions(_ request: Request) throws -> Reply {
        let token = request.http.cookies[Session.cookieName] ?? ""
        try request.write {
            try $0.endOtherSessions(than: token, only: request.session.boundTo)
        }
        return .done(
            at: "/account",
            say: Text(
                "Vos autres appareils sont déconnectés.", "Your other devices are signed out."))
    }
}

/// The list of them on one's own page.
struct OpenSessionCard {
    let sessions: [OpenSession]
    let request: Request

    private var say: Language { request.say }

    var html: HTML {
        let others = sessions.count > 1
        return """
            <section class="card"><header><h2>\(say("Où vous êtes connecté", "Where you are signed in"))</h2>\
            \(if: others, """
                <form method="post" action="/account/sessions/delete-others">\(FormToken.input(for: request))\
                <button class="btn sm">\(request.icon("log-out"))\(say("Déconnecter les autres", "Sign the others out"))</button></form>
                """)</header><ul class="rows">\(sessions, row)</ul></section>
            """
    }

    private func row(_ session: OpenSession) -> HTML {
        let timeline = Timeline(request)
        let seen = say("vu ", "seen ") + timeline.moment(session.lastSeenAt)
        let end: HTML =
            session.isHere
            ? "<span class=\"pill ok\">\(request.icon("check"))\(say("Cet appareil", "This device"))</span>"
            : """
            <form method="post" action="/account/sessions/\(session.id)/delete">\(FormToken.input(for: request))\
            <button class="btn g sm">\(request.icon("log-out"))\(say("Déconnecter", "Sign out"))\
            <span class="sr"> \(say(session.userAgent.label))</span></button></form>
            """
        return """
            <li><span class="ic">\(request.icon("globe"))</span><div><b>\(say(session.userAgent.label).capitalisedFirst)</b>\
            <small>\(session.address) · \(session.organisation) · \(seen)</small></div><span>\(end)</span></li>
            """
    }
}

extension Action {
    static let sessionEnded = Action(
        "account.session_ended", Text("a déconnecté un appareil", "signed a device out"),
        icon: "log-out", severity: .medium)
}
