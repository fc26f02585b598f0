import Basics
import Core

/// One line of an invoice with what can still be taken back of it.
struct CreditableLine: Sendable {
    var line: DocumentLine
    /// What earlier credit notes took back.
    var creditedQuantity: Quantity
    var creditedDiscount: Amount
    var creditedNet: Amount

    var leftQuantity: Quantity { line.quantity - creditedQuantity }

    /// The line of a credit note for so much of it. Its amount is what all credit notes of the line have
    /// to reach together, less what the earlier ones took: parts add up to the line to the cent. Where
    /// rounding asks for a cent more or less, the price of the part gives it.
    func credit(_ quantity: Quantity, id: DocumentLine.ID, in currency: Currency) -> DocumentLine {
        let upTo = creditedQuantity + quantity
        let net = max(netAmount(upTo, in: currency) - creditedNet, .zero)
        var credit = line
        credit.id = id
        credit.quantity = quantity
        if case .amount = line.discount {
            let discount = max(moneyOff(upTo) - creditedDiscount, .zero)
            credit.discount = discount > .zero ? .amount(discount) : .none
        }
        credit.takeNetAmount(net, in: currency)
        credit.settledNet = net
        return credit
    }

    /// What so much of the line comes to; never more than the line.
    private func netAmount(_ quantity: Quantity, in currency: Currency) -> Amount {
        var part = line
        part.quantity = quantity
        if case .amount = line.discount { part.discount = .amount(moneyOff(quantity)) }
        return min(part.netAmount(in: currency), line.netAmount(in: currency))
    }

    /// A discount in money belongs to the line in proportion.
    private func moneyOff(_ quantity: Quantity) -> Amount {
        guard case .amount(let whole) = line.discount else { return .zero }
        return Amount(
            roundedQuotient(
                Int128(whole.minorUnits) * Int128(quantity.tenThousandths),
                Int128(max(1, line.quantity.tenThousandths))))
    }
}

extension DocumentLine {
    /// Cents that a price is moved by at most; rounding asks for one or two.
    private static let mostRounding = 9

    /// Gives the line this net amount, by its price if that reaches it to the cent, else by price and
    /// discount together.
    mutating func takeNetAmount(_ net: Amount, in currency: Currency) {
        guard netAmount(in: currency) != net, quantity > .zero else { return }
        let usual = grossAmount(in: currency)
        let nearest = (0...DocumentLine.mostRounding).flatMap {
            [usual + Amount($0), usual - Amount($0)]
        }
        for gross in nearest where gross >= .zero {
            var line = self
            line.unitPrice = price(for: gross, in: currency)
            if line.netAmount(in: currency) == net {
                self = line
                return
            }
        }
        // So many units that the smallest change of the price is more than a cent.
        unitPrice = price(for: net, in: currency)
        unitPrice.millionths += 1
        discount = .amount(grossAmount(in: currency) - net)
    }

    /// The same line with a price without VAT: what it came to within its document.
    func pricedWithoutVAT(in currency: Currency) -> DocumentLine {
        guard includesVAT, kind == .item, quantity > .zero else { return self }
        var line = self
        line.includesVAT = false
        line.discount = .none
        line.unitPrice = price(for: settledNet, in: currency)
        line.takeNetAmount(settledNet, in: currency)
        return line
    }

    private func price(for gross: Amount, in currency: Currency) -> UnitPrice {
        UnitPrice(of: gross, for: quantity, in: currency)
    }
}

extension UnitPrice {
    /// The price of one where so many cost so much; at a quantity above zero.
    init(of amount: Amount, for quantity: Quantity, in currency: Currency) {
        self.init(
            millionths: roundedQuotient(
                Int128(amount.minorUnits) * 10_000_000_000,
                Int128(quantity.tenThousandths) * Int128(currency.minorUnitsPerUnit)))
    }
}
