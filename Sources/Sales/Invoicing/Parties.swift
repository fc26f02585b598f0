import Basics
import Core

/// Who sells, as the document says it: of the organisation today for a draft, as it was on the day of
/// issue for everything else.
public struct Seller: Sendable, Hashable {
    public var name: String
    public var legalForm: String
    public var shareCapital: String
    public var siren: String
    public var siret: String
    public var vatNumber: String
    public var tradeRegister: String
    public var address: PostalAddress
    public var email: String
    public var phone: String
    public var website: String
    public var iban: String
    public var bic: String
    public var accentColor: String
    /// False under the "franchise en base".
    public var chargesVAT: Bool
    /// SHA-256 of the logo; empty without one.
    public var logo: String
    public var layout: DocumentLayout

    init(_ organisation: Organisation, _ look: DocumentLook) {
        self.init(organisation, logo: look.logo, layout: look.layout)
    }

    public init(_ organisation: Organisation, logo: String, layout: DocumentLayout = .standard) {
        name = organisation.name
        legalForm = organisation.legalForm
        shareCapital = organisation.shareCapital
        siren = organisation.siren
        siret = organisation.siret
        vatNumber = organisation.vatNumber
        tradeRegister = organisation.tradeRegister
        address = organisation.address
        email = organisation.email
        phone = organisation.phone
        website = organisation.website
        iban = CompanyNumbers.compact(organisation.iban)
        bic = CompanyNumbers.compact(organisation.bic)
        accentColor = organisation.accentColor
        chargesVAT = organisation.vatRegime != .franchise
        self.logo = logo
        self.layout = layout
    }

    public init(_ json: JSON) {
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        name = text("name")
        legalForm = text("legal_form")
        shareCapital = text("share_capital")
        siren = text("siren")
        siret = text("siret")
        vatNumber = text("vat_number")
        tradeRegister = text("trade_register")
        address = PostalAddress(json["address"])
        email = text("email")
        phone = text("phone")
        website = text("website")
        iban = text("iban")
        bic = text("bic")
        accentColor = text("accent_color")
        chargesVAT = json["charges_vat"]?.bool ?? true
        logo = text("logo")
        layout = json["layout"].map { DocumentLayout($0) } ?? .standard
    }

    public var json: JSON {
        let own: [(String, JSON)] = layout == .standard ? [] : [("layout", layout.json)]
        return .object(members + own)
    }

    private var members: [(String, JSON)] {
        [
            ("name", .string(name)), ("legal_form", .string(legalForm)),
            ("share_capital", .string(shareCapital)), ("siren", .string(siren)),
            ("siret", .string(siret)), ("vat_number", .string(vatNumber)),
            ("trade_register", .string(tradeRegister)), ("address", address.json),
            ("email", .string(email)), ("phone", .string(phone)), ("website", .string(website)),
            ("iban", .string(iban)), ("bic", .string(bic)), ("accent_color", .string(accentColor)),
            ("charges_vat", .bool(chargesVAT)), ("logo", .string(logo)),
        ]
    }
}

/// Who buys, as the document says it.
public struct Buyer: Sendable, Hashable {
    public var kind: Client.Kind
    public var number: String
    public var name: String
    public var siren: String
    public var siret: String
    public var vatNumber: String
    public var address: PostalAddress
    /// Where its e-invoices go, where it is in no directory.
    public var email: String
    /// Who there it is for; empty for nobody in particular.
    public var contact: String

    public init(_ client: Client, contact: String = "") {
        self.contact = contact
        kind = client.kind
        number = client.number
        name = client.name
        siren = client.siren
        siret = client.siret
        vatNumber = client.vatNumber
        email = client.email
        address = client.address
    }

    public init(_ json: JSON) {
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        kind = Client.Kind(rawValue: text("kind")) ?? .company
        number = text("number")
        name = text("name")
        siren = text("siren")
        siret = text("siret")
        vatNumber = text("vat_number")
        email = text("email")
        address = PostalAddress(json["address"])
        contact = text("contact")
    }

    public var json: JSON {
        [
            "kind": .string(kind.rawValue), "number": .string(number), "name": .string(name),
            "siren": .string(siren), "siret": .string(siret), "vat_number": .string(vatNumber),
            "email": .string(email), "address": address.json, "contact": .string(contact),
        ]
    }
}

extension PostalAddress {
    init(_ json: JSON?) {
        func text(_ name: String) -> String { json?[name]?.string ?? "" }
        self.init(
            street: text("street"), streetMore: text("street_more"),
            postalCode: text("postal_code"), city: text("city"), country: text("country"))
    }
}

extension Transaction {
    /// SHA-256 of the organisation's present logo, empty without one.
    func logoHash() throws -> String {
        try value("SELECT sha256 FROM logos WHERE organisation_id = \(organisation)") ?? ""
    }

    /// Keeps the present logo for the documents that are printed with it.
    func keepLogo() throws {
        try runLater(
            """
            INSERT INTO kept_logos (organisation_id, sha256, content)
            SELECT organisation_id, sha256, content FROM logos
            WHERE organisation_id = \(organisation) ON CONFLICT DO NOTHING
            """)
    }

    /// The bytes of a logo, a PNG file: one that was kept, or the present one.
    func logo(_ sha256: String) throws -> [UInt8]? {
        guard !sha256.isEmpty else { return nil }
        return try value(
            """
            SELECT content FROM kept_logos
            WHERE organisation_id = \(organisation) AND sha256 = \(sha256)
            UNION ALL
            SELECT content FROM logos
            WHERE organisation_id = \(organisation) AND sha256 = \(sha256)
            LIMIT 1
            """)
    }
}
