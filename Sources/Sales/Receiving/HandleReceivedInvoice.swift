import Basics
import Core
import Database

extension Transaction {
    /// Says what becomes of an invoice: approved, refused with a motive, and so on. Strict: what does
    /// not follow from its present status is refused.
    @discardableResult
    func handleReceivedInvoice(_ id: ReceivedInvoice.ID, _ said: SaidStatus) throws
        -> ReceivedInvoice
    {
        let before = try lockedReceivedInvoice(id)
        guard before.status.successors.contains(said.status), before.status != said.status else {
            throw Problem.conflict(
                Text(
                    "La facture est « \(Language.french(before.status.label)) » : elle ne peut pas "
                        + "devenir « \(Language.french(said.status.label)) ».",
                    "The invoice is “\(Language.english(before.status.label))”: it cannot become "
                        + "“\(Language.english(said.status.label))”."))
        }
        try setStatus(said.status, of: before)
        let entry = try note(said, of: .received(id), after: before.status)
        try wakePlatform()
        try record(
            .receivedInvoiceStatus, .receivedInvoice, id.value, label: before.journalLabel,
            details: [
                "note": .string(
                    [said.status.label.french, entry?.motive(in: .french) ?? ""]
                        .filter { !$0.isEmpty }.joined(separator: " — "))
            ])
        return try receivedInvoice(id)
    }

    func setStatus(_ status: LifeCycleStatus, of invoice: ReceivedInvoice) throws {
        try run(
            """
            UPDATE received_invoices SET status = \(status), version = version + 1,
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(invoice.id)
            """)
    }

    /// Says from which supplier it is.
    @discardableResult
    func linkReceivedInvoice(_ id: ReceivedInvoice.ID, to supplier: Supplier.ID) throws
        -> ReceivedInvoice
    {
        let before = try lockedReceivedInvoice(id)
        guard let supplier = try suppliers(withIDs: [supplier.value]).first else {
            throw Problem.invalid(
                "supplier", Text("Fournisseur inconnu.", "Unknown supplier."))
        }
        guard before.supplierID != supplier.id else { return before }
        try run(
            """
            UPDATE received_invoices SET supplier_id = \(supplier.id), version = version + 1,
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        let after = try receivedInvoice(id)
        try record(
            .receivedInvoiceLinked, .receivedInvoice, id.value, label: after.journalLabel)
        return after
    }

    /// Makes the seller of an invoice a supplier, or finds the one that it is, and links it.
    func createSupplier(from id: ReceivedInvoice.ID) throws -> ReceivedInvoice {
        let invoice = try lockedReceivedInvoice(id)
        guard invoice.supplierID == nil else { throw Problem.otherSupplier }
        let stated = try statedInvoice(invoice)
        let known = try supplier(
            siren: invoice.sellerSIREN, vatNumber: invoice.sellerVATNumber)
        let supplier = try known ?? createSupplier(SupplierDraft(seller: stated, invoice))
        return try linkReceivedInvoice(id, to: supplier.id)
    }

    func lockedReceivedInvoice(_ id: ReceivedInvoice.ID) throws -> ReceivedInvoice {
        try run(
            """
            SELECT id FROM received_invoices
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        return try receivedInvoice(id)
    }
}

extension Problem {
    static let otherSupplier = Problem.conflict(
        Text(
            "Cette facture est déjà rattachée à un fournisseur.",
            "This invoice is already linked to a supplier."))
}
