// What every invoice states of itself: BR-01 to BR-16, dates, periods and references.
extension RuleBook {
    static let documentRules: [Rule] = [
        Rule(
            "BR-01", "BT-24", "Indiquez la norme suivie par le fichier (BT-24).",
            "State the specification that the file follows (BT-24)."
        ) { $0.specification.isFilled },
        Rule(
            "BR-02", "BT-1", "Donnez un numéro à la facture.", "Give the invoice a number."
        ) { $0.number.isFilled },
        Rule(
            "BR-03", "BT-2", "Donnez une date d’émission à la facture.",
            "Give the invoice a date of issue."
        ) { $0.issuedOn != nil },
        Rule(
            "BR-04", "BT-3", "Indiquez le type de document, comme 380 pour une facture.",
            "State the type of document, such as 380 for an invoice."
        ) { $0.typeCode.isFilled },
        Rule(
            "BR-05", "BT-5", "Indiquez la devise de la facture.", "State the invoice’s currency."
        ) { $0.currency.isFilled },
        Rule(
            "BR-16", "BG-25", "Ajoutez au moins une ligne.", "Add at least one line."
        ) { !$0.lines.isEmpty },
        Rule(
            "BR-29", "BT-74", "La période de facturation doit finir après son début.",
            "The invoicing period must end after it begins."
        ) { isOrdered($0.period) },
        Rule.line(
            "BR-30", "BT-135", "La période de la ligne doit finir après son début.",
            "The period of the line must end after it begins."
        ) { isOrdered($0.period) },
        Rule(
            "BR-CO-03", "BT-8",
            "La date d’exigibilité de la TVA et son code s’excluent : n’en gardez qu’un.",
            "The date on which VAT is due and its code exclude each other: keep one."
        ) { $0.vatDueOn == nil || !$0.vatDueCode.isFilled },
        Rule(
            "BR-CO-19", "BG-14", "Donnez le début ou la fin de la période de facturation.",
            "Give the start or the end of the invoicing period."
        ) { hasDay($0.period) },
        Rule.line(
            "BR-CO-20", "BG-26", "Donnez le début ou la fin de la période de la ligne.",
            "Give the start or the end of the period of the line."
        ) { hasDay($0.period) },
        Rule(
            "BR-52", "BT-122", "Donnez une référence à chaque pièce jointe.",
            "Give each supporting document a reference."
        ) { $0.attachments.allSatisfy { $0.reference.isFilled } },
        Rule(
            "BR-55", "BT-25", "Donnez le numéro de la facture d’origine.",
            "Give the number of the original invoice."
        ) { $0.precedingInvoices.allSatisfy { $0.number.isFilled } },
        Rule(
            "BR-57", "BT-80", "Indiquez le pays de l’adresse de livraison.",
            "State the country of the delivery address."
        ) { $0.delivery.address.map { $0.country.isFilled } ?? true },
    ]

    private static func isOrdered(_ period: EInvoice.Period?) -> Bool {
        guard let from = period?.from, let until = period?.until else { return true }
        return from <= until
    }

    private static func hasDay(_ period: EInvoice.Period?) -> Bool {
        period.map { $0.from != nil || $0.until != nil } ?? true
    }
}
