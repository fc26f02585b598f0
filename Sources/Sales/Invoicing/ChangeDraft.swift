import Basics
import Core
import Database

extension Transaction {
    /// Changes a draft. `version` is the one that the person saw: when somebody else changed it
    /// since, nothing is overwritten.
    public func updateInvoice(_ id: Invoice.ID, _ draft: InvoiceDraft, version: Int?) throws
        -> Invoice
    {
        let before = try lockedDraft(id, version: version)
        let isForAnother = draft.client != before.clientID
        if isForAnother, before.replacedInvoiceID != nil { throw Problem.replacementKeepsClient }
        if isForAnother, !(try ordersInvoiced(by: before)).isEmpty { throw Problem.clientOfOrder }
        let client = try checkParty(draft.head, isNew: isForAnother)
        try check(draft.delivery, of: client.id)
        let terms = draft.terms ?? PaymentTerms(of: client, in: scope.organisation)
        let totals = try saveDraftLines(
            draft.lines, of: before, say: draft.language ?? client.language)
        try run(
            """
            UPDATE invoices SET client_id = \(draft.client), contact_id = \(draft.contact),
                subject = \(draft.subject), reference = \(draft.reference),
                service_on = \(draft.serviceOn), message = \(draft.message),
                notes = kept('notes', notes, \(draft.notes)), payment_days = \(terms.days),
                payment_end_of_month = \(terms.endOfMonth),
                vat_exemption = \(draft.exemption),
                delivery_address_id = \(draft.delivery),
                language = \(draft.language ?? client.language), total_net = \(totals.net),
                total_vat = \(totals.vat), total_gross = \(totals.gross), version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(
            .invoiceDraftUpdated, .invoice, id.value, label: client.name,
            details: ["total": JSON(totals.gross)])
        return try invoice(id)
    }

    /// The lines that were typed, and behind them what takes deposits off: made anew, because what can
    /// be deducted depends on the lines.
    func saveDraftLines(_ lines: [DocumentLine], of draft: Invoice, say: Language) throws
        -> DocumentTotals
    {
        let kept = try linesKeepingOrder(lines.filter { $0.deduction == nil }, of: draft.id)
        let orders = try ordersInvoiced(by: draft)
        try releaseDeductions(of: draft.id)
        let deductions = try deductions(of: orders, from: kept, in: draft.currency, say: say)
        return try saveLines(of: .invoice, draft.id.value, kept + deductions, in: draft.currency)
    }

    /// Which line of the order a line invoices is not for a form to say: it stays what it was.
    private func linesKeepingOrder(_ lines: [DocumentLine], of invoice: Invoice.ID) throws
        -> [DocumentLine]
    {
        let stored = try self.lines(of: .invoice, invoice.value)
        let orderLines = Dictionary(
            uniqueKeysWithValues: stored.map { ($0.id, $0.orderLineID) })
        return lines.map { line in
            var line = line
            line.orderLineID = orderLines[line.id] ?? nil
            return line
        }
    }

    /// Removes a draft; what it took of an order can be invoiced again.
    public func deleteInvoiceDraft(_ id: Invoice.ID) throws {
        let draft = try lockedDraft(id)
        try run(
            """
            DELETE FROM invoice_lines
            WHERE organisation_id = \(organisation) AND invoice_id = \(id)
            """)
        try run("DELETE FROM invoices WHERE organisation_id = \(organisation) AND id = \(id)")
        try record(
            .invoiceDraftDeleted, .invoice, id.value, label: draft.clientName,
            details: ["total": JSON(draft.totalGross)])
    }

    /// A new draft with the same lines, for the same client. It stands alone: what the other took of
    /// an order is not taken twice.
    public func duplicateInvoice(_ id: Invoice.ID) throws -> Invoice {
        let original = try invoice(id)
        guard original.kind != .openingBalance else { throw Problem.openingBalanceHasNoLines }
        guard original.kind != .deposit else { throw Problem.depositIsNotCopied }
        let lines = try lines(of: .invoice, id.value).filter { $0.deduction == nil }
        var draft = InvoiceDraft(original, lines: lines)
        for index in draft.lines.indices {
            draft.lines[index].orderLineID = nil
        }
        draft.serviceOn = nil
        draft.notes = ""
        let client = try checkParty(draft.head, isNew: true)
        return try insertDraft(draft, for: client, currency: original.currency)
    }
}

extension Problem {
    static let clientOfOrder = Problem.invalid(
        "client",
        Text(
            "Cette facture vient d’une commande : son client ne change pas.",
            "This invoice comes from an order: its client cannot change."))
    static let depositIsNotCopied = Problem.conflict(
        Text(
            "Un acompte tient à sa commande : demandez-en un autre depuis la commande.",
            "A deposit belongs to its order: ask for another one from the order."))
    static let openingBalanceHasNoLines = Problem.conflict(
        Text(
            "Un solde de départ n’a pas de lignes.", "An opening balance has no lines."))
}
