import Basics

/// The VAT of one category and rate, computed once on the sum of its lines (EN 16931, BG-23).
public struct VATRow: Sendable, Hashable {
    public var rate: VATRate
    public var base: Amount
    public var vat: Amount
}

extension VATRow {
    /// The VAT of so much of an invoice's row, taken back by all its credit notes together: all of it
    /// when they reach the base, whatever rounding made of it (`check_credit_note_totals`).
    static func credited(_ base: Amount, of whole: VATRow?, _ rate: VATRate) -> Amount {
        let computed = base.share(rate.percentage)
        guard let whole, base <= whole.base else { return computed }
        return base == whole.base ? whole.vat : min(computed, whole.vat)
    }
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
        // Of the base, what VAT is computed on; a deposit taken off brings its own.
        var bases: [(rate: VATRate, base: Amount, taxed: Amount, deducted: Amount)] = []
        beforeDiscount = .zero
        discount = .zero
        for line in lines where line.kind == .item {
            beforeDiscount += line.grossAmount(in: currency)
            discount += line.discountAmount(in: currency)
            let net = line.netAmount(in: currency)
            let taxed = line.deduction == nil ? net : .zero
            let deducted = line.deduction?.vat ?? .zero
            if let index = bases.firstIndex(where: { $0.rate == line.vat }) {
                bases[index].base += net
                bases[index].taxed += taxed
                bases[index].deducted += deducted
            } else {
                bases.append((line.vat, net, taxed, deducted))
            }
        }
        vatRows = bases.map {
            VATRow(
                rate: $0.rate, base: $0.base,
                vat: $0.taxed.share($0.rate.percentage) + $0.deducted)
        }
        (net, vat, gross) = (.zero, .zero, .zero)
        addUp()
    }

    /// The totals of a credit note of an invoice whose rows are `invoiced`, after others whose rows are
    /// `credited`. VAT is rounded once on what all of them take back, so that rounding never adds up to
    /// a cent.
    public init(
        _ lines: [DocumentLine], in currency: Currency, of invoiced: [VATRow],
        after credited: [VATRow]
    ) {
        self.init(lines, in: currency)
        for (index, row) in vatRows.enumerated() {
            let before = credited.first { $0.rate == row.rate }
            let whole = invoiced.first { $0.rate == row.rate }
            let base = row.base + (before?.base ?? .zero)
            vatRows[index].vat = VATRow.credited(base, of: whole, row.rate) - (before?.vat ?? .zero)
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
