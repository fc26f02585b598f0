import Basics
import Core
import Database

/// A person at a client.
public struct Contact: Record, Sendable {
    public typealias ID = Basics.ID<Contact>

    public var id: ID
    public var name: String
    public var position: String
    public var email: String
    public var phone: String
    public var receivesInvoices: Bool

    public init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        position = try row["position"]
        email = try row["email"]
        phone = try row["phone"]
        receivesInvoices = try row["receives_invoices"]
    }

}

extension Contact {
    var formValues: [String: String] {
        [
            "name": name, "position": position, "email": email,
            "phone": PhoneNumber.shown(phone), "receives_invoices": receivesInvoices ? "on" : "",
        ]
    }
}

public struct ContactDraft: Sendable {
    public var name: String
    public var position: String
    public var email: String
    public var phone: String
    public var receivesInvoices: Bool

    public init(_ input: inout Input, country: String) {
        name = input.line("name", required: true, most: 100)
        position = input.line("position", most: 100)
        email = input.email("email")
        phone = input.phone("phone", country: country)
        receivesInvoices = input.flag("receives_invoices")
    }
}

extension Transaction {
    public func contacts(of client: Client.ID) throws -> [Contact] {
        try all(
            """
            SELECT id, name, position, email, phone, receives_invoices FROM contacts
            WHERE organisation_id = \(organisation) AND client_id = \(client) ORDER BY name
            """)
    }

    public func addContact(_ draft: ContactDraft, to client: Client.ID) throws {
        let client = try self.client(client)
        try client.refuseErased()
        let id: Contact.ID = newID()
        try run(
            """
            INSERT INTO contacts
                (organisation_id, id, client_id, name, position, email, phone, receives_invoices)
            VALUES (\(organisation), \(id), \(client.id), \(draft.name), \(draft.position),
                \(draft.email), \(draft.phone), \(draft.receivesInvoices))
            """)
        try record(.contactAdded, .client, client.id.value, label: client.name)
    }
}
