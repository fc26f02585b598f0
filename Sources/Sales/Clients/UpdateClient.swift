import Basics
import Core
import Database

extension Transaction {
    /// Changes a client. `version` is the one that the person saw: when somebody else changed it since,
    /// nothing is overwritten.
    public func updateClient(_ id: Client.ID, _ draft: ClientDraft, version: Int?) throws -> Client
    {
        let before = try client(id)
        try before.refuseErased()
        let notes = try sealed(draft.notes, in: .clientNotes, of: id.value)
        let changed = try run(
            """
            UPDATE clients SET kind = \(draft.kind), stage = \(draft.stage), name = \(draft.name),
                email = \(draft.email), phone = \(draft.phone), website = \(draft.website),
                sector = \(draft.sector), siren = \(draft.siren), siret = \(draft.siret),
                vat_number = \(draft.vatNumber), street = \(draft.address.street),
                street_more = \(draft.address.streetMore),
                postal_code = \(draft.address.postalCode), city = \(draft.address.city),
                country = \(draft.address.country), tags = \(draft.tags),
                notes = kept('notes', notes, \(notes)),
                payment_days = \(draft.paymentDays),
                payment_end_of_month = \(draft.paymentEndOfMonth), language = \(draft.language),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
                AND version = \(version ?? before.version)
            """)
        guard changed == 1 else { throw Problem.changedMeanwhile }
        try record(.clientUpdated, .client, id.value, label: draft.name)
        return try client(id)
    }
}
