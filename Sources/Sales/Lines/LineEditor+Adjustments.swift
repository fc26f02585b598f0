import Basics
import Core
import Markup

// The rows of what is taken off or added on the whole document.
extension LineEditor {
    func adjustmentCells(_ index: Int, _ line: LineDraft) -> HTML {
        let isCharge = line.kind == .charge
        let rates =
            [(LineDraft.spread, say("tous", "all"))]
            + rules.vatChoices.map { ($0.code, $0.label(in: say)) }
        let reasons = AdjustmentReason.all(line.kind).map { ($0.code, say($0.label)) }
        let example =
            isCharge
            ? say("Frais de port", "Carriage") : say("Remise commerciale", "Trade discount")
        return """
            <td role="cell" class="d\(isWrong(index, "label") ? " err" : "")" colspan="2">\
            \(caption(index, "label", isCharge ? Text("Frais", "Charge") : Text("Remise", "Discount")))\
            <input class="lc d" id="\(id(index, "label"))" name="\(name(index, "label"))" \
            value="\(line.label)" maxlength="\(LineDrafts.maximumLabelLength)" placeholder="\(example)" \
            autocomplete="off"\(state(index, "label"))>\(error(index, "label"))\
            <div class="refl"><span>\(scope(line))</span></div></td>\
            \(cell(index, "unit", Text("Nature", "Kind"), "b rest", select(index, "unit", "lc", options(reasons, line.unit))))\
            \(valueCell(index, line))\
            \(cell(index, "vat", Text("TVA", "VAT"), "b rest", select(index, "vat", "lc n", options(rates, line.vat))))\
            <td role="cell" class="b netc"><span class="cl" aria-hidden="true">\
            \(say("Net HT", "Net"))</span>\(net(index))</td>
            """
    }

    private func scope(_ line: LineDraft) -> String {
        guard rules.pricesIncludeVAT else {
            return say("Sur tout le document, HT", "On the whole document, without VAT")
        }
        return say("Sur tout le document, TTC", "On the whole document, with VAT")
    }

    private func valueCell(_ index: Int, _ line: LineDraft) -> HTML {
        let kinds = options(
            [("percent", "%"), ("amount", rules.currency.symbol)], line.discountKind)
        return """
            <td role="cell" class="b\(isWrong(index, "discount") ? " err" : "")" colspan="2"><div class="disc">\
            \(caption(index, "discount", Text("Valeur", "Value")))\
            \(number(index, "discount", line.discount, placeholder: "0"))\
            <label class="cl u" for="\(id(index, "discount_kind"))">\
            \(say("En % ou en montant", "In % or as an amount"))\
            <span class="sr">, \(say("ligne", "line")) \(index + 1)</span></label>\
            \(select(index, "discount_kind", "lc", kinds))</div>\(error(index, "discount"))</td>
            """
    }
}
