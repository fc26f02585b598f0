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
    /// Whether it is nobody's own: what is done with it bears its name alone.
    var isOfOrganisation: Bool

    func allows(_ permission: Permission) -> Bool {
        AccessToken.scope(for: permission).map { scopes.contains($0.rawValue) } ?? false
    }
}

/// A session that a token opened.
struct TokenSession: Record {
    var session: Session
    var grant: TokenGrant

    init(row: Row) throws {
        let (scopes, person): ([String], User.ID?) = (try row["scopes"], try row["user_id"])
        grant = TokenGrant(
            id: try row["token_id"], name: try row["token_name"], scopes: Set(scopes),
            isOfOrganisation: person == nil)
        session =
            person == nil
            ? Session(
                ofProgram: grant.name, in: try Organisation(row: row),
                lastSeenAt: try row["last_seen_at"]) : try Session(row: row)
    }
}

extension Connection {
    /// Nil when the secret is unknown, expired, or its owner has no access any more, or not without the
    /// second factor that the organisation asks for.
    func session(accessToken secret: String, at now: Instant) throws -> TokenSession? {
        try tokenSession("t.token_hash = \(Session.hash(secret))", at: now)
    }

    /// The same for the token that a short-lived one stands for.
    func session(of token: AccessToken.ID, at now: Instant) throws -> TokenSession? {
        try tokenSession("t.id = \(token)", at: now)
    }

    private func tokenSession(_ condition: SQL, at now: Instant) throws -> TokenSession? {
        try first(
            """
            SELECT \(User.columns), \(Organisation.columns), \(Role.columns()),
                m.client_id,
                coalesce(t.last_used_at, to_timestamp(0)) AS last_seen_at, false AS is_bound,
                NULL::uuid AS passkey_id, NULL::timestamptz AS started_at,
                t.id AS token_id,
                t.name AS token_name, t.scopes
            FROM access_tokens t
            LEFT JOIN users u ON u.id = t.user_id
            LEFT JOIN memberships m ON m.organisation_id = t.organisation_id AND m.user_id = t.user_id
            \(Role.join())
            JOIN organisations o ON o.id = t.organisation_id
            WHERE \(condition) AND (t.expires_at IS NULL OR t.expires_at > \(now))
                AND (t.user_id IS NULL OR m.user_id IS NOT NULL AND m.archived_at IS NULL
                    AND (NOT o.requires_second_factor OR u.totp_confirmed_at IS NOT NULL
                        OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id)))
            """)
    }

    func touchAccessToken(_ id: AccessToken.ID, at now: Instant) throws {
        try run("UPDATE access_tokens SET last_used_at = \(now) WHERE id = \(id)")
    }
}
