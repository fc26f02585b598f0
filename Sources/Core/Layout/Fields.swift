import Basics
import Markup

/// The fields of a form with what they hold and what is wrong with each: the same on the first showing
/// and after a refusal, when everything typed is shown again.
public struct FormFields: Sendable {
    public let values: [String: String]
    public let problems: [FieldProblem]
    public let say: Language
    public let icon: Icon

    public init(_ values: [String: String], _ problems: [FieldProblem] = [], _ request: Request) {
        self.values = values
        self.problems = problems
        say = request.say
        icon = request.icon
    }

    public enum Width: String, Sendable {
        case whole = "field"
        case half = "field h"
        case third = "field t"
        case twoThirds = "field tt"
        case sixth = "field s"
    }

    public subscript(_ name: String) -> String { values[name] ?? "" }
    public func problem(_ name: String) -> Text? {
        problems.first { $0.field == name }?.message
    }

    /// The list of everything to correct, with links to the fields. Empty when nothing is wrong.
    public var summary: HTML {
        guard !problems.isEmpty else { return .empty }
        let title = say.count(
            problems.count, Text("champ à corriger", "field to correct"),
            Text("champs à corriger", "fields to correct"))
        return """
            <div class="alert" role="alert" tabindex="-1" id="problems">\(icon("circle-alert"))\
            <b>\(title)</b><ul>\(problems, line)</ul></div>
            """
    }

    private func line(_ problem: FieldProblem) -> HTML {
        let name = FieldNames.name(of: problem.field).map { say($0) + say(" : ", ": ") } ?? ""
        return "<li><a href=\"#\(id(problem.field))\">\(name)\(say(problem.message))</a></li>"
    }

    /// An input of one line. `type` is that of HTML; `unit` stands behind, such as €.
    public func input(
        _ name: String, _ label: Text, type: StaticString = "text", width: Width = .whole,
        required: Bool = false, hint: Text? = nil, autocomplete: StaticString = "off",
        unit: String? = nil, list: String? = nil, maximum: Int = 200, focus: Bool = false
    ) -> HTML {
        let numeric = unit != nil || type.description == "number"
        let kind = numeric ? "text" : type.description
        let control: HTML = """
            <input class="in\(numeric ? " n" : "")" id="\(id(name))" name="\(name)" type="\(kind)" \
            value="\(self[name])" maxlength="\(maximum)" autocomplete="\(autocomplete.description)"\
            \(attribute: "inputmode", numeric ? "decimal" : nil)\(attribute: "list", list)\
            \(attribute: "required", if: required)\(attribute: "autofocus", if: focus)\(described(name, hint))>
            """
        let whole: HTML =
            unit.map { unit in
                let isWord = unit.count > 2
                return """
                    <div class="unit">\(control)<span\(attribute: "class", isWord ? "word" : nil)>\(unit)</span></div>
                    """
            } ?? control
        return field(name, label, width, required: required, hint: hint, whole)
    }

    public func textArea(
        _ name: String, _ label: Text, width: Width = .whole, rows: Int = 3, hint: Text? = nil
    ) -> HTML {
        field(
            name, label, width, required: false, hint: hint,
            """
            <textarea class="in" id="\(id(name))" name="\(name)" rows="\(rows)"\(described(name, hint))>\
            \(self[name])</textarea>
            """)
    }

    public func select(
        _ name: String, _ label: Text, _ options: [(value: String, label: String)],
        width: Width = .whole, required: Bool = false, hint: Text? = nil
    ) -> HTML {
        field(
            name, label, width, required: required, hint: hint,
            """
            <span class="sel"><select class="in" id="\(id(name))" name="\(name)"\(described(name, hint))>\
            \(options, { option in
                """
                <option value="\(option.value)"\(attribute: "selected", if: option.value == self[name])>\
                \(option.label)</option>
                """
            })</select>\(icon("chevron-down", .small))</span>
            """)
    }

    /// One choice among few, all visible.
    public func segments(
        _ name: String, _ label: Text, _ options: [(value: String, label: String)],
        width: Width = .whole
    ) -> HTML {
        """
        <fieldset class="\(width.rawValue)" id="\(id(name))"><legend>\(say(label))</legend>\
        <div class="seg">\(options, { option in
            """
            <label><input type="radio" name="\(name)" value="\(option.value)"\
            \(attribute: "checked", if: option.value == self[name])>\(option.label)</label>
            """
        })</div>\(errorLine(name))</fieldset>
        """
    }

    public func check(_ name: String, _ label: Text, hint: Text? = nil) -> HTML {
        """
        <label class="check"><input class="ck" type="checkbox" id="\(id(name))" name="\(name)" value="on"\
        \(attribute: "checked", if: ["on", "true"].contains(self[name]))>\
        <span>\(say(label))\(hint.map { "<small>\(say($0))</small>" as HTML })</span></label>
        """
    }

    /// A password, with a button that shows it where scripts run.
    public func password(
        _ name: String, _ label: Text, autocomplete: StaticString, hint: Text? = nil
    ) -> HTML {
        field(
            name, label, .whole, required: true, hint: hint,
            """
            <div class="secret"><input class="in" id="\(id(name))" name="\(name)" type="password" \
            autocomplete="\(autocomplete.description)" required\(described(name, hint))>\
            <button type="button" class="eye" data-js hidden aria-pressed="false" aria-controls="\(id(name))" \
            aria-label="\(say("Afficher le mot de passe", "Show password"))">\(icon("eye"))</button></div>
            """)
    }

    /// Label, control, hint and error of one field, for controls of other kinds.
    public func field(
        _ name: String, _ label: Text, _ width: Width, required: Bool, hint: Text?,
        _ control: HTML
    ) -> HTML {
        """
        <div class="\(width.rawValue)"><label for="\(id(name))">\(say(label))\
        \(if: required, " <span class=\"opt-l\">\(say("obligatoire", "required"))</span>")</label>\(control)\
        \(hint.map { "<p class=\"hint\" id=\"\(id(name))-h\">\(say($0))</p>" as HTML })\(errorLine(name))</div>
        """
    }

    public func errorLine(_ name: String) -> HTML {
        guard let message = problem(name) else { return .empty }
        return """
            <p class="err" id="\(id(name))-e">\(icon("circle-alert"))\(say(message))</p>
            """
    }

    public func id(_ name: String) -> String {
        "f-" + String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "-" })
    }

    public func described(_ name: String, _ hint: Text?) -> HTML {
        let isWrong = problem(name) != nil
        let ids = [hint == nil ? nil : id(name) + "-h", isWrong ? id(name) + "-e" : nil]
        let list = ids.compactMap(\.self).joined(separator: " ")
        return HTML(
            """
            \(attribute: "aria-invalid", isWrong ? "true" : nil)\
            \(attribute: "aria-describedby", list.isEmpty ? nil : list)
            """)
    }
}

extension HTML {
    /// Lets a literal be given where its type would not be seen.
    init(_ markup: HTML) { self = markup }
}
