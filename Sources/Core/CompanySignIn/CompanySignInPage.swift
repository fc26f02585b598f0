import Basics
import HTTP
import Markup

/// The pages of signing in with a company account.
enum CompanySignInPage {
    static func question(_ request: Request, _ name: String, _ problem: Text?) throws -> Reply {
        let problems = problem.map { [FieldProblem("name", $0)] } ?? []
        return try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            let (say, fields) = (request.say, FormFields(["name": name], problems, request))
            return EntrancePage(
                Text("Compte de l’entreprise", "Company account"),
                Text(
                    "Donnez le nom court de votre entreprise dans Comptoir : vous vous connecterez là où elle tient ses comptes.",
                    "Give the short name of your company in Comptoir: you sign in where it keeps its accounts."
                ),
                request
            ).page(
                """
                \(fields.summary)<form class="form" method="get" action="/sign-in/company">\
                <input type="hidden" name="from" value="form"><input type="hidden" name="next" value="\(request.http.query["next"] ?? "")">
                \(fields.input("name", Text("Nom court", "Short name"), required: true, hint: Text("Comme alta-vista-drones.", "Such as alta-vista-drones."), autocomplete: "organization", maximum: 63, focus: true))
                <button class="btn p lg">\(say("Continuer", "Continue"))</button>
                <a class="lnk" href="/sign-in">\(say("Avec un mot de passe", "With a password"))</a></form>
                """, languages: EntrancePage.languages("/sign-in/company"))
        }
    }

    static func leave(for address: String, _ request: Request) -> HTTPResponse {
        let page = EntrancePage(
            Text("Compte de l’entreprise", "Company account"),
            Text(
                "Vous allez vous identifier là où votre entreprise tient ses comptes, puis revenir ici.",
                "You are going to where your company keeps its accounts, and come back."), request
        ).page(
            """
            <div class="form"><a class="btn p lg" href="\(address)">\(request.say("Continuer", "Continue"))</a></div>
            """)
        return Reply.page(page).response(to: request)
    }

    static func welcome(_ user: User, _ organisation: Organisation, _ request: Request) throws
        -> Reply
    {
        try VisitorForm.reply(request) { request in
            EntrancePage(
                Text("Bonjour \(user.name)", "Hello \(user.name)"),
                Text(
                    "Vous entrez chez \(organisation.name) avec l’adresse \(user.email).",
                    "You come into \(organisation.name) with the address \(user.email)."), request
            ).page(
                """
                <form class="form" method="post" action="/sign-in/company/enter">\(FormToken.input(for: request))
                <button class="btn p lg">\(request.say("Entrer", "Come in"))</button>
                <a class="lnk" href="/sign-in">\(request.say("Ce n’est pas moi", "That is not me"))</a></form>
                """)
        }
    }

    static func over(_ request: Request) -> Reply {
        ended(
            Text("Cette connexion a trop duré", "This sign-in took too long"),
            Text(
                "Elle a commencé dans un autre navigateur, ou il y a plus de dix minutes.",
                "It began in another browser, or more than ten minutes ago."), 400, request)
    }

    static func refused(_ request: Request) -> Reply {
        ended(
            Text("Connexion annulée", "Sign-in cancelled"),
            Text(
                "Le compte de l’entreprise n’a pas été confirmé.",
                "The company account was not confirmed."), 403, request)
    }

    /// The provider knows the person, the organisation does not.
    static func unknown(_ request: Request) -> Reply {
        ended(
            Text("Pas d’accès avec ce compte", "No access with this account"),
            Text(
                "Votre compte est bon, mais personne ne vous a encore invité ici : demandez une invitation à un propriétaire, avec la même adresse.",
                "Your account is good, but nobody invited you here yet: ask an owner for an invitation, with the same address."
            ), 403, request)
    }

    static func failed(_ failure: OpenIDFailure, _ request: Request) -> Reply {
        let lead =
            switch failure {
            case .unreachable:
                Text(
                    "Le serveur des comptes de l’entreprise ne répond pas. Réessayez dans un instant.",
                    "The server of the company’s accounts does not answer. Try again in a moment.")
            case .answer, .token:
                Text(
                    "Le serveur des comptes de l’entreprise répond autrement que prévu : prévenez la personne qui l’a réglé.",
                    "The server of the company’s accounts answers otherwise than expected: tell whoever set it up."
                )
            }
        return ended(Text("Connexion impossible", "Sign-in failed"), lead, 502, request)
    }

    private static func ended(_ title: Text, _ lead: Text, _ status: Int, _ request: Request)
        -> Reply
    {
        let page = EntrancePage(title, lead, request).page(
            """
            <form class="form"><a class="btn p lg" href="/sign-in">\(request.say("Retour à la connexion", "Back to sign-in"))</a></form>
            """)
        return .page(page, status: status)
    }
}

