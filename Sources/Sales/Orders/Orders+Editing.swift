import Basics
import Core
import Markup

extension Orders {
    static func new(_ request: Request) throws -> Reply {
        let values = [
            "client": request.http.query["client"] ?? "", "ordered_on": request.today.iso,
            "priority": Order.Priority.normal.rawValue,
        ]
        let rules = LineRules(
            request.organisation, currency: request.currency, say: request.say,
            on: request.today)
        var form = EditorForm(values: values, lines: [], rules)
        let around = try request.read { try $0.surroundings(of: &form, request) }
        return .page(OrderEditor(form, around, [], nil, [], request).page)
    }

    static func edit(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        let (order, lines) = try request.read {
            (try $0.order(id), try $0.lines(of: .order, id.value))
        }
        guard order.status.canBeEdited else { throw Problem.orderIsClosed }
        let rules = LineRules(
            request.organisation, currency: order.currency, say: request.say,
            pricesIncludeVAT: lines.pricesIncludeVAT, on: request.today)
        var form = EditorForm(values: order.formValues, lines: lines, rules)
        let around = try request.read { try $0.surroundings(of: &form, request) }
        return .page(OrderEditor(form, around, [], order, lines, request).page)
    }

    static func create(_ request: Request) throws -> Reply {
        try answer(nil, request) { draft, button, _ in
            try request.once { transaction in
                let order = try transaction.createOrder(draft)
                if button == "confirm" {
                    _ = try transaction.moveOrder(order.id, to: .confirmed)
                }
                return order.path
            }
        }
    }

    static func update(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        let order = try request.read { try $0.order(id) }
        return try answer(order, request) { draft, button, version in
            try request.write { transaction in
                let order = try transaction.updateOrder(id, draft, version: version)
                if button == "confirm", order.status == .draft {
                    _ = try transaction.moveOrder(id, to: .confirmed)
                }
                return order.path
            }
        }
    }

    private static func answer(
        _ order: Order?, _ request: Request,
        store: (OrderDraft, String, Int?) throws -> String
    ) throws -> Reply {
        var form = try EditorForm(request, currency: order?.currency ?? request.currency)
        let stored = try order.map { order in
            try request.read { try $0.lines(of: .order, order.id.value) }
        }
        return try form.answer(
            request, draft: { OrderDraft(&$0, lines: $1, today: request.today) },
            page: { form, around, problems in
                let current =
                    problems.isEmpty
                    ? order
                    : try order.map { order in try request.read { try $0.order(order.id) } }
                return OrderEditor(form, around, problems, current, stored ?? [], request).page
            },
            store: { draft, button, version in
                .done(
                    at: try store(draft, button, version),
                    say: Text("Commande enregistrée.", "Order saved."))
            })
    }
}

/// The editor of an order, new or existing.
struct OrderEditor {
    private var editor: DocumentEditor
    private let order: Order?
    private let request: Request

    /// `stored`: the lines as they are, with what is invoiced of each.
    init(
        _ form: EditorForm, _ around: EditorSurroundings, _ problems: [FieldProblem],
        _ order: Order?, _ stored: [DocumentLine], _ request: Request
    ) {
        self.request = request
        self.order = order
        let say = request.say
        let invoiced = stored.filter { $0.invoicedQuantity > .zero }.map { line in
            (line.id, say.quantity(line.invoicedQuantity) + " " + say("facturé", "invoiced"))
        }
        editor = DocumentEditor(
            form, around, problems, section: .orders,
            remarks: Dictionary(invoiced, uniquingKeysWith: { first, _ in first }), request)
        editor.title =
            order.map { say("Commande ", "Order ") + $0.number }
            ?? say("Nouvelle commande", "New order")
        editor.crumb = order.map { _ in say("Modifier", "Edit") }
        editor.pills = StatusPill(request).order(order?.status ?? .draft)
        if let order {
            editor.edits(order.number, at: order.path, version: order.version)
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
            + editor.day("ordered_on", Text("Date de commande", "Order date"))
            + editor.day("due_on", Text("Échéance", "Due date"))
            + priority
    }

    private var priority: HTML {
        let chosen = editor.fields["priority"]
        let say = request.say
        return """
            <fieldset class="field w2" id="\(editor.fields.id("priority"))"><legend>\(say("Priorité", "Priority"))</legend>\
            <div class="seg">\(Order.Priority.allCases, { priority in
                let isHigh = priority == .high || priority == .urgent
                return """
                    <label\(attribute: "class", isHigh ? "hi" : nil)><input type="radio" name="priority" \
                    value="\(priority.rawValue)"\(attribute: "checked", if: priority.rawValue == chosen)>\
                    \(say(priority.label))</label>
                    """
            })</div>\(editor.fields.errorLine("priority"))</fieldset>
            """
    }

    private var buttons: HTML {
        let (say, icon) = (request.say, request.icon)
        let confirms = (order?.status ?? .draft) == .draft
        let save: HTML = """
            <button class="btn\(confirms ? "" : " p")" name="op" value="save">\(icon("save"))\
            <span class="lbl">\(say("Enregistrer", "Save"))</span></button>
            """
        guard confirms else { return save }
        return save + """
            <button class="btn p" name="op" value="confirm">\(icon("check"))\
            \(say("Enregistrer et confirmer", "Save and confirm"))</button>
            """
    }
}
