import Basics
import Core

/// Numbers that satisfy every check and belong to nobody.
enum FictionalNumbers {
    /// The ranges that Arcep keeps free for films and examples: 01 99 00 and 06 39 98.
    static func phone(_ number: Int, mobile: Bool) -> String {
        (mobile ? "+3363998" : "+3319900") + padded(number % 10_000, 4)
    }

    /// A SIREN that begins with two zeros, as none does that was ever given.
    static func siren(_ number: Int) -> String { checked("00" + padded(number % 1_000_000, 6)) }

    static func siret(siren: String, establishment: Int) -> String {
        checked(siren + padded(establishment, 4))
    }

    /// Completed by the digit that makes Luhn's sum a multiple of ten.
    private static func checked(_ digits: String) -> String {
        let sum = digits.utf8.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element) - 48
            let weighted = digit.offset.isMultiple(of: 2) ? value * 2 : value
            return sum + (weighted > 9 ? weighted - 9 : weighted)
        }
        return digits + String((10 - sum % 10) % 10)
    }

    struct CompanyAbroad {
        var name: String
        var sector: String
        var vatNumber: String
        var address: PostalAddress
        var language: Language
    }

    /// Their VAT numbers have the shape of their country; zeros show that they are invented.
    static let companiesAbroad = [
        CompanyAbroad(
            name: "Brabançonne Lune Immo", sector: "Agence immobilière",
            vatNumber: "BE0000000196",
            address: PostalAddress(
                street: "14 rue des Girouettes", postalCode: "1050", city: "Bruxelles",
                country: "BE"), language: .french),
        CompanyAbroad(
            name: "Silverwood Chalets", sector: "Hôtellerie", vatNumber: "IE0000000X",
            address: PostalAddress(
                street: "3 Lantern Lane", postalCode: "D02 X000", city: "Dublin", country: "IE"),
            language: .english),
        CompanyAbroad(
            name: "Moselle Horizon Development", sector: "Promoteur", vatNumber: "LU00000017",
            address: PostalAddress(
                street: "27 rue du Vent-d’Est", postalCode: "1234", city: "Luxembourg",
                country: "LU"), language: .english),
        CompanyAbroad(
            name: "Tulpenveld Vastgoed", sector: "Agence immobilière",
            vatNumber: "NL000000012B00",
            address: PostalAddress(
                street: "Windmolenstraat 8", postalCode: "1011 XX", city: "Amsterdam",
                country: "NL"), language: .english),
        CompanyAbroad(
            name: "Bodega Cielo Claro", sector: "Viticulture", vatNumber: "ESX0000000X",
            address: PostalAddress(
                street: "Calle del Viento 21", postalCode: "26001", city: "Logroño",
                country: "ES"), language: .english),
    ]
}
