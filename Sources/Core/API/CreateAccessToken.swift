import Basics
import Database

/// What a person asks of a new token.
struct AccessTokenDraft: Sendable {
    static let lifetimes: [(days: Int?, label: Text)] = [
        (30, Text("30 jours", "30 days")), (90, Text("90 jours", "90 days")),
        (365, Text("un an", "a year")), (nil, Text("sans fin", "no end")),
    ]

    var name: String
    var scopes: [String]
    var days: Int?

    init(_ input: inout Input) {
        name = input.line("name", required: true, most: 100)
        let asked = Set(input.all("scope"))
        scopes = AccessToken.Scope.allCases.map(\.rawValue).filter(asked.contains)
        if scopes.isEmpty {
            input.refuse(
                "scope", Text("Cochez au moins un droit.", "Tick at least one right."))
        }
        days = input.whole("days", in: 1...3650)
    }
}

/// Whose a token is.
enum TokenOwner: Sendable {
    /// Of the person who asks.
    case person
    /// Of the organisation: it stays when people leave.
    case organisation

    var path: String {
        switch self {
        case .person: "/account/tokens"
        case .organisation: "/settings/tokens"
        }
    }
}

extension Transaction {
    /// The tokens of an owner, newest first.
    func accessTokens(_ owner: TokenOwner = .person) throws -> [AccessToken] {
        try all(
            """
            SELECT id, name, start, scopes, created_at, expires_at, last_used_at
            FROM access_tokens WHERE organisation_id = \(organisation) AND \(try isOf(owner))
            ORDER BY created_at DESC, id
            """)
    }

    private func isOf(_ owner: TokenOwner) throws -> SQL {
        switch owner {
        case .organisation: return "user_id IS NULL"
        case .person:
            guard let user = scope.user?.id else { throw Problem.forbidden }
            return "user_id = \(user)"
        }
    }

    /// Makes a token; the secret is nowhere but in the answer.
    func createAccessToken(_ draft: AccessTokenDraft, _ owner: TokenOwner = .person) throws -> (
        id: AccessToken.ID, secret: String
    ) {
        guard let user = scope.user?.id else { throw Problem.forbidden }
        guard try accessTokens(owner).count < AccessToken.maximumPerPerson else {
            throw Problem.invalid(
                "name",
                Text(
                    "\(AccessToken.maximumPerPerson) jetons au plus : supprimez-en un.",
                    "At most \(AccessToken.maximumPerPerson) tokens: remove one."))
        }
        let secret = AccessToken.prefix + Random.token()
        let id: AccessToken.ID = newID()
        let holder: User.ID? =
            switch owner {
            case .person: user
            case .organisation: nil
            }
        try run(
            """
            INSERT INTO access_tokens (id, organisation_id, user_id, name, token_hash, start,
                scopes, created_at, expires_at)
            VALUES (\(id), \(organisation), \(holder), \(draft.name), \(Session.hash(secret)),
                \(String(secret.prefix(9))), \(draft.scopes), \(now),
                \(draft.days.map { now.adding(seconds: $0 * 86_400) }))
            """)
        try record(
            .accessTokenCreated, .user, user.value, label: draft.name,
            details: ["scopes": .array(draft.scopes.map(JSON.string))])
        return (id, secret)
    }

    /// Ends a token at once, and the short-lived ones that stand for it.
    func revokeAccessToken(_ id: AccessToken.ID, _ owner: TokenOwner = .person) throws {
        let name: String? = try value(
            """
            DELETE FROM access_tokens
            WHERE organisation_id = \(organisation) AND \(try isOf(owner)) AND id = \(id)
            RETURNING name
            """)
        guard let name else { throw Problem.notFound }
        try record(.accessTokenRevoked, .user, scope.user?.id.value, label: name)
    }
}

extension Action {
    static let accessTokenCreated = Action(
        "access_token.created", Text("a créé le jeton d’accès", "created the access token"),
        icon: "key-round", severity: .high)
    static let accessTokenRevoked = Action(
        "access_token.revoked", Text("a supprimé le jeton d’accès", "removed the access token"),
        icon: "key-round", severity: .medium)
}
