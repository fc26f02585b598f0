import Basics
import Core
import HTTP

/// The lines of an editor once read, with what is wrong.
public struct CheckedLines: Sendable {
    /// In the order of the drafts. A line that is wrong stands here without an amount, so that the
    /// others can be added up meanwhile.
    public var lines: [DocumentLine]
    public var problems: [FieldProblem]
    public var wrong: Set<Int>
}

extension LineDrafts {
    /// Reads every line. Problems name the field: `lines[2][quantity]`.
    public func checked(_ rules: LineRules) -> CheckedLines {
        var input = Input(
            Fields(lines.enumerated().flatMap { $1.fields(at: $0) }))
        var out = CheckedLines(lines: [], problems: [], wrong: [])
        for (index, draft) in lines.enumerated() {
            let before = input.problems.count
            let line = draft.line(&input, at: index, rules)
            let isRight = input.problems.count == before
            out.lines.append(isRight ? line : withoutAmount(draft, rules))
            if !isRight { out.wrong.insert(index) }
        }
        out.lines = out.lines.settled(in: rules.currency)
        refuseBelowZero(&input, out.lines, rules)
        if let largest = largestLine(out.lines, rules.currency), isTooMuch(out.lines, rules) {
            input.refuse(
                LineDrafts.field(largest, "quantity"), LineDrafts.tooMuch(rules, document: true))
        }
        if isTooLong { input.refuse("lines", LineDrafts.tooManyLines) }
        out.problems = input.problems
        return out
    }

    /// Nothing is taken off a rate beyond what its lines come to.
    private func refuseBelowZero(
        _ input: inout Input, _ lines: [DocumentLine], _ rules: LineRules
    ) {
        guard let last = lines.lastIndex(where: { $0.kind == .allowance }) else { return }
        for sum in DocumentParts(lines, in: rules.currency).rates where sum.row.base < .zero {
            let rate = sum.row.rate
            input.refuse(
                LineDrafts.field(last, "discount"),
                Text(
                    "La remise dépasse les lignes à \(rate.label(in: .french)).",
                    "The discount exceeds the lines at \(rate.label(in: .english))."))
            return
        }
    }

    /// Its rate stays, so that no rate that nobody chose shows among the totals.
    private func withoutAmount(_ draft: LineDraft, _ rules: LineRules) -> DocumentLine {
        var line = DocumentLine(id: draft.id, kind: draft.kind, label: draft.label)
        line.vat = VATRate(code: draft.vat) ?? rules.usualVAT
        return line
    }

    /// Amounts are kept below a limit so that no sum can overflow, whatever is added up later.
    private func isTooMuch(_ lines: [DocumentLine], _ rules: LineRules) -> Bool {
        let totals = DocumentTotals(lines, in: rules.currency)
        return max(totals.beforeDiscount, totals.gross) > Amount.maximum
    }

    private func largestLine(_ lines: [DocumentLine], _ currency: Currency) -> Int? {
        lines.indices.max {
            lines[$0].grossAmount(in: currency) < lines[$1].grossAmount(in: currency)
        }
    }

    static func tooMuch(_ rules: LineRules, document: Bool) -> Text {
        func most(_ say: Language) -> String { say.money(Amount.maximum, rules.currency) }
        return document
            ? Text(
                "Le total du document dépasse \(most(.french)).",
                "The total of the document exceeds \(most(.english)).")
            : Text(
                "Quantité × prix dépasse \(most(.french)).",
                "Quantity × price exceeds \(most(.english)).")
    }

    static let tooManyLines = Text(
        "\(maximumLines) lignes au plus.", "At most \(maximumLines) lines.")
}

extension LineDraft {
    fileprivate func line(_ input: inout Input, at index: Int, _ rules: LineRules)
        -> DocumentLine
    {
        func field(_ name: String) -> String { LineDrafts.field(index, name) }
        guard kind != .text else { return text(&input, field("label")) }
        var line = DocumentLine(
            id: id, kind: kind,
            label: input.line(
                field("label"), required: true, most: LineDrafts.maximumLabelLength))
        guard kind == .item else {
            if isAdjustment { adjust(&line, &input, at: index, rules) }
            return line
        }
        line.includesVAT = rules.pricesIncludeVAT
        line.itemID = itemID
        line.description = input.text(
            field("description"), most: LineDrafts.maximumDescriptionLength)
        line.quantity = positiveQuantity(&input, field("quantity"))
        line.unit = checkedUnit(&input, field("unit"))
        line.unitPrice = price(&input, field("unit_price"))
        line.vat = checkedVAT(&input, field("vat"), rules)
        guard !line.overflows(in: rules.currency) else {
            input.refuse(field("quantity"), LineDrafts.tooMuch(rules, document: false))
            line.quantity = .zero
            return line
        }
        line.discount = checkedDiscount(&input, field("discount"), line, rules)
        return line
    }

