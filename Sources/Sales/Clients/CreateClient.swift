import Basics
import Core
import Database

extension Transaction {
    /// A new client with the next number of its series.
    public func createClient(_ draft: ClientDraft) throws -> Client {
        let id: Client.ID = newID()
        let number = try nextNumber(.client, on: today)
        let notes = try sealed(draft.notes, in: .clientNotes, of: id.value)
        try run(
            """
            INSERT INTO clients (organisation_id, id, number, kind, stage, name, email, phone, website,
                sector, siren, siret, vat_number, street, street_more, postal_code, city, country,
                tags, notes, payment_days, payment_end_of_month, language, created_at, updated_at)
            VALUES (\(organisation), \(id), \(number), \(draft.kind), \(draft.stage), \(draft.name),
                \(draft.email), \(draft.phone), \(draft.website), \(draft.sector), \(draft.siren),
                \(draft.siret), \(draft.vatNumber), \(draft.address.street),
                \(draft.address.streetMore), \(draft.address.postalCode), \(draft.address.city),
                \(draft.address.country), \(draft.tags), \(notes), \(draft.paymentDays),
                \(draft.paymentEndOfMonth), \(draft.language), \(now), \(now))
            """)
        try record(.clientCreated, .client, id.value, label: draft.name)
        return try client(id)
    }
}

extension Action {
    static let clientCreated = Action(
        "client.created", Text("a créé le client", "created the client"), icon: "user-plus")
    static let clientUpdated = Action(
        "client.updated", Text("a modifié le client", "changed the client"))
    static let clientArchived = Action(
        "client.archived", Text("a archivé le client", "archived the client"), icon: "archive")
    static let clientRestored = Action(
        "client.restored", Text("a rétabli le client", "restored the client"), icon: "undo-2")
    static let contactAdded = Action(
        "contact.added", Text("a ajouté un contact à", "added a contact to"), icon: "user-plus")
    static let contactUpdated = Action(
        "contact.updated", Text("a modifié un contact de", "changed a contact of"))
    static let contactDeleted = Action(
        "contact.deleted", Text("a retiré un contact de", "removed a contact from"),
        icon: "trash-2")
    static let addressAdded = Action(
        "address.added", Text("a ajouté une adresse à", "added an address to"), icon: "map-pin")
    static let addressDeleted = Action(
        "address.deleted", Text("a retiré une adresse de", "removed an address from"),
        icon: "trash-2")
}

extension Clients {
    public static var actions: [Action] {
        [
            .clientCreated, .clientUpdated, .clientArchived, .clientRestored, .contactAdded,
            .contactUpdated, .contactDeleted, .addressAdded, .addressDeleted,
        ]
    }
    public static let sealedTexts = [SealedTextColumn.clientNotes]
    public static let checks = [Check.personKeys(of: .clientNotes)]
}

extension Problem {
    /// For programs; people see the list and confirm.
    static func clientsAlike(_ clients: [ClientRow]) -> Problem {
        let names = clients.map { "\($0.name) (\($0.number))" }.joined(separator: ", ")
        return .conflict(
            Text(
                "Un client semblable existe : \(names). Envoyez confirmed pour le créer quand même.",
                "A similar client exists: \(names). Send confirmed to create it all the same."))
    }
}
