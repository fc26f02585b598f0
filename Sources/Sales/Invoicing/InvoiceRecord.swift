import Basics
import Core
import Database

/// An invoice with what its page shows.
struct InvoiceRecord: Sendable {
    var invoice: Invoice
    var printed: PrintedDocument
    var settlements: [InvoiceSettlement]
    var linked: [RelatedDocument]
    var activity: [JournalEntry]
    /// What is known of the client's link.
    var shared: SharedDocument?
    /// Of an issued invoice under the French reform.
    var lifeCycle: SentLifeCycle?
    var statuses: [LifeCycleEntry] = []
}

/// What was paid of an invoice by one payment, or what a credit note was used for.
struct InvoiceSettlement: Record, Sendable {
    var path: String
    var number: String
    /// Of a payment; nil for an invoice that a credit note settled.
    var method: String?
    var day: Day
    var reference: String
    var amount: Amount

    init(row: Row) throws {
        let kind: String = try row["kind"]
        let id: UniqueID = try row["id"]
        path = "/\(kind)/\(id)"
        number = try row["number"]
        method = try row["method"]
        day = try row["day"]
        reference = try row["reference"]
        amount = try row["amount"]
    }
}

/// A document that belongs with an invoice.
struct RelatedDocument: Record, Sendable {
    enum Kind: String, Sendable, SQLBindable, SQLDecodable {
        case quote, order, invoice, deposit
        case creditNote = "credit_note"
        case corrective, reversal
    }

    var kind: Kind
    var id: UniqueID
    /// Nil for a draft.
    var number: String?
    var day: Day
    var amount: Amount

    init(row: Row) throws {
        kind = try row["kind"]
        id = try row["id"]
        number = try row["number"]
        day = try row["day"]
        amount = try row["amount"]
    }

    var path: String {
        switch kind {
        case .quote: "/quotes/\(id)"
        case .order: "/orders/\(id)"
        case .invoice, .deposit, .creditNote, .corrective, .reversal: "/invoices/\(id)"
        }
    }
}

extension Transaction {
    func invoiceRecord(_ id: Invoice.ID) throws -> InvoiceRecord {
        let invoice = try invoice(id)
        return InvoiceRecord(
            invoice: invoice, printed: PrintedDocument(try invoicePrint(invoice)),
            settlements: try settlements(of: invoice),
            linked: try linkedDocuments(of: invoice),
            activity: try journal(of: .invoice, id.value),
            shared: try sharedDocument(SharedSubject(kind: .invoice, id: id.value)),
            lifeCycle: invoice.isLive ? try sentLifeCycle(id) : nil,
            statuses: invoice.isLive ? try lifeCycle(ofSent: id) : [])
    }

    /// What settled an invoice, or what a credit note was used for.
    func settlements(of invoice: Invoice) throws -> [InvoiceSettlement] {
        try invoice.kind == .creditNote
            ? uses(ofCreditNote: invoice.id) : payments(of: invoice.id)
    }

    /// Payments with what each has settled; those that were undone are left out.
    private func payments(of invoice: Invoice.ID) throws -> [InvoiceSettlement] {
        try all(
            """
            SELECT 'payments' AS kind, p.id, p.number, p.method, p.paid_on AS day, p.reference,
                sum(a.amount)::bigint AS amount
            FROM allocations a
            JOIN payments p ON p.organisation_id = \(organisation) AND p.id = a.payment_id
            WHERE a.organisation_id = \(organisation) AND a.invoice_id = \(invoice)
            GROUP BY p.organisation_id, p.id HAVING sum(a.amount) <> 0
            ORDER BY p.paid_on, p.id
            """)
    }

    /// Invoices that a credit note settled, and refunds of it.
    private func uses(ofCreditNote id: Invoice.ID) throws -> [InvoiceSettlement] {
        try all(
            """
            SELECT 'invoices' AS kind, i.id, i.number, NULL::text AS method, i.issued_on AS day,
                '' AS reference, sum(a.amount)::bigint AS amount
            FROM allocations a
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = a.invoice_id
            WHERE a.organisation_id = \(organisation) AND a.credit_note_id = \(id)
            GROUP BY i.organisation_id, i.id HAVING sum(a.amount) <> 0
            UNION ALL
            SELECT 'payments' AS kind, p.id, p.number, p.method, p.paid_on AS day, p.reference,
                sum(a.amount)::bigint AS amount
            FROM allocations a
            JOIN payments p ON p.organisation_id = \(organisation) AND p.id = a.refund_id
            WHERE a.organisation_id = \(organisation) AND a.credit_note_id = \(id)
            GROUP BY p.organisation_id, p.id HAVING sum(a.amount) <> 0
            ORDER BY day, id
            """)
    }

    /// The quote and the order that it comes from, what else was invoiced of that order, and what
    /// corrects it or is corrected by it.
    /// Each way from one to the other has an index; an OR over all of them would read every invoice.
    private func linkedDocuments(of invoice: Invoice) throws -> [RelatedDocument] {
        let orders = try ordersInvoiced(by: invoice)
        return try all(
            """
            SELECT 'quote' AS kind, q.id, q.number, q.quoted_on AS day, q.total_gross AS amount
            FROM orders o
            JOIN quotes q ON q.organisation_id = \(organisation) AND q.id = o.quote_id
            WHERE o.organisation_id = \(organisation) AND o.id = ANY (\(orders))
            UNION ALL
            SELECT 'order', o.id, o.number, o.ordered_on, o.total_gross FROM orders o
            WHERE o.organisation_id = \(organisation) AND o.id = ANY (\(orders))
            UNION ALL
            SELECT CASE WHEN i.series = 'reversal' THEN 'reversal'
                    WHEN i.replaced_invoice_id IS NOT NULL THEN 'corrective' ELSE i.kind END,
                i.id, i.number, coalesce(i.issued_on, i.created_at::date), i.total_gross
            FROM invoices i
            WHERE i.organisation_id = \(organisation) AND i.id <> \(invoice.id) AND i.id IN (
                SELECT id FROM invoices
                WHERE organisation_id = \(organisation) AND order_id = \(invoice.orderID)
                UNION SELECT id FROM invoices
                WHERE organisation_id = \(organisation) AND id = \(invoice.correctedInvoiceID)
                UNION SELECT id FROM invoices
                WHERE organisation_id = \(organisation)
                    AND corrected_invoice_id = \(invoice.id)
                UNION SELECT id FROM invoices
                WHERE organisation_id = \(organisation) AND id = \(invoice.replacedInvoiceID)
                UNION SELECT id FROM invoices
                WHERE organisation_id = \(organisation)
                    AND replaced_invoice_id = \(invoice.id)
                UNION SELECT deposit_invoice_id FROM invoice_lines
                WHERE organisation_id = \(organisation) AND invoice_id = \(invoice.id))
            ORDER BY day, number
            """)
    }
}
