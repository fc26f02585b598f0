import Basics
import Core

// What programs read and write of clients.

extension Client: APIRecord {
    public static let schemaName = "ClientFacts"
    public static let members: [Member<Client>] = [
        .id { $0.id }, .text("number") { $0.number }, .choice("kind") { $0.kind },
        .choice("stage") { $0.stage }, .text("name") { $0.name }, .text("email") { $0.email },
        .text("phone") { $0.phone }, .text("website") { $0.website },
        .text("sector") { $0.sector }, .text("siren") { $0.siren }, .text("siret") { $0.siret },
        .text("vat_number") { $0.vatNumber },
        Member("address", PostalAddress.shape) { $0.address.json },
        Member("tags", .list(.text(most: 40), most: ClientDraft.maximumTags)) {
            .array($0.tags.map(JSON.string))
        },
        .text("notes") { $0.notes }, .integer("payment_days") { $0.paymentDays },
        .flag("payment_end_of_month") { $0.paymentEndOfMonth },
        .choice("language") { $0.language }, .amount("open_amount") { $0.openAmount },
        .amount("credit_amount") { $0.creditAmount }, .integer("version") { $0.version },
        .instant("created_at") { $0.createdAt }, .instant("archived_at") { $0.archivedAt },
    ]
}

extension ClientRecord: APIRecord {
    static let schemaName = "Client"
    static let members: [Member<ClientRecord>] =
        Member.all { $0.client } + [
            .currency { $0.currency }, .list("contacts") { $0.contacts },
            .list("addresses") { $0.addresses },
        ]
}

extension ClientRow: APIRecord {
    public static let schemaName = "ClientSummary"
    public static let members: [Member<ClientRow>] = [
        .id { $0.id }, .text("number") { $0.number }, .text("name") { $0.name },
        .choice("kind") { $0.kind }, .choice("stage") { $0.stage },
        .text("sector") { $0.sector }, .text("city") { $0.city }, .text("email") { $0.email },
        .text("phone") { $0.phone },
        Member("tags", .list(.text(most: 40), most: ClientDraft.maximumTags)) {
            .array($0.tags.map(JSON.string))
        },
        .currency { $0.currency }, .amount("open_amount") { $0.openAmount },
    ]
}

extension Contact: APIRecord {
    public static let schemaName = "Contact"
    public static let members: [Member<Contact>] = [
        .id { $0.id }, .text("name") { $0.name }, .text("position") { $0.position },
        .text("email") { $0.email }, .text("phone") { $0.phone },
        .flag("receives_invoices") { $0.receivesInvoices },
    ]
}

extension Address: APIRecord {
    public static let schemaName = "ClientAddress"
    public static let members: [Member<Address>] = [
        .id { $0.id }, .text("label") { $0.label },
        Member("address", PostalAddress.shape) { $0.place.json },
    ]
}

extension ClientDraft: APIBody {
    public static let schemaName = "ClientInput"
    public static let body: [BodyField] = [
        BodyField("kind", .choice(of: Client.Kind.self)),
        BodyField("stage", .choice(of: Client.Stage.self)),
        BodyField("name", .line, required: true), BodyField("email", .email),
        BodyField("phone", .text(most: 40)), BodyField("website", .line),
        BodyField("sector", .text(most: 100)), BodyField("siren", .text(most: 30)),
        BodyField("siret", .text(most: 30)), BodyField("vat_number", .text(most: 30)),
        .address, BodyField("tags", .list(.text(most: 40), most: maximumTags)),
        BodyField("notes", .text(most: 5000)),
        BodyField("payment_days", .nullable(.integer(0...120))),
        BodyField("payment_end_of_month", .flag),
        BodyField("language", .choice(of: Language.self)),
        BodyField(
            "confirmed", .flag,
            note: Text(
                "Créer même si un client semblable existe.",
                "Create although a similar client exists.")),
    ]
}

extension ContactDraft: APIBody {
    public static let schemaName = "ContactInput"
    public static let body: [BodyField] = [
        BodyField("name", .text(most: 100), required: true),
        BodyField("position", .text(most: 100)), BodyField("email", .email),
        BodyField("phone", .text(most: 40)), BodyField("receives_invoices", .flag),
    ]
}

extension AddressDraft: APIBody {
    public static let schemaName = "ClientAddressInput"
    public static let body: [BodyField] = [
        BodyField("label", .text(most: 100), required: true), .address,
    ]
}

extension ClientFilter {
    static let parameters: [Property] = [
        Property("q", .line, note: Text("Mots cherchés.", "Words to look for.")),
        Property("sector", .text(most: 100)), Property("city", .text(most: 100)),
        Property("tag", .text(most: 40)), Property("kind", .choice(of: Client.Kind.self)),
        Property("stage", .choice(of: Client.Stage.self)),
        Property("view", .choice(["owing", "archived"])),
        .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
