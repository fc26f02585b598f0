import Basics
import Database

/// A secret with which a program acts for a person, within the scopes that the person chose and never
/// beyond their role. Shown once; only its hash is kept.
public struct AccessToken: Record, Sendable {
    public typealias ID = Basics.ID<AccessToken>

    /// Recognised by people and by scanners of leaked secrets.
    static let prefix = "ct_"
    static let maximumPerPerson = 50

    public var id: ID
    public var name: String
    /// The beginning of the secret, to tell tokens apart.
    public var start: String
    public var scopes: [String]
    public var createdAt: Instant
    public var expiresAt: Instant?
    public var lastUsedAt: Instant?

    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        start = try row["start"]
        scopes = try row["scopes"]
        createdAt = try row["created_at"]
        expiresAt = try row["expires_at"]
        lastUsedAt = try row["last_used_at"]
    }

    /// What a token may do, by subject.
    public enum Scope: String, CaseIterable, Sendable {
        case clientsRead = "clients:read"
        case clientsWrite = "clients:write"
        case catalogueRead = "catalogue:read"
        case catalogueWrite = "catalogue:write"
        case quotesRead = "quotes:read"
        case quotesWrite = "quotes:write"
        case ordersRead = "orders:read"
        case ordersWrite = "orders:write"
        case invoicesRead = "invoices:read"
        case invoicesWrite = "invoices:write"
        case invoicesIssue = "invoices:issue"
        case paymentsRead = "payments:read"
        case paymentsWrite = "payments:write"
        case purchasesRead = "purchases:read"
        case purchasesWrite = "purchases:write"
        case mailsRead = "mails:read"
        case mailsSend = "mails:send"
        case booksRead = "books:read"
        case booksClose = "books:close"
        case journalRead = "journal:read"
        case webhooksManage = "webhooks:manage"

        public var permission: Permission {
            switch self {
            case .clientsRead: .readClients
            case .clientsWrite: .writeClients
            case .catalogueRead: .readCatalogue
            case .catalogueWrite: .writeCatalogue
            case .quotesRead: .readQuotes
            case .quotesWrite: .writeQuotes
            case .ordersRead: .readOrders
            case .ordersWrite: .writeOrders
            case .invoicesRead: .readInvoices
            case .invoicesWrite: .writeInvoices
            case .invoicesIssue: .issueInvoices
            case .paymentsRead: .readPayments
            case .paymentsWrite: .writePayments
            case .purchasesRead: .readPurchases
            case .purchasesWrite: .writePurchases
            case .mailsRead: .readMails
            case .mailsSend: .sendMails
            case .booksRead: .readBooks
            case .booksClose: .closePeriods
            case .journalRead: .readJournal
            case .webhooksManage: .manageOrganisation
            }
        }

        public var label: Text {
            switch self {
            case .clientsRead: Text("lire les clients", "read clients")
            case .clientsWrite: Text("modifier les clients", "change clients")
            case .catalogueRead: Text("lire le catalogue", "read the catalogue")
            case .catalogueWrite: Text("modifier le catalogue", "change the catalogue")
            case .quotesRead: Text("lire les devis", "read quotes")
            case .quotesWrite: Text("modifier les devis", "change quotes")
            case .ordersRead: Text("lire les commandes", "read orders")
            case .ordersWrite: Text("modifier les commandes", "change orders")
            case .invoicesRead: Text("lire les factures", "read invoices")
            case .invoicesWrite: Text("préparer des factures", "draft invoices")
            case .invoicesIssue: Text("émettre des factures", "issue invoices")
            case .paymentsRead: Text("lire les paiements", "read payments")
            case .paymentsWrite: Text("enregistrer des paiements", "record payments")
            case .purchasesRead:
                Text("lire les factures reçues", "read received invoices")
            case .purchasesWrite:
                Text("traiter les factures reçues", "handle received invoices")
            case .mailsRead: Text("lire les courriels", "read mail")
            case .mailsSend: Text("envoyer des courriels", "send mail")
            case .booksRead: Text("lire la comptabilité", "read the books")
            case .booksClose: Text("clôturer des périodes", "close periods")
            case .journalRead: Text("lire le journal", "read the journal")
            case .webhooksManage: Text("régler les webhooks", "manage webhooks")
            }
        }
    }

    /// The scope that a route of this permission asks for; nil: no token opens it.
    static func scope(for permission: Permission) -> Scope? {
        Scope.allCases.first { $0.permission == permission }
    }
}

