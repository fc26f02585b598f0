import Basics
import Core
import Markup

/// The small forms between a quote and its next status: why refused, until when, really delete.
struct QuoteQuestions {
    let quote: Quote
    let fields: FormFields
    let request: Request

    init(
        _ quote: Quote, _ typed: [String: String]? = nil, _ problems: [FieldProblem] = [],
        _ request: Request
    ) {
        self.quote = quote
        self.request = request
        let validity = request.organisation.quoteValidityDays
        let later = max(quote.validUntil, request.today).adding(days: validity)
        fields = FormFields(typed ?? ["valid_until": later.iso], problems, request)
    }

    private var say: Language { request.say }
    private var path: [(title: String, address: String)] {
        [(title: quote.number, address: quote.path)]
    }

    var refusalPage: Page {
        page(
            say("Devis refusé", "Quote refused"), "refuse",
            Text("Noter le refus", "Note the refusal"),
            say(
                "Le client ne donne pas suite au devis \(quote.number).",
                "The client turns down quote \(quote.number)."),
            fields.textArea(
                "note", Text("Raison", "Reason"),
                hint: Text("Facultatif, pour vous.", "Optional, for you.")))
    }

    var extensionPage: Page {
        page(
            say("Prolonger le devis", "Extend the quote"), "extend",
            Text("Prolonger", "Extend"),
            say(
                "Valable jusqu’au \(say.longDay(quote.validUntil)).",
                "Valid until \(say.longDay(quote.validUntil))."),
            fields.input(
                "valid_until", Text("Nouvelle fin de validité", "New end of validity"),
                type: "date", width: .half, required: true, focus: true))
    }

    var deletionPage: Page {
        page(
            say("Supprimer le brouillon", "Delete the draft"), "delete",
            Text("Supprimer", "Delete"), say(QuoteQuestions.deletion(quote)),
            "<input type=\"hidden\" name=\"confirmed\" value=\"1\">")
    }

    static func deletion(_ quote: Quote) -> Text {
        Text(
            "Le brouillon \(quote.number) sera supprimé pour de bon.",
            "The draft \(quote.number) will be deleted for good.")
    }

    private func page(
        _ title: String, _ verb: String, _ button: Text, _ text: String, _ controls: HTML
    ) -> Page {
        RecordParts(request).question(
            title, section: .quotes, path: path, text: text,
            form: """
                <form class="form" method="post" action="\(quote.path)/\(verb)">\(FormToken.input(for: request))\
                \(fields.summary)<div class="f2">\(controls)</div>\
                <div class="form-end"><a class="btn" href="\(quote.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(say(button))</button></div></form>
                """)
    }
}
