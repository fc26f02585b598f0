import Basics
import Database

/// What a journal entry is about.
public enum SubjectKind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case organisation, user, client, item, quote, order
    case depositRequest = "deposit_request"
    case invoice
    case recurringInvoice = "recurring_invoice"
    case payment
    case periodClosing = "period_closing"
    case mail, webhook
    case importedFile = "import"
    case supplier
    case receivedInvoice = "received_invoice"

    /// The address of a record's page.
    public func address(_ id: UniqueID) -> String? {
        switch self {
        case .client: "/clients/\(id)"
        case .item: "/items/\(id)"
        case .quote: "/quotes/\(id)"
        case .order: "/orders/\(id)"
        case .depositRequest: "/deposit-requests/\(id)"
        case .invoice: "/invoices/\(id)"
        case .recurringInvoice: "/recurring-invoices/\(id)"
        case .payment: "/payments/\(id)"
        case .periodClosing: "/books/closings/\(id)"
        case .mail: "/mails/\(id)"
        case .webhook: "/settings/webhooks/\(id)"
        case .importedFile: "/imports/\(id)"
        case .supplier: "/suppliers/\(id)"
        case .receivedInvoice: "/received-invoices/\(id)"
        case .organisation, .user: nil
        }
    }
}

extension Transaction {
    /// Appends what was done to the journal, in the transaction that did it.
    ///
    /// `details` stand apart and can be erased; the entry keeps SHA-256(salt ‖ details), which proves
    /// them while they are there and says nothing once they are gone. It is hashed as the database writes
    /// it, so that the database can prove a million of them.
    public func record(
        _ action: Action, _ kind: SubjectKind, _ id: UniqueID?, label: String = "",
        details: JSON = .object([])
    ) throws {
        let salt = Random.bytes(16)
        try runLater(
            """
            WITH entry AS (
                INSERT INTO journal_entries (organisation_id, recorded_at, actor_id, actor_name,
                    action, severity, subject_kind, subject_id, subject_label, address, user_agent,
                    commitment_form, commitment)
                VALUES (\(organisation), \(now), \(scope.user?.id), \(scope.actorName),
                    \(action.name), \(action.severity), \(kind), \(id), \(label), \(scope.address),
                    \(scope.userAgent), 2, journal_commitment(\(salt), \(details)))
                RETURNING organisation_id, id)
            INSERT INTO journal_details (organisation_id, entry_id, salt, details)
            SELECT organisation_id, id, \(salt), \(details) FROM entry
            """)
    }
}

/// What an entry of an earlier version keeps of its details.
enum JournalCommitment {
    static func bytes(salt: [UInt8], details: JSON) -> [UInt8] {
        Digest.sha256(salt + details.canonical.bytes)
    }
}

/// A thing that can be done, by its name in the journal and what people read of it. Each capability
/// lists its own as static members.
public struct Action: Sendable, Hashable {
    /// Subject and past participle: `invoice.issued`.
    public let name: String
    /// A sentence whose subject is the person: "a émis la facture".
    public let sentence: Text
    /// Its icon in timelines.
    public let icon: String
    public let severity: Severity

    public init(
        _ name: String, _ sentence: Text, icon: String = "pencil", severity: Severity = .low
    ) {
        self.name = name
        self.sentence = sentence
        self.icon = icon
        self.severity = severity
    }
}

public struct JournalEntry: Record, Sendable {
    public var id: Int
    public var recordedAt: Instant
    /// Nil of what commands, jobs and programs of the organisation did.
    public var actorID: User.ID?
    public var actorName: String
    public var action: String
    public var severity: Severity
    /// Empty of what commands and jobs did.
    public var address: String
    var userAgent: UserAgent
    public var subjectKind: SubjectKind
    public var subjectID: UniqueID?
    public var subjectLabel: String
    public var details: JSON?

    public init(row: Row) throws {
        id = try row["id"]
        recordedAt = try row["recorded_at"]
        actorID = try row["actor_id"]
        actorName = try row["actor_name"]
        action = try row["action"]
        severity = try row["severity"]
        address = try row["address"]
        userAgent = UserAgent(try row["user_agent"])
        subjectKind = try row["subject_kind"]
        subjectID = try row["subject_id"]
        subjectLabel = try row["subject_label"]
        details = try row["details"]
    }

    public var path: String? { subjectID.flatMap(subjectKind.address) }

    /// Entries `e` with their details `d`, which may have been erased.
    static let selection: SQL = """
        SELECT e.id, e.recorded_at, e.actor_id, e.actor_name, e.action, e.severity, e.address,
            e.user_agent, e.subject_kind, e.subject_id, e.subject_label, d.details
        FROM journal_entries e
        LEFT JOIN journal_details d
            ON d.organisation_id = e.organisation_id AND d.entry_id = e.id
        """
}

extension Transaction {
    /// What happened to one record, newest first.
    public func journal(of kind: SubjectKind, _ id: UniqueID, most: Int = 50) throws
        -> [JournalEntry]
    {
        try all(
            """
            \(JournalEntry.selection)
            WHERE e.organisation_id = \(organisation) AND e.subject_kind = \(kind)
                AND e.subject_id = \(id)
            ORDER BY e.id DESC LIMIT \(most)
            """)
    }

    /// What happened last in the whole organisation, before an entry when one is given.
    public func journal(before id: Int? = nil, most: Int) throws -> [JournalEntry] {
        try all(
            """
            \(JournalEntry.selection)
            WHERE e.organisation_id = \(organisation) AND e.id < \(id ?? Int.max)
            ORDER BY e.id DESC LIMIT \(most)
            """)
    }
}
