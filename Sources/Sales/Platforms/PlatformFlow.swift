import Basics
import Core
import Database

/// One file that went to the platform, waits to go, or came from it.
public struct PlatformFlow: Record, Sendable {
    public typealias ID = Basics.ID<PlatformFlow>

    public enum Direction: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case outgoing = "out"
        case incoming = "in"
    }

    public enum State: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        /// Going out: not handed over yet, handed over, taken, not taken, not wanted at all.
        case waiting, submitted, accepted, refused, failed
        /// Coming in.
        case received, unreadable, ignored

        /// Whether a person should look at it.
        var isTrouble: Bool { [.refused, .failed, .unreadable].contains(self) }

        static let troubles: [String] = allCases.filter(\.isTrouble).map(\.rawValue)
    }

    public var id: ID
    public var direction: Direction
    var trackingID: UniqueID?
    /// The platform's name of it.
    public var flowID: String
    public var invoiceID: Invoice.ID?
    public var receivedInvoiceID: ReceivedInvoice.ID?
    var entryID: LifeCycleEntry.ID?
    /// Of a status that goes out.
    public var status: LifeCycleStatus?
    /// Of the invoice that it is about.
    public var number: String
    var kind: Invoice.Kind?
    public var state: State
    public var attempts: Int
    public var problem: Text?
    public var createdAt: Instant
    public var changedAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        direction = try row["direction"]
        trackingID = try row["tracking_id"]
        flowID = try row["flow_id"]
        invoiceID = try row["invoice_id"]
        receivedInvoiceID = try row["received_invoice_id"]
        entryID = try row["entry_id"]
        status = try row["status"]
        number = try row["number"]
        kind = try row["kind"]
        state = try row["state"]
        attempts = try row["attempts"]
        let problem: JSON? = try row["problem"]
        self.problem = problem.map { Text($0) }
        createdAt = try row["created_at"]
        changedAt = try row["changed_at"]
    }

    static let columns: SQL = """
        f.id, f.direction, f.tracking_id, coalesce(f.flow_id, '') AS flow_id, f.invoice_id,
        f.received_invoice_id, f.entry_id, e.status, coalesce(i.number, r.number, '') AS number,
        i.kind,
        f.state, f.attempts, f.problem, f.created_at, f.changed_at
        """

    /// Where the invoice is shown.
    var address: String? {
        invoiceID.map { "/invoices/\($0)" } ?? receivedInvoiceID.map { "/received-invoices/\($0)" }
    }

    /// Whether a person may ask for another attempt. Nothing follows an invoice that was rejected.
    var mayBeSentAgain: Bool {
        direction == .outgoing && (state == .failed || state == .refused && entryID != nil)
    }
}

extension Transaction {
    private var platformFlowTables: SQL {
        """
        platform_flows f
        LEFT JOIN life_cycle_entries e ON e.organisation_id = \(organisation) AND e.id = f.entry_id
        LEFT JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = f.invoice_id
        LEFT JOIN received_invoices r
            ON r.organisation_id = \(organisation) AND r.id = f.received_invoice_id
        """
    }

    func platformFlow(_ id: PlatformFlow.ID) throws -> PlatformFlow {
        try one(
            """
            SELECT \(PlatformFlow.columns) FROM \(platformFlowTables)
            WHERE f.organisation_id = \(organisation) AND f.id = \(id)
            """)
    }

    /// One page, the latest change first.
    func platformFlows(after: PagePosition?) throws -> Listing<PlatformFlow> {
        let rows: [PlatformFlow] = try all(
            """
            SELECT \(PlatformFlow.columns) FROM \(platformFlowTables)
            WHERE f.organisation_id = \(organisation)
                AND (\(after?.id)::uuid IS NULL OR (f.changed_at, f.id)
                    < (\(after?.instant)::timestamptz, \(after?.id)::uuid))
            ORDER BY f.changed_at DESC, f.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition($0.changedAt, id: $0.id.value) }
    }

    func platformFlows(in states: [String], most: Int) throws -> [PlatformFlow] {
        try all(
            """
            SELECT \(PlatformFlow.columns) FROM \(platformFlowTables)
            WHERE f.organisation_id = \(organisation) AND f.state = ANY (\(states))
            ORDER BY f.created_at, f.id LIMIT \(most)
            """)
    }

    /// What can be handed over now, the oldest first, behind all others what was tried before: statuses wait until the platform has taken their
    /// invoice.
    func flowsToSubmit(most: Int) throws -> [PlatformFlow] {
        try all(
            """
            SELECT \(PlatformFlow.columns) FROM \(platformFlowTables)
            WHERE f.organisation_id = \(organisation) AND f.state = 'waiting'
                AND (f.entry_id IS NULL OR f.invoice_id IS NULL OR EXISTS (
                    SELECT FROM platform_flows p
                    WHERE p.organisation_id = \(organisation) AND p.invoice_id = f.invoice_id
                        AND p.direction = 'out' AND p.entry_id IS NULL AND p.state = 'accepted'))
            ORDER BY f.attempts, f.created_at, f.id LIMIT \(most)
            """)
    }

    /// Hands over again what the platform did not want, under another name of ours where it knows the
    /// first.
    func resendPlatformFlow(_ id: PlatformFlow.ID) throws {
        let flow = try platformFlow(id)
        guard flow.mayBeSentAgain else {
            throw Problem.conflict(
                Text("Cet envoi ne se refait pas.", "This cannot be sent again."))
        }
        try run(
            """
            UPDATE platform_flows SET state = 'waiting', problem = NULL, flow_id = NULL,
                attempts = CASE WHEN flow_id IS NULL THEN 1 ELSE 0 END,
                tracking_id = CASE WHEN flow_id IS NULL THEN tracking_id ELSE gen_random_uuid() END,
                changed_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(
            .platformFlowSentAgain, .organisation, organisation.value, label: flow.number,
            details: [:])
        try awaitExchange(at: now)
    }

    /// Leaves a job that exchanges with the platform, unless one is due by then.
    func awaitExchange(at moment: Instant) throws {
        let isAwaited: Bool? = try value(
            """
            SELECT EXISTS (SELECT FROM jobs
                WHERE organisation_id = \(organisation) AND kind = \(Platforms.exchange.name)
                    AND finished_at IS NULL AND failed_at IS NULL AND leased_until IS NULL
                    AND run_at <= \(moment))
            """)
        guard isAwaited != true else { return }
        try enqueue(Platforms.exchange, on: organisation.value, at: moment)
    }

    /// Tells the platform soon what waits for it. Where there is none this is one small question.
    func wakePlatform() throws {
        let waits: Bool? = try value("SELECT has_platform(\(organisation))")
        if waits == true { try awaitExchange(at: now) }
    }
}

extension Action {
    static let platformFlowSentAgain = Action(
        "platform.sent_again", Text("a renvoyé à la plateforme", "sent to the platform again"),
        icon: "refresh-cw")
}
