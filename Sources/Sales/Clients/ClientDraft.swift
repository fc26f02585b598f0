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

extension Input {
    public mutating func email(_ field: String, required: Bool = false) -> String {
        let text = line(field, required: required, most: EmailAddress.maximumLength)
        if text.isEmpty { return "" }
        guard let address = EmailAddress.normalized(text) else {
            refuse(
                field, Text("Adresse attendue, comme nom@exemple.fr.", "An address is expected."))
            return text
        }
        return address
    }

    /// In the international form, as it is stored.
    public mutating func phone(_ field: String, country: String) -> String {
        let text = line(field, most: 40)
        if text.isEmpty { return "" }
        guard let number = PhoneNumber.normalized(text, country: country) else {
            refuse(
                field,
                Text(
                    "Numéro attendu, comme 01 99 00 12 34 ou +33 1 99 00 12 34.",
                    "A number is expected, such as +33 1 99 00 12 34."))
            return text
        }
        return number
    }

    public mutating func postalAddress(country: String) -> PostalAddress {
        var address = PostalAddress(
            street: line("street"), streetMore: line("street_more"),
            postalCode: line("postal_code", most: 20), city: line("city", most: 100),
            country: line("country", most: 2))
        if address.country.isEmpty { address.country = country }
        if !Countries.all.contains(where: { $0.code == address.country }) {
            refuse("country", Text("Pays inconnu.", "Unknown country."))
        }
        return address
    }

    /// SIREN, SIRET and VAT number, without spaces. Each must satisfy its check digits, and they must
    /// name the same company.
    public mutating func companyNumbers() -> (siren: String, siret: String, vatNumber: String) {
        var siren = CompanyNumbers.compact(line("siren", most: 30))
        let siret = CompanyNumbers.compact(line("siret", most: 30))
        let vatNumber = CompanyNumbers.compact(line("vat_number", most: 30))
        if !siren.isEmpty, !CompanyNumbers.isSIREN(siren) {
            refuse(
                "siren",
                Text("Ce SIREN est faux : 9 chiffres, clé comprise.", "This SIREN is wrong."))
        }
        if !siret.isEmpty, !CompanyNumbers.isSIRET(siret) {
            refuse(
                "siret",
                Text("Ce SIRET est faux : 14 chiffres, clé comprise.", "This SIRET is wrong."))
        }
        if !vatNumber.isEmpty, !CompanyNumbers.isVATNumber(vatNumber) {
            refuse(
                "vat_number",
                Text("Ce numéro de TVA est faux.", "This VAT number is wrong."))
        }
        if siren.isEmpty, siret.count == 14 { siren = String(siret.prefix(9)) }
        if !siret.isEmpty, !siret.hasPrefix(siren) {
            refuse(
                "siret",
                Text("Le SIRET commence par le SIREN.", "The SIRET starts with the SIREN."))
        }
        if vatNumber.hasPrefix("FR"), !siren.isEmpty, !vatNumber.hasSuffix(siren) {
            refuse(
                "vat_number",
                Text(
                    "Ce numéro de TVA n’est pas celui de ce SIREN.",
                    "This VAT number is not that of this SIREN."))
        }
        return (siren, siret, vatNumber)
    }
}

extension Problem {
    /// Problems that a form shows again with what was typed, rather than a page of their own.
    public var isShownInForm: Bool {
        switch self {
        case .invalid, .conflict: true
        default: false
        }
    }
    /// The fields to point at; a conflict points at the form as a whole.
    public var fields: [FieldProblem] {
        switch self {
        case .invalid(let problems): problems
        case .conflict(let text): [FieldProblem("form", text)]
        default: []
        }
    }
}
