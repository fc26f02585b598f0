import Basics
import Core

/// What was received of an invoice at one rate of VAT, VAT included (status 212): negative when money was
/// given back.
struct ReceiptByRate: Sendable, Hashable {
    var category: String
    var rate: Percentage
    var amount: Amount

    /// What all receipts up to now come to at each rate, in proportion to what the invoice holds of
    /// it: rounded down, the minor units left over to the parts that lost most. Once everything is
    /// received each rate has its own amount exactly.
    static func parts(of received: Amount, in rows: [VATRow]) -> [ReceiptByRate] {
        let grosses = rows.map { ($0.base + $0.vat).minorUnits }
        let whole = grosses.reduce(0, +)
        let sign = received < .zero ? -1 : 1
        guard whole > 0 else {
            return rows.map {
                ReceiptByRate(
                    category: $0.rate.category.rawValue, rate: $0.rate.percentage, amount: .zero)
            }
        }
        let total = Int128(received.minorUnits * sign)
        let shares = grosses.map { total * Int128($0) }
        var parts = shares.map { floorQuotient($0, Int128(whole)) }
        var left = Int(total - parts.reduce(0, +))
        let order = parts.indices.sorted { first, second in
            let lost = (
                shares[first] - parts[first] * Int128(whole),
                shares[second] - parts[second] * Int128(whole)
            )
            return lost.0 == lost.1 ? first < second : lost.0 > lost.1
        }
        for index in order where left > 0 {
            parts[index] += 1
            left -= 1
        }
        return zip(rows, parts).map { row, part in
            ReceiptByRate(
                category: row.rate.category.rawValue, rate: row.rate.percentage,
                amount: Amount(Int(part) * sign))
        }
    }

    private static func floorQuotient(_ value: Int128, _ divisor: Int128) -> Int128 {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    /// What one more receipt adds at each rate. Together all receipts come to `parts` of their sum.
    static func split(_ receipt: Amount, after before: Amount, in rows: [VATRow]) -> [ReceiptByRate]
    {
        let (earlier, now) = (parts(of: before, in: rows), parts(of: before + receipt, in: rows))
        return zip(earlier, now).map { earlier, now in
            ReceiptByRate(
                category: now.category, rate: now.rate, amount: now.amount - earlier.amount)
        }.filter { $0.amount != .zero }
    }

    /// With the day on which it was received.
    func json(on day: Day) -> JSON {
        [
            "received_on": .string(day.iso),
            "vat_category": .string(category), "vat_rate": .int(rate.hundredths),
            "amount": .int(amount.minorUnits),
        ]
    }

    static func read(_ json: JSON?) -> [ReceiptByRate] {
        (json?.array ?? []).compactMap { part in
            guard let rate = part["vat_rate"]?.int, let amount = part["amount"]?.int else {
                return nil
            }
            return ReceiptByRate(
                category: part["vat_category"]?.string ?? "", rate: Percentage(hundredths: rate),
                amount: Amount(amount))
        }
    }
}