/// How the organisation's people sign in elsewhere.
struct IdentityProviderPage {
    let fields: FormFields
    let isNew: Bool
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], isNew: Bool, _ request: Request
    ) {
        var values = values
        values["client_secret"] = nil
        fields = FormFields(values, problems, request)
        self.isNew = isNew
        self.request = request
    }

    var page: Page {
        let say = request.say
        let secretHint =
            isNew
            ? nil : Text("Vide : celui qui est gardé reste.", "Empty: the one that is kept stays.")
        let slug = request.organisation.slug
        var page = SettingsFrame(tab: .security, request: request).page(
            """
            <form class="form" method="post" action="/settings/company-sign-in" data-guard data-main>\
            \(FormToken.input(for: request))<input type="hidden" name="version" value="\(fields["version"])">\(fields.summary)\
            \(FieldCard.card(
                say("Connexion par le compte de l’entreprise", "Sign-in by company account"),
                note: say("OpenID Connect : Google Workspace, Microsoft Entra, Keycloak, Authentik…", "OpenID Connect: Google Workspace, Microsoft Entra, Keycloak, Authentik…"),
                """
                \(fields.input("issuer", Text("Adresse du fournisseur (issuer)", "Address of the provider (issuer)"), required: true, hint: Text("Comme https://accounts.google.com.", "Such as https://accounts.google.com."), maximum: 2000))
                \(fields.input("client_id", Text("Identifiant client (client_id)", "Client identifier (client_id)"), width: .half, required: true, maximum: 255))
                \(fields.input("client_secret", Text("Secret client", "Client secret"), type: "password", width: .half, hint: secretHint, autocomplete: "new-password", maximum: 1000))
                \(fields.check("trusts_addresses", Text("Faire confiance à ses adresses", "Trust its addresses"), hint: Text("Pour un fournisseur qui ne dit pas si une adresse est vérifiée, comme Entra ou Authentik : vous savez que personne n’y choisit la sienne.", "For a provider that does not say whether an address is verified, such as Entra or Authentik: you know that nobody chooses their own there.")))
                \(fields.check("is_active", Text("Active", "On"), hint: Text("Seules entrent les personnes que vous avez invitées, avec la même adresse.", "Only people whom you invited come in, with the same address.")))
                """))
            \(FieldCard.card(say("À recopier chez le fournisseur", "To copy at the provider"), class: "body",
                """
                <dl class="dl wide"><dt>\(say("Adresse de retour", "Redirect address"))</dt><dd><code class="key">\(CompanySignIn.redirectURI(request))</code></dd>\
                <dt>\(say("Adresse pour vos collègues", "Address for your colleagues"))</dt><dd><code class="key">\(request.origin)/sign-in/company?name=\(slug)</code></dd></dl>
                """))
            <div class="bar"><div class="acts2"><button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div></div></form>
            """)
        page.path = [(title: say("Sécurité", "Security"), address: "/settings/security")]
        page.title = say("Compte de l’entreprise", "Company account")
        return page
    }
}
