import Basics
import Core

/// One amount of a document with its rate: a line, or the share of an allowance or a charge that falls to
/// one rate.
public struct DocumentPart: Sendable, Hashable {
    /// Where its line stands in the document.
    public var index: Int
    public var kind: DocumentLine.Kind
    public var rate: VATRate
    /// As it was typed, negative where it takes off; with VAT if `includesVAT`.
    public var typed: Amount
    public var includesVAT: Bool
    /// The VAT of a deposit that is taken off: it is not computed anew.
    public var deductedVAT: Amount?
    /// Of a share in per cent: what it is the percentage of.
    public var base: Amount?
    public var net = Amount.zero
}

/// What falls to one rate.
public struct RateSum: Sendable, Hashable {
    public var row: VATRow
    /// Where prices include VAT: what was typed, and what net and VAT miss of it, a cent at most.
    public var typed: Amount?
    public var rounding: Amount
}

/// The arithmetic of a document, step by step: lines, allowances and charges by rate, their nets, VAT.
public struct DocumentParts: Sendable, Hashable {
    public private(set) var parts: [DocumentPart] = []
    /// In the order of the first part of each rate.
    public private(set) var rates: [RateSum] = []

    public init(_ lines: [DocumentLine], in currency: Currency) {
        for (index, line) in lines.enumerated() where line.kind == .item {
            parts.append(
                DocumentPart(
                    index: index, kind: .item, rate: line.vat,
                    typed: line.typedAmount(in: currency), includesVAT: line.includesVAT,
                    deductedVAT: line.deduction?.vat))
        }
        let bases = AdjustmentBases(parts)
        for (index, line) in lines.enumerated() where line.isAdjustment {
            parts += bases.shares(of: line, at: index, in: currency)
        }
        settleNets()
        addUp()
    }

    /// Of all lines, allowances or charges, with its sign.
    func net(of kind: DocumentLine.Kind) -> Amount {
        parts.filter { $0.kind == kind }.map(\.net).sum()
    }

    /// Where prices include VAT, the net of a rate is the nearest one to the sum of what was typed; its
    /// parts come to it exactly, because each is the difference that it makes to the sum so far.
    private mutating func settleNets() {
        var soFar: [VATRate: Amount] = [:]
        for index in parts.indices {
            let part = parts[index]
            guard part.includesVAT else {
                parts[index].net = part.typed
                continue
            }
            let before = soFar[part.rate] ?? .zero
            let after = before + part.typed
            parts[index].net = after.withoutVAT(part.rate) - before.withoutVAT(part.rate)
            soFar[part.rate] = after
        }
    }

    private mutating func addUp() {
        var order: [VATRate] = []
        for part in parts where !order.contains(part.rate) { order.append(part.rate) }
        rates = order.map { rate in
            let own = parts.filter { $0.rate == rate }
            let taxed = own.filter { $0.deductedVAT == nil }
            let base = taxed.map(\.net).sum()
            let vat = base.share(rate.percentage)
            let typed =
                taxed.contains(where: \.includesVAT) ? taxed.map(\.typed).sum() : nil
            return RateSum(
                row: VATRow(
                    rate: rate, base: own.map(\.net).sum(),
                    vat: vat + own.compactMap(\.deductedVAT).sum()),
                typed: typed, rounding: typed.map { $0 - base - vat } ?? .zero)
        }
    }
}

extension Amount {
    /// The net amount that comes nearest to this one with VAT.
    func withoutVAT(_ rate: VATRate) -> Amount {
        Amount(
            roundedQuotient(
                Int128(minorUnits) * 10_000, 10_000 + Int128(rate.percentage.hundredths)))
    }
}

/// What allowances and charges are computed on: the lines by rate, deposits aside. Each is computed on
/// the lines alone, whatever stands beside it.
private struct AdjustmentBases {
    private var bases: [(rate: VATRate, amount: Amount)] = []
    private var includesVAT = false

    init(_ items: [DocumentPart]) {
        for item in items where item.deductedVAT == nil {
            includesVAT = includesVAT || item.includesVAT
            if let place = bases.firstIndex(where: { $0.rate == item.rate }) {
                bases[place].amount += item.typed
            } else {
                bases.append((item.rate, item.typed))
            }
        }
    }

    func shares(of line: DocumentLine, at index: Int, in currency: Currency) -> [DocumentPart] {
        let own =
            line.vatIsSpread
            ? bases : [(line.vat, bases.first { $0.rate == line.vat }?.amount ?? .zero)]
        let whole = own.map(\.amount).sum()
        let sign = line.kind == .allowance ? -1 : 1
        var percentage: Percentage?
        if case .percent(let percent) = line.discount { percentage = percent }
        let amount = percentage.map { whole.share($0) } ?? line.grossAmount(in: currency)
        return zip(own, Self.spread(amount, over: own.map(\.amount))).compactMap { base, share in
            guard share != .zero || !line.vatIsSpread else { return nil }
            return DocumentPart(
                index: index, kind: line.kind, rate: base.rate,
                typed: Amount(sign * share.minorUnits), includesVAT: line.includesVAT,
                base: percentage == nil ? nil : base.amount)
        }
    }

    /// An amount in proportion to others: each part is the difference that it makes to the rounded sum so
    /// far, so that all of them add up to the amount (docs/decisions/0013).
    private static func spread(_ amount: Amount, over weights: [Amount]) -> [Amount] {
        let whole = weights.sum()
        guard whole > .zero else {
            return weights.indices.map { $0 == 0 ? amount : .zero }
        }
        var (before, reached) = (0, Amount.zero)
        return weights.map { weight in
            reached += weight
            let upTo = roundedQuotient(
                Int128(amount.minorUnits) * Int128(reached.minorUnits), Int128(whole.minorUnits))
            defer { before = upTo }
            return Amount(upTo - before)
        }
    }
}

extension [DocumentLine] {
    /// The same lines, each with what it comes to within this document.
    public func settled(in currency: Currency) -> [DocumentLine] {
        guard contains(where: { $0.isAdjustment || $0.includesVAT }) else { return self }
        var lines = self
        for index in lines.indices { lines[index].settledNet = .zero }
        for part in DocumentParts(self, in: currency).parts {
            lines[part.index].settledNet += part.net
        }
        return lines
    }

    /// Whether what people typed includes VAT; nil where nothing says.
    var pricesIncludeVAT: Bool? {
        first { $0.kind == .item && $0.deduction == nil }.map(\.includesVAT)
    }
}
