import Basics
import Core
import Database

/// One status of an e-invoice as it was said: by whom, when, why, and what came of it.
public struct LifeCycleEntry: Record, Sendable {
    public typealias ID = Basics.ID<LifeCycleEntry>

    public var id: ID
    public var status: LifeCycleStatus
    public var outcome: LifeCycleStatus.Outcome
    public var occurredAt: Instant
    public var actor: String
    public var reasonCode: String
    public var reason: String
    public var amounts: JSON?

    public init(row: Row) throws {
        id = try row["id"]
        status = try row["status"]
        outcome = try row["outcome"]
        occurredAt = try row["occurred_at"]
        actor = try row["actor"]
        reasonCode = try row["reason_code"]
        reason = try row["reason"]
        amounts = try row["amounts"]
    }

    static let columns: SQL = """
        id, status, outcome, occurred_at, actor, reason_code, reason, amounts
        """

    /// The motive in words, with what was written beside it.
    func motive(in say: Language) -> String {
        let label = reasonCode.isEmpty ? "" : say(LifeCycleReason.label(of: reasonCode))
        return [label, reason].filter { !$0.isEmpty }.joined(separator: say(" : ", ": "))
    }
}

/// A status that somebody says of an invoice.
struct SaidStatus: Sendable {
    var status: LifeCycleStatus
    var reasonCode = ""
    var reason = ""
    var amounts: JSON?
    /// Nil: now.
    var occurredAt: Instant?
    /// Nil: whoever acts.
    var actor: String?
    /// The platform's name of the message.
    var message: String?

    init(_ status: LifeCycleStatus, reasonCode: String = "", reason: String = "") {
        self.status = status
        self.reasonCode = reasonCode
        self.reason = reason
    }
}

/// An invoice that statuses are said of.
enum LifeCycleSubject: Sendable, Hashable {
    case sent(Invoice.ID)
    case received(ReceivedInvoice.ID)

    var invoice: Invoice.ID? { if case .sent(let id) = self { id } else { nil } }
    var receivedInvoice: ReceivedInvoice.ID? {
        if case .received(let id) = self { id } else { nil }
    }
}

extension Transaction {
    /// Notes a status and makes it the present one if it follows from what is known. `present` is read
    /// under the lock of the row that holds it. The same message twice is noted once: nil.
    func note(_ said: SaidStatus, of subject: LifeCycleSubject, after present: LifeCycleStatus?)
        throws -> LifeCycleEntry?
    {
        try first(
            "\(insertion(of: said, subject, after: present)) RETURNING \(LifeCycleEntry.columns)")
    }

    func insertion(
        of said: SaidStatus, _ subject: LifeCycleSubject, after present: LifeCycleStatus?
    ) -> SQL {
        let id: LifeCycleEntry.ID = newID()
        let outcome = LifeCycleStatus.outcome(of: said.status, after: present)
        return """
            INSERT INTO life_cycle_entries (organisation_id, id, invoice_id, received_invoice_id,
                status, outcome, occurred_at, recorded_at, actor, reason_code, reason, amounts,
                message)
            VALUES (\(organisation), \(id), \(subject.invoice), \(subject.receivedInvoice),
                \(said.status), \(outcome), \(said.occurredAt ?? now), \(now),
                \(said.actor ?? scope.actorName), \(said.reasonCode), \(said.reason),
                \(said.amounts), \(said.message))
            ON CONFLICT (organisation_id, message) DO NOTHING
            """
    }

    func lifeCycle(ofReceived id: ReceivedInvoice.ID) throws -> [LifeCycleEntry] {
        try all(
            """
            SELECT \(LifeCycleEntry.columns) FROM life_cycle_entries
            WHERE organisation_id = \(organisation) AND received_invoice_id = \(id)
            ORDER BY position DESC LIMIT 200
            """)
    }
}
