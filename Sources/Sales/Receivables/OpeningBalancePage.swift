import Basics
import Core
import Markup

/// One unpaid invoice of an older program.
struct OpeningBalancePage {
    let client: Client?
    let fields: FormFields
    let request: Request

    init(
        _ client: Client?, _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.client = client
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Solde de départ", "Opening balance")
        return Page(
            title: title, section: .receivables, frame: .edit,
            body: """
                <form class="form" method="post" action="/receivables/opening" data-guard data-main>
                \(FormToken.input(for: request))\(Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                <section class="card"><header><h2>\(say("Facture de votre ancien logiciel", "Invoice of your older program"))</h2>\
                <p>\(say("Elle garde son numéro et se règle comme les autres.", "It keeps its number and is paid like any other."))</p></header>
                <div class="body f2">\(clientField)
                \(fields.input("number", Text("Numéro d’origine", "Original number"), width: .half, required: true, maximum: 40))
                \(fields.input("amount", Text("Reste dû", "Still due"), width: .half, required: true, unit: request.currency.symbol, maximum: 30))
                \(fields.input("issued_on", Text("Date de facture", "Invoice date"), type: "date", width: .half, required: true))
                \(fields.input("due_on", Text("Échéance", "Due date"), type: "date", width: .half, required: true))
                </div></section>
                <div class="bar"><div class="acts2"><a class="btn" href="/receivables">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div></div></form>
                """)
    }

    /// Without a script a client is chosen on its own page, which leads here.
    private var clientField: HTML {
        let id = fields.id("client")
        let name = client?.name ?? fields["client_name"]
        return """
            <div class="field has-ta"><label for="\(id)">\(say("Client", "Client")) \
            <span class="opt-l">\(say("obligatoire", "required"))</span></label>\
            <input class="in" id="\(id)" name="client_name" value="\(name)" maxlength="200" autocomplete="off" \
            data-suggest="/clients/suggest" data-clears="client"\(fields.described("client", nil))>\
            <input type="hidden" name="client" value="\(client.map { $0.id.description } ?? "")">\
            \(fields.errorLine("client"))</div>
            """
    }
}
