import Basics
import Core
import Database

/// What the French reform makes of an issued invoice, and how far it is with its client.
struct SentLifeCycle: Record, Sendable {
    /// What is transmitted of a sale.
    enum Marking: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        /// Between companies in France: the invoice itself, electronically.
        case domestic = "B2B"
        /// To a company abroad: reported.
        case international = "B2BINT"
        /// To a private person in France: reported.
        case consumer = "B2C"
        /// To a private person abroad: reported.
        case foreignConsumer = "B2CINT"

        var label: Text {
            switch self {
            case .domestic:
                Text("E-facture (entre entreprises, en France)", "E-invoice (B2B, France)")
            case .international:
                Text("E-reporting (entreprise à l’étranger)", "E-reporting (company abroad)")
            case .consumer: Text("E-reporting (particulier)", "E-reporting (private person)")
            case .foreignConsumer:
                Text("E-reporting (particulier à l’étranger)", "E-reporting (person abroad)")
            }
        }
    }

    var marking: Marking
    /// Nil until it was handed over or paid.
    var status: LifeCycleStatus?

    init(row: Row) throws {
        marking = try row["marking"]
        status = try row["status"]
    }
}

extension Transaction {
    /// Marks an invoice at its issue, where its seller is under the French reform. A company in France
    /// without a SIREN cannot be told: it has none.
    func openLifeCycle(of invoice: Invoice.ID, _ organisation: Organisation, _ buyer: Buyer) throws
    {
        guard organisation.address.isFrench, let marking = buyer.treatment else { return }
        try runLater(
            """
            INSERT INTO sent_life_cycles (organisation_id, invoice_id, marking)
            VALUES (\(organisation.id), \(invoice), \(marking))
            """)
    }

    func sentLifeCycle(_ id: Invoice.ID) throws -> SentLifeCycle? {
        try first(
            """
            SELECT marking, status FROM sent_life_cycles
            WHERE organisation_id = \(organisation) AND invoice_id = \(id)
            """)
    }

    func lifeCycle(ofSent id: Invoice.ID) throws -> [LifeCycleEntry] {
        try all(
            """
            SELECT \(LifeCycleEntry.columns) FROM life_cycle_entries
            WHERE organisation_id = \(organisation) AND invoice_id = \(id)
            ORDER BY position DESC LIMIT 200
            """)
    }

    /// Notes what somebody says of an issued invoice; nil when the same message was noted before, or
    /// when the invoice has no life cycle.
    @discardableResult
    func noteStatus(_ said: SaidStatus, ofSent id: Invoice.ID) throws -> LifeCycleEntry? {
        let present: SentLifeCycle? = try first(
            """
            SELECT marking, status FROM sent_life_cycles
            WHERE organisation_id = \(organisation) AND invoice_id = \(id) FOR UPDATE
            """)
        guard let present else { return nil }
        let entry = try note(said, of: .sent(id), after: present.status)
        if entry?.outcome == .current { try setStatus(said.status, ofSent: id) }
        return entry
    }

    /// What the client waited for was sent: a suspended invoice goes on (209).
    @discardableResult
    func completeInvoice(_ id: Invoice.ID) throws -> LifeCycleEntry {
        let invoice = try invoice(id)
        let present = try sentLifeCycle(id)
        guard present?.status == .suspended,
            let entry = try noteStatus(SaidStatus(.completed), ofSent: id)
        else {
            throw Problem.conflict(
                Text(
                    "Seule une facture suspendue par votre client se complète.",
                    "Only an invoice that your client suspended can be completed."))
        }
        try record(.invoiceCompleted, .invoice, id.value, label: invoice.number ?? "")
        try wakePlatform()
        return entry
    }

    private func setStatus(_ status: LifeCycleStatus, ofSent id: Invoice.ID) throws {
        try runLater(
            """
            UPDATE sent_life_cycles SET status = \(status)
            WHERE organisation_id = \(organisation) AND invoice_id = \(id)
            """)
    }

    /// Money that came for invoices, or was given back (negative): status 212 with what it is at each
    /// rate of VAT. Credit that is paid back or settles another invoice takes money of its own invoice
    /// away, at the rates of the credit note: it is told of that invoice, negative.
    ///
    /// Called when the allocations are written already, under the lock of the documents. `day` is that of
    /// the money; today, unless told.
    func noteReceipts(_ receipts: [(document: Invoice.ID, amount: Amount)], on day: Day? = nil)
        throws
    {
        let amounts = Dictionary(receipts.map { ($0.document, $0.amount) }, uniquingKeysWith: +)
        guard !amounts.isEmpty else { return }
        let cashed: [CashedDocument] = try all(
            """
            SELECT d.id, l.invoice_id, l.status, (
                SELECT coalesce(sum(CASE WHEN a.invoice_id = d.id THEN a.amount ELSE -a.amount END), 0)
                FROM allocations a
                LEFT JOIN invoices n ON n.organisation_id = \(organisation)
                    AND n.id = a.credit_note_id
                WHERE a.organisation_id = \(organisation)
                    AND (a.invoice_id = d.id OR a.credit_note_id = d.id)
                    AND (a.payment_id IS NOT NULL OR a.refund_id IS NOT NULL
                        OR n.corrected_invoice_id <> a.invoice_id)
            )::bigint AS received
            FROM invoices d
            JOIN sent_life_cycles l ON l.organisation_id = \(organisation) AND l.invoice_id =
                CASE WHEN d.corrected_invoice_id IS NULL THEN d.id ELSE d.corrected_invoice_id END
            WHERE d.organisation_id = \(organisation) AND d.id = ANY (\(amounts.keys.map(\.value)))
            ORDER BY l.invoice_id, d.id FOR UPDATE OF l
            """)
        guard !cashed.isEmpty else { return }
        let rows = try vatRows(ofInvoices: cashed.map(\.id.value))
        for document in cashed {
            let amount = amounts[document.id] ?? .zero
            let parts = ReceiptByRate.split(
                amount, after: document.received - amount, in: rows[document.id.value] ?? [])
            guard !parts.isEmpty else { continue }
            var said = SaidStatus(.cashed)
            said.amounts = .array(parts.map { $0.json(on: day ?? today) })
            try runLater(insertion(of: said, .sent(document.invoice), after: document.status))
            if LifeCycleStatus.outcome(of: .cashed, after: document.status) == .current {
                try setStatus(.cashed, ofSent: document.invoice)
            }
        }
    }

    /// Credit of the invoice `corrected` that settles others.
    func noteCreditUsed(
        of creditNote: Invoice.ID, correcting corrected: Invoice.ID?,
        on settlements: [PlannedAllocation]
    ) throws {
        try noteReceipts(
            settlements.filter { $0.invoice != corrected }.flatMap {
                [($0.invoice, $0.amount), (creditNote, -$0.amount)]
            })
    }
}

/// An invoice that money came for, or a credit note that was used, with all of it up to now, and the
/// invoice that is told of.
private struct CashedDocument: Record {
    var id: Invoice.ID
    var invoice: Invoice.ID
    var status: LifeCycleStatus?
    var received: Amount

    init(row: Row) throws {
        id = try row["id"]
        invoice = try row["invoice_id"]
        status = try row["status"]
        received = try row["received"]
    }
}

extension Action {
    static let invoiceCompleted = Action(
        "invoice.completed",
        Text("a déclaré complétée la facture", "declared completed the invoice"),
        icon: "check")
}
