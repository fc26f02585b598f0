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
        if entry?.outcome == .current {
            try run(
                """
                UPDATE sent_life_cycles SET status = \(said.status)
                WHERE organisation_id = \(organisation) AND invoice_id = \(id)
                """)
        }
        return entry
    }

    /// Money that came for invoices, or was given back (negative): status 212 with what it is at each
    /// rate of VAT. Called when the allocations are written already.
    func noteReceipts(_ receipts: [(invoice: Invoice.ID, amount: Amount)]) throws {
        for receipt in receipts {
            let received: Int? = try value(
                """
                SELECT sum(a.amount)::bigint FROM allocations a
                JOIN sent_life_cycles l
                    ON l.organisation_id = \(organisation) AND l.invoice_id = a.invoice_id
                WHERE a.organisation_id = \(organisation) AND a.invoice_id = \(receipt.invoice)
                    AND a.payment_id IS NOT NULL
                """)
            guard let received else { continue }
            let parts = ReceiptByRate.split(
                receipt.amount, after: Amount(received) - receipt.amount,
                in: try vatRows(of: receipt.invoice))
            var said = SaidStatus(.cashed)
            said.amounts = .array(parts.map(\.json))
            try noteStatus(said, ofSent: receipt.invoice)
        }
    }
}
