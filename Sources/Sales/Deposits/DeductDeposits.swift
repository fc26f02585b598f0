import Basics
import Core
import Database

/// What is left to deduct of one rate of a deposit invoice.
private struct DeductibleRow: Record {
    var invoiceID: Invoice.ID
    var number: String
    var issuedOn: Day
    var rate: VATRate
    var net: Amount
    var vat: Amount

    init(row: Row) throws {
        invoiceID = try row["invoice_id"]
        number = try row["number"]
        issuedOn = try row["issued_on"]
        rate = VATRate(try row["vat_category"], try row["vat_rate"])
        net = try row["net"]
        vat = try row["vat"]
    }
}

extension Transaction {
    /// Lines that take the deposits of these orders off an invoice with such lines: the oldest first, by
    /// rate, never more of a rate than the invoice holds. What does not fit waits for the next one.
    func deductions(
        of orders: [Order.ID], from lines: [DocumentLine], in currency: Currency,
        say: Language
    ) throws -> [DocumentLine] {
        guard !orders.isEmpty, lines.holdsItems else { return [] }
        var left = DocumentTotals(lines, in: currency).vatRows
        return try deductibleRows(of: orders).compactMap { row in
            guard let place = left.firstIndex(where: { $0.rate == row.rate }) else { return nil }
            let net = min(row.net, left[place].base)
            let vat = min(row.vat, left[place].vat)
            guard net > .zero else { return nil }
            left[place].base -= net
            left[place].vat -= vat
            let day = say.longDay(row.issuedOn)
            var line = DocumentLine(
                id: newID(), kind: .item,
                label: say(
                    "Acompte \(row.number) du \(day)", "Deposit \(row.number) of \(day)"))
            line.quantity = Quantity(-1)
            line.unitPrice = UnitPrice(net, in: currency)
            line.vat = row.rate
            line.deduction = DepositDeduction(invoiceID: row.invoiceID, vat: -vat)
            return line
        }
    }

    private func deductibleRows(of orders: [Order.ID]) throws -> [DeductibleRow] {
        try all(
            """
            SELECT r.invoice_id, d.number, d.issued_on, r.vat_category, r.vat_rate,
                r.net_amount - r.deducted_net - r.credited_net AS net,
                r.vat_amount - r.deducted_vat - r.credited_vat AS vat
            FROM invoices d
            JOIN deposit_rows r ON r.organisation_id = \(organisation) AND r.invoice_id = d.id
            WHERE d.organisation_id = \(organisation) AND d.order_id = ANY (\(orders))
                AND d.kind = 'deposit'
                AND r.net_amount > r.deducted_net + r.credited_net
            ORDER BY d.issued_on, d.number, r.vat_rate DESC, r.vat_category FOR UPDATE OF r
            """)
    }

    /// What a draft took off can be taken off elsewhere.
    func releaseDeductions(of draft: Invoice.ID) throws {
        try run(
            """
            DELETE FROM invoice_lines
            WHERE organisation_id = \(organisation) AND invoice_id = \(draft)
                AND deposit_invoice_id IS NOT NULL
            """)
    }

    /// Drafts of the same orders deduct what there is to deduct now that a deposit was issued, taken
    /// back, or given back.
    func refreshDeductions(ofDraftsBeside invoice: Invoice) throws {
        for draft in try drafts(beside: invoice) {
            let lines = try lines(of: .invoice, draft.id.value)
            let totals = try saveDraftLines(lines, of: draft, say: draft.language)
            try run(
                """
                UPDATE invoices SET total_net = \(totals.net), total_vat = \(totals.vat),
                    total_gross = \(totals.gross), version = version + 1, updated_at = \(now)
                WHERE organisation_id = \(organisation) AND id = \(draft.id)
                """)
        }
    }

    /// A deposit about to be taken back is left by the drafts that deduct it.
    func releaseDeductions(ofDraftsBeside invoice: Invoice) throws {
        guard invoice.kind == .deposit else { return }
        for draft in try drafts(beside: invoice) { try releaseDeductions(of: draft.id) }
    }

    private func drafts(beside invoice: Invoice) throws -> [Invoice] {
        let deducts = try lines(of: .invoice, invoice.id.value).contains { $0.deduction != nil }
        guard invoice.kind == .deposit || deducts else { return [] }
        let orders = try ordersInvoiced(by: invoice)
        let drafts = try orders.flatMap { try invoices(ofOrder: $0) }
            .filter { $0.isDraft && $0.kind == .invoice && $0.id != invoice.id }.map(\.id)
        return try Set(drafts.map(\.value)).sorted().map { try lockedDraft(ID($0)) }
    }

    /// The deposit invoices that lines take off, as a document names them.
    func depositReferences(in lines: [DocumentLine]) throws -> [InvoiceReference] {
        let ids = Set(lines.compactMap { $0.deduction?.invoiceID })
        guard !ids.isEmpty else { return [] }
        var references: [InvoiceReference] = []
        try each(
            """
            SELECT number, issued_on FROM invoices
            WHERE organisation_id = \(organisation) AND id = ANY (\(Array(ids)))
            ORDER BY issued_on, number
            """
        ) { row in
            references.append(
                InvoiceReference(number: try row["number"], issuedOn: try row["issued_on"]))
        }
        return references
    }
}
