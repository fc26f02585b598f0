// What the French reform asks of parties, addresses, VAT and numbers.
extension RuleBook {
    private static let longestAddress = 125
    private static let longestPrivateID = 100
    private static let selfBilled: Set = ["389", "501", "500", "471", "473", "261", "502"]
    private static let vatCategories: Set = ["S", "E", "AE", "K", "G", "O", "Z"]
    /// In hundredths of a percent: today's rates, those of Corsica and overseas, and older ones.
    private static let rates: Set = [
        0, 1000, 1300, 2000, 850, 1960, 210, 550, 700, 2060, 105, 90, 175, 920, 960,
    ]

    static let frenchPartyRules: [Rule] = [
        siret("BR-FR-09_BT-29", "BT-29") { $0.seller },
        siret("BR-FR-09_BT-46", "BT-46") { $0.buyer },
        Rule(
            "BR-FR-10_BT-30", "BT-30", "Indiquez le SIREN du vendeur, neuf chiffres.",
            "Enter the seller’s SIREN, nine digits."
        ) { isSIREN($0.seller?.legalID?.value) },
        Rule(
            "BR-FR-11_BT-47", "BT-47",
            "Indiquez le SIREN du client, neuf chiffres : c’est une entreprise française.",
            "Enter the buyer’s SIREN, nine digits: it is a French company."
        ) { !$0.isB2B || isSIREN($0.buyer?.legalID?.value) },
        Rule(
            "BR-FR-12_BT-49", "BT-49",
            "Indiquez l’adresse électronique du client : son SIREN, ou son courriel.",
            "Enter the buyer’s electronic address: its SIREN, or its e-mail."
        ) { ($0.buyer?.electronicAddress?.value).isFilled },
        Rule(
            "BR-FR-13_BT-34", "BT-34", "Indiquez l’adresse électronique du vendeur, son SIREN.",
            "Enter the seller’s electronic address, its SIREN."
        ) { ($0.seller?.electronicAddress?.value).isFilled },
        Rule(
            "BR-FR-21_BT-49", "BT-49",
            "L’adresse électronique d’une entreprise française commence par son SIREN.",
            "The electronic address of a French company begins with its SIREN."
        ) { invoice in
            !invoice.isB2B || selfBilled.contains(invoice.typeCode ?? "")
                || isDirectoryAddress(invoice.buyer)
        },
        Rule(
            "BR-FR-22_BT-34", "BT-34",
            "En autofacturation, l’adresse électronique du vendeur commence par son SIREN.",
            "With self-billing, the seller’s electronic address begins with its SIREN."
        ) { invoice in
            !invoice.isB2B || !selfBilled.contains(invoice.typeCode ?? "")
                || isDirectoryAddress(invoice.seller)
        },
        address("BR-FR-23_BT-34", "BT-34") { party in
            guard let address = party.electronicAddress, address.scheme == "0225" else {
                return true
            }
            return isPlain(address.value)
        },
        address("BR-FR-23_BT-49", "BT-49") { party in
            guard let address = party.electronicAddress, address.scheme == "0225" else {
                return true
            }
            return isPlain(address.value)
        },
        address("BR-FR-25_BT-34", "BT-34") {
            ($0.electronicAddress?.value ?? "").count <= longestAddress
        },
        address("BR-FR-25_BT-49", "BT-49") {
            ($0.electronicAddress?.value ?? "").count <= longestAddress
        },
        address("BR-FR-24_BT-29", "BT-29") { $0.privateIDs.allSatisfy { isPlain($0.value) } },
        address("BR-FR-24_BT-46", "BT-46") { $0.privateIDs.allSatisfy { isPlain($0.value) } },
        address("BR-FR-26_BT-29", "BT-29") {
            $0.privateIDs.allSatisfy { $0.value.count <= longestPrivateID }
        },
        address("BR-FR-26_BT-46", "BT-46") {
            $0.privateIDs.allSatisfy { $0.value.count <= longestPrivateID }
        },
        Rule(
            "BR-FR-32-LEGALID", "BT-47", "Un SIREN a neuf chiffres.", "A SIREN has nine digits."
        ) { invoice in
            [invoice.seller, invoice.buyer, invoice.payee].compactMap { $0?.legalID }
                .filter { $0.scheme == "0002" }.allSatisfy { isSIREN($0.value) }
        },
    ]