    /// An allowance or a charge: so much, or so many per cent of the lines.
    private func adjust(
        _ line: inout DocumentLine, _ input: inout Input, at index: Int, _ rules: LineRules
    ) {
        func field(_ name: String) -> String { LineDrafts.field(index, name) }
        line.includesVAT = rules.pricesIncludeVAT
        line.vatIsSpread = vat == LineDraft.spread || vat.isEmpty
        if !line.vatIsSpread { line.vat = checkedVAT(&input, field("vat"), rules) }
        line.unit = unit.isEmpty ? AdjustmentReason.usual(kind).code : unit
        if !AdjustmentReason.all(kind).contains(where: { $0.code == line.unit }) {
            input.refuse(field("unit"), Text("Nature inconnue.", "Unknown kind."))
        }
        let before = input.problems.count
        let isAmount = discountKind == "amount"
        let percentage = isAmount ? nil : input.percentage(field("discount"))
        let amount = isAmount ? input.amount(field("discount"), rules.currency) : nil
        if let percentage {
            line.discount = .percent(percentage)
        } else if let amount, amount > .zero, amount <= Amount.maximum {
            line.quantity = .one
            line.unitPrice = UnitPrice(amount, in: rules.currency)
        }
        guard input.problems.count == before, (amount ?? .zero) == .zero else { return }
        if (percentage ?? .zero) == .zero { input.refuse(field("discount"), Input.missing) }
    }

    /// The first line of a free text is its label; the others are its description.
    private func text(_ input: inout Input, _ field: String) -> DocumentLine {
        let whole = input.text(
            field, most: LineDrafts.maximumLabelLength + LineDrafts.maximumDescriptionLength)
        let parts = whole.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        var line = DocumentLine(id: id, kind: .text, label: parts.first.map(String.init) ?? "")
        line.description = parts.count > 1 ? String(parts[1]) : ""
        if line.label.isEmpty { input.refuse(field, Input.missing) }
        if line.label.unicodeScalars.count > LineDrafts.maximumLabelLength {
            let most = LineDrafts.maximumLabelLength
            input.refuse(
                field,
                Text(
                    "\(most) caractères au plus par paragraphe : passez à la ligne.",
                    "At most \(most) characters in the first paragraph: start a new line."))
        }
        return line
    }

    private func positiveQuantity(_ input: inout Input, _ field: String) -> Quantity {
        let before = input.problems.count
        let quantity = input.quantity(field)
        if input.problems.count == before {
            if quantity == nil { input.refuse(field, Input.missing) }
            if quantity == .zero {
                input.refuse(
                    field,
                    Text("Quantité plus grande que zéro.", "The quantity must be above zero."))
            }
        }
        return quantity ?? .zero
    }

    private func price(_ input: inout Input, _ field: String) -> UnitPrice {
        let before = input.problems.count
        let price = input.price(field)
        if price == nil, input.problems.count == before { input.refuse(field, Input.missing) }
        return price ?? UnitPrice(millionths: 0)
    }

    private func checkedUnit(_ input: inout Input, _ field: String) -> String {
        if unit.isEmpty { return Unit.unit.rawValue }
        if Unit(rawValue: unit) == nil {
            input.refuse(field, Text("Unité inconnue.", "Unknown unit."))
        }
        return unit
    }

    private func checkedVAT(_ input: inout Input, _ field: String, _ rules: LineRules) -> VATRate {
        guard let rate = VATRate(code: vat) else {
            input.refuse(field, Text("Taux de TVA inconnu.", "Unknown VAT rate."))
            return rules.usualVAT
        }
        if rules.chargesVAT, let objection = rules.objection(to: rate) {
            input.refuse(field, objection)
        }
        if !rules.chargesVAT, rate.percentage > .zero {
            input.refuse(
                field,
                Text(
                    "Votre organisation ne facture pas de TVA (art. 293 B du CGI).",
                    "Your organisation charges no VAT (art. 293 B of the French tax code)."))
        }
        return rate
    }

    private func checkedDiscount(
        _ input: inout Input, _ field: String, _ line: DocumentLine, _ rules: LineRules
    ) -> Discount {
        guard discountKind == "amount" else {
            let percentage = input.percentage(field) ?? .zero
            return percentage == .zero ? .none : .percent(percentage)
        }
        let amount = input.amount(field, rules.currency) ?? .zero
        if amount > line.grossAmount(in: rules.currency) {
            input.refuse(
                field,
                Text("La remise dépasse le montant.", "The discount exceeds the amount."))
        }
        return amount == .zero ? .none : .amount(amount)
    }
}

extension DocumentLine {
    /// Whether quantity × price is more than an amount may be; asked before it is ever computed.
    func overflows(in currency: Currency) -> Bool {
        let product =
            Int128(quantity.tenThousandths) * Int128(unitPrice.millionths)
            * Int128(currency.minorUnitsPerUnit)
        return product / 10_000_000_000 >= Int128(Amount.maximum.minorUnits)
    }
}
