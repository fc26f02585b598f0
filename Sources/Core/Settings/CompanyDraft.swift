import Basics
import Database

/// Who the organisation is, as its documents say it.
struct CompanyDraft: OrganisationDraft {
    var name: String
    var legalForm: String
    var shareCapital: String
    var siren: String
    var siret: String
    var vatNumber: String
    var tradeRegister: String
    var address: PostalAddress
    var email: String
    var phone: String
    var website: String
    var language: Language
    var timeZone: String

    init(_ input: inout Input, _ organisation: Organisation) {
        name = input.line("name", required: true)
        legalForm = input.line("legal_form", most: 60)
        shareCapital = input.line("share_capital", most: 60)
        tradeRegister = input.line("trade_register", most: 100)
        (siren, siret, vatNumber) = input.companyNumbers()
        if !input.has("vat_number"), organisation.vatNumber.hasSuffix(siren) {
            vatNumber = organisation.vatNumber
        }
        address = input.postalAddress(country: organisation.address.country)
        email = input.email("email")
        phone = input.phone("phone", country: address.country)
        website = CompanyDraft.website(&input)
        language = input.choice("language", or: organisation.language)
        timeZone = CompanyDraft.timeZone(&input, organisation)
        for (field, text) in [
            ("street", address.street), ("postal_code", address.postalCode),
            ("city", address.city),
        ] where text.isEmpty && (field != "postal_code" || address.hasPostalCodes) {
            // The law wants the seller's whole address on each invoice.
            input.refuse(field, Input.missing)
        }
        checkPostalCode(&input)
    }

    func update(_ id: Organisation.ID) -> SQL {
        """
        UPDATE organisations SET name = \(name), legal_form = \(legalForm),
            share_capital = \(shareCapital), siren = \(siren), siret = \(siret),
            vat_number = \(vatNumber), trade_register = \(tradeRegister),
            street = \(address.street), street_more = \(address.streetMore),
            postal_code = \(address.postalCode), city = \(address.city),
            country = \(address.country), email = \(email), phone = \(phone),
            website = \(website), language = \(language), time_zone = \(timeZone),
            version = version + 1
        WHERE id = \(id)
        """
    }

    private func checkPostalCode(_ input: inout Input) {
        guard address.country == "FR", !address.postalCode.isEmpty else { return }
        let code = address.postalCode.utf8
        if code.count != 5 || !code.allSatisfy({ (48...57).contains($0) }) {
            input.refuse("postal_code", Text("5 chiffres attendus.", "5 digits are expected."))
        }
    }

    /// `www.exemple.fr` or with `https://`: printed, and opened by people who read a PDF.
    private static func website(_ input: inout Input) -> String {
        let text = input.line("website")
        if text.isEmpty { return "" }
        let lower = text.lowercased()
        let host =
            lower.hasPrefix("https://")
            ? lower.dropFirst(8)
            : lower.hasPrefix("http://") ? lower.dropFirst(7) : lower[...]
        let isWritten =
            host.prefix { $0 != "/" }.contains(".")
            && host.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && !"<>\"'\\:@".unicodeScalars.contains($0)
            }
        if !isWritten {
            input.refuse(
                "website",
                Text(
                    "Adresse attendue, comme www.exemple.fr.",
                    "An address such as www.example.com is expected."))
        }
        return text
    }

    private static func timeZone(_ input: inout Input, _ organisation: Organisation) -> String {
        let text = input.line("time_zone", most: 60)
        if text.isEmpty { return organisation.timeZone }
        if TimeZoneRules.named(text) == nil {
            input.refuse("time_zone", Text("Fuseau inconnu.", "Unknown time zone."))
        }
        return text
    }
}
