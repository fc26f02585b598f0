import Basics
import Markup

/// One invitation: how its person gets the link, and its end.
struct ColleagueInvitationPage {
    let invitation: Invitation
    let canMail: Bool
    let request: Request
    /// Just made, to be passed on; shown this once.
    var link: String?

    init(_ invitation: Invitation, canMail: Bool, _ request: Request) {
        self.invitation = invitation
        self.canMail = canMail
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        var page = SettingsFrame(tab: .colleagues, request: request).page(
            """
            <div class="form">\(link.map(shown) ?? offer)\(withdrawal)</div>
            """, frame: .wide)
        page.path = [(title: say("Collègues", "Colleagues"), address: "/settings/colleagues")]
        page.title = invitation.name
        return page
    }

    private var offer: HTML {
        let note =
            canMail
            ? say(
                "L’invitation part par courriel à \(invitation.email), et sert une fois pendant \(Invitation.lifetimeDays) jours.",
                "The invitation goes by mail to \(invitation.email) and works once, for \(Invitation.lifetimeDays) days."
            )
            : say(
                "Sans serveur de courrier, transmettez vous-même le lien d’invitation.",
                "Without a mail server, pass the invitation link on yourself.")
        return FieldCard.card(
            say(
                "\(invitation.name) est invité comme \(invitation.role.label.french.lowercased())",
                "\(invitation.name) is invited as \(invitation.role.label.english.lowercased())"),
            note: note, class: "body form-stack",
            """
            \(if: canMail, form("send", "mail", say("Renvoyer par courriel", "Send again by mail"), ""))\
            \(form("link", "link", say("Afficher un lien", "Show a link"), canMail ? "" : "p"))
            """)
    }

    private func shown(_ link: String) -> HTML {
        FieldCard.card(
            say("Le lien de \(invitation.name)", "The link of \(invitation.name)"),
            note: say(
                "Transmettez-le à cette personne seulement. Il ne sera plus montré, et remplace les précédents.",
                "Pass it on to this person only. It is not shown again, and replaces those before."),
            class: "body form-stack",
            """
            <p><code class="key">\(link)</code></p>\
            <div class="form-end"><a class="btn p" href="/settings/colleagues">\(say("C’est noté", "Noted"))</a></div>
            """)
    }

    private var withdrawal: HTML {
        FieldCard.card(
            say("Retirer l’invitation", "Withdraw the invitation"),
            note: say("Son lien ne servira plus.", "Its link stops working."), class: "body",
            form("delete", "x", say("Retirer", "Withdraw"), "danger"))
    }

    private func form(_ verb: String, _ icon: StaticString, _ label: String, _ style: String)
        -> HTML
    {
        """
        <form method="post" action="\(invitation.address)/\(verb)">\(FormToken.input(for: request))\
        \(if: verb == "send", Submission.input(for: request))\
        <button class="btn \(style)">\(request.icon(icon))\(label)</button></form>
        """
    }
}
