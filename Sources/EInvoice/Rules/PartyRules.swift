// Seller, buyer, payee, tax representative, and how to pay.
extension RuleBook {
    static let partyRules: [Rule] = [
        Rule(
            "BR-06", "BT-27", "Indiquez le nom du vendeur.", "Enter the seller’s name."
        ) { ($0.seller?.name).isFilled },
        Rule(
            "BR-07", "BT-44", "Indiquez le nom du client.", "Enter the buyer’s name."
        ) { ($0.buyer?.name).isFilled },
        Rule(
            "BR-08", "BG-5", "Indiquez l’adresse du vendeur.", "Enter the seller’s address."
        ) { $0.seller?.address != nil },
        Rule(
            "BR-09", "BT-40", "Indiquez le pays du vendeur.", "Enter the seller’s country."
        ) { ($0.seller?.address?.country).isFilled },
        Rule(
            "BR-10", "BG-8", "Indiquez l’adresse du client.", "Enter the buyer’s address."
        ) { $0.buyer?.address != nil },
        Rule(
            "BR-11", "BT-55", "Indiquez le pays du client.", "Enter the buyer’s country."
        ) { ($0.buyer?.address?.country).isFilled },
        Rule(
            "BR-17", "BT-59",
            "Nommez le bénéficiaire du paiement, et seulement s’il n’est pas le vendeur.",
            "Name the payee, and only one who is not the seller.", payeeIsAnother),
        Rule(
            "BR-18", "BT-62", "Indiquez le nom du représentant fiscal.",
            "Enter the tax representative’s name."
        ) { $0.taxRepresentative.map { $0.name.isFilled } ?? true },
        Rule(
            "BR-19", "BG-12", "Indiquez l’adresse du représentant fiscal.",
            "Enter the tax representative’s address."
        ) { $0.taxRepresentative.map { $0.address != nil } ?? true },
        Rule(
            "BR-20", "BT-69", "Indiquez le pays du représentant fiscal.",
            "Enter the tax representative’s country."
        ) { $0.taxRepresentative.map { ($0.address?.country).isFilled } ?? true },
        Rule(
            "BR-56", "BT-63", "Indiquez le numéro de TVA du représentant fiscal.",
            "Enter the tax representative’s VAT number."
        ) { $0.taxRepresentative.map { $0.vatID.isFilled } ?? true },
        Rule(
            "BR-62", "BT-34", "Indiquez le type de l’adresse électronique du vendeur.",
            "State the scheme of the seller’s electronic address."
        ) { hasScheme($0.seller?.electronicAddress) },
        Rule(
            "BR-63", "BT-49", "Indiquez le type de l’adresse électronique du client.",
            "State the scheme of the buyer’s electronic address."
        ) { hasScheme($0.buyer?.electronicAddress) },
        Rule(
            "BR-CO-09", "BT-31",
            "Un numéro de TVA commence par le code de son pays, comme FR.",
            "A VAT number begins with the code of its country, such as FR."
        ) { invoice in
            [invoice.seller, invoice.buyer, invoice.taxRepresentative].compactMap { $0?.vatID }
                .allSatisfy { CodeLists.vatPrefixes.contains(String($0.prefix(2))) }
        },
        Rule(
            "BR-CO-26", "BT-30",
            "Indiquez le SIREN, le numéro de TVA ou un autre identifiant du vendeur.",
            "Enter the seller’s registration number, VAT number or another identifier."
        ) { invoice in
            guard let seller = invoice.seller else { return true }
            return !seller.identifiers.isEmpty || seller.legalID != nil || seller.vatID.isFilled
        },
    ]

    static let paymentRules: [Rule] = [
        Rule(
            "BR-49", "BT-81", "Indiquez le code du moyen de paiement, comme 58 pour un virement.",
            "State the code of the means of payment, such as 58 for a transfer."
        ) { $0.paymentMeans.allSatisfy { $0.code.isFilled } },
        Rule(
            "BR-50", "BT-84", "Indiquez le compte sur lequel virer.",
            "Enter the account to transfer to."
        ) {
            $0.paymentMeans.allSatisfy { !$0.isTransfer || !$0.hasAccount || $0.account.isFilled }
        },
        Rule(
            "BR-61", "BT-84", "Indiquez l’IBAN pour un règlement par virement.",
            "Enter the IBAN for payment by transfer."
        ) {
            $0.paymentMeans.allSatisfy { !$0.isTransfer || !$0.hasAccount || $0.account.isFilled }
        },
        Rule(
            "BR-51", "BT-87", "D’un numéro de carte, ne gardez que les derniers chiffres.",
            "Of a card number, keep only the last digits."
        ) { $0.paymentMeans.allSatisfy { ($0.card ?? "").count <= maximumCardDigits } },
    ]

    private static let maximumCardDigits = 10

    private static func hasScheme(_ identifier: EInvoice.Identifier?) -> Bool {
        identifier.map { $0.scheme.isFilled } ?? true
    }

    @Sendable private static func payeeIsAnother(_ invoice: EInvoice) -> Bool {
        guard let payee = invoice.payee else { return true }
        guard let seller = invoice.seller, payee.name.isFilled else { return payee.name.isFilled }
        let sharesID = payee.identifiers.contains { other in
            seller.identifiers.contains { $0.value == other.value }
        }
        let sharesLegalID = payee.legalID != nil && payee.legalID?.value == seller.legalID?.value
        return payee.name != seller.name && !sharesID && !sharesLegalID
    }
}

extension EInvoice.PaymentMeans {
    /// Credit transfers, SEPA or not.
    var isTransfer: Bool { code == "30" || code == "58" }
}
