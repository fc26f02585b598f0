import Basics

// What programs read and write of webhooks.

extension Webhook: APIRecord {
    public static let schemaName = "Webhook"
    public static let members: [Member<Webhook>] = [
        .id { $0.id }, .text("url", most: 2000) { $0.url },
        .text("description") { $0.description },
        Member("events", .list(.text(most: 100), most: 500)) {
            .array($0.events.map(JSON.string))
        },
        .flag("is_active") { $0.isActive },
        Member("stopped_reason", .nullable(.choice(["gone", "failing"]))) {
            $0.stopReason == .none ? .null : .string($0.stopReason.rawValue)
        },
        .instant("failing_since") { $0.failingSince },
        .instant("previous_secret_until") { $0.previousUntil },
        .integer("version") { $0.version }, .instant("created_at") { $0.createdAt },
    ]
}

extension WebhookWithSecret: APIRecord {
    public static let schemaName = "WebhookWithSecret"
    public static let members: [Member<WebhookWithSecret>] =
        Member.all { $0.webhook } + [
            Member(
                "secret", .text(most: 100),
                note: Text("Montré cette seule fois.", "Shown this once.")
            ) { .string($0.secret) }
        ]
}

extension WebhookDraft: APIBody {
    public static let schemaName = "WebhookInput"
    public static let body: [BodyField] = [
        BodyField("url", .text(most: 2000), required: true),
        BodyField("description", .line),
        BodyField(
            "events", .list(.text(most: 100), most: 500), required: true,
            note: Text(
                "Actions du journal, comme `invoice.issued`.",
                "Actions of the journal, such as `invoice.issued`.")),
        BodyField("is_active", .flag),
    ]
}

extension WebhookDelivery: APIRecord {
    public static let schemaName = "WebhookDelivery"
    public static let members: [Member<WebhookDelivery>] = [
        .id { $0.id }, .id("webhook_id") { $0.webhookID }, .text("event") { $0.event },
        .choice("subject_kind") { $0.subjectKind },
        Member("subject_id", .nullable(.id)) { JSON($0.subjectID?.description) },
        .text("subject_label") { $0.subjectLabel }, .choice("status") { $0.status },
        .integer("attempts") { $0.attempts }, .instant("attempted_at") { $0.attemptedAt },
        .integer("answer_status") { $0.answerStatus }, .text("answer") { $0.answer },
        Member("failure", .nullable(.choice(of: WebhookFailure.self))) {
            JSON($0.failure?.rawValue)
        },
        .integer("milliseconds") { $0.milliseconds }, .instant("occurred_at") { $0.occurredAt },
        .instant("created_at") { $0.createdAt },
    ]
}
