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
        if isForAnother, !(try ordersInvoiced(by: before)).isEmpty { throw Problem.clientOfOrder }
        let client = try checkParty(draft.head, isNew: isForAnother)
        let terms = draft.terms ?? PaymentTerms(of: client, in: scope.organisation)
        let totals = try saveLines(
            of: .invoice, id.value, try linesKeepingOrder(draft.lines, of: id),
            in: before.currency)
        try run(
            """
            UPDATE invoices SET client_id = \(draft.client), contact_id = \(draft.contact),
                subject = \(draft.subject), reference = \(draft.reference),
                service_on = \(draft.serviceOn), message = \(draft.message),
                notes = \(draft.notes), payment_days = \(terms.days),
                payment_end_of_month = \(terms.endOfMonth),
                language = \(draft.language ?? client.language), total_net = \(totals.net), total_vat = \(totals.vat),
                total_gross = \(totals.gross), version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(
            .invoiceDraftUpdated, .invoice, id.value, label: client.name,
            details: ["total": JSON(totals.gross)])
        return try invoice(id)
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
        var draft = InvoiceDraft(original, lines: try lines(of: .invoice, id.value))
        for index in draft.lines.indices {
            draft.lines[index].orderLineID = nil
        }
        draft.serviceOn = nil
        draft.notes = ""
        let client = try checkParty(draft.head, isNew: true)
        return try insertDraft(draft, for: client, order: nil, currency: original.currency)
    }
}

extension Problem {
    static let clientOfOrder = Problem.invalid(
        "client",
        Text(
            "Cette facture vient d’une commande : son client ne change pas.",
            "This invoice comes from an order: its client cannot change."))
    static let openingBalanceHasNoLines = Problem.conflict(
        Text(
            "Un solde de départ n’a pas de lignes.", "An opening balance has no lines."))
}
