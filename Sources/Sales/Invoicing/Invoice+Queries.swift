import Basics
import Core
import Database

extension Transaction {
    public func invoice(_ id: Invoice.ID) throws -> Invoice {
        try one(
            """
            SELECT \(Invoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.id = \(id)
            """)
    }

    /// The invoice, kept from every other change until this transaction ends.
    func lockedInvoice(_ id: Invoice.ID) throws -> Invoice {
        let found: Invoice.ID? = try value(
            """
            SELECT id FROM invoices
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        guard found != nil else { throw Problem.notFound }
        return try invoice(id)
    }

    /// A draft, locked. `version` is the one that the person saw, nil when it does not matter.
    func lockedDraft(_ id: Invoice.ID, version: Int? = nil) throws -> Invoice {
        let invoice = try lockedInvoice(id)
        guard invoice.isDraft else { throw Problem.invoiceIsIssued }
        guard version == nil || version == invoice.version else {
            throw Problem.changedMeanwhile
        }
        return invoice
    }

    public func vatRows(of invoice: Invoice.ID) throws -> [VATRow] {
        let rows: [StoredVATRow] = try all(
            """
            SELECT vat_category, vat_rate, base_amount, vat_amount FROM invoice_vat_rows
            WHERE organisation_id = \(organisation) AND invoice_id = \(invoice)
            ORDER BY vat_rate DESC, vat_category
            """)
        return rows.map(\.row)
    }

    /// The credit notes of an invoice, or what else was drawn from the same order.
    func invoices(correcting id: Invoice.ID) throws -> [Invoice] {
        try all(
            """
            SELECT \(Invoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.corrected_invoice_id = \(id)
            ORDER BY i.issued_on, i.id
            """)
    }
}

extension Invoice {
    /// Of `invoices i`: documents of sale that were issued with the program.
    static let isIssuedHere: SQL = """
        i.status = 'issued' AND i.origin = 'comptoir' AND i.kind <> 'opening_balance'
        """

    /// The columns that `init(row:)` reads, from `invoices i` and `clients c`.
    static let columns: SQL = """
        i.id, i.kind, i.origin, i.status, i.number, i.client_id, c.name AS client_name,
        i.contact_id, i.delivery_address_id, i.order_id,
        i.corrected_invoice_id, i.replaced_invoice_id, i.series = 'reversal' AS is_reversal,
        i.deposit_request_id, i.issued_on, i.due_on, i.service_on, i.subject, i.reference,
        i.message, shown('notes', i.notes) AS notes, i.payment_days, i.payment_end_of_month,
        i.vat_exemption, i.language, i.currency,
        i.total_net, i.total_vat, i.total_gross, i.paid_amount, i.credited_amount, i.open_amount,
        i.seller, i.buyer, i.mentions, i.issued_at, i.sent_at, i.version, i.created_at
        """
}

struct StoredVATRow: Record {
    let row: VATRow

    init(row: Row) throws {
        self.row = VATRow(
            rate: VATRate(try row["vat_category"], try row["vat_rate"]),
            base: try row["base_amount"], vat: try row["vat_amount"])
    }
}

extension Problem {
    static let invoiceIsIssued = Problem.conflict(
        Text(
            "Cette facture est émise : elle ne se modifie plus. Faites un avoir.",
            "This invoice is issued and cannot change. Make a credit note."))
}
