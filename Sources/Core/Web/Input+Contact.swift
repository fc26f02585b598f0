import Basics

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
        let country = PlainText.line(typed["country"] ?? "")
        let isRight =
            country.isEmpty
            ? CompanyNumbers.isVATNumber(vatNumber)
            : CompanyNumbers.isTaxNumber(vatNumber, in: country)
        if !vatNumber.isEmpty, !isRight {
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
