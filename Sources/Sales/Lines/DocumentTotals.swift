import Basics

/// The VAT of one category and rate, computed once on the sum of its lines (EN 16931, BG-23).
public struct VATRow: Sendable, Hashable {
    public var rate: VATRate
    public var base: Amount
    public var vat: Amount
}

/// The totals of a document. This is the only arithmetic there is: previews, forms, the API and PDFs
/// use it, and the database checks its sums.
public struct DocumentTotals: Sendable, Hashable {
    /// Before discounts.
    public var beforeDiscount: Amount
    public var discount: Amount
    public var net: Amount
    public var vat: Amount
    public var gross: Amount
    /// In the order of the first line of each rate.
    public var vatRows: [VATRow]

    public init(_ lines: [DocumentLine], in currency: Currency) {
        var bases: [(rate: VATRate, base: Amount)] = []
        beforeDiscount = .zero
        discount = .zero
        for line in lines where line.kind == .item {
            beforeDiscount += line.grossAmount(in: currency)
            discount += line.discountAmount(in: currency)
            let net = line.netAmount(in: currency)
            if let index = bases.firstIndex(where: { $0.rate == line.vat }) {
                bases[index].base += net
            } else {
                bases.append((line.vat, net))
            }
        }
        vatRows = bases.map {
            VATRow(rate: $0.rate, base: $0.base, vat: $0.base.share($0.rate.percentage))
        }
        (net, vat, gross) = (.zero, .zero, .zero)
        addUp()
    }

    /// The totals of a credit note after others of the same invoice, whose rows are `credited`. VAT is
    /// rounded once on what all of them take back, so that rounding never adds up to a cent.
    public init(_ lines: [DocumentLine], in currency: Currency, after credited: [VATRow]) {
        self.init(lines, in: currency)
        for (index, row) in vatRows.enumerated() {
            guard let before = credited.first(where: { $0.rate == row.rate }) else { continue }
            let together = (before.base + row.base).share(row.rate.percentage)
            vatRows[index].vat = max(together - before.vat, .zero)
        }
        addUp()
    }

    /// The totals of a document whose VAT was settled already.
    init(_ lines: [DocumentLine], in currency: Currency, settled rows: [VATRow]) {
        self.init(lines, in: currency)
        vatRows = rows
        addUp()
    }

    private mutating func addUp() {
        net = vatRows.map(\.base).sum()
        vat = vatRows.map(\.vat).sum()
        gross = net + vat
    }
}

/// The sections of a document with the net amount of each, for the editor and the printed page.
public func sectionAmounts(_ lines: [DocumentLine], in currency: Currency) -> [Int: Amount] {
    var amounts: [Int: Amount] = [:]
    var current: Int?
    for (index, line) in lines.enumerated() {
        if line.kind == .section {
            current = index
            amounts[index] = .zero
        } else if let current {
            amounts[current, default: .zero] += line.netAmount(in: currency)
        }
    }
    return amounts
}
