import Basics
import Core
import Database
import Markup

// Handlers, verbs and forms of the contacts and addresses on a client's page.

extension Clients {
    static func placeRoutes(_ routes: inout Routes) {
        routes.get("clients/:id/contacts/new", .writeClients, newContact)
        routes.post(
            "clients/:id/contacts", .writeClients,
            api: .act(
                ContactDraft.self, ClientRecord.self, Text("Ajouter un contact", "Add a contact")),
            addContact)
        routes.get(
            "clients/:id/contacts/:contact", .writeClients,
            api: .show(Contact.self, Text("Lire un contact", "Read a contact")), editContact)
        routes.post(
            "clients/:id/contacts/:contact", .writeClients,
            api: .update(
                ContactDraft.self, ClientRecord.self,
                Text("Modifier un contact", "Change a contact")), updateContact)
        routes.post(
            "clients/:id/contacts/:contact/delete", .writeClients,
            api: .delete(Text("Retirer un contact", "Remove a contact")), deleteContact)
        routes.get("clients/:id/addresses/new", .writeClients, newAddress)
        routes.post(
            "clients/:id/addresses", .writeClients,
            api: .act(
                AddressDraft.self, ClientRecord.self, Text("Ajouter une adresse", "Add an address")),
            addAddress)
        routes.post(
            "clients/:id/addresses/:address/delete", .writeClients,
            api: .delete(Text("Retirer une adresse", "Remove an address")), deleteAddress)
    }

    static func newContact(_ request: Request) throws -> Reply {
        let client = try request.read { try $0.client(request.id()) }
        return .page(ContactForm(client, nil, [:], [], request).page)
    }

    static func addContact(_ request: Request) throws -> Reply {
        let client = try request.read { try $0.client(request.id()) }
        var input = Input(try request.form().fields)
        let draft = ContactDraft(&input, country: client.address.country)
        guard input.problems.isEmpty else {
            if request.isAPI { throw Problem.invalid(input.problems) }
            return .page(
                ContactForm(client, nil, input.typed, input.problems, request).page, status: 422)
        }
        let path = try request.once {
            try $0.addContact(draft, to: client.id)
            return client.path
        }
        return .done(at: path, say: Text("Contact ajouté.", "Contact added."))
    }

    static func editContact(_ request: Request) throws -> Reply {
        let (client, id): (Client.ID, Contact.ID) = (
            try request.id(), try request.id("contact")
        )
        return try request.show {
            try $0.contact(id, of: client)
        } page: { transaction in
            let contact = try transaction.contact(id, of: client)
            return try ContactForm(
                transaction.client(client), id, contact.formValues, [], request
            ).page
        }
    }

    static func updateContact(_ request: Request) throws -> Reply {
        let id: Contact.ID = try request.id("contact")
        let client = try request.read { try $0.client(request.id()) }
        var input = Input(try request.form().fields)
        let draft = ContactDraft(&input, country: client.address.country)
        guard input.problems.isEmpty else {
            if request.isAPI { throw Problem.invalid(input.problems) }
            return .page(
                ContactForm(client, id, input.typed, input.problems, request).page, status: 422)
        }
        try request.write { try $0.updateContact(id, of: client, draft) }
        return .done(at: client.path, say: Text("Contact enregistré.", "Contact saved."))
    }

    static func deleteContact(_ request: Request) throws -> Reply {
        let client = try request.write {
            let client = try $0.client(request.id())
            try $0.deleteContact(request.id("contact"), of: client)
            return client
        }
        return .done(at: client.path, say: Text("Contact retiré.", "Contact removed."))
    }

    static func newAddress(_ request: Request) throws -> Reply {
        let client = try request.read { try $0.client(request.id()) }
        return .page(
            AddressForm(client, ["country": client.address.country], [], request).page)
    }

    static func addAddress(_ request: Request) throws -> Reply {
        let client = try request.read { try $0.client(request.id()) }
        var input = Input(try request.form().fields)
        let draft = AddressDraft(&input, country: client.address.country)
        guard input.problems.isEmpty else {
            if request.isAPI { throw Problem.invalid(input.problems) }
            return .page(
                AddressForm(client, input.typed, input.problems, request).page, status: 422)
        }
        let path = try request.once {
            try $0.addAddress(draft, to: client)
            return client.path
        }
        return .done(at: path, say: Text("Adresse ajoutée.", "Address added."))
    }

    static func deleteAddress(_ request: Request) throws -> Reply {
        let client = try request.write {
            let client = try $0.client(request.id())
            try $0.deleteAddress(request.id("address"), of: client)
            return client
        }
        return .done(at: client.path, say: Text("Adresse retirée.", "Address removed."))
    }
}

extension Transaction {
    func contact(_ id: Contact.ID, of client: Client.ID) throws -> Contact {
        try one(
            """
            SELECT id, name, position, email, phone, receives_invoices FROM contacts
            WHERE organisation_id = \(organisation) AND client_id = \(client) AND id = \(id)
            """)
    }

    func updateContact(_ id: Contact.ID, of client: Client, _ draft: ContactDraft) throws {
        let changed = try run(
            """
            UPDATE contacts SET name = \(draft.name), position = \(draft.position),
                email = \(draft.email), phone = \(draft.phone),
                receives_invoices = \(draft.receivesInvoices)
            WHERE organisation_id = \(organisation) AND client_id = \(client.id) AND id = \(id)
            """)
        guard changed == 1 else { throw Problem.notFound }
        try record(.contactUpdated, .client, client.id.value, label: client.name)
    }

    func deleteContact(_ id: Contact.ID, of client: Client) throws {
        // A contact named on a quote or an order stays there: the reference is let go first.
        try run(
            """
            UPDATE quotes SET contact_id = NULL
            WHERE organisation_id = \(organisation) AND client_id = \(client.id) AND contact_id = \(id)
            """)
        try run(
            """
            UPDATE orders SET contact_id = NULL
            WHERE organisation_id = \(organisation) AND client_id = \(client.id) AND contact_id = \(id)
            """)
        let changed = try run(
            """
            DELETE FROM contacts
            WHERE organisation_id = \(organisation) AND client_id = \(client.id) AND id = \(id)
            """)
        guard changed == 1 else { throw Problem.notFound }
        try record(.contactDeleted, .client, client.id.value, label: client.name)
    }

    func addAddress(_ draft: AddressDraft, to client: Client) throws {
        try client.refuseErased()
        let id: Address.ID = newID()
        try run(
            """
            INSERT INTO addresses (organisation_id, id, client_id, label, street, street_more,
                postal_code, city, country)
            VALUES (\(organisation), \(id), \(client.id), \(draft.label), \(draft.place.street),
                \(draft.place.streetMore), \(draft.place.postalCode), \(draft.place.city),
                \(draft.place.country))
            """)
        try record(.addressAdded, .client, client.id.value, label: client.name)
    }

    func deleteAddress(_ id: Address.ID, of client: Client) throws {
        let changed = try run(
            """
            DELETE FROM addresses
            WHERE organisation_id = \(organisation) AND client_id = \(client.id) AND id = \(id)
            """)
        guard changed == 1 else { throw Problem.notFound }
        try record(.addressDeleted, .client, client.id.value, label: client.name)
    }
}