/// What a token says of a request.
struct TokenGrant: Sendable {
    var id: AccessToken.ID
    var name: String
    var scopes: Set<String>

    func allows(_ permission: Permission) -> Bool {
        AccessToken.scope(for: permission).map { scopes.contains($0.rawValue) } ?? false
    }
}

/// A session that a token opened.
struct TokenSession: Record {
    var session: Session
    var grant: TokenGrant

    init(row: Row) throws {
        session = try Session(row: row)
        let scopes: [String] = try row["scopes"]
        grant = TokenGrant(
            id: try row["token_id"], name: try row["token_name"], scopes: Set(scopes))
    }
}

extension Connection {
    /// Nil when the secret is unknown, expired, or its owner has no access any more, or not without the
    /// second factor that the organisation asks for.
    func session(accessToken secret: String, at now: Instant) throws -> TokenSession? {
        try first(
            """
            SELECT \(User.columns), \(Organisation.columns), m.role,
                coalesce(t.last_used_at, t.created_at) AS last_seen_at, t.id AS token_id,
                t.name AS token_name, t.scopes
            FROM access_tokens t
            JOIN users u ON u.id = t.user_id
            JOIN memberships m ON m.organisation_id = t.organisation_id AND m.user_id = t.user_id
            JOIN organisations o ON o.id = t.organisation_id
            WHERE t.token_hash = \(Session.hash(secret))
                AND (t.expires_at IS NULL OR t.expires_at > \(now)) AND m.archived_at IS NULL
                AND (NOT o.requires_second_factor OR u.totp_confirmed_at IS NOT NULL)
            """)
    }

    func touchAccessToken(_ id: AccessToken.ID, at now: Instant) throws {
        try run("UPDATE access_tokens SET last_used_at = \(now) WHERE id = \(id)")
    }
}

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

extension Transaction {
    /// The tokens of the person who asks, newest first.
    func accessTokens() throws -> [AccessToken] {
        guard let user = scope.user?.id else { return [] }
        return try all(
            """
            SELECT id, name, start, scopes, created_at, expires_at, last_used_at
            FROM access_tokens WHERE organisation_id = \(organisation) AND user_id = \(user)
            ORDER BY created_at DESC, id
            """)
    }

    /// Makes a token of the person who asks; the secret is nowhere but in the answer.
    func createAccessToken(_ draft: AccessTokenDraft) throws -> (id: AccessToken.ID, secret: String)
    {
        guard let user = scope.user?.id else { throw Problem.forbidden }
        guard try accessTokens().count < AccessToken.maximumPerPerson else {
            throw Problem.invalid(
                "name",
                Text(
                    "\(AccessToken.maximumPerPerson) jetons au plus : supprimez-en un.",
                    "At most \(AccessToken.maximumPerPerson) tokens: remove one."))
        }
        let secret = AccessToken.prefix + Random.token()
        let id: AccessToken.ID = newID()
        try run(
            """
            INSERT INTO access_tokens (id, organisation_id, user_id, name, token_hash, start,
                scopes, created_at, expires_at)
            VALUES (\(id), \(organisation), \(user), \(draft.name), \(Session.hash(secret)),
                \(String(secret.prefix(9))), \(draft.scopes), \(now),
                \(draft.days.map { now.adding(seconds: $0 * 86_400) }))
            """)
        try record(
            .accessTokenCreated, .user, user.value, label: draft.name,
            details: ["scopes": .array(draft.scopes.map(JSON.string))])
        return (id, secret)
    }

    /// Ends a token of the person who asks, at once.
    func revokeAccessToken(_ id: AccessToken.ID) throws {
        guard let user = scope.user?.id else { throw Problem.forbidden }
        let name: String? = try value(
            """
            DELETE FROM access_tokens
            WHERE organisation_id = \(organisation) AND user_id = \(user) AND id = \(id)
            RETURNING name
            """)
        guard let name else { throw Problem.notFound }
        try record(.accessTokenRevoked, .user, user.value, label: name)
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
