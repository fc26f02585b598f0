import Basics
import Core
import Database
import Markup

/// Who buys: a company or a private person.
public struct Client: Record, Sendable {
    public typealias ID = Basics.ID<Client>

    public enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case company, person

        public var label: Text {
            switch self {
            case .company: Text("Entreprise", "Company")
            case .person: Text("Particulier", "Private person")
            }
        }
    }

    public enum Stage: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case prospect, client

        public var label: Text {
            switch self {
            case .prospect: Text("Prospect", "Prospect")
            case .client: Text("Client", "Client")
            }
        }
    }

    public var id: ID
    public var number: String
    /// What an older program called it; empty for a client that never was there.
    public var externalReference: String
    public var kind: Kind
    public var stage: Stage
    public var name: String
    public var email: String
    public var phone: String
    public var website: String
    public var sector: String
    public var siren: String
    public var siret: String
    public var vatNumber: String
    public var address: PostalAddress
    public var tags: [String]
    public var notes: String
    /// Nil: the organisation's own terms.
    public var paymentDays: Int?
    public var paymentEndOfMonth: Bool
    public var language: Language
    /// Invoices less credit notes, not yet settled.
    public var openAmount: Amount
    /// Money received and not yet allocated.
    public var creditAmount: Amount
    public var version: Int
    public var createdAt: Instant
    public var archivedAt: Instant?
    /// When the person was erased by law; nothing of the record changes any more.
    public var erasedAt: Instant?

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        externalReference = try row["external_reference"]
        kind = try row["kind"]
        stage = try row["stage"]
        name = try row["name"]
        email = try row["email"]
        phone = try row["phone"]
        website = try row["website"]
        sector = try row["sector"]
        siren = try row["siren"]
        siret = try row["siret"]
        vatNumber = try row["vat_number"]
        address = try PostalAddress(row: row)
        tags = try row["tags"]
        notes = try row["notes"]
        paymentDays = try row["payment_days"]
        paymentEndOfMonth = try row["payment_end_of_month"]
        language = try row["language"]
        openAmount = try row["open_amount"]
        creditAmount = try row["credit_amount"]
        version = try row["version"]
        createdAt = try row["created_at"]
        archivedAt = try row["archived_at"]
        erasedAt = try row["erased_at"]
    }

    /// The columns that `init(row:)` reads.
    static let columns: SQL = """
        id, number, external_reference, kind, stage, name, email, phone, website, sector, siren,
        siret, vat_number, street, street_more, postal_code, city, country, tags,
        shown('notes', notes) AS notes,
        payment_days, payment_end_of_month, language, open_amount, credit_amount, version,
        created_at, archived_at, erased_at
        """

    public var path: String { "/clients/\(id)" }
    public var isArchived: Bool { archivedAt != nil }
    public var isErased: Bool { erasedAt != nil }

    /// Throws `Problem.conflict` for a person who was erased.
    func refuseErased() throws {
        if isErased { throw Problem.isErased }
    }

    /// As the form shows it.
    var formValues: [String: String] {
        [
            "kind": kind.rawValue, "stage": stage.rawValue, "name": name, "email": email,
            "phone": PhoneNumber.shown(phone), "website": website, "sector": sector,
            "siren": siren, "siret": siret, "vat_number": vatNumber, "street": address.street,
            "street_more": address.streetMore, "postal_code": address.postalCode,
            "city": address.city, "country": address.country,
            "tags": tags.joined(separator: ", "), "notes": notes,
            "payment_days": paymentDays.map(String.init) ?? "",
            "payment_end_of_month": paymentEndOfMonth ? "on" : "",
            "language": language.rawValue, "version": String(version),
        ]
    }

}

extension Client: HoldsSealedText {
    public static var sealedTexts: [SealedTextMember<Client>] {
        [SealedTextMember(\.notes, .clientNotes) { $0.id.value }]
    }
}

extension SealedTextColumn {
    /// What people note about a client, sealed with that client's key.
    static let clientNotes = SealedTextColumn(
        "clients", "notes", key: .person,
        copies: [Copy("import_records", "before", row: "record_id")])
}

/// A client with what its page shows.
struct ClientRecord: Sendable {
    var client: Client
    var contacts: [Contact]
    var addresses: [Address]
    var activity: [JournalEntry] = []
    /// What is left to use of credit notes: `openAmount` of the client is less by so much.
    var openCreditNotes = Amount.zero
    /// What other capabilities show of this client: quotes, orders, invoices.
    var documents: [HTML] = []
    var origin: ImportedFrom?
    var currency: Currency

    var owed: Amount { client.openAmount + openCreditNotes }
    var credit: Amount { client.creditAmount + openCreditNotes }
}

extension Transaction {
    func clientRecord(_ id: Client.ID) throws -> ClientRecord {
        ClientRecord(
            client: try client(id), contacts: try contacts(of: id),
            addresses: try addresses(of: id),
            currency: currency)
    }
}
