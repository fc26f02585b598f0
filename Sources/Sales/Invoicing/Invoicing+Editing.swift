import Basics
import Core
import Database
import Markup

extension Invoicing {
    /// Without a client the page lets one be chosen; nothing is stored before it is saved.
    static func new(_ request: Request) throws -> Reply {
        let rules = LineRules(
            request.organisation, currency: request.currency, say: request.say,
            on: request.today)
        let values = ["client": request.http.query["client"] ?? ""]
        return try show(EditorForm(values: values, lines: [], rules), of: nil, request)
    }

    static func edit(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        let (invoice, all) = try request.read {
            (
                try $0.invoice(id),
                try $0.lines(of: .invoice, id.value)
            )
        }
        guard invoice.isDraft else { throw Problem.invoiceIsIssued }
        let rules = LineRules(
            request.organisation, currency: invoice.currency, say: request.say,
            pricesIncludeVAT: all.pricesIncludeVAT, on: request.today)
        let values = InvoiceDraft(invoice, lines: []).formValues
        let lines = all.filter { $0.deduction == nil }
        let deducted = all.compactMap { line in
            line.deduction.map { $0.vat + line.netAmount(in: invoice.currency) }
        }.sum()
        return try show(
            EditorForm(values: values, lines: lines, rules), of: invoice, deducted: deducted,
            request)
    }

    static func create(_ request: Request) throws -> Reply {
        try answer(nil, request) { draft, _ in
            try request.once { try $0.draftInvoice(draft).path }
        }
    }

    static func update(_ request: Request) throws -> Reply {
        let id: Invoice.ID = try request.id()
        let invoice = try request.read { try $0.invoice(id) }
        guard invoice.isDraft else { throw Problem.invoiceIsIssued }
        return try answer(invoice, request) { draft, version in
            try request.write { try $0.updateInvoice(id, draft, version: version).path }
        }
    }

    /// Pressed on an order: a draft with what is left of it.
    static func fromOrder(_ request: Request) throws -> Reply {
        let id: Order.ID = try request.id()
        let path = try request.once { try $0.draftInvoice(from: id).path }
        return .done(at: path, say: Text("Brouillon de facture préparé.", "Invoice drafted."))
    }

    private static func answer(
        _ invoice: Invoice?, _ request: Request, store: (InvoiceDraft, Int?) throws -> String
    ) throws -> Reply {
        var form = try EditorForm(request, currency: invoice?.currency ?? request.currency)
        return try form.answer(
            request, draft: { InvoiceDraft(&$0, lines: $1) },
            page: { form, around, problems in
                let current =
                    problems.isEmpty
                    ? invoice
                    : try invoice.map { invoice in
                        try request.read { try $0.invoice(invoice.id) }
                    }
                let complete = try request.read { try $0.withAddresses(around) }
                return InvoiceEditor(form, complete, problems, current, request).page
            },
            store: { draft, button, version in
                let path = try stored { try store(draft, version) }
                return .done(
                    at: button == "issue" ? path + "/issue" : path,
                    say: Text("Brouillon enregistré.", "Draft saved."))
            })
    }

    /// What the database refuses, such as a line invoiced twice, is shown in the form too.
    private static func stored(_ store: () throws -> String) throws -> String {
        do {
            return try store()
        } catch let error as DatabaseError {
            if let problem = Problem(error), problem.isShownInForm { throw problem }
            throw error
        }
    }

    private static func show(
        _ form: EditorForm, of invoice: Invoice?, deducted: Amount = .zero, _ request: Request
    ) throws -> Reply {
        var form = form
        let around = try request.read { try $0.invoiceSurroundings(of: &form, request) }
        return .page(InvoiceEditor(form, around, [], invoice, deducted: deducted, request).page)
    }
}

extension Transaction {
    /// What the editor of an invoice shows, and where its client has things delivered.
    fileprivate func invoiceSurroundings(of form: inout EditorForm, _ request: Request) throws
        -> EditorSurroundings
    {
        try withAddresses(surroundings(of: &form, request))
    }

