// Totals: what must be there, and what must add up.
extension RuleBook {
    static let totalRules: [Rule] = [
        Rule(
            "BR-12", "BT-106", "Indiquez la somme des lignes.", "State the sum of the lines."
        ) { $0.totals.map { $0.lines != nil } ?? true },
        Rule(
            "BR-13", "BT-109", "Indiquez le total hors taxe.", "State the total without VAT."
        ) { $0.totals.map { $0.net != nil } ?? true },
        Rule(
            "BR-14", "BT-112", "Indiquez le total toutes taxes comprises.",
            "State the total with VAT."
        ) { $0.totals.map { $0.gross != nil } ?? true },
        Rule(
            "BR-15", "BT-115", "Indiquez le net à payer.", "State the amount due."
        ) { $0.totals.map { $0.due != nil } ?? true },
        Rule(
            "BR-53", "BT-111",
            "Donnez le total de la TVA dans la devise de comptabilité de la TVA.",
            "Give the VAT total in the currency in which VAT is accounted for."
        ) { invoice in
            invoice.totals == nil || !invoice.vatCurrency.isFilled
                || (invoice.totals?.vatAccounted != nil
                    && invoice.vatCurrency != invoice.currency)
        },
        adding(
            "BR-CO-10", "BT-106", "La somme des lignes ne correspond pas aux lignes.",
            "The sum of the lines is not that of the lines."
        ) { totals, invoice in
            totals.lines == nil || totals.lines == invoice.lines.compactMap(\.net).sum()
        },
        adding(
            "BR-CO-11", "BT-107", "Le total des remises ne correspond pas aux remises.",
            "The total of the allowances is not that of the allowances."
        ) { totals, invoice in
            matches(totals.allowances, invoice.allowances)
        },
        adding(
            "BR-CO-12", "BT-108", "Le total des frais ne correspond pas aux frais.",
            "The total of the charges is not that of the charges."
        ) { totals, invoice in
            matches(totals.charges, invoice.charges)
        },
        adding(
            "BR-CO-13", "BT-109",
            "Le total hors taxe doit être la somme des lignes, moins les remises, plus les frais.",
            "The total without VAT must be the sum of the lines, less allowances, plus charges."
        ) { totals, _ in
            totals.net == nil
                || totals.net == totals.lines.orZero - totals.allowances.orZero
                    + totals.charges.orZero
        },
        adding(
            "BR-CO-14", "BT-110", "Le total de la TVA doit être la somme des TVA par taux.",
            "The VAT total must be the sum of the VAT by rate."
        ) { totals, invoice in
            totals.vat == nil || totals.vat == invoice.vatBreakdown.compactMap(\.amount).sum()
        },
        adding(
            "BR-CO-15", "BT-112",
            "Le total toutes taxes comprises doit être le total hors taxe plus la TVA.",
            "The total with VAT must be the total without VAT plus the VAT."
        ) { totals, _ in
            totals.gross == nil || totals.gross == totals.net.orZero + totals.vat.orZero
        },
        adding(
            "BR-CO-16", "BT-115",
            "Le net à payer doit être le total, moins ce qui est déjà payé, plus l’arrondi.",
            "The amount due must be the total, less what is paid already, plus rounding."
        ) { totals, _ in
            totals.due == nil
                || totals.due == totals.gross.orZero - totals.prepaid.orZero
                    + totals.rounding.orZero
        },
        Rule(
            "BR-CO-18", "BG-23", "Donnez la TVA d’au moins une catégorie et d’un taux.",
            "Give the VAT of at least one category and rate."
        ) { !$0.vatBreakdown.isEmpty },
    ]

    private static func adding(
        _ code: String, _ term: String, _ french: String, _ english: String,
        _ holds: @escaping @Sendable (EInvoice.Totals, EInvoice) -> Bool
    ) -> Rule {
        Rule(code, term, french, english) { invoice in
            invoice.totals.map { holds($0, invoice) } ?? true
        }
    }

    private static func matches(_ total: Numeral?, _ parts: [EInvoice.Adjustment]) -> Bool {
        if parts.isEmpty, total == nil { return true }
        return total == parts.compactMap(\.amount).sum()
    }
}
