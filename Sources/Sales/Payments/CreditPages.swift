import Basics
import Core
import HTTP
import Markup

/// Uses what is left of a payment or credit note on open invoices.
struct AllocateCreditPage {
    let source: CreditSource
    let invoices: [OpenInvoice]
    let fields: FormFields
    let request: Request

    init(
        _ source: CreditSource, _ invoices: [OpenInvoice], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.source = source
        self.invoices = invoices
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    /// What was typed so far, as far as it can be read.
    var totals: SettlementTotals {
        var input = Input(Fields(fields.values.map { .init(name: $0.key, value: $0.value) }))
        return SettlementTotals(
            available: source.openAmount,
            settled: input.settlements(request.currency, invoices).map(\.amount).sum(),
            label: Text("Disponible", "Available"), request: request)
    }

    var page: Page {
        let title = say("Régler des factures", "Settle invoices")
        let path = "\(source.id.verbPath)/allocate"
        return Page(
            title: title, section: .payments,
            path: [(title: say(source.title), address: source.id.path)], frame: .edit,
            body: """
                <form class="form" method="post" action="\(path)" data-guard data-main data-preview="\(path)/preview">
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                <p class="note" id="\(fields.id("amount"))">\(request.icon("info"))<span>\(explanation)</span></p>
                \(SettlementTable(invoices: invoices, fields: fields, request: request, canPropose: false).html)
                <section class="card"><header><h2>\(say("Répartition", "Split"))</h2></header>\(totals.html)</section>
                \(bar)</form>
                """)
    }

    private var explanation: String {
        let amount = say.money(source.openAmount, request.currency)
        return say(
            "\(source.clientName) dispose de \(amount) : \(source.title.french).",
            "\(source.clientName) has \(amount) to use: \(source.title.english).")
    }

    private var bar: HTML {
        """
        <div class="bar"><div class="acts2"><a class="btn" href="\(source.id.path)">\(say("Annuler", "Cancel"))</a>\
        <button class="btn p">\(request.icon("check-check"))\(say("Régler", "Settle"))</button></div></div>
        """
    }
}

/// Pays back what is left of a payment or credit note.
struct RefundPage {
    let source: CreditSource
    let fields: FormFields
    let request: Request

    init(
        _ source: CreditSource, _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.source = source
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Rembourser \(source.clientName)", "Refund \(source.clientName)")
        let left = say.money(source.openAmount, request.currency)
        let methods = Payment.Method.allCases.map { ($0.rawValue, say($0.label)) }
        return Page(
            title: title, section: .payments,
            path: [(title: say(source.title), address: source.id.path)], frame: .edit,
            body: """
                <form class="form" method="post" action="\(source.id.verbPath)/refund" data-guard data-main>
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                <section class="card"><header><h2>\(say("Argent rendu", "Money paid back"))</h2>\
                <p>\(say("Il reste \(left) à utiliser.", "\(left) is left to use."))</p></header><div class="body f2">
                \(fields.input("amount", Text("Montant", "Amount"), width: .third, required: true, unit: request.currency.symbol, maximum: 30, focus: true))
                \(fields.input("day", Text("Versé le", "Paid on"), type: "date", width: .third, required: true))
                \(fields.input("reference", Text("Référence", "Reference"), width: .third, maximum: 100))
                \(fields.segments("method", Text("Moyen de paiement", "Method"), methods))
                \(fields.textArea("notes", Text("Notes internes", "Internal notes")))
                </div></section>
                <div class="bar"><div class="acts2"><a class="btn" href="\(source.id.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("hand-coins"))\(say("Enregistrer le remboursement", "Record the refund"))</button></div></div></form>
                """)
    }
}
