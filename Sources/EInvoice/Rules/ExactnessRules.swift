// What the official rules leave open or tolerate, and our own documents hold to all the same.
extension RuleBook {
    static let exactnessRules: [Rule] = [
        Rule.line(
            "CPT-01", "BT-131",
            "Le montant de la ligne doit être quantité × prix, arrondi, moins ses remises, plus ses frais.",
            "The line’s amount must be quantity × price, rounded, less allowances, plus charges."
        ) { line in
            guard let net = line.net, let quantity = line.quantity, let price = line.price,
                let product = quantity.times(price),
                let gross = line.priceQuantity.map({ product.divided(by: $0) }) ?? product
            else { return true }
            return net == gross.rounded(to: 2) - line.allowances.compactMap(\.amount).sum()
                + line.charges.compactMap(\.amount).sum()
        },
        Rule.vatRow(
            "CPT-02", "BT-117", "La TVA doit être la base × le taux, au centime près.",
            "VAT must be the base × the rate, to the cent."
        ) { row, invoice in
            guard let base = row.base, let amount = row.amount,
                let product = base.times(row.vat.rate.orZero)
            else { return true }
            let exact = Numeral(product.unscaled, decimals: product.decimals + 2).rounded(to: 2)
            return (amount - exact).magnitude <= Numeral(cents: invoice.roundedApart)
        },
        Rule.vatRow(
            "CPT-03", "BT-116",
            "La base de TVA doit être la somme des lignes de sa catégorie et de son taux.",
            "The taxable amount must be the sum of the lines of its category and rate."
        ) { row, invoice in
            row.base == nil || row.base == invoice.taxable(row.vat)
        },
        Rule(
            "CPT-04", "BG-23",
            "Chaque catégorie et taux de TVA ne doit figurer qu’une fois dans le récapitulatif.",
            "Each VAT category and rate must stand only once in the breakdown."
        ) { invoice in
            Set(invoice.vatBreakdown.map(\.vat)).count == invoice.vatBreakdown.count
        },
    ]
}

extension EInvoice {
    /// Cents by which the VAT of a rate may differ from its base × the rate, because parts of one sale
    /// were rounded each for itself: credit notes of one invoice (docs/decisions/0006), a deposit, of
    /// which base and VAT follow from what was received, and what is left after deposits
    /// (docs/decisions/0010).
    fileprivate var roundedApart: Int {
        let deposit = 2
        if let process, process.hasSuffix("4") { return precedingInvoices.count * deposit + 1 }
        return typeCode == "386" ? deposit : typeCode == "381" ? 1 : 0
    }

    /// Lines, less allowances, plus charges of one category; of one rate too unless it is nil.
    func taxable(_ vat: VAT) -> Numeral {
        func belongs(_ other: VAT) -> Bool {
            other.category == vat.category && (vat.rate == nil || other.rate == vat.rate)
        }
        let lines = lines.filter { belongs($0.vat) }.compactMap(\.net).sum()
        let charges = charges.filter { belongs($0.vat) }.compactMap(\.amount).sum()
        let allowances = allowances.filter { belongs($0.vat) }.compactMap(\.amount).sum()
        return lines + charges - allowances
    }
}
