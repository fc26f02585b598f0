import Basics
import Core
import Markup

/// Who comes in as one client, and the form that lets somebody in.
struct ClientAccessPage {
    let client: Client
    let people: [ClientPerson]
    let fields: FormFields
    let request: Request

    init(
        _ client: Client, _ people: [ClientPerson], _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.client = client
        self.people = people
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        Page(
            title: say("Accès en ligne", "Online access"), section: .clients,
            path: [(title: client.name, address: client.path)], frame: .narrow,
            body: """
                <div class="lh"><h1>\(say("Accès en ligne", "Online access"))</h1></div>
                <p class="mut">\(say(
                    "Ces personnes voient les devis et factures de \(client.name), et rien d’autre.",
                    "These people see the quotes and invoices of \(client.name), and nothing else."))</p>
                <div class="stack">\(list)\(invitation)</div>
                """)
    }

    private var list: HTML {
        guard !people.isEmpty else { return .empty }
        return RecordParts(request).card(
            "people", Text("Personnes", "People"),
            """
            <div class="body"><ul class="people">\(people, { person in
                """
                <li><span class="av c1" aria-hidden="true">\(Comptoir.initials(person.name))</span>\
                <span><b class="nm"><a href="\(person.address)">\(person.name)</a></b><small>\(person.email)</small></span>\
                <span class="sp">\(if: person.isInvited, "<span class=\"pill\">\(say("invité", "invited"))</span>")</span></li>
                """
            })</ul></div>
            """)
    }

    private var invitation: HTML {
        """
        <form class="form" method="post" action="\(client.path)/access" data-guard>\(FormToken.input(for: request))\
        \(Submission.input(for: request))\(fields.summary)\
        \(RecordParts(request).card("invite", Text("Inviter", "Invite"),
            """
            <div class="body f2">\(fields.input("name", Text("Prénom et nom", "Name"), width: .half, required: true, maximum: 100))\
            \(fields.input("email", Text("Adresse e-mail", "E-mail address"), type: "email", width: .half, required: true, maximum: 254))</div>
            """))
        <div class="form-end"><button class="btn p">\(request.icon("user-plus"))\(say("Inviter", "Invite"))</button></div></form>
        """
    }
}
