import Basics
import Core
import Markup

extension LineEditor {
    func row(_ index: Int) -> HTML {
        let line = drafts.lines[index]
        let kind: StaticString =
            switch line.kind {
            case .item: "ln"
            case .section: "sec"
            case .text: "txt"
            case .allowance, .charge: "ln adj"
            }
        let isTouched = drafts.focus?.line == index
        let isWrong = problems.keys.contains { $0.hasPrefix("lines[\(index)][") }
        let content: HTML =
            switch line.kind {
            case .item: itemCells(index, line)
            case .section: sectionCells(index, line)
            case .text: textCells(index, line)
            case .allowance, .charge: adjustmentCells(index, line)
            }
        return """
            <tr role="row" class="\(kind.description)\(isTouched ? " on" : "")\(isWrong ? " ko" : "")">\
            \(handle(index, line))\(content)\(actions(index, line))</tr>
            """
    }

    private func handle(_ index: Int, _ line: LineDraft) -> HTML {
        """
        <th scope="row" role="rowheader" class="hc"><div class="h"><span class="grip" draggable="true" \
        title="\(say("Glisser pour déplacer", "Drag to move"))">\(icon("grip-vertical"))</span>\
        <span class="no" data-label="\(say("Ligne", "Line"))">\(index + 1)</span><span class="ud">\
        \(mover(index, .up))\(mover(index, .down))</span></div>\
        \(hidden(index, "kind", line.kind.rawValue))\(hidden(index, "position", String(index + 1)))\
        \(hidden(index, "id", line.id.description))</th>
        """
    }

    private func mover(_ index: Int, _ part: LineDrafts.Focus.Part) -> HTML {
        let isUp = part == .up
        let isLast = !drafts.canMove(index, by: isUp ? -1 : 1)
        let name =
            isUp
            ? say("Monter la ligne \(index + 1)", "Move line \(index + 1) up")
            : say("Descendre la ligne \(index + 1)", "Move line \(index + 1) down")
        return """
            <button class="mini" name="op" value="\(isUp ? "up" : "down"):\(index)" formnovalidate \
            aria-label="\(name)"\(attribute: "disabled", if: isLast)\
            \(attribute: "autofocus", if: isFocused(index, part))>\
            \(isUp ? icon("chevron-up") : icon("chevron-down"))</button>
            """
    }

    private func itemCells(_ index: Int, _ line: LineDraft) -> HTML {
        """
        <td role="cell" class="d has-ta\(isWrong(index, "label") ? " err" : "")">\
        \(caption(index, "label", Text("Désignation", "Description")))\
        <input class="lc d" id="\(id(index, "label"))" name="\(name(index, "label"))" \
        value="\(line.label)" maxlength="\(LineDrafts.maximumLabelLength)" \
        data-suggest="/items/suggest" autocomplete="off"\
        \(attribute: "list", catalogue.isEmpty ? nil : "catalogue")\(state(index, "label"))>\
        \(error(index, "label"))\(reflection(line))\
        \(hidden(index, "item", line.itemID.map(\.description) ?? ""))\(details(index, line))</td>\
        \(numberCells(index, line))\(netCell(index))
        """
    }

    /// What is known of the line beside what is typed: reference, stock, what is invoiced.
    private func reflection(_ line: LineDraft) -> HTML {
        if line.isBlank { return .empty }
        var parts: [HTML] = []
        if let item = line.itemID.flatMap({ items[$0] }) {
            parts.append("<span class=\"num\">\(item.reference)</span>")
            if let stock = item.stock {
                let text = say.quantity(stock) + " " + say("en stock", "in stock")
                parts.append(
                    "<span\(attribute: "class", stock <= .zero ? "low" : nil)>\(text)</span>")
            } else {
                parts.append("<span>\(say(item.kind.label))</span>")
            }
        } else if line.itemID == nil {
            parts.append(
                "<span>\(say("Ligne libre, hors catalogue", "Not from the catalogue"))</span>")
        }
        if let remark = remarks[line.id] { parts.append("<span>\(remark)</span>") }
        return parts.isEmpty ? .empty : "<div class=\"refl\">\(parts.joined())</div>"
    }

    /// A field of details only where there are some: the others can be opened from the menu.
    private func details(_ index: Int, _ line: LineDraft) -> HTML {
        let isOpen =
            !line.description.isEmpty || isFocused(index, .description)
            || isWrong(index, "description")
        guard isOpen else { return hidden(index, "description", "") }
        return """
            \(caption(index, "description", Text("Détail", "Details")))\
            <textarea class="lc ds" rows="1" id="\(id(index, "description"))" \
            name="\(name(index, "description"))"\(state(index, "description"))>\
            \(line.description)</textarea>\(error(index, "description"))
            """
    }

