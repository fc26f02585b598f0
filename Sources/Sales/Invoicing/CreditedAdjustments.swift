import Basics
import Core
import Database

// What a credit note takes back of the allowances and charges of its invoice (docs/decisions/0013).

/// A line of an invoice that a credit note takes back, and how much of it.
struct LineTaken {
    var original: DocumentLine.ID?
    var net: Amount
}

extension Transaction {
    /// Percentages and allowances in proportion to what is taken back of the lines of each rate, less what
    /// earlier credit notes took; a charge in money only with the last of the lines.
    func adjustmentsGivenBack(
        of original: Invoice, _ parts: [CreditableLine], _ taken: [LineTaken],
        takesEverything: Bool
    ) throws -> [LinePair] {
        let lines = try lines(of: .invoice, original.id.value)
        let shares = DocumentParts(lines, in: original.currency).parts
            .filter { $0.kind != .item && $0.net != .zero }
        guard !shares.isEmpty else { return [] }
        let credited = try creditedShares(of: original.id)
        return shares.compactMap { share in
            let line = lines[share.index]
            let before = credited[CreditedShare(line: line.id, rate: share.rate)] ?? .zero
            let reached =
                takesEverything
                ? share.net
                : line.isCounted && line.kind == .charge
                    ? before : proportion(of: share, parts, taken)
            guard reached != before else { return nil }
            let amount = reached - before
            return (line.id, line.fixed(amount, share.rate, id: newID(), in: original.currency))
        }
    }

    private func proportion(
        of share: DocumentPart, _ parts: [CreditableLine], _ taken: [LineTaken]
    ) -> Amount {
        let own = parts.filter {
            $0.line.kind == .item && $0.line.deduction == nil && $0.line.vat == share.rate
        }
        let whole = own.map(\.line.settledNet).sum()
        guard whole > .zero else { return .zero }
        let ids = Set(own.map(\.line.id))
        let now = taken.filter { $0.original.map(ids.contains) ?? false }.map(\.net).sum()
        let reached = own.map(\.creditedNet).sum() + now
        return Amount(
            roundedQuotient(
                Int128(share.net.minorUnits) * Int128(reached.minorUnits),
                Int128(whole.minorUnits)))
    }

    private func creditedShares(of invoice: Invoice.ID) throws -> [CreditedShare: Amount] {
        var shares: [CreditedShare: Amount] = [:]
        try each(
            """
            SELECT l.corrected_line_id, l.vat_category, l.vat_rate,
                sum(l.net_amount)::bigint AS net
            FROM invoice_lines l
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE l.organisation_id = \(organisation) AND i.corrected_invoice_id = \(invoice)
                AND i.status = 'issued' AND l.kind IN ('allowance', 'charge')
            GROUP BY l.corrected_line_id, l.vat_category, l.vat_rate
            """
        ) { row in
            let rate = VATRate(try row["vat_category"], try row["vat_rate"])
            shares[CreditedShare(line: try row["corrected_line_id"], rate: rate)] = try row["net"]
        }
        return shares
    }
}

private struct CreditedShare: Hashable {
    var line: DocumentLine.ID
    var rate: VATRate
}

extension DocumentLine {
    /// An allowance or a charge of so much without VAT at one rate; `amount` has its sign.
    func fixed(_ amount: Amount, _ rate: VATRate, id: ID, in currency: Currency) -> DocumentLine {
        var line = self
        line.id = id
        line.discount = .none
        line.quantity = .one
        line.unitPrice = UnitPrice(
            Amount(abs(amount.minorUnits)), in: currency)
        (line.vat, line.vatIsSpread, line.includesVAT) = (rate, false, false)
        line.settledNet = amount
        return line
    }
}

extension [DocumentLine] {
    /// The same with allowances and charges as amounts by rate, so that lines of other documents beside
    /// them do not count.
    func withFixedAdjustments(in currency: Currency) -> [DocumentLine] {
        let parts = DocumentParts(self, in: currency).parts
        return enumerated().flatMap { index, line -> [DocumentLine] in
            guard line.isAdjustment else { return [line] }
            return parts.filter { $0.index == index }.enumerated().map { place, part in
                var fixed = line.fixed(part.typed, part.rate, id: line.id, in: currency)
                fixed.includesVAT = line.includesVAT
                if place > 0 { fixed.orderLineID = nil }
                return fixed
            }
        }
    }
}
