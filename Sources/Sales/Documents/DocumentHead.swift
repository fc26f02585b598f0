import Basics
import Core
import Database

/// What quotes and orders say above and below their lines.
public struct DocumentHead: Sendable, Hashable {
    public var clientID: Client.ID
    /// Who at the client signs or is written to.
    public var contactID: Contact.ID?
    public var subject: String
    /// What the client calls it.
    public var reference: String
    public var sector: String
    /// For the client; printed.
    public var message: String
    /// For colleagues; never printed.
    public var notes: String

    public init(
        client: Client.ID, contact: Contact.ID? = nil, subject: String = "",
        reference: String = "", sector: String = "", message: String = "", notes: String = ""
    ) {
        clientID = client
        contactID = contact
        self.subject = subject
        self.reference = reference
        self.sector = sector
        self.message = message
        self.notes = notes
    }

    /// Reads the form. Without a client, the field is refused and the id is nobody's.
    public init(_ input: inout Input) {
        clientID = input.id("client", required: true) ?? ID(UniqueID(high: 0, low: 0))
        contactID = input.id("contact")
        subject = input.line("subject")
        reference = input.line("reference", most: 100)
        sector = input.line("sector", most: 100)
        message = input.text("message", most: 2000)
        notes = input.text("notes")
    }

    /// From columns client_id, contact_id, subject, reference, sector, message, notes.
    init(row: Row) throws {
        clientID = try row["client_id"]
        contactID = try row["contact_id"]
        subject = try row["subject"]
        reference = try row["reference"]
        sector = try row["sector"]
        message = try row["message"]
        notes = try row["notes"]
    }

    var formValues: [String: String] {
        [
            "client": clientID.description, "contact": contactID?.description ?? "",
            "subject": subject, "reference": reference, "sector": sector, "message": message,
            "notes": notes,
        ]
    }

    static let labels: [String: Text] = [
        "client": Text("Client", "Client"), "contact": Text("Contact", "Contact"),
        "subject": Text("Objet", "Subject"), "reference": Text("Référence", "Reference"),
        "sector": Text("Secteur", "Sector"), "message": Text("Message", "Message"),
        "notes": Text("Note interne", "Internal note"), "lines": Text("Lignes", "Lines"),
        "quoted_on": Text("Date du devis", "Quote date"),
        "valid_until": Text("Valable jusqu’au", "Valid until"),
        "deposit_percent": Text("Acompte", "Deposit"),
        "starts_on": Text("Début", "Start"), "ends_on": Text("Fin", "End"),
        "day_of_month": Text("Jour du mois", "Day of the month"),
        "ordered_on": Text("Date de commande", "Order date"),
        "service_on": Text("Date de réalisation", "Supply date"),
        "payment_days": Text("Délai de paiement", "Payment terms"),
        "vat_exemption": Text("Motif d’exonération", "Reason of exemption"),
        "delivery_address": Text("Livraison", "Delivery"),
        "prices": Text("Prix saisis", "Prices typed"),
        "due_on": Text("Échéance", "Due date"), "priority": Text("Priorité", "Priority"),
    ]
}

extension Transaction {
    /// The client of a document, and that its contact is one of theirs. A client who is archived gets
    /// nothing new.
    @discardableResult
    func checkParty(_ head: DocumentHead, isNew: Bool) throws -> Client {
        guard let client = try existingClient(head.clientID) else {
            throw Problem.invalid("client", Text("Client inconnu.", "Unknown client."))
        }
        if isNew, client.isArchived {
            throw Problem.invalid(
                "client",
                Text(
                    "Ce client est archivé : rétablissez-le d’abord.",
                    "This client is archived: restore it first."))
        }
        if let contact = head.contactID,
            !(try contacts(of: head.clientID).contains { $0.id == contact })
        {
            throw Problem.invalid(
                "contact",
                Text(
                    "Ce contact n’est pas de ce client.",
                    "This contact does not belong to this client."))
        }
        return client
    }
}

extension Sequence<DocumentLine> {
    /// Whether there is anything to sell: sections and texts alone are not a document.
    var holdsItems: Bool { contains { $0.kind == .item } }
}

extension Problem {
    static let noLines = Problem.invalid(
        "lines",
        Text("Ajoutez au moins une ligne d’article.", "Add at least one line with an item."))
}
