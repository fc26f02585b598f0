import Basics
import Core
import EInvoice

// Lines and VAT, and why none is charged.
extension ElectronicInvoice {
    /// Items only; a free text goes to the line above it, and titles of sections are layout.
    var lines: [EInvoice.Line] {
        var out: [EInvoice.Line] = []
        for line in print.lines {
            switch line.kind {
            case .item: out.append(item(line, number: out.count + 1))
            case .text where !out.isEmpty:
                let text = [line.label, line.description].filter { !$0.isEmpty }
                let note = ([out[out.count - 1].note].compactMap(\.self) + text)
                out[out.count - 1].note = note.joined(separator: "\n")
            case .text, .section, .allowance, .charge: continue
            }
        }
        return out
    }

    private func item(_ line: DocumentLine, number: Int) -> EInvoice.Line {
        var out = EInvoice.Line()
        out.id = String(number)
        out.name = PlainText.line(line.label)
        out.description = line.description.isEmpty ? nil : line.description
        out.quantity = Numeral(
            Int128(line.quantity.tenThousandths), decimals: Quantity.decimals)
        out.unit = (Unit(rawValue: line.unit) ?? .unit).recommendationCode
        out.vat = vat(line.vat)
        out.net = numeral(line.netAmount(in: document.currency))
        guard !line.includesVAT else {
            priceWithoutVAT(line, &out)
            return out
        }
        out.price = Numeral(Int128(line.unitPrice.millionths), decimals: UnitPrice.decimals)
        let discount = line.discountAmount(in: document.currency)
        if discount != .zero { out.allowances = [allowance(line, discount)] }
        return out
    }

    /// The standard knows prices without VAT only. Where no price of one unit gives the line to the cent,
    /// the price is that of all of them (BT-149).
    private func priceWithoutVAT(_ line: DocumentLine, _ out: inout EInvoice.Line) {
        let currency = document.currency
        let discount = line.discountAmount(in: currency).withoutVAT(line.vat)
        let whole = line.netAmount(in: currency) + discount
        let price = UnitPrice(of: whole, for: line.quantity, in: currency)
        if line.quantity.times(price, in: currency) == whole {
            out.price = Numeral(Int128(price.millionths), decimals: UnitPrice.decimals)
        } else {
            out.price = numeral(whole)
            out.priceQuantity = out.quantity
        }
        guard discount != .zero else { return }
        out.allowances = [
            EInvoice.Adjustment(
                amount: numeral(discount), reason: say("Remise", "Discount"),
                reasonCode: Self.discountCode)
        ]
    }

    /// What is taken off or added on the whole document, by rate.
    func adjustments(_ kind: DocumentLine.Kind) -> [EInvoice.Adjustment] {
        DocumentParts(print.lines, in: document.currency).parts
            .filter { $0.kind == kind && $0.net != .zero }.map { part in
                let line = print.lines[part.index]
                let amount = Amount(abs(part.net.minorUnits))
                var out = EInvoice.Adjustment(
                    amount: numeral(amount), reason: PlainText.line(line.label),
                    reasonCode: line.unit.isEmpty ? nil : line.unit)
                out.vat = vat(part.rate)
                // Spread over rates, a cent may fall elsewhere than the percentage alone would say.
                if case .percent(let percentage) = line.discount, !part.includesVAT,
                    let base = part.base, base.share(percentage) == amount
                {
                    out.base = numeral(base)
                    out.percentage = Numeral(cents: percentage.hundredths)
                }
                return out
            }
    }

    private func allowance(_ line: DocumentLine, _ discount: Amount) -> EInvoice.Adjustment {
        var out = EInvoice.Adjustment(
            amount: numeral(discount), reason: say("Remise", "Discount"),
            reasonCode: Self.discountCode)
        if case .percent(let percentage) = line.discount {
            out.base = numeral(line.grossAmount(in: document.currency))
            out.percentage = Numeral(cents: percentage.hundredths)
        }
        return out
    }

    /// UNTDID 5189.
    private static let discountCode = "95"

    private func vat(_ rate: VATRate) -> EInvoice.VAT {
        // Outside the scope of VAT there is no rate, not even zero.
        EInvoice.VAT(
            rate.category.rawValue,
            rate: rate.category == .outside ? nil : Numeral(cents: rate.percentage.hundredths))
    }

    func breakdown(_ row: VATRow) -> EInvoice.VATBreakdown {
        let category = row.rate.category
        var out = EInvoice.VATBreakdown(
            vat(row.rate), base: numeral(row.base), amount: numeral(row.vat))
        guard category != .standard, category != .zero else { return out }
        out.exemptionReason =
            print.mentions.sentences.first { $0.code == category.rawValue }?.text
            ?? say(category.label)
        out.exemptionCode = exemptionCode(category)
        return out
    }

    /// BT-121. Documents of earlier versions froze none but say whether any VAT is charged.
    private func exemptionCode(_ category: VATCategory) -> String? {
        switch category {
        case .standard, .zero: nil
        case .exempt where !print.mentions.exemptionCode.isEmpty: print.mentions.exemptionCode
        case .exempt: form.isFrench && !print.seller.chargesVAT ? "VATEX-FR-FRANCHISE" : nil
        case .reverseCharge: "VATEX-EU-AE"
        case .intraCommunity: "VATEX-EU-IC"
        case .export: "VATEX-EU-G"
        case .outside: "VATEX-EU-O"
        }
    }
}

extension Unit {
    /// UN/ECE Recommendation 20, with the packages of Recommendation 21.
    var recommendationCode: String {
        switch self {
        case .unit: "C62"
        case .hour: "HUR"
        case .day: "DAY"
        case .flatRate: "LS"
        case .month: "MON"
        case .kilometre: "KMT"
        case .metre: "MTR"
        case .squareMetre: "MTK"
        case .kilogram: "KGM"
        case .litre: "LTR"
        case .lot: "XLT"
        }
    }
}
