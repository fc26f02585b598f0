/// A sum that an invoice states, and that comes out otherwise.
public struct Difference: Sendable, Hashable {
    /// `BT-112`
    public let term: String
    public let place: Breach.Place
    public let label: Bilingual
    public let stated: Numeral?
    public let computed: Numeral
}

extension EInvoice {
    /// Every sum that comes out otherwise than it is stated, to the cent. The invoice itself is not
    /// corrected: who received it cannot. Profiles without lines are only held against themselves.
    public var differences: [Difference] {
        lineDifferences + vatDifferences + totalDifferences
    }

    private var lineDifferences: [Difference] {
        lines.enumerated().compactMap { index, line in
            guard let price = line.price, let quantity = line.quantity,
                let product = quantity.times(price),
                let gross = line.priceQuantity.map({ product.divided(by: $0) }) ?? product
            else { return nil }
            let net =
                gross.rounded(to: 2) - line.allowances.compactMap(\.amount).sum()
                + line.charges.compactMap(\.amount).sum()
            return difference(
                "BT-131", .line(index + 1), Bilingual("Montant de la ligne", "Line amount"),
                line.net, net)
        }
    }

    private var vatDifferences: [Difference] {
        vatBreakdown.enumerated().flatMap { index, row in
            var out: [Difference?] = []
            if !lines.isEmpty {
                out.append(
                    difference(
                        "BT-116", .vatRow(index + 1), Bilingual("Base de TVA", "Taxable amount"),
                        row.base, taxable(row.vat)))
            }
            if let base = row.base, let product = base.times(row.vat.rate.orZero) {
                let exact = Numeral(product.unscaled, decimals: product.decimals + 2)
                out.append(
                    difference(
                        "BT-117", .vatRow(index + 1), Bilingual("Montant de TVA", "VAT amount"),
                        row.amount, exact.rounded(to: 2)))
            }
            return out.compactMap(\.self)
        }
    }

    private var totalDifferences: [Difference] {
        guard let totals else { return [] }
        var out: [Difference?] = []
        func compare(
            _ term: String, _ french: String, _ english: String, _ stated: Numeral?,
            _ computed: Numeral
        ) {
            out.append(difference(term, .document, Bilingual(french, english), stated, computed))
        }
        if !lines.isEmpty {
            compare(
                "BT-106", "Somme des lignes", "Sum of lines", totals.lines,
                lines.compactMap(\.net).sum())
        }
        if let lines = totals.lines {
            compare(
                "BT-109", "Total HT", "Total without VAT", totals.net,
                lines - totals.allowances.orZero + totals.charges.orZero)
        }
        if !vatBreakdown.isEmpty {
            compare(
                "BT-110", "Total de TVA", "Total VAT", totals.vat,
                vatBreakdown.compactMap(\.amount).sum())
        }
        if let net = totals.net {
            compare(
                "BT-112", "Total TTC", "Total with VAT", totals.gross, net + totals.vat.orZero)
        }
        if let gross = totals.gross {
            compare(
                "BT-115", "Net à payer", "Amount due", totals.due,
                gross - totals.prepaid.orZero + totals.rounding.orZero)
        }
        return out.compactMap(\.self)
    }

    /// Nil where both are the same; a sum that is left out counts as nothing.
    private func difference(
        _ term: String, _ place: Breach.Place, _ label: Bilingual, _ stated: Numeral?,
        _ computed: Numeral
    ) -> Difference? {
        guard stated.orZero != computed else { return nil }
        return Difference(
            term: term, place: place, label: label, stated: stated, computed: computed)
    }
}
