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
    /// Of the lines before discounts, as they were typed.
    public var beforeDiscount: Amount
    public var discount: Amount
    /// Of the lines, without VAT (BT-106).
    public var lineNet: Amount
    /// Of the whole document (BT-107, BT-108), both without sign.
    public var allowances: Amount
    public var charges: Amount
    public var net: Amount
    public var vat: Amount
    /// The cents that no net price gives where prices include VAT (BT-114).
    public var rounding: Amount
    /// What is to be paid: net, VAT and rounding.
    public var gross: Amount
    /// In the order of the first line of each rate.
    public var vatRows: [VATRow]

    public init(_ lines: [DocumentLine], in currency: Currency) {
        let parts = DocumentParts(lines, in: currency)
        let items = lines.filter { $0.kind == .item }
        beforeDiscount = items.map { $0.grossAmount(in: currency) }.sum()
        discount = items.map { $0.discountAmount(in: currency) }.sum()
        lineNet = parts.net(of: .item)
        allowances = -parts.net(of: .allowance)
        charges = parts.net(of: .charge)
        vatRows = parts.rates.map(\.row)
        rounding = parts.rates.map(\.rounding).sum()
        (net, vat, gross) = (.zero, .zero, .zero)
        addUp()
    }

    /// The totals of a credit note of an invoice whose rows are `invoiced`, after others whose rows are
    /// `credited`. VAT is rounded once on what all of them take back, so that rounding never adds up to
    /// a cent.
    /// The `rounding` of the invoice goes to the one that takes back the rest.
    public init(
        _ lines: [DocumentLine], in currency: Currency, of invoiced: [VATRow],
        after credited: [VATRow], rounding: Amount = .zero
    ) {
        self.init(lines, in: currency)
        self.rounding = rounding
        for (index, row) in vatRows.enumerated() {
            let before = credited.first { $0.rate == row.rate }
            let whole = invoiced.first { $0.rate == row.rate }
            let base = row.base + (before?.base ?? .zero)
            vatRows[index].vat = VATRow.credited(base, of: whole, row.rate) - (before?.vat ?? .zero)
        }
        addUp()
    }

    /// The totals of a document whose VAT was settled already, and its rounding where that does not
    /// follow from its lines.
    init(
        _ lines: [DocumentLine], in currency: Currency, settled rows: [VATRow],
        rounding: Amount? = nil
    ) {
        self.init(lines, in: currency)
        vatRows = rows
        if let rounding { self.rounding = rounding }
        addUp()
    }

    private mutating func addUp() {
        net = vatRows.map(\.base).sum()
        vat = vatRows.map(\.vat).sum()
        gross = net + vat + rounding
    }
}

/// The sections of a document with the net amount of each, for the editor and the printed page.
public func sectionAmounts(_ lines: [DocumentLine], in currency: Currency) -> [Int: Amount] {
    var amounts: [Int: Amount] = [:]
    var current: Int?
    for (index, line) in lines.enumerated() where !line.isAdjustment {
        if line.kind == .section {
            current = index
            amounts[index] = .zero
        } else if let current {
            amounts[current, default: .zero] += line.netAmount(in: currency)
        }
    }
    return amounts
}
