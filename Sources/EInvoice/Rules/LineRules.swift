// What each line, and each allowance or charge, must state.
extension RuleBook {
    static let lineRules: [Rule] = [
        Rule.line(
            "BR-21", "BT-126", "Numérotez la ligne.", "Give the line an identifier."
        ) { $0.id.isFilled },
        Rule.line(
            "BR-22", "BT-129", "Indiquez la quantité facturée.", "Enter the invoiced quantity."
        ) { $0.quantity != nil },
        Rule.line(
            "BR-23", "BT-130", "Choisissez l’unité de la quantité.",
            "Choose the unit of the quantity."
        ) { $0.unit.isFilled },
        Rule.line(
            "BR-24", "BT-131", "Indiquez le montant net de la ligne.",
            "Enter the net amount of the line."
        ) { $0.net != nil },
        Rule.line(
            "BR-25", "BT-153", "Donnez une désignation à la ligne.",
            "Name what the line is about."
        ) { $0.name.isFilled },
        Rule.line(
            "BR-26", "BT-146", "Indiquez le prix unitaire hors taxe.",
            "Enter the unit price without VAT."
        ) { $0.price != nil },
        Rule.line(
            "BR-27", "BT-146", "Le prix unitaire ne peut pas être négatif.",
            "The unit price cannot be negative."
        ) { ($0.price).orZero >= .zero },
        Rule.line(
            "BR-28", "BT-148", "Le prix unitaire brut ne peut pas être négatif.",
            "The gross unit price cannot be negative."
        ) { ($0.grossPrice).orZero >= .zero },
        Rule.line(
            "BR-54", "BG-32", "Donnez un nom et une valeur à chaque attribut de l’article.",
            "Give each attribute of the item a name and a value."
        ) { $0.attributes.allSatisfy { $0.name.isFilled && $0.value.isFilled } },
        Rule.line(
            "BR-64", "BT-157", "Indiquez le type de l’identifiant standard de l’article.",
            "State the scheme of the item’s standard identifier."
        ) { $0.standardItem.map { $0.scheme.isFilled } ?? true },
        Rule.line(
            "BR-65", "BT-158", "Indiquez la liste de la classification de l’article.",
            "State the list of the item’s classification."
        ) { $0.classifications.allSatisfy { $0.scheme.isFilled } },
        Rule.line(
            "BR-CO-04", "BT-151", "Choisissez la catégorie de TVA de la ligne.",
            "Choose the VAT category of the line."
        ) { $0.vat.category.isFilled },
    ]

    static let adjustmentRules: [Rule] =
        adjustments(
            .allowances, amount: ("BR-31", "BT-92"), category: ("BR-32", "BT-95"),
            reasons: [("BR-33", "BT-97"), ("BR-CO-21", "BT-97")])
        + adjustments(
            .charges, amount: ("BR-36", "BT-99"), category: ("BR-37", "BT-102"),
            reasons: [("BR-38", "BT-104"), ("BR-CO-22", "BT-104")])
        + lineAdjustments(
            .allowances, amount: ("BR-41", "BT-136"),
            reasons: [("BR-42", "BT-139"), ("BR-CO-23", "BT-139")])
        + lineAdjustments(
            .charges, amount: ("BR-43", "BT-141"),
            reasons: [("BR-44", "BT-144"), ("BR-CO-24", "BT-144")])

    private typealias Field = (code: String, term: String)

    private static func adjustments(
        _ kind: Rule.Adjustments, amount: Field, category: Field, reasons: [Field]
    ) -> [Rule] {
        let (french, english) = names(kind)
        return [
            Rule.each(
                kind, amount.code, amount.term, "Indiquez le montant \(french).",
                "Enter the amount of the \(english)."
            ) { $0.amount != nil },
            Rule.each(
                kind, category.code, category.term,
                "Choisissez la catégorie de TVA \(french).",
                "Choose the VAT category of the \(english)."
            ) { $0.vat.category.isFilled },
        ]
            + reasons.map {
                Rule.each(
                    kind, $0.code, $0.term, "Donnez le motif \(french).",
                    "Give the reason of the \(english).", hasReason)
            }
    }

    private static func lineAdjustments(
        _ kind: Rule.Adjustments, amount: Field, reasons: [Field]
    ) -> [Rule] {
        let (french, english) = names(kind)
        let amountRule = Rule.ofLines(
            kind, amount.code, amount.term, "Indiquez le montant \(french) de la ligne.",
            "Enter the amount of the line’s \(english)."
        ) { $0.amount != nil }
        return [amountRule]
            + reasons.map {
                Rule.ofLines(
                    kind, $0.code, $0.term, "Donnez le motif \(french) de la ligne.",
                    "Give the reason of the line’s \(english).", hasReason)
            }
    }

    private static func names(_ kind: Rule.Adjustments) -> (String, String) {
        kind == .allowances ? ("de la remise", "allowance") : ("des frais", "charge")
    }

    @Sendable private static func hasReason(_ adjustment: EInvoice.Adjustment) -> Bool {
        adjustment.reason.isFilled || adjustment.reasonCode.isFilled
    }
}
