import Basics
import Core
import EInvoice

/// How the totals of a document were made, step by step, in the terms of EN 16931.
struct Calculation: Sendable {
    /// A line: quantity × price, rounded, less its discount.
    struct Line: Sendable {
        var number: Int
        var line: DocumentLine
        var currency: Currency

        /// Before any rounding.
        var product: Numeral {
            Numeral(
                Int128(line.quantity.tenThousandths) * Int128(line.unitPrice.millionths),
                decimals: Quantity.decimals + UnitPrice.decimals)
        }
        var rounded: Amount { line.grossAmount(in: currency) }
        var discount: Amount { line.discountAmount(in: currency) }
        /// After the discount, as it was typed: with VAT where the price includes it.
        var typed: Amount { line.typedAmount(in: currency) }
        var net: Amount { line.netAmount(in: currency) }
    }

    /// What falls to one rate of an allowance or a charge.
    struct Share: Sendable {
        var line: DocumentLine
        var part: DocumentPart
    }

    /// A row of the VAT breakdown.
    struct Rate: Sendable {
        var row: VATRow
        /// Base × rate before rounding.
        var product: Numeral
        /// Where prices include VAT: what was typed, and the cent that net and VAT miss of it.
        var typed: Amount?
        var rounding: Amount
    }

    /// Why VAT is not simply base × rate.
    enum Settlement: String, Sendable, CaseIterable {
        case computed, deposit
        case creditNote = "credit_note"
        case deducted
    }

    var title: String
    var path: String
    var currency: Currency
    var pricesIncludeVAT: Bool
    var settlement: Settlement
    var lines: [Line]
    var shares: [Share]
    var rates: [Rate]
    var totals: DocumentTotals
    /// Received before the document was issued (BT-113).
    var prepaid: Amount

    var due: Amount { totals.gross - prepaid }
    /// With VAT, before rounding (BT-112).
    var withVAT: Amount { totals.net + totals.vat }

    /// `settled`: the VAT of an issued document as it states it.
    init(
        _ title: String, at path: String, _ lines: [DocumentLine], in currency: Currency,
        settled: [VATRow]? = nil, rounding: Amount? = nil, settlement: Settlement = .computed,
        prepaid: Amount = .zero
    ) {
        let computed = DocumentParts(lines, in: currency)
        let items = lines.filter { $0.kind == .item }
        (self.title, self.path, self.currency, self.prepaid) = (title, path, currency, prepaid)
        pricesIncludeVAT = lines.pricesIncludeVAT == true
        self.settlement =
            settlement == .computed && items.contains { $0.deduction != nil }
            ? .deducted : settlement
        self.lines = items.enumerated().map {
            Line(number: $0 + 1, line: $1, currency: currency)
        }
        shares = computed.parts.filter { $0.kind != .item }.map {
            Share(line: lines[$0.index], part: $0)
        }
        totals =
            settled.map { DocumentTotals(lines, in: currency, settled: $0, rounding: rounding) }
            ?? DocumentTotals(lines, in: currency)
        rates = totals.vatRows.map { row in
            let sum = computed.rates.first { $0.row.rate == row.rate }
            return Rate(
                row: row,
                product: Numeral(
                    Int128(row.base.minorUnits) * Int128(row.rate.percentage.hundredths),
                    decimals: currency.exponent + 4),
                typed: sum?.typed, rounding: sum?.rounding ?? .zero)
        }
    }
}

extension Transaction {
    func calculation(ofInvoice id: Invoice.ID, _ say: Language) throws -> Calculation {
        let invoice = try invoice(id)
        guard invoice.kind != .openingBalance else { throw Problem.openingBalanceHasNoLines }
        let settlement: Calculation.Settlement =
            switch invoice.kind {
            case .deposit: .deposit
            case .creditNote: .creditNote
            default: .computed
            }
        return Calculation(
            invoice.title(in: say), at: invoice.path, try lines(of: .invoice, id.value),
            in: invoice.currency, settled: invoice.isDraft ? nil : try vatRows(of: id),
            rounding: invoice.isDraft ? nil : invoice.totalRounding, settlement: settlement,
            prepaid: invoice.isReceivedDeposit ? invoice.totalGross : .zero)
    }

    func calculation(ofQuote id: Quote.ID, _ say: Language) throws -> Calculation {
        let quote = try quote(id)
        return Calculation(
            say("Devis", "Quote") + "\u{A0}" + quote.number, at: quote.path,
            try lines(of: .quote, id.value), in: quote.currency)
    }

    func calculation(ofOrder id: Order.ID, _ say: Language) throws -> Calculation {
        let order = try order(id)
        return Calculation(
            say("Commande", "Order") + "\u{A0}" + order.number, at: order.path,
            try lines(of: .order, id.value), in: order.currency)
    }
}
