import Basics
import Core

/// What a person says of a client, read and checked.
public struct ClientDraft: Sendable {
    public var kind: Client.Kind
    public var stage: Client.Stage
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
    public var paymentDays: Int?
    public var paymentEndOfMonth: Bool
    public var language: Language

    static let maximumTags = 20

    /// Reads the form; `country` is where national numbers and addresses are when nothing says so.
    public init(_ input: inout Input, country: String) {
        kind = input.choice("kind", or: .company)
        stage = input.choice("stage", or: .client)
        name = input.line("name", required: true)
        email = input.email("email")
        address = input.postalAddress(country: country)
        phone = input.phone("phone", country: address.country)
        website = input.line("website")
        sector = input.line("sector", most: 100)
        (siren, siret, vatNumber) = input.companyNumbers()
        tags = ClientDraft.tags(&input)
        notes = input.text("notes")
        paymentDays = input.whole("payment_days", in: 0...120)
        paymentEndOfMonth = input.flag("payment_end_of_month")
        language = input.choice("language", or: .french)
        if kind == .person, !(siren + siret + vatNumber).isEmpty {
            input.refuse(
                "kind",
                Text(
                    "Un particulier n’a ni SIREN, ni SIRET, ni numéro de TVA.",
                    "A private person has no SIREN, SIRET or VAT number."))
        }
    }

    /// For clients that no form describes: imports and the demonstration.
    public init(name: String, kind: Client.Kind, address: PostalAddress, language: Language) {
        self.name = name
        self.kind = kind
        self.address = address
        self.language = language
        stage = .client
        (email, phone, website, sector, siren, siret, vatNumber) = ("", "", "", "", "", "", "")
        tags = []
        notes = ""
        paymentDays = nil
        paymentEndOfMonth = false
    }

    private static func tags(_ input: inout Input) -> [String] {
        var seen: Set<String> = []
        let tags = input.line("tags", most: 1000).split(separator: ",")
            .map { PlainText.line(String($0)) }
            .filter { !$0.isEmpty && seen.insert(PlainText.folded($0)).inserted }
        if tags.count > maximumTags || tags.contains(where: { $0.count > 40 }) {
            input.refuse(
                "tags",
                Text(
                    "\(maximumTags) étiquettes au plus, de 40 caractères au plus.",
                    "At most \(maximumTags) tags, of at most 40 characters."))
        }
        return tags
    }
}