    private func numberCells(_ index: Int, _ line: LineDraft) -> HTML {
        let units = options(Unit.allCases.map { ($0.rawValue, say($0.label)) }, line.unit)
        let rates = options(rules.vatChoices.map { ($0.code, $0.label(in: say)) }, line.vat)
        return cell(
            index, "quantity", Text("Quantité", "Quantity"), "b",
            number(index, "quantity", line.quantity))
            + cell(
                index, "unit", Text("Unité", "Unit"), "b rest",
                select(index, "unit", "lc", units))
            + cell(
                index, "unit_price", priceLabel, "b pc",
                number(index, "unit_price", line.unitPrice, placeholder: zeroPrice))
            + discountCell(index, line)
            + cell(
                index, "vat", Text("TVA", "VAT"), "b rest", select(index, "vat", "lc n", rates))
    }

    private var zeroPrice: String { say.price(UnitPrice(millionths: 0), rules.currency) }

    private func discountCell(_ index: Int, _ line: LineDraft) -> HTML {
        let kinds = options(
            [("percent", "%"), ("amount", rules.currency.symbol)], line.discountKind)
        return """
            <td role="cell" class="b rest\(isWrong(index, "discount") ? " err" : "")"><div class="disc">\
            \(caption(index, "discount", Text("Remise", "Discount")))\
            \(number(index, "discount", line.discount, placeholder: "0"))\
            <label class="cl u" for="\(id(index, "discount_kind"))">\
            \(say("Remise en % ou en montant", "Discount in % or as an amount"))\
            <span class="sr">, \(say("ligne", "line")) \(index + 1)</span></label>\
            \(select(index, "discount_kind", "lc", kinds))</div>\(error(index, "discount"))</td>
            """
    }

    private func sectionCells(_ index: Int, _ line: LineDraft) -> HTML {
        """
        <td role="cell" class="d\(isWrong(index, "label") ? " err" : "")" colspan="6">\
        \(caption(index, "label", Text("Titre de section", "Section title")))\
        <input class="lc d" id="\(id(index, "label"))" name="\(name(index, "label"))" \
        value="\(line.label)" maxlength="\(LineDrafts.maximumLabelLength)" \
        placeholder="\(say("Titre de la section", "Title of the section"))"\(state(index, "label"))>\
        \(error(index, "label"))</td><td role="cell" class="netc">\(net(index))</td>
        """
    }

    private func textCells(_ index: Int, _ line: LineDraft) -> HTML {
        """
        <td role="cell" class="d\(isWrong(index, "label") ? " err" : "")" colspan="7">\
        \(caption(index, "label", Text("Texte", "Text")))\
        <textarea class="lc ds" rows="1" id="\(id(index, "label"))" name="\(name(index, "label"))" \
        placeholder="\(say("Texte libre, imprimé tel quel", "Free text, printed as it is"))"\
        \(state(index, "label"))>\(line.label)</textarea>\(error(index, "label"))</td>
        """
    }

    private func netCell(_ index: Int) -> HTML {
        """
        <td role="cell" class="b netc"><span class="cl" aria-hidden="true">\
        \(say("Net HT", "Net"))</span>\(net(index))</td>
        """
    }

    private func actions(_ index: Int, _ line: LineDraft) -> HTML {
        let title = say("Actions sur la ligne \(index + 1)", "Actions on line \(index + 1)")
        let every = say(
            "Tous les champs de la ligne \(index + 1)", "All fields of line \(index + 1)")
        let more: HTML = """
            <label class="tog"><input type="checkbox" aria-label="\(every)">\(icon("chevron-down"))</label>
            """
        return """
            <td role="cell" class="mc"><div class="m">\(if: line.kind == .item || line.isAdjustment, more)\
            <button type="button" class="btn g sm sq" popovertarget="m\(index)" aria-label="\(title)">\
            \(icon("ellipsis"))</button><div class="pop" id="m\(index)" popover>\
            <button name="op" value="dup:\(index)" formnovalidate>\(icon("copy"))\
            \(say("Dupliquer", "Duplicate"))<kbd>Ctrl D</kbd></button>\
            <button name="op" value="insert:\(index)" formnovalidate>\(icon("list-plus"))\
            \(say("Insérer au-dessus", "Insert above"))</button>\(describeButton(index, line))<hr>\
            <button class="danger" name="op" value="delete:\(index)" formnovalidate>\(icon("trash-2"))\
            \(say("Supprimer", "Delete"))</button></div></div></td>
            """
    }

    private func describeButton(_ index: Int, _ line: LineDraft) -> HTML {
        guard line.kind == .item, line.description.isEmpty else { return .empty }
        return """
            <button name="op" value="describe:\(index)" formnovalidate>\(icon("file-text"))\
            \(say("Ajouter un détail", "Add details"))</button>
            """
    }
}
