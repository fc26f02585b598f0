import Basics
import Database

/// One event for one webhook: what is sent, and what came of it.
public struct WebhookDelivery: Record, Sendable {
    public typealias ID = Basics.ID<WebhookDelivery>

    public enum Status: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case waiting, delivered, failed
    }

    /// The event of a test.
    static let testEvent = "webhook.test"
    /// The log goes back this far.
    static let keptSeconds = 30 * 86_400

    public var id: ID
    public var webhookID: Webhook.ID
    public var event: String
    public var subjectKind: SubjectKind
    public var subjectID: UniqueID?
    public var subjectLabel: String
    public var occurredAt: Instant
    public var status: Status
    public var attempts: Int
    public var attemptedAt: Instant?
    /// The HTTP status of the last attempt; nil when nothing came back.
    public var answerStatus: Int?
    /// The beginning of what came back.
    public var answer: String
    /// Why nothing came back.
    public var failure: WebhookFailure?
    public var milliseconds: Int?
    public var createdAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        webhookID = try row["webhook_id"]
        event = try row["event"]
        subjectKind = try row["subject_kind"]
        subjectID = try row["subject_id"]
        subjectLabel = try row["subject_label"]
        occurredAt = try row["occurred_at"]
        status = try row["status"]
        attempts = try row["attempts"]
        attemptedAt = try row["attempted_at"]
        answerStatus = try row["answer_status"]
        answer = try row["answer"]
        let failure: String = try row["failure"]
        self.failure = WebhookFailure(rawValue: failure)
        milliseconds = try row["milliseconds"]
        createdAt = try row["created_at"]
    }

    static let columns: SQL = """
        d.id, d.webhook_id, d.event, d.subject_kind, d.subject_id, d.subject_label, d.occurred_at,
        d.status, d.attempts, d.attempted_at, d.answer_status, d.answer, d.failure,
        d.milliseconds, d.created_at
        """

    var path: String { "/settings/webhooks/\(webhookID)/deliveries/\(id)" }
}

extension Transaction {
    func delivery(_ id: WebhookDelivery.ID, of webhook: Webhook.ID) throws -> WebhookDelivery {
        try one(
            """
            SELECT \(WebhookDelivery.columns) FROM webhook_deliveries d
            WHERE d.organisation_id = \(organisation) AND d.webhook_id = \(webhook)
                AND d.id = \(id)
            """)
    }

    /// One page of the log, the newest first.
    func deliveries(of webhook: Webhook.ID, after: PagePosition?) throws
        -> Listing<WebhookDelivery>
    {
        var condition: SQL = .empty
        if let after {
            condition =
                "AND (d.created_at, d.id) < (\(after.value)::text::timestamptz, \(after.id))"
        }
        let rows: [WebhookDelivery] = try all(
            """
            SELECT \(WebhookDelivery.columns) FROM webhook_deliveries d
            WHERE d.organisation_id = \(organisation) AND d.webhook_id = \(webhook) \(condition)
            ORDER BY d.created_at DESC, d.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.createdAt.rfc3339, id: $0.id.value) }
    }

    /// What is sent; empty before the first attempt, which makes it.
    func body(of delivery: WebhookDelivery.ID) throws -> [UInt8] {
        try value(
            """
            SELECT coalesce(body, ''::bytea) FROM webhook_deliveries
            WHERE organisation_id = \(organisation) AND id = \(delivery)
            """) ?? []
    }
}
