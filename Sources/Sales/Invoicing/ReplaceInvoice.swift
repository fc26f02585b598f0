import Basics
import Core
import Database

extension Transaction {
    /// A draft that will replace an issued invoice: the same lines, to be corrected. Nothing changes until
    /// it is issued, as a corrective invoice (384).
    public func draftReplacement(of id: Invoice.ID) throws -> Invoice {
        let original = try lockedForReplacement(id)
        if let known = try replacement(of: id) { throw Problem.isReplaced(by: known) }
        var draft = InvoiceDraft(original, lines: try lines(of: .invoice, id.value))
        for index in draft.lines.indices { draft.lines[index].orderLineID = nil }
        draft.serviceOn = original.serviceOn
        let client = try checkParty(draft.head, isNew: false)
        let made = try insertDraft(draft, for: client, currency: original.currency)
        try run(
            """
            UPDATE invoices SET replaced_invoice_id = \(id)
            WHERE organisation_id = \(organisation) AND id = \(made.id)
            """)
        return try invoice(made.id)
    }

    /// What was invoiced, credited in part or tied to deposits is not replaced as a whole.
    func lockedForReplacement(_ id: Invoice.ID) throws -> Invoice {
        let original = try lockedInvoice(id)
        guard original.isLive, original.kind == .invoice else {
            throw Problem.onlyInvoicesAreReplaced
        }
        let isTied: Bool? = try value(
            """
            SELECT EXISTS (SELECT FROM invoices
                    WHERE organisation_id = \(organisation) AND corrected_invoice_id = \(id)
                        AND status = 'issued')
                OR EXISTS (SELECT FROM invoice_lines
                    WHERE organisation_id = \(organisation) AND invoice_id = \(id)
                        AND deposit_invoice_id IS NOT NULL)
            """)
        guard isTied != true else { throw Problem.isCreditedOrDeducts }
        return original
    }

    /// The invoice that a corrective one replaces; nil of any other.
    func replaced(by invoice: Invoice) throws -> Invoice? {
        try invoice.replacedInvoiceID.map { try self.invoice($0) }
    }

    private func replacement(of id: Invoice.ID) throws -> Invoice? {
        let found: Invoice.ID? = try value(
            """
            SELECT id FROM invoices
            WHERE organisation_id = \(organisation) AND replaced_invoice_id = \(id)
            """)
        return try found.map { try invoice($0) }
    }

    /// Takes back all of the invoice that is replaced; what was paid of it is there to settle the other.
    func reverse(_ original: Invoice, on day: Day) throws -> Invoice {
        let (reversal, _) = try takeBack(original, CreditNoteDraft(), on: day, as: .reversal)
        try record(
            .invoiceReversed, .invoice, reversal.id.value, label: reversal.journalLabel,
            details: ["number": JSON(reversal.number), "invoice": JSON(original.number)])
        try record(
            .invoiceReplaced, .invoice, original.id.value, label: original.journalLabel,
            details: ["total": JSON(original.totalGross)])
        return try invoice(reversal.id)
    }

    func use(_ reversal: Invoice, on replacement: Invoice) throws {
        let amount = min(reversal.openAmount, replacement.openAmount)
        guard amount > .zero else { return }
        try settle(replacement.id, with: reversal.id, amount)
        try noteCreditUsed(
            of: reversal.id, correcting: reversal.correctedInvoiceID,
            on: [PlannedAllocation(replacement.id, amount)])
    }
}

extension Problem {
    static let onlyInvoicesAreReplaced = Problem.conflict(
        Text(
            "Seule une facture émise ici se rectifie ; un acompte ou un avoir se corrige par un avoir.",
            "Only an invoice issued here is replaced; deposits are corrected by a credit note."))
    static let isCreditedOrDeducts = Problem.conflict(
        Text(
            "Cette facture a un avoir ou déduit des acomptes : corrigez-la par un avoir et une nouvelle "
                + "facture.",
            "This invoice has a credit note or deducts deposits: correct it by a credit note and a new "
                + "invoice."))
    static let replacementKeepsClient = Problem.invalid(
        "client",
        Text(
            "Une facture rectificative garde le client de celle qu’elle remplace.",
            "A corrective invoice keeps the client of the one that it replaces."))

    static func isReplaced(by invoice: Invoice) -> Problem {
        .conflict(
            Text(
                "Une rectificative existe déjà : \(invoice.title(in: .french)).",
                "A corrective invoice exists already: \(invoice.title(in: .english))."))
    }
}

extension Action {
    static let invoiceReversed = Action(
        "invoice.reversed", Text("a annulé par", "reversed by"), icon: "undo-2", severity: .medium)
    static let invoiceReplaced = Action(
        "invoice.replaced", Text("a remplacé la facture", "replaced the invoice"), icon: "undo-2",
        severity: .medium)
}
