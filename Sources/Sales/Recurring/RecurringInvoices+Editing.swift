import Basics
import Core
import Markup

extension RecurringInvoices {
    static func new(_ request: Request) throws -> Reply {
        let values = [
            "client": request.http.query["client"] ?? "", "starts_on": request.today.iso,
            "frequency": Frequency.monthly.rawValue,
            "delivery": RecurringInvoice.Delivery.draft.rawValue,
        ]
        let rules = LineRules(
            request.organisation, currency: request.currency, say: request.say,
            on: request.today)
        return try show(EditorForm(values: values, lines: [], rules), of: nil, request)
    }

    static func edit(_ request: Request) throws -> Reply {
        let id: RecurringInvoice.ID = try request.id()
        let (recurring, lines) = try request.read {
            (try $0.recurringInvoice(id), try $0.lines(of: .recurringInvoice, id.value))
        }
        let rules = LineRules(
            request.organisation, currency: recurring.currency, say: request.say,
            pricesIncludeVAT: lines.pricesIncludeVAT, on: request.today)
        return try show(
            EditorForm(values: recurring.formValues, lines: lines, rules), of: recurring, request)
    }

    static func create(_ request: Request) throws -> Reply {
        try answer(nil, request) { draft, _ in
            try request.once { try $0.createRecurringInvoice(draft).path }
        }
    }

    static func update(_ request: Request) throws -> Reply {
        let id: RecurringInvoice.ID = try request.id()
        let recurring = try request.read { try $0.recurringInvoice(id) }
        return try answer(recurring, request) { draft, version in
            try request.write { try $0.updateRecurringInvoice(id, draft, version: version).path }
        }
    }

    private static func answer(
        _ recurring: RecurringInvoice?, _ request: Request,
        store: (RecurringInvoiceDraft, Int?) throws -> String
    ) throws -> Reply {
        var form = try EditorForm(request, currency: recurring?.currency ?? request.currency)
        return try form.answer(
            request, draft: { RecurringInvoiceDraft(&$0, lines: $1, today: request.today) },
            page: { form, around, problems in
                let current =
                    problems.isEmpty
                    ? recurring
                    : try recurring.map { recurring in
                        try request.read { try $0.recurringInvoice(recurring.id) }
                    }
                return RecurringInvoiceEditor(form, around, problems, current, request).page
            },
            store: { draft, _, version in
                .done(
                    at: try store(draft, version),
                    say: Text("Abonnement enregistré.", "Recurring invoice saved."))
            })
    }

    private static func show(
        _ form: EditorForm, of recurring: RecurringInvoice?, _ request: Request
    ) throws -> Reply {
        var form = form
        let around = try request.read { try $0.surroundings(of: &form, request) }
        return .page(RecurringInvoiceEditor(form, around, [], recurring, request).page)
    }
}

/// The editor of a recurring invoice, new or existing.
struct RecurringInvoiceEditor {
    private var editor: DocumentEditor
    private let request: Request

    init(
        _ form: EditorForm, _ around: EditorSurroundings, _ problems: [FieldProblem],
        _ recurring: RecurringInvoice?, _ request: Request
    ) {
        self.request = request
        let say = request.say
        editor = DocumentEditor(form, around, problems, section: .recurringInvoices, request)
        editor.title =
            recurring.map { say("Abonnement ", "Recurring invoice ") + $0.number }
            ?? say("Nouvel abonnement", "New recurring invoice")
        editor.crumb = recurring.map { _ in say("Modifier", "Edit") }
        if let recurring {
            editor.pills = StatusPill(request).recurring(recurring.status)
            editor.edits(recurring.number, at: recurring.path, version: recurring.version)
        } else {
            editor.addsOne()
        }
        editor.facts = facts
        editor.buttons = """
            <button class="btn p" name="op" value="save">\(request.icon("save"))\(say("Enregistrer", "Save"))</button>
            """
    }

    var page: Page { editor.page }

    private var facts: HTML {
        editor.line("subject", Text("Objet", "Subject"), wide: true)
            + editor.line("reference", Text("Référence client", "Client’s reference"), most: 100)
            + select(
                "frequency", Text("Fréquence", "Frequency"),
                Frequency.allCases.map { ($0.rawValue, $0.label) })
            + editor.day("starts_on", Text("Début", "Start"))
            + editor.day("ends_on", Text("Fin, facultative", "End, optional"))
            + editor.line(
                "day_of_month", Text("Jour du mois", "Day of the month"), most: 2)
            + select(
                "delivery", Text("Chaque facture", "Each invoice"),
                RecurringInvoice.Delivery.allCases.map { ($0.rawValue, $0.label) })
    }

    private func select(_ name: String, _ label: Text, _ options: [(String, Text)]) -> HTML {
        let fields = editor.fields
        return editor.field(
            name, label,
            """
            <span class="sel"><select class="in" id="\(fields.id(name))" name="\(name)">\
            \(options, { option in
                """
                <option value="\(option.0)"\(attribute: "selected", if: option.0 == fields[name])>\
                \(request.say(option.1))</option>
                """
            })</select>\(request.icon("chevron-down", .small))</span>
            """)
    }
}

extension StatusPill {
    func recurring(_ status: RecurringInvoice.Status) -> HTML {
        switch status {
        case .active: pill("ok", "repeat", status.label)
        case .paused: pill("warn", "pause", status.label)
        case .ended: pill("", "check", status.label)
        }
    }
}
