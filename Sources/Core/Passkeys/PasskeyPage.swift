import Basics
import Markup

/// One passkey: its name, and its end.
struct PasskeyPage {
    let passkey: Passkey
    let problem: Problem?
    let fields: FormFields
    let request: Request

    init(
        _ passkey: Passkey, _ values: [String: String], _ problem: Problem?, _ request: Request
    ) {
        self.passkey = passkey
        self.problem = problem
        fields = FormFields(values, problem?.fields ?? [], request)
        self.request = request
    }

    private var say: Language { request.say }
    private var token: HTML { FormToken.input(for: request) }

    var page: Page {
        Page(
            title: passkey.name,
            path: [
                (title: say("Mon compte", "My account"), address: "/account"),
                (title: say("Clés d’accès", "Passkeys"), address: Passkeys.path),
            ], frame: .narrow,
            body: """
                <div class="lh"><h1>\(passkey.name)</h1></div>
                <div class="form">\(Passkeys.said(problem, fields, request))\(naming)\(removal)</div>
                """)
    }

    private var naming: HTML {
        """
        <form method="post" action="\(passkey.address)" data-guard>\(token)\
        \(FieldCard.card(say("Nom", "Name"),
            """
            \(fields.input("name", Text("Nom de la clé", "Name of the passkey"), required: true, maximum: Passkey.longestName))
            <div class="form-end"><button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div>
            """))</form>
        """
    }

    private var removal: HTML {
        """
        <form method="post" action="\(passkey.address)/delete">\(token)\
        \(FieldCard.card(
            say("Retirer cette clé", "Remove this passkey"),
            note: say(
                "Elle n’ouvrira plus rien, et les autres appareils où elle a servi seront déconnectés. Supprimez-la aussi de l’appareil.",
                "It opens nothing any more, and other devices where it served are signed out. Delete it from the device too."),
            """
            \(fields.password("current_password", Text("Mot de passe actuel", "Current password"), autocomplete: "current-password"))
            <div class="form-end"><button class="btn danger">\(request.icon("trash-2"))\(say("Retirer la clé", "Remove the passkey"))</button></div>
            """))</form>
        """
    }
}
