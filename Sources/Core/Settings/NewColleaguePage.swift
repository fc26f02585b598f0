import Basics
import Markup

/// The form that gives somebody access.
struct NewColleaguePage {
    let fields: FormFields
    let request: Request

    init(_ values: [String: String], _ problems: [FieldProblem], _ request: Request) {
        fields = FormFields(values, problems, request)
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <form class="form" method="post" action="/settings/colleagues" data-guard data-main>\
            \(FormToken.input(for: request))\(Submission.input(for: request))\(fields.summary)\
            \(FieldCard.card(say("Nouveau collègue", "New colleague"), content))
            <div class="bar"><div class="acts2"><a class="btn" href="/settings/colleagues">\(say("Annuler", "Cancel"))</a>\
            <button class="btn p">\(request.icon("user-plus"))\(say("Ouvrir l’accès", "Give access"))</button></div></div></form>
            """)
        page.path = [(title: say("Collègues", "Colleagues"), address: "/settings/colleagues")]
        page.title = say("Nouveau collègue", "New colleague")
        return page
    }

    private var content: HTML {
        """
        \(fields.input("name", Text("Prénom et nom", "Name"), width: .half, required: true, maximum: 100, focus: true))
        \(fields.input("email", Text("Adresse e-mail", "E-mail address"), type: "email", width: .half, required: true, maximum: 254))
        \(RoleChoice(fields, request).html)
        \(fields.input("password", Text("Premier mot de passe", "First password"), hint: Text("Vide : Comptoir en choisit un et vous le montre une fois. Sinon, 12 caractères au moins.", "Empty: Comptoir chooses one and shows it once. Otherwise at least 12 characters."), autocomplete: "new-password", maximum: 200))
        """
    }
}

/// One role among all, each with what it may do.
struct RoleChoice {
    let fields: FormFields
    let request: Request

    init(_ fields: FormFields, _ request: Request) {
        self.fields = fields
        self.request = request
    }

    var html: HTML {
        let say = request.say
        return """
            <fieldset class="field" id="\(fields.id("role"))"><legend>\(say("Rôle", "Role"))</legend>\
            <div class="choices">\(Role.allCases, { role in
                """
                <label class="choice"><input type="radio" name="role" value="\(role.rawValue)"\
                \(attribute: "checked", if: fields["role"] == role.rawValue)>\
                <b>\(say(role.label))</b><small>\(say(role.explanation))</small></label>
                """
            })</div>\(fields.errorLine("role"))</fieldset>
            """
    }
}

/// The first password, shown this once.
struct AddedColleaguePage {
    let colleague: Colleague
    let password: String
    let request: Request

    init(_ colleague: Colleague, _ password: String, _ request: Request) {
        self.colleague = colleague
        self.password = password
        self.request = request
    }

    var page: Page {
        let say = request.say
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <div class="form">\(FieldCard.card(
                say("\(colleague.name) a maintenant accès", "\(colleague.name) now has access"),
                note: say(
                    "Transmettez ces lignes : le mot de passe ne sera plus montré.",
                    "Pass these lines on: the password will not be shown again."),
                class: "body form-stack",
                """
                <dl class="dl wide"><dt>\(say("Adresse e-mail", "E-mail address"))</dt><dd>\(colleague.email)</dd>\
                <dt>\(say("Mot de passe", "Password"))</dt><dd><code>\(password)</code></dd></dl>\
                <p class="note">\(request.icon("info"))<span>\(say("Il se change ensuite dans « Mon compte ».", "It can be changed under “My account”."))</span></p>\
                <div class="form-end"><a class="btn p" href="/settings/colleagues">\(say("C’est noté", "Noted"))</a></div>
                """))</div>
            """, frame: .wide)
        page.path = [(title: say("Collègues", "Colleagues"), address: "/settings/colleagues")]
        return page
    }
}
