import Basics
import Core
import Markup

/// The page on which a quote or an order is written: client, facts, lines, notes, totals, and a bar
/// with what can be done.
struct DocumentEditor {
    let form: EditorForm
    let around: EditorSurroundings
    let problems: [FieldProblem]
    let fields: FormFields
    let request: Request
    let lines: LineEditor

    var title = ""
    /// At the end of the way to the page, where its record is named already.
    var crumb: String?
    var pills: HTML = .empty
    var section: Section
    var path: [(title: String, address: String)] = []
    /// Where the form is sent, and where one comes back to; `/preview` below it computes.
    private(set) var action = ""
    /// The version, or the token of a first sending.
    private(set) var identity: HTML = .empty
    /// Dates and the like, in the grid beside the client.
    var facts: HTML = .empty
    let message = Text("Message au client", "Message to the client")
    /// The last button stands out.
    var buttons: HTML = .empty

    init(
        _ form: EditorForm, _ around: EditorSurroundings, _ problems: [FieldProblem],
        section: Section, remarks: [DocumentLine.ID: String] = [:], _ request: Request
    ) {
        self.form = form
        self.around = around
        self.section = section
        self.request = request
        let shown =
            form.isFinished
            ? problems : LineEditor.problemsWhileTyping(form.lines, form.rules)
        self.problems = form.isFinished ? problems : []
        fields = FormFields(form.values, problems, request)
        lines = LineEditor(
            form.lines, form.rules, items: around.items, catalogue: around.catalogue,
            remarks: remarks, problems: shown, request)
    }

    /// A record that is there already, under its name.
    mutating func edits(_ name: String, at address: String, version: Int) {
        path = [(title: name, address: address)]
        action = address
        identity = EditedVersion.input(version, fields)
    }

    /// A new record.
    mutating func addsOne() {
        action = section.address
        identity = Submission.input(for: request)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let preview = "\(action)/preview?currency=\(form.rules.currency.code)"
        return Page(
            title: crumb ?? title, section: section, path: path, frame: .edit,
            body: """
                <form method="post" action="\(action)" autocomplete="off" data-guard data-main \
                data-preview="\(preview)">\(LineEditor.enterButton)
                \(FormToken.input(for: request))\(identity)
                <div class="head"><div class="id"><div class="t"><h1>\(title)</h1>\(pills)</div></div></div>
                \(summary)<div class="stack">\(top)\(lines.table)</div>
                <div class="split">\(notes)\(totals)</div>
                \(bar)\(lines.datalist)\(sectors)</form>
                """)
    }

    private var summary: HTML {
        guard !problems.isEmpty else { return .empty }
        let title = say.count(
            problems.count, Text("champ à corriger", "field to correct"),
            Text("champs à corriger", "fields to correct"))
        let isConflict = problems.contains { $0.field == "form" }
        return """
            <div class="alert" role="alert" tabindex="-1" id="problems">\(icon("circle-alert"))\
            \(if: !isConflict, "<b>\(title)</b>")<ul>\(problems, problemLine)</ul></div>
            """
    }

    private func problemLine(_ problem: FieldProblem) -> HTML {
        let message = say(problem.message)
        guard problem.field != "form" else { return "<li>\(message)</li>" }
        let place = LineDrafts.place(of: problem.field) ?? DocumentHead.labels[problem.field]
        let lead = place.map { say($0) + say(" : ", ": ") } ?? ""
        let target = problem.field == "lines" ? "new" : fields.id(problem.field)
        return "<li><a href=\"#\(target)\">\(lead)\(message)</a></li>"
    }

    private var top: HTML {
        """
        <section class="card" aria-labelledby="h-top"><h2 class="sr" id="h-top">\
        \(say("Client et objet", "Client and subject"))</h2>\
        <div class="doc-top" id="doc-top" data-region>\(EditorParty(self).block)\
        <div class="fields">\(facts)\(prices)</div></div></section>
        """
    }

    /// Whether prices are typed with VAT; an organisation that charges none has no choice.
    private var prices: HTML {
        guard form.rules.chargesVAT else { return .empty }
        let chosen = form.rules.pricesIncludeVAT ? "gross" : "net"
        let choices = [
            ("net", say("hors taxes", "without VAT")), ("gross", say("TTC", "with VAT")),
        ]
        return field(
            "prices", Text("Prix saisis", "Prices typed"),
            """
            <span class="sel"><select class="in" id="\(fields.id("prices"))" name="prices">\
            \(choices, { choice in
                """
                <option value="\(choice.0)"\(attribute: "selected", if: choice.0 == chosen)>\
                \(choice.1)</option>
                """
            })</select>\(icon("chevron-down", .small))</span>
            """)
    }

    private var notes: HTML {
        """
        <section class="card" aria-labelledby="h-n"><header><h2 id="h-n">\
        \(say("Notes", "Notes"))</h2></header><div class="form-stack">\
        \(fields.textArea("message", message, hint: Text("Imprimé sur le document.", "Printed on the document.")))\
        \(if: request.may(.readInternalNotes), fields.textArea("notes", Text("Note interne", "Internal note"), rows: 2, hint: Text("Jamais visible du client.", "Never shown to the client.")))\
        </div></section>
        """
    }

    private var totals: HTML {
        """
        <section class="card" aria-labelledby="h-t"><header><h2 id="h-t">\
        \(say("Totaux", "Totals"))</h2></header>\(lines.totals)</section>
        """
    }

    private var bar: HTML {
        let count = say.count(
            problems.count, Text("champ à corriger", "field to correct"),
            Text("champs à corriger", "fields to correct"))
        return """
            <div class="bar" role="region" aria-label="\(say("Enregistrer", "Save"))"><p class="sumup">\
            \(lines.total)\(if: !problems.isEmpty, "<a href=\"#problems\">\(count)</a>")</p>\
            <div class="acts2"><a class="btn g" href="\(action)">\(say("Annuler", "Cancel"))</a>\
            \(buttons)</div></div>
            """
    }

    private var sectors: HTML {
        """
        <datalist id="sectors">\(around.sectors, { "<option value=\"\($0)\">" })</datalist>
        """
    }

    /// One field of the grid at the top; `wide` takes half of it.
    func field(_ name: String, _ label: Text, wide: Bool = false, _ control: HTML) -> HTML {
        """
        <div class="field\(wide ? " w2" : "")"><label for="\(fields.id(name))">\(say(label))</label>\
        \(control)\(fields.errorLine(name))</div>
        """
    }

    func line(
        _ name: String, _ label: Text, wide: Bool = false, most: Int = 200, list: String? = nil
    ) -> HTML {
        field(
            name, label, wide: wide,
            """
            <input class="in" id="\(fields.id(name))" name="\(name)" value="\(fields[name])" \
            maxlength="\(most)"\(attribute: "list", list)\(fields.described(name, nil))>
            """)
    }

    func day(_ name: String, _ label: Text) -> HTML {
        field(
            name, label,
            """
            <input class="in" type="date" id="\(fields.id(name))" name="\(name)" \
            value="\(fields[name])"\(fields.described(name, nil))>
            """)
    }
}
