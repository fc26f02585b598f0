import Basics
import Core
import Database

/// How much of an order, VAT included, may still be asked for as a deposit, by rate: what no issued
/// invoice took yet, less the deposits that are not deducted yet.
struct DepositRoom: Sendable {
    struct Share: Sendable, Hashable {
        var rate: VATRate
        /// VAT included.
        var left: Amount
        /// Deposits of that rate that wait to be deducted.
        var heldNet = Amount.zero
        var heldVAT = Amount.zero
    }

    var shares: [Share]

    var total: Amount { shares.map(\.left).sum() }

    /// `uninvoiced`: the VAT of what is left of the order; `held`: that of its deposits.
    init(_ uninvoiced: [VATRow], held: [VATRow]) {
        shares = uninvoiced.map { row in
            let deposits = held.first { $0.rate == row.rate }
            let (net, vat) = (deposits?.base ?? .zero, deposits?.vat ?? .zero)
            return Share(
                rate: row.rate, left: max(row.base + row.vat - net - vat, .zero), heldNet: net,
                heldVAT: vat)
        }
    }

    /// An amount that includes VAT as the rows of a deposit invoice: spread over the rates in proportion
    /// to what is left of each, so that the parts add up to it exactly. What rounding down leaves over
    /// goes, a minor unit each, to those that lost most by it.
    ///
    /// The VAT of a part is what its amount includes, rounded once over all deposits of the rate that
    /// wait: deposits of the whole order come to exactly the VAT of the order.
    func rows(of amount: Amount) -> [VATRow] {
        zip(shares, parts(of: amount)).compactMap { share, part in
            guard part > .zero else { return nil }
            let vat = share.vat(in: part)
            return VATRow(rate: share.rate, base: part - vat, vat: vat)
        }
    }

    private func parts(of amount: Amount) -> [Amount] {
        let whole = Int128(max(total.minorUnits, 1))
        let products = shares.map { Int128(amount.minorUnits) * Int128($0.left.minorUnits) }
        var parts = products.map { Int($0 / whole) }
        let rest = amount.minorUnits - parts.reduce(0, +)
        let byLoss = products.indices.sorted {
            (products[$1] % whole, $0) < (products[$0] % whole, $1)
        }
        for index in byLoss.prefix(max(rest, 0)) { parts[index] += 1 }
        return parts.map { Amount($0) }
    }
}

extension DepositRoom.Share {
    fileprivate func vat(in part: Amount) -> Amount {
        let together = included(in: heldNet + heldVAT + part) - heldVAT
        // Many deductions in parts may have left their own roundings in what is held.
        let alone = included(in: part)
        let near = min(max(together, alone - Amount(1)), alone + Amount(1))
        return min(max(near, .zero), part)
    }

    /// The VAT that an amount includes.
    private func included(in amount: Amount) -> Amount {
        let hundredths = Int128(rate.percentage.hundredths)
        return Amount(
            roundedQuotient(Int128(amount.minorUnits) * hundredths, 10_000 + hundredths))
    }
}

extension Transaction {
    func depositRoom(of order: Order) throws -> DepositRoom {
        let lines = try linesNotIssued(of: order)
        return DepositRoom(
            DocumentTotals(lines, in: order.currency).vatRows, held: try depositsHeld(on: order.id))
    }

    /// What deposit invoices of an order hold that no issued invoice has deducted, by rate.
    func depositsHeld(on order: Order.ID) throws -> [VATRow] {
        let rows: [StoredVATRow] = try all(
            """
            SELECT vat_category, vat_rate, sum(net)::bigint AS base_amount,
                sum(vat)::bigint AS vat_amount
            FROM (
                SELECT r.vat_category, r.vat_rate, r.net_amount - r.credited_net AS net,
                    r.vat_amount - r.credited_vat AS vat
                FROM invoices d
                JOIN deposit_rows r
                    ON r.organisation_id = \(organisation) AND r.invoice_id = d.id
                WHERE d.organisation_id = \(organisation) AND d.order_id = \(order)
                    AND d.kind = 'deposit'
                UNION ALL
                SELECT l.vat_category, l.vat_rate,
                    CASE i.kind WHEN 'credit_note' THEN -l.net_amount ELSE l.net_amount END,
                    CASE i.kind WHEN 'credit_note' THEN -l.deposit_vat_amount
                        ELSE l.deposit_vat_amount END
                FROM invoices d
                JOIN invoice_lines l
                    ON l.organisation_id = \(organisation) AND l.deposit_invoice_id = d.id
                JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
                WHERE d.organisation_id = \(organisation) AND d.order_id = \(order)
                    AND d.kind = 'deposit' AND i.status = 'issued'
            ) s GROUP BY vat_category, vat_rate
            """)
        return rows.map(\.row)
    }

    /// What open requests of an order ask for beyond their deposit invoices.
    func depositsAskedFor(on order: Order.ID) throws -> Amount {
        try value(
            """
            SELECT coalesce(sum(amount - invoiced_amount), 0)::bigint FROM deposit_requests
            WHERE organisation_id = \(organisation) AND order_id = \(order)
                AND status = 'requested'
            """) ?? .zero
    }
}
