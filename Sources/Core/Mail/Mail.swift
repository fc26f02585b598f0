import Basics
import Database

/// A mail to a client, as it was written: nothing of it changes with the record that it is about.
public struct Mail: Record, Sendable {
    public typealias ID = Basics.ID<Mail>

    public enum Status: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        /// No mail server is set up yet, or it was taken away.
        case waiting
        /// A job will send it, for the first time or again.
        case queued
        /// The server has taken it.
        case sent
        /// Refused for good; a person may correct the address or try again.
        case failed
        case cancelled
    }

    public var id: ID
    public var record: MailedRecord
    public var status: Status
    public var recipient: String
    public var recipientName: String
    public var copies: [String]
    public var subject: String
    public var body: String
    /// Empty without attachment.
    public var attachmentName: String
    public var attachmentBytes: Int
    /// The same at each attempt, so that a mailbox knows a message that it already has.
    public var messageID: String
    /// The job that may send it.
    public var job: Job.ID?
    public var failure: DeliveryFailure?
    public var createdAt: Instant
    public var createdBy: User.ID?
    /// The date that the message bears.
    public var queuedAt: Instant?
    public var sentAt: Instant?

    public init(row: Row) throws {
        id = try row["id"]
        record = MailedRecord(
            try row["subject_kind"], try row["subject_id"], label: try row["subject_label"],
            client: try row["client_id"])
        status = try row["status"]
        recipient = try row["recipient"]
        recipientName = try row["recipient_name"]
        let copyTo: String = try row["copy_to"]
        copies = copyTo.split(separator: ", ").map(String.init)
        subject = try row["subject"]
        body = try row["body"]
        attachmentName = try row["attachment_name"]
        attachmentBytes = try row["attachment_bytes"]
        messageID = try row["message_id"]
        job = try row["job_id"]
        failure = try DeliveryFailure(row: row)
        createdAt = try row["created_at"]
        createdBy = try row["created_by"]
        queuedAt = try row["queued_at"]
        sentAt = try row["sent_at"]
    }

    static let columns: SQL = """
        m.id, m.subject_kind, m.subject_id, m.subject_label, m.client_id, m.status, m.recipient,
        m.recipient_name, m.copy_to, m.subject, m.body, m.attachment_name,
        coalesce(octet_length(m.attachment), 0) AS attachment_bytes, m.message_id, m.job_id,
        m.failure_kind, m.last_error, m.created_at, m.created_by, m.queued_at, m.sent_at
        """

    public var path: String { "/mails/\(id)" }
    public var isSent: Bool { status == .sent }
}

extension Transaction {
    /// One mail, without the bytes of its attachment.
    public func mail(_ id: Mail.ID) throws -> Mail {
        try one(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) AND m.id = \(id)
            """)
    }

    /// The same, held until this transaction ends.
    func lockedMail(_ id: Mail.ID) throws -> Mail {
        try one(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) AND m.id = \(id) FOR UPDATE
            """)
    }

    /// The mails about one record, newest first.
    public func mails(about kind: SubjectKind, _ id: UniqueID, most: Int = 20) throws -> [Mail] {
        try all(
            """
            SELECT \(Mail.columns) FROM mails m
            WHERE m.organisation_id = \(organisation) AND m.subject_kind = \(kind)
                AND m.subject_id = \(id)
            ORDER BY m.created_at DESC, m.id DESC LIMIT \(most)
            """)
    }

    func attachment(of id: Mail.ID) throws -> [UInt8] {
        let bytes: [UInt8]? = try value(
            """
            SELECT attachment FROM mails
            WHERE organisation_id = \(organisation) AND id = \(id) AND attachment IS NOT NULL
            """)
        guard let bytes else { throw Problem.notFound }
        return bytes
    }
}
