import Basics
import Markup

extension Passkeys {
    static func list(_ request: Request) throws -> Reply { try listPage(nil, request) }

    static func listPage(_ problem: Problem?, _ request: Request) throws -> Reply {
        let passkeys = try request.application.pool.withConnection {
            try $0.passkeys(of: request.session.user.id)
        }
        let typed = problem == nil ? nil : try request.form().fields["name"]
        return .page(
            PasskeysPage(passkeys, name: typed, problem, request).page,
            status: problem?.status ?? 200)
    }

    /// What was wrong: at its fields, or with the whole.
    static func said(_ problem: Problem?, _ fields: FormFields, _ request: Request) -> HTML {
        guard case .conflict(let text) = problem else { return fields.summary }
        return """
            <div class="alert" role="alert" id="problems" tabindex="-1">\(request.icon("circle-alert"))\
            <b>\(request.say(text))</b></div>
            """
    }
}

/// Somebody's passkeys, and the form that adds one.
struct PasskeysPage {
    let passkeys: [Passkey]
    let problem: Problem?
    let fields: FormFields
    let request: Request

    init(_ passkeys: [Passkey], name: String?, _ problem: Problem?, _ request: Request) {
        self.passkeys = passkeys
        self.problem = problem
        let device = UserAgent(request.http.headers["User-Agent"] ?? "").label
        fields = FormFields(
            ["name": name ?? request.say(device).capitalisedFirst], problem?.fields ?? [], request)
        self.request = request
    }

    private var say: Language { request.say }
    private var title: String { say("Clés d’accès", "Passkeys") }

    var page: Page {
        Page(
            title: title, path: [(title: say("Mon compte", "My account"), address: "/account")],
            frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>
                <div class="form">\(Passkeys.said(problem, fields, request))\(list)\(addition)</div>
                """)
    }

    private var list: HTML {
        guard !passkeys.isEmpty else { return .empty }
        return """
            <section class="card"><header><h2>\(say("Vos clés d’accès", "Your passkeys"))</h2>\
            <span class="sub">\(passkeys.count)</span></header>\
            \(PasskeyCard(passkeys: passkeys, request: request).rows)</section>
            """
    }

    /// The form, or why there is none here.
    private var addition: HTML {
        guard let party = RelyingParty(request) else { return refusal(Passkeys.noAddressText) }
        guard party.isKnown(to: request.organisation) else {
            return refusal(Passkeys.elsewhereText(request.organisation.origin))
        }
        return """
            <p class="note" data-passkey-absent>\(request.icon("info"))<span>\
            \(say("Ce navigateur ne connaît pas les clés d’accès, ou ses scripts sont coupés.", "This browser does not know passkeys, or its scripts are off."))</span></p>\
            <form method="post" action="\(Passkeys.path)" data-passkey-offer hidden\
            \(PasskeyButton.script("\(Passkeys.path)/challenge", say))>\(FormToken.input(for: request))\
            \(FieldCard.card(
                say("Ajouter une clé d’accès", "Add a passkey"),
                note: say("L’appareil vous reconnaît et signe à votre place : rien de secret ne le quitte. Votre mot de passe continue de servir ailleurs.", "The device knows you and signs in your place: nothing secret leaves it. Your password goes on serving elsewhere."),
                """
                \(fields.input("name", Text("Nom de la clé", "Name of the passkey"), required: true, hint: Text("Pour la reconnaître dans la liste.", "To know it in the list."), maximum: Passkey.longestName))
                \(fields.password("current_password", Text("Mot de passe actuel", "Current password"), autocomplete: "current-password"))
                <div class="form-end"><button class="btn p">\(request.icon("key-round"))\(say("Ajouter une clé d’accès", "Add a passkey"))</button>\
                <p class="err" role="alert" data-passkey-said hidden></p></div>
                """))</form>
            """
    }

    private func refusal(_ text: Text) -> HTML {
        "<p class=\"note\">\(request.icon("info"))<span>\(say(text))</span></p>"
    }
}
