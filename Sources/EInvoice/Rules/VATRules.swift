// VAT by category: BR-S-01 to BR-O-14. The ten rules of a category differ in few things only, which
// `CategoryRules` holds; each rule is a function of its own.
extension RuleBook {
    static let vatRules: [Rule] =
        breakdownRules + CategoryRules.all.flatMap(\.rules) + onlyOutsideRules + intraRules

    private static let breakdownRules: [Rule] = [
        Rule.vatRow(
            "BR-45", "BT-116", "Indiquez la base de cette TVA.", "State the taxable amount."
        ) { row, _ in row.base != nil },
        Rule.vatRow(
            "BR-46", "BT-117", "Indiquez le montant de cette TVA.", "State the VAT amount."
        ) { row, _ in row.amount != nil },
        Rule.vatRow(
            "BR-47", "BT-118", "Indiquez la catégorie de cette TVA.", "State the VAT category."
        ) { row, _ in row.vat.category.isFilled },
        Rule.vatRow(
            "BR-48", "BT-119", "Indiquez le taux de cette TVA.", "State the VAT rate."
        ) { row, _ in row.vat.rate != nil || row.vat.category == "O" },
        Rule.vatRow(
            "BR-CO-17", "BT-117", "La TVA doit être la base multipliée par le taux.",
            "VAT must be the taxable amount multiplied by the rate."
        ) { row, _ in
            guard let amount = row.amount else { return true }
            guard let rate = row.vat.rate, rate.rounded(to: 0) != .zero else {
                return amount.rounded(to: 0) == .zero
            }
            return (amount.magnitude - row.computed(rate).magnitude).magnitude <= Numeral(1)
        },
    ]

    private static let onlyOutsideRules: [Rule] = [
        outsideAlone("BR-O-11", "BG-23") { $0.vatBreakdown.map(\.vat) },
        outsideAlone("BR-O-12", "BT-151") { $0.lines.map(\.vat) },
        outsideAlone("BR-O-13", "BT-95") { $0.allowances.map(\.vat) },
        outsideAlone("BR-O-14", "BT-102") { $0.charges.map(\.vat) },
    ]

    private static func outsideAlone(
        _ code: String, _ term: String, _ vats: @escaping @Sendable (EInvoice) -> [EInvoice.VAT]
    ) -> Rule {
        Rule(
            code, term,
            "Ce qui est hors du champ de la TVA se facture à part : retirez les autres lignes.",
            "What is outside the scope of VAT is invoiced apart: remove the other lines."
        ) { invoice in
            !invoice.vatBreakdown.contains { $0.vat.category == "O" }
                || vats(invoice).allSatisfy { $0.category == nil || $0.category == "O" }
        }
    }

    private static let intraRules: [Rule] = [
        Rule(
            "BR-IC-11", "BT-72",
            "Pour une livraison intracommunautaire, indiquez la date de livraison ou la période.",
            "For an intra-Community supply, give the delivery date or the period."
        ) { invoice in
            !invoice.vatBreakdown.contains { $0.vat.category == "K" }
                || invoice.delivery.deliveredOn != nil || invoice.period?.from != nil
                || invoice.period?.until != nil
        },
        Rule(
            "BR-IC-12", "BT-80",
            "Pour une livraison intracommunautaire, indiquez le pays de livraison.",
            "For an intra-Community supply, give the country of delivery."
        ) { invoice in
            !invoice.vatBreakdown.contains { $0.vat.category == "K" }
                || (invoice.delivery.address?.country).isFilled
        },
    ]
}

extension EInvoice.VATBreakdown {
    /// Base × rate, rounded to the cent.
    func computed(_ rate: Numeral) -> Numeral {
        guard let product = base.orZero.times(rate) else { return .zero }
        return Numeral(product.unscaled, decimals: product.decimals + 2).rounded(to: 2)
    }
}
