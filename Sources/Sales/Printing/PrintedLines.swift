import Basics
import Core

/// The lines and sums of a document, written out.
struct PrintedLines {
    let say: Language
    let currency: Currency
    let lines: [DocumentLine]
    let totals: DocumentTotals
    /// False under the "franchise en base": neither a column nor a table speaks of VAT.
    let speaksOfVAT: Bool

    /// `settled`: the VAT of an issued document, which was settled at issue.
    init(
        _ lines: [DocumentLine], in currency: Currency, say: Language, speaksOfVAT: Bool,
        settled: [VATRow]? = nil, rounding: Amount? = nil
    ) {
        self.lines = lines
        self.currency = currency
        self.say = say
        self.speaksOfVAT = speaksOfVAT
        totals =
            settled.map {
                DocumentTotals(lines, in: currency, settled: $0, rounding: rounding)
            }
            ?? DocumentTotals(lines, in: currency)
    }

    var columns: [PrintedDocument.Column] {
        let hasDiscount = lines.contains { $0.kind == .item && $0.discount != .none }
        var out: [PrintedDocument.Column] = [
            .init(.label, say("Désignation", "Description")),
            .init(.quantity, say("Quantité", "Quantity")),
            .init(.price, priceLabel),
        ]
        if hasDiscount { out.append(.init(.discount, say("Remise", "Discount"))) }
        if speaksOfVAT { out.append(.init(.vat, say("TVA", "VAT"))) }
        out.append(.init(.net, speaksOfVAT ? say("Net HT", "Net") : say("Montant", "Amount")))
        return out
    }

    private var priceLabel: String {
        guard speaksOfVAT else { return say("Prix", "Price") }
        return lines.pricesIncludeVAT == true
            ? say("Prix TTC", "Price with VAT") : say("Prix HT", "Price")
    }

    var printed: [PrintedDocument.Line] {
        lines.compactMap { line in
            switch line.kind {
            case .section: .section(line.label)
            case .text:
                .text(
                    line.description.isEmpty ? line.label : line.label + "\n" + line.description)
            case .item: .item(item(line))
            // They stand among the sums.
            case .allowance, .charge: nil
            }
        }
    }

    private func item(_ line: DocumentLine) -> PrintedDocument.Item {
        let count = say.quantity(line.quantity)
        let unit = Unit(rawValue: line.unit)?.counted(line.quantity, in: say) ?? ""
        return PrintedDocument.Item(
            label: line.label, description: line.description,
            cells: [
                .quantity: unit.isEmpty ? count : count + "\u{A0}" + unit, .unit: unit,
                .price: say.price(line.unitPrice, currency), .discount: discount(line.discount),
                .vat: say.shortRate(line.vat),
                .net: say.amount(line.netAmount(in: currency), currency),
            ], count: count)
    }

    private func discount(_ discount: Discount) -> String {
        switch discount {
        case .none: ""
        case .percent(let percentage): "\u{2212}" + say.percentage(percentage)
        case .amount(let amount): say.amount(-amount, currency)
        }
    }

    var vatColumns: [String] {
        [say("Taux de TVA", "VAT rate"), say("Base HT", "Net"), say("TVA", "VAT")]
    }

    func vatLines(_ rows: [VATRow]) -> [PrintedDocument.VATLine] {
        guard speaksOfVAT else { return [] }
        return rows.map { row in
            PrintedDocument.VATLine(
                rate: row.rate.label(in: say), base: say.amount(row.base, currency),
                vat: say.amount(row.vat, currency))
        }
    }

    /// What deposits take off, VAT included.
    private var deducted: Amount {
        lines.map { line in
            line.deduction.map { $0.vat + line.netAmount(in: currency) } ?? .zero
        }.sum()
    }

    var sums: [PrintedDocument.Sum] {
        func sum(_ label: String, _ amount: Amount, isTotal: Bool = false) -> PrintedDocument.Sum {
            PrintedDocument.Sum(
                label: label, value: say.money(amount, currency), isTotal: isTotal)
        }
        var out: [PrintedDocument.Sum] = []
        if totals.discount > .zero, lines.pricesIncludeVAT != true {
            let label =
                speaksOfVAT ? say("Sous-total HT", "Subtotal") : say("Sous-total", "Subtotal")
            out.append(sum(label, totals.beforeDiscount))
            out.append(sum(say("Remises", "Discounts"), -totals.discount))
        }
        let adjustments = lines.filter(\.isAdjustment)
        if !adjustments.isEmpty {
            let label =
                speaksOfVAT ? say("Total des lignes HT", "Lines, net") : say("Lignes", "Lines")
            out.append(sum(label, totals.lineNet))
            for line in adjustments {
                out.append(sum(line.describedLabel(say), line.netAmount(in: currency)))
            }
        }
        if deducted < .zero {
            out.append(
                sum(say("Avant acomptes, TTC", "Before deposits"), totals.gross - deducted))
            out.append(sum(say("Acomptes déduits, TTC", "Deposits deducted"), deducted))
        }
        guard speaksOfVAT else {
            return out + [sum(say("Total", "Total"), totals.gross, isTotal: true)]
        }
        out.append(sum(say("Total HT", "Net total"), totals.net))
        out.append(sum(say("Total TVA", "VAT"), totals.vat))
        if totals.rounding != .zero {
            out.append(sum(say("Arrondi", "Rounding"), totals.rounding))
        }
        return out + [sum(say("Total TTC", "Total"), totals.gross, isTotal: true)]
    }
}

extension DocumentLine {
    /// `5 %` of an allowance or a charge; empty for an amount.
    func percentageText(_ say: Language) -> String {
        guard case .percent(let percentage) = discount else { return "" }
        return say.percentage(percentage)
    }

    /// `Remise commerciale (5 %)`, unless its label says so already.
    func describedLabel(_ say: Language) -> String {
        let percentage = percentageText(say)
        return percentage.isEmpty || label.contains("%") ? label : "\(label) (\(percentage))"
    }
}

extension Language {
    /// `20 %`, or a word short enough for a column.
    func shortRate(_ rate: VATRate) -> String {
        switch rate.category {
        case .standard, .zero: percentage(rate.percentage)
        case .exempt: self("Exo.", "Exempt")
        case .reverseCharge: self("Autoliq.", "Reverse")
        case .intraCommunity: self("Intra-UE", "Intra-EU")
        case .export: self("Export", "Export")
        case .outside: self("Hors TVA", "No VAT")
        }
    }
}

extension Unit {
    /// `heures`, `mois`: the word that stands behind a quantity.
    func counted(_ quantity: Quantity, in say: Language) -> String {
        let isOne = say == .french ? quantity < Quantity(2) : quantity == .one
        let word = say(label)
        switch self {
        case .kilometre, .metre, .squareMetre, .kilogram: return word
        case .month: return say == .french || isOne ? word : word + "s"
        case .unit, .hour, .day, .flatRate, .litre, .lot: return isOne ? word : word + "s"
        }
    }
}
