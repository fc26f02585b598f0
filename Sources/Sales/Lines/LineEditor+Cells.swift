import Basics
import Core
import Markup

extension LineEditor {
    func name(_ index: Int, _ field: String) -> String { LineDrafts.field(index, field) }
    func id(_ index: Int, _ field: String) -> String { fields.id(name(index, field)) }
    func isWrong(_ index: Int, _ field: String) -> Bool { problems[name(index, field)] != nil }

    func isFocused(_ index: Int, _ part: LineDrafts.Focus.Part) -> Bool {
        drafts.focus == LineDrafts.Focus(line: index, part: part)
    }

    func hidden(_ index: Int, _ field: String, _ value: String) -> HTML {
        "<input type=\"hidden\" name=\"\(name(index, field))\" value=\"\(value)\">"
    }

    /// The label of a field; which line it belongs to is for the ear only.
    func caption(_ index: Int, _ field: String, _ label: Text) -> HTML {
        """
        <label class="cl" for="\(id(index, field))">\(say(label))\
        <span class="sr">, \(say("ligne", "line")) \(index + 1)</span></label>
        """
    }

    func cell(
        _ index: Int, _ field: String, _ label: Text, _ cssClass: StaticString, _ control: HTML
    ) -> HTML {
        """
        <td role="cell" class="\(cssClass.description)\(isWrong(index, field) ? " err" : "")">\
        \(caption(index, field, label))\(control)\(error(index, field))</td>
        """
    }

    func number(_ index: Int, _ field: String, _ value: String, placeholder: String? = nil) -> HTML
    {
        """
        <input class="lc n" id="\(id(index, field))" name="\(name(index, field))" \
        inputmode="decimal" autocomplete="off" maxlength="40" value="\(value)"\
        \(attribute: "placeholder", placeholder)\(state(index, field))>
        """
    }

    /// A value that is not offered, of an older line or of a hostile form, is not changed silently.
    func options(_ choices: [(String, String)], _ chosen: String) -> HTML {
        let isKnown = chosen.isEmpty || choices.contains { $0.0 == chosen }
        let name = VATRate(code: chosen)?.label(in: say) ?? chosen
        let all = isKnown ? choices : choices + [(chosen, name)]
        return all.map { value, label -> HTML in
            """
            <option value="\(value)"\(attribute: "selected", if: value == chosen)>\(label)</option>
            """
        }.joined()
    }

    func select(_ index: Int, _ field: String, _ cssClass: StaticString, _ options: HTML) -> HTML {
        """
        <span class="sel"><select class="\(cssClass.description)" id="\(id(index, field))" \
        name="\(name(index, field))"\(state(index, field))>\(options)</select>\
        \(icon("chevron-down", .small))</span>
        """
    }

    /// Focus and error of a field, as attributes.
    func state(_ index: Int, _ field: String) -> HTML {
        let isWrong = isWrong(index, field)
        let part: LineDrafts.Focus.Part? =
            switch field {
            case "label": .label
            case "description": .description
            case "quantity": .quantity
            default: nil
            }
        return """
            \(attribute: "aria-invalid", isWrong ? "true" : nil)\
            \(attribute: "aria-describedby", isWrong ? id(index, field) + "-e" : nil)\
            \(attribute: "autofocus", if: part.map { isFocused(index, $0) } ?? false)
            """
    }

    func error(_ index: Int, _ field: String) -> HTML {
        guard let message = problems[name(index, field)] else { return .empty }
        return """
            <p class="errm" id="\(id(index, field))-e">\(icon("circle-alert"))\(say(message))</p>
            """
    }

    /// The net amount of a line, or of a section. A dash while the line cannot be computed.
    func net(_ index: Int) -> HTML {
        let line = checked.lines[index]
        let amount =
            line.kind == .section
            ? sections[index] ?? .zero : line.netAmount(in: rules.currency)
        let isUnknown = checked.wrong.contains(index) && line.kind == .item
        let text = isUnknown ? "—" : say.amount(amount, rules.currency)
        let lead: HTML =
            line.kind == .section
            ? "<span class=\"sr\">\(say("Sous-total HT de la section", "Net of the section")) : </span>"
            : .empty
        return """
            <span class="net num" id="net-\(index)" data-live>\(lead)\(text)</span>
            """
    }

    private var sections: [Int: Amount] { sectionAmounts(checked.lines, in: rules.currency) }
}
