import Basics
import Database

/// An address that is told what happens in the organisation.
public struct Webhook: Record, Sendable {
    public typealias ID = Basics.ID<Webhook>

    /// Why the program switched it off by itself.
    public enum StopReason: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case none = ""
        /// The receiver answered 410: it wants no more.
        case gone
        /// Nothing was taken for days.
        case failing
    }

    /// As many as one organisation may have.
    static let maximum = 50

    public var id: ID
    public var url: String
    public var description: String
    /// Actions of the journal, such as `invoice.issued`.
    public var events: [String]
    public var isActive: Bool
    public var stopReason: StopReason
    var sealedSecret: [UInt8]
    var sealedPreviousSecret: [UInt8]?
    /// Until then the secret before the last signs too.
    public var previousUntil: Instant?
    /// Since when nothing was taken.
    public var failingSince: Instant?
    public var version: Int
    public var createdAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        url = try row["url"]
        description = try row["description"]
        events = try row["events"]
        isActive = try row["is_active"]
        stopReason = try row["stopped_reason"]
        sealedSecret = try row["secret"]
        sealedPreviousSecret = try row["previous_secret"]
        previousUntil = try row["previous_until"]
        failingSince = try row["failing_since"]
        version = try row["version"]
        createdAt = try row["created_at"]
    }

    static let columns: SQL = """
        w.id, w.url, w.description, w.events, w.is_active, w.stopped_reason, w.secret,
        w.previous_secret, w.previous_until, w.failing_since, w.version, w.created_at
        """

    var path: String { "/settings/webhooks/\(id)" }
    /// What people know it by.
    var label: String { description.isEmpty ? host : description }
    /// The rest of the address may hold a secret, and stays out of the journal.
    var host: String { WebhookDraft.host(of: url) }
}

/// A webhook in the one answer that shows its secret.
public struct WebhookWithSecret: Sendable {
    var webhook: Webhook
    /// `whsec_` and base64.
    var secret: String
}

extension Transaction {
    func webhook(_ id: Webhook.ID) throws -> Webhook {
        try one(
            """
            SELECT \(Webhook.columns) FROM webhooks w
            WHERE w.organisation_id = \(organisation) AND w.id = \(id)
            """)
    }

    /// One page, the oldest first.
    func webhooks(after: PagePosition?) throws -> Listing<Webhook> {
        let rows: [Webhook] = try all(
            """
            SELECT \(Webhook.columns) FROM webhooks w
            WHERE w.organisation_id = \(organisation)
                AND (\(after?.id)::uuid IS NULL OR w.id > \(after?.id))
            ORDER BY w.id LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: ".", id: $0.id.value) }
    }

    /// Those that the program itself switched off.
    func stoppedWebhooks() throws -> [Webhook] {
        try all(
            """
            SELECT \(Webhook.columns) FROM webhooks w
            WHERE w.organisation_id = \(organisation) AND w.stopped_reason <> ''
            ORDER BY w.id LIMIT \(Webhook.maximum)
            """)
    }
}