    static let frenchAmountRules: [Rule] =
        [
            Rule.vatRow(
                "BR-FR-15_BT-95_BT-118", "BT-118",
                "Cette catégorie de TVA n’existe pas en France.",
                "There is no such VAT category in France."
            ) { row, _ in vatCategories.contains(row.vat.category ?? "") },
            Rule.line(
                "BR-FR-15_BT-95_BT-151", "BT-151",
                "Cette catégorie de TVA n’existe pas en France.",
                "There is no such VAT category in France."
            ) { vatCategories.contains($0.vat.category ?? "") },
            Rule.vatRow("BR-FR-16_BT-119", "BT-119", rateMessage.french, rateMessage.english) {
                row, _ in isFrenchRate(row.vat.rate)
            },
            Rule.line("BR-FR-16_BT-152", "BT-152", rateMessage.french, rateMessage.english) {
                isFrenchRate($0.vat.rate)
            },
            Rule.line(
                "BR-FR-DEC-02_BT-129", "BT-129", "La quantité a quatre décimales au plus.",
                "The quantity has four decimals at most."
            ) { isShort($0.quantity, 4) },
            Rule.line(
                "BR-FR-DEC-03_BT-146", "BT-146",
                "Le prix unitaire n’est pas négatif et a six décimales au plus.",
                "The unit price is not negative and has six decimals at most."
            ) { isShort($0.price, 6) && $0.price.orZero >= .zero },
            Rule.line(
                "BR-FR-DEC-01_BT-131", "BT-131", amountMessage.french, amountMessage.english
            ) { isShort($0.net, 2) },
            Rule.vatRow(
                "BR-FR-DEC-01_BT-116", "BT-116", amountMessage.french, amountMessage.english
            ) { row, _ in isShort(row.base, 2) },
            Rule.vatRow(
                "BR-FR-DEC-01_BT-117", "BT-117", amountMessage.french, amountMessage.english
            ) { row, _ in isShort(row.amount, 2) },
            Rule.line(
                "BR-FR-DEC-01_BT-136_BT-141", "BT-136", amountMessage.french,
                amountMessage.english
            ) { ($0.allowances + $0.charges).allSatisfy { isShort($0.amount, 2) } },
            Rule.line(
                "BR-FR-DEC-01_BT-137_BT-142", "BT-137", amountMessage.french,
                amountMessage.english
            ) { ($0.allowances + $0.charges).allSatisfy { isShort($0.base, 2) } },
        ]
        + [
            total("BT-106") { $0.lines }, total("BT-107") { $0.allowances },
            total("BT-108") { $0.charges }, total("BT-109") { $0.net },
            total("BT-110") { $0.vat }, total("BT-112") { $0.gross },
            total("BT-113") { $0.prepaid }, total("BT-114") { $0.rounding },
            total("BT-115") { $0.due },
        ]

    private static let rateMessage = Bilingual(
        "Ce taux de TVA n’existe pas en France.", "There is no such VAT rate in France.")
    private static let amountMessage = Bilingual(
        "Ce montant a deux décimales au plus, et 19 chiffres.",
        "This amount has two decimals at most, and 19 digits.")
    private static let mostDigits = 19

    private static func total(
        _ term: String, _ amount: @escaping @Sendable (EInvoice.Totals) -> Numeral?
    ) -> Rule {
        Rule("BR-FR-DEC-01_\(term)", term, amountMessage.french, amountMessage.english) {
            $0.totals.map { isShort(amount($0), 2) } ?? true
        }
    }

    private static func isShort(_ number: Numeral?, _ decimals: Int) -> Bool {
        guard let number else { return true }
        let signs = number.unscaled < 0 ? 1 : 0
        return number.decimals <= decimals
            && number.wholeDigits + number.decimals + signs <= mostDigits
    }

    private static func isFrenchRate(_ rate: Numeral?) -> Bool {
        guard let rate else { return true }
        return rates.contains { Numeral(cents: $0) == rate }
    }

    private static func siret(
        _ code: String, _ term: String, _ party: @escaping @Sendable (EInvoice) -> EInvoice.Party?
    ) -> Rule {
        Rule(
            code, term, "Un SIRET a quatorze chiffres et commence par le SIREN.",
            "A SIRET has fourteen digits and begins with the SIREN."
        ) { invoice in
            guard let party = party(invoice) else { return true }
            return party.identifiers.filter { $0.scheme == "0009" }.allSatisfy {
                $0.value.utf8.count == 14 && $0.value.utf8.allSatisfy(isDigit)
                    && $0.value.prefix(9) == party.legalID?.value ?? ""
            }
        }
    }

    /// A rule about one party, which its code names: BT-29 and BT-34 are of the seller.
    private static func address(
        _ code: String, _ term: String, _ holds: @escaping @Sendable (EInvoice.Party) -> Bool
    ) -> Rule {
        let isSeller = term == "BT-29" || term == "BT-34"
        return Rule(
            code, term,
            "Cet identifiant n’a que des lettres, des chiffres et - _ . , et une longueur limitée.",
            "This identifier has only letters, digits and - _ . , and a limited length."
        ) { (isSeller ? $0.seller : $0.buyer).map(holds) ?? true }
    }

    private static func isDirectoryAddress(_ party: EInvoice.Party?) -> Bool {
        guard let address = party?.electronicAddress, let siren = party?.legalID?.value else {
            return false
        }
        return address.scheme == "0225" && address.value.hasPrefix(siren)
    }

    private static func isSIREN(_ text: String?) -> Bool {
        guard let text else { return false }
        return text.utf8.count == 9 && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "+-_.".unicodeScalars.contains($0)
            }
    }
}

extension EInvoice {
    /// Whether a note says that both are French companies.
    var isB2B: Bool { notes("BAR").contains { $0.text == "B2B" } }
}

extension EInvoice.Party {
    /// Identifiers of the scheme 0224, which companies give themselves.
    var privateIDs: [EInvoice.Identifier] { identifiers.filter { $0.scheme == "0224" } }
}
