import Basics
import Markup

/// Who has access, and who had.
struct ColleaguesPage {
    let colleagues: [Colleague]
    let invitations: [Invitation]
    let request: Request

    init(_ colleagues: [Colleague], _ invitations: [Invitation], _ request: Request) {
        self.colleagues = colleagues
        self.invitations = invitations
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        let (past, present) = (
            colleagues.filter(\.isArchived), colleagues.filter { !$0.isArchived }
        )
        return SettingsFrame(tab: .colleagues, request: request).page(
            """
            <div class="form">\(list(say("Ils ont accès", "They have access"), present))\
            \(if: !invitations.isEmpty, invited)\
            \(if: !past.isEmpty, list(say("Ils ont eu accès", "They had access"), past))\(roles)</div>
            """,
            actions: """
                <a class="btn p" href="/settings/colleagues/new">\(request.icon("user-plus"))\
                \(say("Inviter un collègue", "Invite a colleague"))</a>
                """, frame: .wide)
    }

    private func list(_ title: String, _ colleagues: [Colleague]) -> HTML {
        """
        <section class="card"><header><h2>\(title)</h2><span class="sub">\(colleagues.count)</span></header>\
        <div class="body"><ul class="people">\(colleagues, item)</ul></div></section>
        """
    }

    private func item(_ colleague: Colleague) -> HTML {
        let seen =
            colleague.lastSeenAt.map {
                say("Vu ", "Seen ") + Timeline(request).moment($0)
            } ?? say("Pas connecté", "Not signed in")
        return """
            <li><span class="av c1" aria-hidden="true">\(colleague.initials)</span>\
            <span><b class="nm"><a href="\(colleague.address)">\(colleague.name)</a></b>\
            <small>\(colleague.email) · \(seen)</small></span>\
            <span class="sp">\(if: colleague.hasSecondFactor, "<span class=\"pill ok\" title=\"\(say("Double vérification", "Two-step sign-in"))\">\(request.icon("shield-check"))<span class=\"sr\">\(say("Double vérification", "Two-step sign-in"))</span></span>")\
            <span class="pill">\(say(colleague.role.label))</span>\
            <a class="btn g sm sq" href="\(colleague.address)" aria-label="\(say("Modifier", "Edit")) \(colleague.name)">\
            \(request.icon("pencil"))</a></span></li>
            """
    }

    private var invited: HTML {
        """
        <section class="card"><header><h2>\(say("Invitations en attente", "Pending invitations"))</h2>\
        <span class="sub">\(invitations.count)</span></header>\
        <div class="body"><ul class="people">\(invitations, invitation)</ul></div></section>
        """
    }

    private func invitation(_ invitation: Invitation) -> HTML {
        let until = Timeline(request).moment(invitation.expiresAt)
        let state =
            invitation.expiresAt < request.now
            ? say("expirée", "expired") : say("jusqu’à \(until)", "until \(until)")
        return """
            <li><span class="av" aria-hidden="true">\(Comptoir.initials(invitation.name))</span>\
            <span><b class="nm"><a href="\(invitation.address)">\(invitation.name)</a></b>\
            <small>\(invitation.email) · \(state)</small></span>\
            <span class="sp"><span class="pill">\(say(invitation.role.label))</span></span></li>
            """
    }

    private var roles: HTML {
        FieldCard.card(
            say("Ce que chacun peut faire", "What each may do"), class: "body form-stack",
            """
            <dl class="dl wide">\(Role.builtIn, {
                "<dt>\(say($0.label))</dt><dd>\(say($0.explanation))</dd>"
            })</dl><div class="form-end"><a class="btn" href="/settings/roles">\(request.icon("shield-check"))\
            \(say("Rôles et permissions", "Roles and permissions"))</a></div>
            """)
    }
}

/// The role of one colleague, and the end of their access.
struct ColleaguePage {
    let colleague: Colleague
    let fields: FormFields
    let roles: [Role]
    let request: Request

    init(
        _ colleague: Colleague, _ problems: [FieldProblem], _ roles: [Role], _ request: Request
    ) {
        self.colleague = colleague
        self.roles = roles
        fields = FormFields(["role": colleague.role.code], problems, request)
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <div class="form">\(fields.summary)\(colleague.isArchived ? restoration : role + (colleague.id == request.session.user.id ? .empty : access) + removal)</div>
            """, frame: .wide)
        page.path = [(title: say("Collègues", "Colleagues"), address: "/settings/colleagues")]
        page.title = colleague.name
        return page
    }

    private var role: HTML {
        """
        <form method="post" action="\(colleague.address)">\(FormToken.input(for: request))\
        \(FieldCard.card(
            colleague.name, note: colleague.email, class: "body form-stack",
            """
            \(RoleChoice(fields, roles, request).html)<div class="form-end"><button class="btn p">\
            \(request.icon("save"))\(say("Enregistrer le rôle", "Save the role"))</button>\
            <a class="btn" href="/settings/colleagues">\(say("Annuler", "Cancel"))</a></div>
            """))</form>
        """
    }

    /// What helps a colleague who cannot come in.
    private var access: HTML {
        let text = say(
            "Un lien par courriel pour choisir un autre mot de passe ; un téléphone perdu se remplace après désactivation.",
            "A link by mail to choose another password; a lost phone is replaced after turning off."
        )
        let off: HTML = """
            <form method="post" action="\(colleague.address)/second-factor/delete">\(FormToken.input(for: request))\
            <button class="btn" data-confirm="\(say("Désactiver la double vérification de \(colleague.name) et retirer ses clés d’accès ?", "Turn off two-step sign-in for \(colleague.name) and remove their passkeys?"))">\
            \(request.icon("shield-check"))\(say("Désactiver la double vérification", "Turn off two-step sign-in"))</button></form>
            """
        return FieldCard.card(
            say("Aider à se connecter", "Help to sign in"), note: text, class: "body form-stack",
            """
            <form method="post" action="\(colleague.address)/password-reset">\(FormToken.input(for: request))\(Submission.input(for: request))\
            <button class="btn">\(request.icon("mail"))\(say("Envoyer un lien de mot de passe", "Send a password link"))</button></form>\
            \(if: colleague.hasSecondFactor, off)
            """)
    }

    private var removal: HTML {
        let text = say(
            "Cette personne sera déconnectée aussitôt. Ce qu’elle a fait garde son nom.",
            "This person is signed out at once. What they did keeps their name.")
        return FieldCard.card(
            say("Retirer l’accès", "Remove access"), note: text, class: "body",
            """
            <form method="post" action="\(colleague.address)/archive">\(FormToken.input(for: request))\
            <button class="btn danger" data-confirm="\(say("Retirer l’accès de \(colleague.name) ?", "Remove the access of \(colleague.name)?"))">\
            \(request.icon("archive"))\(say("Retirer l’accès", "Remove access"))</button></form>
            """)
    }

    private var restoration: HTML {
        FieldCard.card(
            colleague.name,
            note: say("Cette personne n’a plus accès.", "This person has no access any more."),
            class: "body",
            """
            <form method="post" action="\(colleague.address)/restore">\(FormToken.input(for: request))\
            <button class="btn p">\(request.icon("undo-2"))\(say("Rétablir l’accès", "Restore access"))</button></form>
            """)
    }
}
