import Basics
import Core
import HTTP
import Markup

/// The form of a payment received from one client.
struct PaymentForm {
    let client: Client
    let invoices: [OpenInvoice]
    let fields: FormFields
    let totals: SettlementTotals
    let request: Request

    init(
        _ client: Client, _ invoices: [OpenInvoice], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.client = client
        self.invoices = invoices
        self.request = request
        fields = FormFields(values, problems, request)
        totals = PaymentForm.totals(values, invoices, request)
    }

    /// What was typed so far, as far as it can be read.
    static func totals(
        _ values: [String: String], _ invoices: [OpenInvoice], _ request: Request
    ) -> SettlementTotals {
        let typed = PaymentInput(
            Input(Fields(values.map { .init(name: $0.key, value: $0.value) })),
            currency: request.currency, open: invoices)
        return SettlementTotals(
            available: typed.amount ?? .zero,
            settled: typed.effective(invoices).map(\.amount).sum(),
            label: Text("Montant reçu", "Amount received"), request: request)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        let title = say("Nouveau paiement", "New payment")
        return Page(
            title: title, section: .payments, frame: .edit,
            body: """
                <form class="form" method="post" action="/payments" data-guard data-main \
                data-preview="/payments/preview">
                <button class="sr" name="op" value="save" tabindex="-1" aria-hidden="true"></button>
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <input type="hidden" name="client" value="\(client.id)">
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                \(party)\(receipt)\(table)
                <div class="split"><section class="card"><header><h2>\(say("Notes internes", "Internal notes"))</h2></header>\
                <div class="body f2">\(fields.textArea("notes", Text("Notes", "Notes"), hint: Text("Jamais visibles du client.", "Never shown to the client.")))</div></section>
                <section class="card"><header><h2>\(say("Répartition", "Split"))</h2></header>\(totals.html)</section></div>
                \(bar)</form>
                """)
    }

    private var party: HTML {
        """
        <section class="card"><div class="body"><div class="who"><span class="av \(Avatar.tone(client.name))" \
        aria-hidden="true">\(Comptoir.initials(client.name))</span><span><a href="\(client.path)">\(client.name)</a>\
        <small>\(client.number)</small></span><span class="sp"></span>\
        <a class="btn sm" href="/payments/new">\(say("Autre client", "Another client"))</a></div></div></section>
        """
    }

    private var receipt: HTML {
        let methods = Payment.Method.allCases.map { ($0.rawValue, say($0.label)) }
        return """
            <section class="card"><header><h2>\(say("Paiement reçu", "Payment received"))</h2></header><div class="body f2">
            \(fields.input("amount", Text("Montant", "Amount"), width: .third, required: true, unit: request.currency.symbol, maximum: 30, focus: true))
            \(fields.input("day", Text("Reçu le", "Received on"), type: "date", width: .third, required: true))
            \(fields.input("reference", Text("Référence", "Reference"), width: .third, hint: Text("N° de chèque, libellé du virement…", "Cheque number, transfer text…"), maximum: 100))
            \(fields.segments("method", Text("Moyen de paiement", "Method"), methods))
            </div></section>
            """
    }

    private var table: HTML {
        """
        \(SettlementTable(invoices: invoices, fields: fields, request: request, canPropose: true).html)
        \(if: !invoices.isEmpty, keep)
        """
    }

    private var keep: HTML {
        """
        <section class="card"><div class="body"><p class="hint">\(say(
            "Sans montant saisi, les factures les plus anciennes sont réglées d’abord ; "
                + "ce qui reste devient l’avance du client.",
            "When no part is typed, the oldest invoices are settled first; "
                + "what is left becomes the client’s credit."))</p>\
        \(fields.check("keep", Text("Ne rien régler : tout garder en avance", "Settle nothing: keep everything as credit")))</div></section>
        """
    }

    private var bar: HTML {
        """
        <div class="bar"><div class="acts2"><a class="btn" href="\(client.path)">\(say("Annuler", "Cancel"))</a>\
        <button class="btn p" name="op" value="save">\(icon("save"))\(say("Enregistrer", "Save"))</button></div></div>
        """
    }
}

/// Which client paid: the first step where no page led here.
struct PaymentClientPage {
    static let mostClients = 12

    let words: String
    let clients: [ClientRow]
    let request: Request

    var page: Page {
        let (say, icon) = (request.say, request.icon)
        let title = say("Nouveau paiement", "New payment")
        return Page(
            title: title, section: .payments, frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>
                <div class="stack"><form class="card" method="get" action="/payments/new" role="search"><header>\
                <h2>\(say("Quel client a payé ?", "Which client paid?"))</h2></header><div class="body f2">
                <div class="field has-ta"><label for="q">\(say("Client", "Client"))</label>\
                <input class="in" id="q" name="q" type="search" value="\(words)" maxlength="200" autofocus \
                autocomplete="off" data-suggest="/clients/suggest" data-then="#choose" data-clears="client" \
                placeholder="\(say("Nom, ville, numéro…", "Name, city, number…"))"><input type="hidden" name="client"></div>
                </div><div class="foot"><span class="sp"></span><button class="btn p" id="choose">\(icon("search"))\(say("Chercher", "Search"))</button></div></form>
                <section class="card" aria-labelledby="h-c"><header><h2 id="h-c">\(heading)</h2></header>\(list)</section></div>
                """)
    }

    private var heading: String {
        words.isEmpty
            ? request.say("Doivent le plus", "Owe the most")
            : request.say("Clients trouvés", "Clients found")
    }

    private var list: HTML {
        guard !clients.isEmpty else {
            return """
                <div class="body"><p class="mut">\(request.say("Aucun client trouvé.", "No client found."))</p></div>
                """
        }
        return """
            <ul class="rows">\(clients, { client in
                """
                <li><span class="av q \(Avatar.tone(client.name))" aria-hidden="true">\(Comptoir.initials(client.name))</span>\
                <div><a href="/payments/new?client=\(client.id)">\(client.name)</a><small>\(client.number) \(client.city)</small></div>\
                <span class="num">\(request.say.money(client.openAmount, request.currency))</span></li>
                """
            })</ul>
            """
    }
}
