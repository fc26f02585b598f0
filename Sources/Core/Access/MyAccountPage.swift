import Basics
import Markup

/// One's own page.
struct MyAccountPage {
    let fields: FormFields
    let places: [Place]
    let sessions: [OpenSession]
    let passkeys: [Passkey]
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], _ places: [Place],
        _ sessions: [OpenSession], _ passkeys: [Passkey], _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.places = places
        self.sessions = sessions
        self.passkeys = passkeys
        self.request = request
    }

    private var say: Language { request.say }
    private var token: HTML { FormToken.input(for: request) }

    var page: Page {
        Page(
            title: say("Mon compte", "My account"),
            body: """
                <div class="lh"><h1>\(say("Mon compte", "My account"))</h1></div>
                <div class="form">\(fields.summary)\(profile)\(password)\
                \(PasskeyCard(passkeys: passkeys, request: request).html)\(secondFactor)\
                \(OpenSessionCard(sessions: sessions, request: request).html)\(programs)\(organisations)</div>
                """)
    }

    private var profile: HTML {
        """
        <form method="post" action="/account" data-guard>\(token)\
        \(FieldCard.card(
            say("Vous", "You"),
            note: say("Vous vous connectez avec \(request.session.user.email).", "You sign in with \(request.session.user.email)."),
            """
            \(fields.input("name", Text("Prénom et nom", "Name"), width: .half, required: true, autocomplete: "name", maximum: 100))
            \(fields.segments("language", Text("Langue", "Language"), [("fr", "Français"), ("en", "English")], width: .half))
            \(fields.segments("theme", Text("Thème", "Theme"), themes, width: .half))
            <div class="form-end"><button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div>
            """))</form>
        """
    }

    private var themes: [(value: String, label: String)] {
        [
            (User.Theme.auto.rawValue, say("Automatique", "Automatic")),
            (User.Theme.light.rawValue, say("Clair", "Light")),
            (User.Theme.dark.rawValue, say("Sombre", "Dark")),
        ]
    }

    private var password: HTML {
        """
        <form method="post" action="/account/password">\(token)\
        <input type="hidden" name="username" autocomplete="username" value="\(request.session.user.email)">\
        \(FieldCard.card(
            say("Mot de passe", "Password"),
            note: say("Le changer déconnecte vos autres appareils.", "Changing it signs your other devices out."),
            """
            \(fields.password("current_password", Text("Mot de passe actuel", "Current password"), autocomplete: "current-password"))
            \(fields.password("new_password", Text("Nouveau mot de passe", "New password"), autocomplete: "new-password", hint: PasswordRule.hint))
            <div class="form-end"><button class="btn">\(request.icon("key-round"))\(say("Changer le mot de passe", "Change password"))</button></div>
            """))</form>
        """
    }

    private var secondFactor: HTML {
        let isOn = request.session.user.hasSecondFactor
        let state: HTML =
            isOn
            ? "<span class=\"pill ok\">\(request.icon("check"))\(say("Active", "On"))</span> "
            : .empty
        return FieldCard.card(
            say("Double vérification", "Two-step sign-in"),
            note: say(
                "Après le mot de passe, un code de votre téléphone.",
                "After the password, a code from your phone."), class: "body",
            """
            \(state)<a class="btn" href="\(SecondFactorPages.path)">\(request.icon("shield-check"))\
            \(isOn ? say("Gérer", "Manage") : say("Mettre en place", "Set up"))</a>
            """)
    }

    private var programs: HTML {
        FieldCard.card(
            say("Programmes", "Programs"),
            note: say(
                "Un jeton d’accès laisse un programme agir en votre nom.",
                "An access token lets a program act in your name."), class: "body",
            """
            <a class="btn" href="/account/tokens">\(request.icon("key-round"))\(say("Jetons d’accès", "Access tokens"))</a>
            """)
    }

    private var organisations: HTML {
        guard places.count > 1 else { return .empty }
        return """
            <section class="card"><header><h2>\(say("Vos organisations", "Your organisations"))</h2></header>\
            <ul class="rows">\(places, place)</ul></section>
            """
    }

    private func place(_ place: Place) -> HTML {
        let isHere = place.organisation == request.organisation.id
        let action: HTML =
            isHere
            ? "<span class=\"pill ok\">\(request.icon("check"))\(say("Ouverte", "Open"))</span>"
            : """
            <form method="post" action="/account/organisation">\(token)\
            <input type="hidden" name="organisation" value="\(place.organisation)">\
            <button class="btn sm">\(say("Ouvrir", "Open"))<span class="sr"> \(place.name)</span></button></form>
            """
        return """
            <li><span class="ic">\(request.icon("building-2"))</span><div>\(place.name)\
            <small>\(say(place.role.label))</small></div><span>\(action)</span></li>
            """
    }
}
