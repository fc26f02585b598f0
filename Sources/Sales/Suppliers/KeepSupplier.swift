import Basics
import Core
import Database

extension Transaction {
    public func createSupplier(_ draft: SupplierDraft) throws -> Supplier {
        let id: Supplier.ID = newID()
        let address = draft.address
        let (account, index, notes) = try sealed(draft, of: id)
        try run(
            """
            INSERT INTO suppliers (organisation_id, id, name, siren, vat_number, street, street_more,
                postal_code, city, country, email, iban, iban_index, notes, created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), \(draft.name), \(draft.siren), \(draft.vatNumber),
                \(address.street), \(address.streetMore), \(address.postalCode), \(address.city),
                \(address.country), \(draft.email), \(account), \(index), \(notes), \(now),
                \(scope.user?.id), \(now))
            """)
        try record(.supplierCreated, .supplier, id.value, label: draft.name)
        return try supplier(id)
    }

    /// `version` is the one that the person saw.
    public func updateSupplier(_ id: Supplier.ID, _ draft: SupplierDraft, version: Int?) throws
        -> Supplier
    {
        let before = try supplier(id)
        guard draft.iban.isEmpty || scope.role.allows(.readBankData) else {
            throw Problem.invalid(
                "iban",
                Text(
                    "Votre rôle ne permet pas de changer les coordonnées bancaires.",
                    "Your role does not allow changing bank details."))
        }
        let address = draft.address
        let (account, index, notes) = try sealed(draft, of: id)
        let changed = try run(
            """
            UPDATE suppliers SET name = \(draft.name), siren = \(draft.siren),
                vat_number = \(draft.vatNumber), street = \(address.street),
                street_more = \(address.streetMore), postal_code = \(address.postalCode),
                city = \(address.city), country = \(address.country), email = \(draft.email),
                iban = kept('bank', iban, \(account)),
                iban_index = CASE WHEN is_hidden('bank') THEN iban_index ELSE \(index) END,
                notes = kept('notes', notes, \(notes)), version = version + 1,
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
                AND version = \(version ?? before.version)
            """)
        guard changed == 1 else { throw Problem.changedMeanwhile }
        // Where money goes is the one change that a colleague must be able to see later.
        let accounts: JSON =
            before.iban == draft.iban
            ? .object([])
            : [
                "changes": .array([
                    [
                        "field": "iban", "before": .string(before.maskedIBAN),
                        "after": .string(Supplier.masked(draft.iban)),
                    ]
                ])
            ]
        try record(.supplierUpdated, .supplier, id.value, label: draft.name, details: accounts)
        return try supplier(id)
    }

    /// Account, what tells it from others, and notes as they are stored.
    private func sealed(_ draft: SupplierDraft, of id: Supplier.ID) throws
        -> (account: String, index: [UInt8]?, notes: String)
    {
        (
            try sealed(draft.iban, in: .supplierAccount, of: id.value),
            try indexes(of: draft.iban, in: .supplierAccount).first,
            try sealed(draft.notes, in: .supplierNotes, of: id.value)
        )
    }
}

extension Action {
    static let supplierCreated = Action(
        "supplier.created", Text("a ajouté le fournisseur", "added the supplier"), icon: "truck")
    static let supplierUpdated = Action(
        "supplier.updated", Text("a modifié le fournisseur", "changed the supplier"))
}
