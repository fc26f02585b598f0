import Basics
import Markup

/// The form that gives somebody access.
struct NewColleaguePage {
    let fields: FormFields
    let roles: [Role]
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], _ roles: [Role], _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.roles = roles
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <form class="form" method="post" action="/settings/colleagues" data-guard data-main>\
            \(FormToken.input(for: request))\(Submission.input(for: request))\(fields.summary)\
            \(FieldCard.card(say("Inviter un collègue", "Invite a colleague"), content))
            <div class="bar"><div class="acts2"><a class="btn" href="/settings/colleagues">\(say("Annuler", "Cancel"))</a>\
            <button class="btn p">\(request.icon("user-plus"))\(say("Inviter", "Invite"))</button></div></div></form>
            """)
        page.path = [(title: say("Collègues", "Colleagues"), address: "/settings/colleagues")]
        page.title = say("Nouveau collègue", "New colleague")
        return page
    }

    private var content: HTML {
        """
        \(fields.input("name", Text("Prénom et nom", "Name"), width: .half, required: true, maximum: 100, focus: true))
        \(fields.input("email", Text("Adresse e-mail", "E-mail address"), type: "email", width: .half, required: true, maximum: 254))
        \(RoleChoice(fields, roles, request).html)
        """
    }
}

/// One role among all, each with what it may do.
struct RoleChoice {
    let fields: FormFields
    let roles: [Role]
    let request: Request

    init(_ fields: FormFields, _ roles: [Role], _ request: Request) {
        self.fields = fields
        self.roles = roles
        self.request = request
    }

    var html: HTML {
        let say = request.say
        return """
            <fieldset class="field" id="\(fields.id("role"))"><legend>\(say("Rôle", "Role"))</legend>\
            <div class="choices">\(roles, { role in
                """
                <label class="choice"><input type="radio" name="role" value="\(role.code)"\
                \(attribute: "checked", if: fields["role"] == role.code)>\
                <b>\(say(role.label))</b><small>\(say(role.explanation))</small></label>
                """
            })</div>\(fields.errorLine("role"))</fieldset>
            """
    }
}
