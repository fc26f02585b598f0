import Basics
import Markup

/// The access tokens of a person or of the organisation, and the form that makes another.
struct AccessTokenPage {
    let owner: TokenOwner
    let tokens: AccessTokens
    let fields: FormFields
    let ticked: Set<String>
    let request: Request

    init(_ owner: TokenOwner, _ tokens: AccessTokens, _ request: Request) {
        self.owner = owner
        self.tokens = tokens
        fields = FormFields(["days": "90"], [], request)
        ticked = []
        self.request = request
    }

    /// After a refusal: everything typed and ticked stays.
    init(
        _ owner: TokenOwner, _ tokens: AccessTokens, _ input: Input, _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.owner = owner
        self.tokens = tokens
        fields = FormFields(input.typed, problems, request)
        ticked = Set(input.all("scope"))
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        let title = say("Jetons d’accès", "Access tokens")
        let docs: HTML = """
            <a class="btn" href="/api/docs">\(request.icon("book-open"))\(say("Documentation de l’API", "API documentation"))</a>
            """
        let content: HTML = """
            <p class="mut">\(lead)</p><div class="form">\(fields.summary)\(list)\(form)</div>
            """
        switch owner {
        case .organisation:
            return SettingsFrame(tab: .tokens, request: request).page(
                content, actions: docs, frame: .wide)
        case .person:
            return Page(
                title: title, path: [(title: say("Mon compte", "My account"), address: "/account")],
                frame: .narrow,
                body: """
                    <div class="lh"><h1>\(title)</h1><div class="acts">\(docs)</div></div>\(content)
                    """)
        }
    }

    private var lead: String {
        switch owner {
        case .person:
            say(
                "Un jeton laisse un programme agir en votre nom, dans les limites que vous cochez et de votre rôle.",
                "A token lets a program act in your name, within the limits that you tick and those of your role."
            )
        case .organisation:
            say(
                "Le jeton d’un programme de l’entreprise : il n’est à personne, et reste quand quelqu’un part. Avec son identifiant il s’échange contre des jetons d’un quart d’heure (OAuth 2).",
                "The token of a program of the company: it is nobody’s own, and stays when people leave. With its identifier it is exchanged for tokens of a quarter of an hour (OAuth 2)."
            )
        }
    }

    private var list: HTML {
        guard !tokens.all.isEmpty else { return .empty }
        return """
            <section class="card"><header><h2>\(owner == .person ? say("Vos jetons", "Your tokens") : say("Jetons de l’entreprise", "Tokens of the company"))</h2>\
            <span class="sub">\(tokens.all.count)</span></header>\
            <ul class="rows">\(tokens.all, row)</ul></section>
            """
    }

    private func row(_ token: AccessToken) -> HTML {
        let timeline = Timeline(request)
        let used =
            token.lastUsedAt.map { say("servi ", "used ") + timeline.moment($0) }
            ?? say("jamais servi", "never used")
        let end =
            token.expiresAt.map {
                ($0 < request.now ? say("expiré ", "expired ") : say("expire ", "expires "))
                    + timeline.moment($0)
            } ?? say("sans fin", "no end")
        return """
            <li><span class="ic">\(request.icon("key-round"))</span><div><b>\(token.name)</b> \
            <code>\(token.start)…</code><small>\(token.scopes.joined(separator: ", "))<br>\(used) · \(end) · \(calls(token))<br>client_id <code>\(token.id)</code></small></div>\
            <span><form method="post" action="\(owner.path)/\(token.id)/delete">\(FormToken.input(for: request))\
            <button class="btn g sm" data-confirm="\(say("Supprimer le jeton \(token.name) ? Le programme qui s’en sert n’aura plus accès.", "Remove the token \(token.name)? The program that uses it loses access."))">\
            \(request.icon("trash-2"))\(say("Supprimer", "Remove"))<span class="sr"> \(token.name)</span></button></form></span></li>
            """
    }

    private func calls(_ token: AccessToken) -> String {
        let usage = tokens.usage[token.id]
        let (today, month) = (usage?.today ?? 0, usage?.month ?? 0)
        let now = say.count(
            today, Text("appel aujourd’hui", "call today"),
            Text("appels aujourd’hui", "calls today"))
        return now + ", " + say.decimal(month, decimals: 0) + say(" en 30 jours", " in 30 days")
    }

    private var form: HTML {
        let lifetimes = AccessTokenDraft.lifetimes.map {
            (value: $0.days.map(String.init) ?? "", label: say($0.label))
        }
        let offered = AccessToken.Scope.allCases.filter { request.may($0.permission) }
        return """
            <form method="post" action="\(owner.path)" data-guard>\(FormToken.input(for: request))\
            \(Submission.input(for: request))\
            \(FieldCard.card(
                say("Nouveau jeton", "New token"),
                """
                \(fields.input("name", Text("Nom", "Name"), width: .half, required: true, hint: Text("Le programme qui s’en servira.", "The program that will use it."), maximum: 100))
                \(fields.select("days", Text("Durée", "Lifetime"), lifetimes, width: .half))
                <fieldset class="field" id="\(fields.id("scope"))"><legend>\(say("Droits", "Rights"))</legend>\
                <div class="checks">\(offered, check)</div>\(fields.errorLine("scope"))</fieldset>
                <div class="form-end"><button class="btn p">\(request.icon("plus"))\(say("Créer le jeton", "Create the token"))</button></div>
                """))</form>
            """
    }

    private func check(_ scope: AccessToken.Scope) -> HTML {
        let label = say(scope.label)
        return """
            <label class="check"><input class="ck" type="checkbox" name="scope" value="\(scope.rawValue)"\
            \(attribute: "checked", if: ticked.contains(scope.rawValue))\
            \(attribute: "aria-invalid", fields.problem("scope") == nil ? nil : "true")>\
            <span>\(label.capitalisedFirst)<small><code>\(scope.rawValue)</code></small></span></label>
            """
    }
}

/// The only time that the secret of a token is shown.
struct NewAccessTokenPage {
    let owner: TokenOwner
    let name: String
    let secret: String
    let request: Request

    init(_ owner: TokenOwner, _ name: String, _ secret: String, _ request: Request) {
        self.owner = owner
        self.name = name
        self.secret = secret
        self.request = request
    }

    var page: Page {
        let say = request.say
        let title = say("Jeton créé", "Token created")
        return Page(
            title: title,
            path: [(title: say("Jetons d’accès", "Access tokens"), address: owner.path)],
            frame: .narrow,
            body: """
                <div class="say"><h1>\(title)</h1>\
                <p>\(say("Copiez-le maintenant dans le programme « \(name) » : il ne sera plus jamais montré.", "Copy it now into the program “\(name)”: it is never shown again."))</p>\
                <p><label class="sr" for="secret">\(say("Jeton", "Token"))</label>\
                <input class="in mono" id="secret" readonly value="\(secret)" autocomplete="off"></p>\
                <p class="acts"><a class="btn p" href="\(owner.path)">\(say("C’est copié", "It is copied"))</a></p></div>
                """)
    }
}
