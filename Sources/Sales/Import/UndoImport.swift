import Basics
import Core
import Database

extension Transaction {
    /// Lets a job take back what an import made and changed.
    func startUndoing(_ id: Import.ID) throws {
        let found = try lockedImport(id, in: [.finished])
        guard found.canBeUndone else { throw Problem.otherState }
        try run(
            """
            UPDATE imports SET state = 'undoing', fault = NULL, undone_by_name = \(scope.actorName)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try enqueue(Imports.undoing, on: id.value)
    }

    /// Removes what the import created and nobody used, and gives back to what it changed the values from
    /// before. What was used or changed since stays, and is noted with the reason.
    func undoImport(_ found: Import) throws {
        for kind in ImportedRecord.Kind.allCases {
            try keepChangedSince(found.id, kind)
            try run("SELECT remove_imported(\(organisation), \(found.id), \(kind))")
        }
        try restoreClients(found.id)
        try restoreItems(found.id)
        try run(
            """
            UPDATE imports SET state = 'undone', undone_at = \(now),
                removed_records = f.removed, restored_records = f.restored, kept_records = f.kept
            FROM (
                SELECT count(*) FILTER (WHERE outcome = 'removed') AS removed,
                    count(*) FILTER (WHERE outcome = 'restored') AS restored,
                    count(*) FILTER (WHERE outcome = 'kept') AS kept
                FROM import_records
                WHERE organisation_id = \(organisation) AND import_id = \(found.id)
            ) f
            WHERE organisation_id = \(organisation) AND id = \(found.id)
            """)
        let undone = try importRecord(found.id)
        try record(
            .importUndone, .importedFile, found.id.value, label: found.fileName,
            details: [
                "removed": .int(undone.removedRecords), "restored": .int(undone.restoredRecords),
                "kept": .int(undone.keptRecords),
            ])
    }

    private static let changed = "changed"

    /// A created record that somebody edited holds work that is theirs.
    private func keepChangedSince(_ id: Import.ID, _ kind: ImportedRecord.Kind) throws {
        let source: SQL
        switch kind {
        case .client: source = "clients t WHERE t.version <> r.version_after"
        case .item: source = "items t WHERE t.version <> r.version_after"
        case .contact:
            source = """
                contacts t WHERE r.before <> jsonb_build_object('name', t.name, 'position',
                    t.position, 'email', t.email, 'phone', t.phone)
                """
        // It cannot be changed, only paid: then allocations hang on it.
        case .invoice: return
        }
        try run(
            """
            UPDATE import_records r SET outcome = 'kept', kept_reason = \(Transaction.changed)
            FROM \(source) AND t.organisation_id = \(organisation) AND t.id = r.record_id
                AND r.organisation_id = \(organisation) AND r.import_id = \(id)
                AND r.record_kind = \(kind) AND r.action = 'created' AND r.outcome = ''
            """)
    }

    private func restoreClients(_ id: Import.ID) throws {
        try run(
            """
            UPDATE import_records r SET kept_reason = CASE WHEN c.version = r.version_after
                    THEN '' ELSE \(Transaction.changed) END,
                outcome = CASE WHEN c.version = r.version_after THEN 'restored' ELSE 'kept' END
            FROM clients c
            WHERE c.organisation_id = \(organisation) AND c.id = r.record_id
                AND r.organisation_id = \(organisation) AND r.import_id = \(id)
                AND r.record_kind = 'client' AND r.action = 'changed'
            """)
        try run(
            """
            UPDATE clients c SET external_reference = x.external_reference, name = x.name,
                kind = x.kind, stage = x.stage, email = x.email, phone = x.phone,
                website = x.website, sector = x.sector, siren = x.siren, siret = x.siret,
                vat_number = x.vat_number, street = x.street, street_more = x.street_more,
                postal_code = x.postal_code, city = x.city, country = x.country, tags = x.tags,
                notes = coalesce(x.notes, c.notes), payment_days = x.payment_days,
                payment_end_of_month = x.payment_end_of_month, language = x.language,
                version = c.version + 1, updated_at = \(now)
            FROM import_records r
            CROSS JOIN LATERAL jsonb_to_record(r.before) AS x(\(Imports.clientColumns))
            WHERE c.organisation_id = \(organisation) AND c.id = r.record_id
                AND r.organisation_id = \(organisation) AND r.import_id = \(id)
                AND r.record_kind = 'client' AND r.outcome = 'restored'
            """)
    }

    private func restoreItems(_ id: Import.ID) throws {
        try run(
            """
            UPDATE import_records r SET kept_reason = CASE WHEN t.version = r.version_after
                    THEN '' ELSE \(Transaction.changed) END,
                outcome = CASE WHEN t.version = r.version_after THEN 'restored' ELSE 'kept' END
            FROM items t
            WHERE t.organisation_id = \(organisation) AND t.id = r.record_id
                AND r.organisation_id = \(organisation) AND r.import_id = \(id)
                AND r.record_kind = 'item' AND r.action = 'changed'
            """)
        try run(
            """
            UPDATE items t SET label = x.label, kind = x.kind, description = x.description,
                category = x.category, unit = x.unit, unit_price = x.unit_price,
                vat_category = x.vat_category, vat_rate = x.vat_rate,
                duration_minutes = x.duration_minutes, keeps_stock = x.keeps_stock,
                stock_quantity = x.stock_quantity, is_active = x.is_active,
                version = t.version + 1, updated_at = \(now)
            FROM import_records r
            CROSS JOIN LATERAL jsonb_to_record(r.before)
                AS x(\(Imports.itemColumns), keeps_stock boolean)
            WHERE t.organisation_id = \(organisation) AND t.id = r.record_id
                AND r.organisation_id = \(organisation) AND r.import_id = \(id)
                AND r.record_kind = 'item' AND r.outcome = 'restored'
            """)
    }
}

extension ImportedRecord {
    /// Why it was kept when its import was undone, by what hangs on it.
    var keptText: Text {
        switch keptReason {
        case "": Text("", "")
        case "changed": Text("modifié depuis l’import", "changed since the import")
        case "quotes": Text("un devis est à son nom", "a quote is made out to it")
        case "orders": Text("une commande est à son nom", "an order is made out to it")
        case "invoices": Text("une facture est à son nom", "an invoice is made out to it")
        case "payments": Text("un paiement est à son nom", "a payment is in its name")
        case "contacts": Text("un contact lui a été ajouté", "it was given a contact")
        case "addresses": Text("une adresse lui a été ajoutée", "it was given an address")
        case "mails": Text("un courriel lui a été écrit", "a mail was written to it")
        case "allocations": Text("un paiement y est affecté", "a payment is allocated to it")
        case "quote_lines", "order_lines", "invoice_lines":
            Text("un document le contient", "a document holds it")
        default: Text("utilisé depuis l’import", "used since the import")
        }
    }
}
