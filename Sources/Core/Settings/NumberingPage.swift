import Basics
import HTTP
import Markup

extension Settings {
    static func numbering(_ request: Request) throws -> Reply {
        let states = try request.read { try $0.seriesStates() }
        return .page(NumberingPage(NumberingTable.values(states), [], request).page)
    }

    static func saveNumbering(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = NumberingDraft(&input)
        do {
            try input.check()
            try request.write { try $0.changeNumbering(draft) }
            return .done(
                at: "/settings/numbering",
                say: Text("Numérotation enregistrée.", "Numbering saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                NumberingPage(input.typed, problem.fields, request).page, status: problem.status)
        }
    }

    /// What the next numbers would be, while the person types.
    static func previewNumbers(_ request: Request) throws -> Reply {
        let values = Input(try request.form().fields).typed
        return .fragment(NumberingTable(FormFields(values, [], request), request).previews)
    }
}

/// The settings of numbers.
struct NumberingPage {
    let fields: FormFields
    let request: Request

    init(_ values: [String: String], _ problems: [FieldProblem], _ request: Request) {
        fields = FormFields(values, problems, request)
        self.request = request
    }

    var page: Page {
        let say = request.say
        return SettingsFrame(tab: .numbering, request: request).form(
            fields,
            FieldCard.card(
                say("Numéros des documents", "Numbers of documents"),
                note: say(
                    "Un numéro donné ne l’est jamais une seconde fois : les compteurs ne font "
                        + "qu’avancer.",
                    "A number that was given is never given again: counters only go forward."),
                class: "body", NumberingTable(fields, request).table + NumberingTable.note(request)),
            attributes: " data-preview=\"/settings/numbering/preview\"")
    }
}

/// Pattern, next number and preview of each series.
struct NumberingTable {
    let fields: FormFields
    let request: Request
    let series: [NumberSeries]

    init(
        _ fields: FormFields, _ request: Request,
        series: [NumberSeries] = NumberSeries.allCases
    ) {
        self.fields = fields
        self.request = request
        self.series = series
    }

    static func values(_ states: [SeriesState]) -> [String: String] {
        var values: [String: String] = [:]
        for state in states {
            values["pattern_\(state.series.rawValue)"] = state.pattern.text
            values["next_\(state.series.rawValue)"] = String(state.next)
            values["shown_\(state.series.rawValue)"] = state.shown
        }
        return values
    }

    private var say: Language { request.say }

    var table: HTML {
        """
        <table class="nums"><thead><tr><th scope="col">\(say("Document", "Document"))</th>\
        <th scope="col">\(say("Modèle", "Pattern"))</th><th scope="col">\(say("Prochain nº", "Next no."))</th>\
        <th scope="col">\(say("Aperçu", "Preview"))</th></tr></thead><tbody>\(series, row)</tbody></table>
        """
    }

    static func note(_ request: Request) -> HTML {
        let text = request.say(
            "{YYYY} est l’année, {MM} le mois, {NNN} le compteur sur trois chiffres au moins. La loi "
                + "demande une suite de factures sans trou : si vous avez déjà facturé cette année, "
                + "reprenez au numéro qui suit le dernier.",
            "{YYYY} is the year, {MM} the month, {NNN} the counter with at least three digits. The "
                + "law wants invoices without gaps: if you invoiced this year already, go on with "
                + "the number after the last.")
        return "<p class=\"note\">\(request.icon("info"))<span>\(text)</span></p>"
    }

    var previews: HTML { series.map(preview).joined() }

    private func row(_ series: NumberSeries) -> HTML {
        let name = series.rawValue
        let label = say(series.label)
        return """
            <tr><th scope="row">\(label)</th><td>\(control("pattern_\(name)", "\(say("Modèle", "Pattern")), \(label)"))</td>\
            <td>\(control("next_\(name)", "\(say("Prochain numéro", "Next number")), \(label)", isNumber: true))\
            <input type="hidden" name="shown_\(name)" value="\(fields["shown_\(name)"])"></td>\
            <td class="pv">\(preview(series))</td></tr>
            """
    }

    private func control(_ name: String, _ label: String, isNumber: Bool = false) -> HTML {
        """
        <label class="sr" for="\(fields.id(name))">\(label)</label>\
        <input class="in\(isNumber ? " n" : "")" id="\(fields.id(name))" name="\(name)" value="\(fields[name])" \
        maxlength="\(isNumber ? 11 : 40)" autocomplete="off" required\
        \(attribute: "inputmode", isNumber ? "numeric" : nil)\(fields.described(name, nil))>\(fields.errorLine(name))
        """
    }

    private func preview(_ series: NumberSeries) -> HTML {
        let name = series.rawValue
        let next = try? ScaledDecimal.parse(fields["next_\(name)"], decimals: 0)
        let pattern = NumberPattern(PlainText.line(fields["pattern_\(name)"]))
        let text =
            next.flatMap { next in
                (1...NumberingDraft.highestNumber).contains(next)
                    ? pattern?.number(next, on: request.today) : nil
            } ?? "—"
        return "<span id=\"preview-\(name)\" data-live>\(text)</span>"
    }
}
