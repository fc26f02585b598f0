import Basics

// What programs read of mails.

extension Mail: APIRecord {
    public static let schemaName = "Mail"
    public static let members: [Member<Mail>] = [
        .id { $0.id }, .choice("status") { $0.status },
        .choice("subject_kind") { $0.record.kind },
        Member("subject_id", .id) { .string($0.record.id.description) },
        .text("subject_label") { $0.record.label }, .text("recipient") { $0.recipient },
        .text("recipient_name") { $0.recipientName },
        Member("copies", .list(.text(most: 254), most: 100)) {
            .array($0.copies.map(JSON.string))
        },
        .text("subject") { $0.subject }, .text("body", most: 100_000) { $0.body },
        .text("attachment_name") { $0.attachmentName },
        .integer("attachment_bytes") { $0.attachmentBytes },
        Member(
            "failure",
            .nullable(
                .object([
                    Property("kind", .text(most: 40), required: true),
                    Property("answer", .text(most: 10_000), required: true),
                ]))
        ) { mail in
            mail.failure.map {
                ["kind": .string($0.kind.rawValue), "answer": .string($0.answer)]
            } ?? .null
        },
        .instant("created_at") { $0.createdAt }, .instant("queued_at") { $0.queuedAt },
        .instant("sent_at") { $0.sentAt },
    ]
}

extension MailFilter {
    static let parameters: [Property] = [
        Property("q", .line), Property("view", .choice(of: Mail.Status.self)), .after,
    ]
}

extension MailDraft: APIBody {
    public static let schemaName = "MailInput"
    public static let body: [BodyField] = [
        BodyField("recipient", .email), BodyField("copy", .text(most: 2000)),
        BodyField("subject", .words(most: maximumSubjectLength)),
        BodyField("body", .words(most: maximumBodyLength)),
    ]
}
