import Basics
import Core
import Markup

extension Quotes {
    static func new(_ request: Request) throws -> Reply {
        let validity = request.organisation.quoteValidityDays
        let values = [
            "client": request.http.query["client"] ?? "", "quoted_on": request.today.iso,
            "valid_until": request.today.adding(days: validity).iso,
        ]
        let rules = LineRules(
            request.organisation, currency: request.currency, say: request.say,
            on: request.today)
        return try show(EditorForm(values: values, lines: [], rules), of: nil, request)
    }

    static func edit(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        let (quote, lines) = try request.read {
            (try $0.quote(id), try $0.lines(of: .quote, id.value))
        }
        guard quote.status == .draft else { throw Problem.quoteIsNoDraft }
        let rules = LineRules(
            request.organisation, currency: quote.currency, say: request.say,
            pricesIncludeVAT: lines.pricesIncludeVAT, on: request.today)
        return try show(
            EditorForm(values: quote.formValues(request.say), lines: lines, rules), of: quote,
            request)
    }

    static func create(_ request: Request) throws -> Reply {
        try answer(nil, request) { draft, _ in
            try request.once { try $0.createQuote(draft).path }
        }
    }

    static func update(_ request: Request) throws -> Reply {
        let id: Quote.ID = try request.id()
        let quote = try request.read { try $0.quote(id) }
        return try answer(quote, request) { draft, version in
            try request.write { try $0.updateQuote(id, draft, version: version).path }
        }
    }

    private static func answer(
        _ quote: Quote?, _ request: Request, store: (QuoteDraft, Int?) throws -> String
    ) throws -> Reply {
        var form = try EditorForm(request, currency: quote?.currency ?? request.currency)
        return try form.answer(
            request, draft: { QuoteDraft(&$0, lines: $1, today: request.today) },
            page: { form, around, problems in
                let current =
                    problems.isEmpty
                    ? quote
                    : try quote.map { quote in try request.read { try $0.quote(quote.id) } }
                return QuoteEditor(form, around, problems, current, request).page
            },
            store: { draft, button, version in
                let path = try store(draft, version)
                return .done(
                    at: button == "send" ? path + "/send" : path,
                    say: Text("Devis enregistré.", "Quote saved."))
            })
    }

    private static func show(_ form: EditorForm, of quote: Quote?, _ request: Request) throws
        -> Reply
    {
        var form = form
        let around = try request.read { try $0.surroundings(of: &form, request) }
        return .page(QuoteEditor(form, around, [], quote, request).page)
    }
}

/// The editor of a quote, new or existing.
struct QuoteEditor {
    private var editor: DocumentEditor
    private let request: Request

    init(
        _ form: EditorForm, _ around: EditorSurroundings, _ problems: [FieldProblem],
        _ quote: Quote?, _ request: Request
    ) {
        self.request = request
        let say = request.say
        editor = DocumentEditor(form, around, problems, section: .quotes, request)
        editor.title =
            quote.map { say("Devis ", "Quote ") + $0.number } ?? say("Nouveau devis", "New quote")
        editor.crumb = quote.map { _ in say("Modifier", "Edit") }
        editor.pills = StatusPill(request).quote(.draft)
        if let quote {
            editor.edits(quote.number, at: quote.path, version: quote.version)
        } else {
            editor.addsOne()
        }
        editor.facts = facts
        editor.buttons = buttons
    }

    var page: Page { editor.page }

    private var facts: HTML {
        editor.line("subject", Text("Objet", "Subject"), wide: true)
            + editor.line("reference", Text("Référence client", "Client’s reference"), most: 100)
            + editor.line("sector", Text("Secteur", "Sector"), most: 100, list: "sectors")
            + editor.day("quoted_on", Text("Date du devis", "Quote date"))
            + editor.day("valid_until", Text("Valable jusqu’au", "Valid until"))
            + deposit
    }

    private var deposit: HTML {
        let fields = editor.fields
        return editor.field(
            "deposit_percent", Text("Acompte à la commande", "Deposit on order"),
            """
            <div class="unit"><input class="in n" id="\(fields.id("deposit_percent"))" name="deposit_percent" \
            value="\(fields["deposit_percent"])" inputmode="decimal" maxlength="10"\
            \(fields.described("deposit_percent", nil))><span>%</span></div>
            """)
    }

    private var buttons: HTML {
        let (say, icon) = (request.say, request.icon)
        let sends = request.offers("/quotes/id/send")
        let save: HTML = """
            <button class="btn\(sends ? "" : " p")" name="op" value="save">\(icon("save"))\
            <span class="lbl">\(say("Enregistrer", "Save"))</span></button>
            """
        guard sends else { return save }
        return save + """
            <button class="btn p" name="op" value="send">\(icon("send"))\
            \(say("Enregistrer et envoyer", "Save and send"))</button>
            """
    }
}
