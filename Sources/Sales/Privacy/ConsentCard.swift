import Basics
import Core
import Markup

/// What somebody agreed to, and the form that notes another word of theirs.
struct ConsentCard {
    let client: Client
    let consents: [Consent]
    let contacts: [Contact]
    let fields: FormFields
    let request: Request

    init(
        _ client: Client, _ consents: [Consent], _ request: Request, contacts: [Contact] = [],
        values: [String: String] = [:], problems: [FieldProblem] = []
    ) {
        self.client = client
        self.consents = consents
        self.contacts = contacts
        self.request = request
        fields = FormFields(values, problems, request)
    }

    private var say: Language { request.say }

    /// The page that the form is on.
    var page: Page {
        let title = say("Consentements", "Consents")
        return Page(
            title: title, section: .clients, path: [(title: client.name, address: client.path)],
            frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div><div class="stack">\(html)\(client.isErased ? .empty : form)</div>
                """)
    }

    var html: HTML {
        let list: HTML =
            consents.isEmpty
            ? "<p class=\"mut\">\(say("Aucun consentement noté.", "No consent noted."))</p>"
            : "<ul class=\"people\">\(consents, item)</ul>"
        return RecordParts(request).card(
            "consents", Text("Consentements", "Consents"), "<div class=\"body\">\(list)</div>")
    }

    private func item(_ consent: Consent) -> HTML {
        let state: HTML =
            consent.isGiven
            ? "<span class=\"pill ok\">\(say("accepté", "agreed"))</span>"
            : "<span class=\"pill\">\(say("retiré", "withdrawn"))</span>"
        let day = say.longDay(consent.decidedOn)
        let who = consent.contactName.map { $0 + ", " } ?? ""
        let noted = say("noté par \(consent.notedBy)", "noted by \(consent.notedBy)")
        return """
            <li><span><b class="nm">\(say(consent.purpose.label))</b>\
            <small>\(who)\(day), \(say(consent.channel.label)), \(noted)</small></span><span class="sp">\(state)</span></li>
            """
    }

    private var form: HTML {
        let people: [(value: String, label: String)] =
            [("", client.name)] + contacts.map { ($0.id.description, $0.name) }
        return """
            <form class="form" method="post" action="\(client.path)/consents" data-guard>\(FormToken.input(for: request))\
            \(Submission.input(for: request))\(fields.summary)\(RecordParts(request).card("note", Text("Noter une réponse", "Note an answer"),
                """
                <div class="body f2">\(fields.select("contact", Text("Qui", "Who"), people, width: .half))
                \(fields.select("purpose", Text("Pour quoi", "For what"), Consent.Purpose.allCases.map { ($0.rawValue, say($0.label)) }, width: .half))
                \(fields.select("answer", Text("Réponse", "Answer"), [("yes", say("accepte", "agrees")), ("no", say("refuse ou retire", "refuses or takes back"))], width: .third))
                \(fields.select("channel", Text("Comment", "How"), Consent.Channel.allCases.map { ($0.rawValue, say($0.label)) }, width: .third))
                \(fields.input("decided_on", Text("Le", "On"), type: "date", width: .third))</div>
                """))<div class="form-end"><a class="btn" href="\(client.path)">\(say("Annuler", "Cancel"))</a>\
            <button class="btn p">\(request.icon("check"))\(say("Noter", "Note"))</button></div></form>
            """
    }
}