    fileprivate func withAddresses(_ around: EditorSurroundings) throws -> EditorSurroundings {
        var around = around
        if let client = around.client { around.addresses = try addresses(of: client.id) }
        return around
    }
}

/// The editor of a draft, new or existing.
struct InvoiceEditor {
    private var editor: DocumentEditor
    private let request: Request

    init(
        _ form: EditorForm, _ around: EditorSurroundings, _ problems: [FieldProblem],
        _ invoice: Invoice?, deducted: Amount = .zero, _ request: Request
    ) {
        self.request = request
        let say = request.say
        editor = DocumentEditor(form, around, problems, section: .invoices, request)
        editor.title = invoice?.title(in: say) ?? say("Nouvelle facture", "New invoice")
        editor.pills = InvoiceState.draft.pill(request)
        // Deposits are no lines to type; saving takes them off anew.
        if let invoice, deducted < .zero {
            func amount(_ say: Language) -> String { say.money(deducted, invoice.currency) }
            editor.pills += StatusPill(request).pill(
                "info", "hand-coins",
                Text(
                    "Acomptes déduits : \(amount(.french)) TTC",
                    "Deposits deducted: \(amount(.english))"))
        }
        if let invoice {
            editor.edits(invoice.title(in: say), at: invoice.path, version: invoice.version)
        } else {
            editor.addsOne()
        }
        editor.facts = facts
        editor.buttons = buttons
    }

    var page: Page { editor.page }

    private var facts: HTML {
        editor.line("subject", Text("Objet", "Subject"), wide: true)
            + editor.line(
                "reference", Text("Bon de commande du client", "Client’s order number"),
                most: 100)
            + editor.day("service_on", Text("Date de réalisation", "Supply date")) + days
            + select(
                "payment_end_of_month", Text("Puis", "Then"),
                [("", Text("jour même", "that day")), ("on", Text("fin de mois", "end of month"))])
            + select(
                "language", Text("Langue", "Language"),
                [
                    ("", Text("du client", "the client’s")), ("fr", Text("français", "French")),
                    ("en", Text("anglais", "English")),
                ]) + exemption + delivery
    }

    /// Of lines of category E, which only who charges VAT chooses.
    private var exemption: HTML {
        let organisation = request.organisation
        guard organisation.isFrench, organisation.vatRegime != .franchise else { return .empty }
        let usual = [("", Text("Celui des réglages", "As in the settings"))]
        return select(
            "vat_exemption", Text("Motif d’exonération", "Reason of exemption"),
            usual + VATExemption.allCases.dropFirst().map { ($0.rawValue, $0.label) })
    }

    /// Where goods go, if the client has other addresses.
    private var delivery: HTML {
        let addresses = editor.around.addresses
        guard !addresses.isEmpty else { return .empty }
        let usual = [("", Text("adresse du client", "the client’s address"))]
        return select(
            "delivery_address", Text("Livraison", "Delivery"),
            usual + addresses.map { ($0.id.description, Text($0.label, $0.label)) })
    }

    /// Left empty, the client's own terms hold.
    private var days: HTML {
        let (say, fields) = (request.say, editor.fields)
        return editor.field(
            "payment_days", Text("Paiement sous", "Payment within"),
            """
            <div class="unit"><input class="in n" id="\(fields.id("payment_days"))" name="payment_days" \
            value="\(fields["payment_days"])" inputmode="numeric" maxlength="3" \
            placeholder="\(usualDays)"\(fields.described("payment_days", nil))>\
            <span class="word">\(say("jours", "days"))</span></div>
            """)
    }

    private var usualDays: String {
        let own = editor.around.client?.paymentDays ?? request.organisation.paymentDays
        return String(own)
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

    private var buttons: HTML {
        let (say, icon) = (request.say, request.icon)
        return """
            <button class="btn" name="op" value="save">\(icon("save"))<span class="lbl">\(say("Enregistrer", "Save"))</span></button>\
            \(if: request.may(.issueInvoices), """
                <button class="btn p" name="op" value="issue">\(icon("file-check"))\(say("Enregistrer et émettre…", "Save and issue…"))</button>
                """)
            """
    }
}
