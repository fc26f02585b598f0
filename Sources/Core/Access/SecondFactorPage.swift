import Basics
import Markup

/// Where somebody stands with their second factor.
struct SecondFactorPage {
    let factor: SecondFactor?
    let password: OneTimePassword?
    let codesLeft: Int
    let fields: FormFields
    let request: Request

    init(
        _ factor: SecondFactor?, _ password: OneTimePassword?, codesLeft: Int,
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.factor = factor
        self.password = password
        self.codesLeft = codesLeft
        fields = FormFields([:], problems, request)
        self.request = request
    }

    private var say: Language { request.say }
    private var token: HTML { FormToken.input(for: request) }
    private var title: String { say("Double vérification", "Two-step sign-in") }

    var page: Page {
        Page(
            title: title, path: [(title: say("Mon compte", "My account"), address: "/account")],
            frame: .narrow,
            body: """
                <div class="lh"><h1>\(title)</h1></div>
                <div class="form">\(fields.summary)\(content)</div>
                """)
    }

    private var content: HTML {
        if factor?.confirmedAt != nil { return isOn }
        if request.organisation.requiresSecondFactor, request.session.user.hasPasskey,
            !request.session.hasProvenTwice
        {
            return comeBack
        }
        if let password { return offer(password) }
        return start + (request.organisation.requiresSecondFactor ? orPasskey : .empty)
    }

    /// For whoever came in by a password and has what is asked for.
    private var comeBack: HTML {
        FieldCard.card(
            say("Votre clé d’accès suffit", "Your passkey is enough"),
            note: say(
                "\(request.organisation.name) demande plus qu’un mot de passe : déconnectez-vous, puis reconnectez-vous avec votre clé d’accès.",
                "\(request.organisation.name) asks for more than a password: sign out, then sign in again with your passkey."
            ), class: "body",
            """
            <form method="post" action="/sign-out">\(token)<button class="btn p">\(request.icon("log-out"))\
            \(say("Se déconnecter", "Sign out"))</button></form>
            """)
    }

    private var orPasskey: HTML {
        FieldCard.card(
            say("Ou une clé d’accès", "Or a passkey"),
            note: say(
                "Votre empreinte, votre visage ou le code de l’appareil : cela suffit aussi.",
                "Your fingerprint, your face or the code of the device: that is enough too."),
            class: "body",
            """
            <a class="btn" href="\(Passkeys.path)">\(request.icon("key-round"))\(say("Ajouter une clé d’accès", "Add a passkey"))</a>
            """)
    }

    private var start: HTML {
        let isRequired = request.organisation.requiresSecondFactor
        let note =
            isRequired
            ? say(
                "\(request.organisation.name) la demande à tout le monde : mettez-la en place pour continuer.",
                "\(request.organisation.name) asks it of everybody: set it up to continue.")
            : say(
                "Après votre mot de passe, un code de votre téléphone. Un mot de passe volé n’ouvre alors plus rien.",
                "After your password, a code from your phone. A stolen password then opens nothing."
            )
        return """
            <form method="post" action="\(SecondFactorPages.path)">\(token)\
            \(FieldCard.card(say("Mettre en place", "Set up"), note: note,
                """
                \(password(fields))
                <div class="form-end"><button class="btn p">\(request.icon("shield-check"))\(say("Commencer", "Start"))</button></div>
                """))</form>
            """
    }

    private func password(_ fields: FormFields) -> HTML {
        fields.password(
            "current_password", Text("Mot de passe actuel", "Current password"),
            autocomplete: "current-password")
    }

    private func offer(_ password: OneTimePassword) -> HTML {
        let user = request.session.user
        let address = password.address(issuer: "Comptoir", account: user.email)
        let secret = Base32.encoded(password.secret)
        let note = say(
            "Scannez ce dessin avec une application d’authentification, puis recopiez le code qu’elle affiche.",
            "Scan this picture with an authenticator application, then copy the code that it shows."
        )
        return """
            <form method="post" action="\(SecondFactorPages.path)/confirm" autocomplete="off">\(token)\
            \(FieldCard.card(say("Votre téléphone", "Your phone"), note: note,
                """
                <div class="field h">\(QRPicture(address, label: say("Code QR", "QR code")).html)</div>
                <div class="field h"><p class="hint">\(say("Sans appareil photo, tapez cette clé :", "Without a camera, type this key:"))</p>\
                <p><code class="key">\(SecondFactorPage.grouped(secret))</code></p></div>
                \(fields.input("code", Text("Code à 6 chiffres", "6-digit code"), width: .half, required: true, autocomplete: "one-time-code", maximum: 10, focus: true))
                <div class="form-end"><button class="btn p">\(request.icon("check"))\(say("Activer", "Turn on"))</button></div>
                """))</form>
            """
    }

    /// `ABCD EFGH`
    private static func grouped(_ text: String) -> String {
        let letters = Array(text)
        return stride(from: 0, to: letters.count, by: 4).map {
            String(letters[$0..<min($0 + 4, letters.count)])
        }.joined(separator: " ")
    }

    private var isOn: HTML {
        let since = factor?.confirmedAt.map { Timeline(request).moment($0) } ?? ""
        let left = say.count(
            codesLeft, Text("code de secours reste", "recovery code is left"),
            Text("codes de secours restent", "recovery codes are left"))
        return """
            <section class="card"><div class="body"><p><span class="pill ok">\(request.icon("shield-check"))\
            \(say("Active", "On"))</span> \(say("depuis", "since")) \(since) · \(left)</p></div></section>
            <form method="post" action="\(SecondFactorPages.path)/codes">\(token)\
            \(FieldCard.card(
                say("Changer", "Change"),
                note: say("Les anciens codes ne serviront plus. Pour changer de téléphone : désactivez, puis remettez en place.", "The old codes stop working. To change phones: turn off, then set up again."),
                """
                \(password(fields))
                <div class="form-end"><button class="btn p">\(request.icon("key-round"))\(say("Nouveaux codes de secours", "New recovery codes"))</button>\
                \(if: !request.organisation.requiresSecondFactor || request.session.user.hasPasskey, off)</div>
                """))</form>
            """
    }

    private var off: HTML {
        """
        <button class="btn danger" formaction="\(SecondFactorPages.path)/delete">\(request.icon("x"))\(say("Désactiver", "Turn off"))</button>
        """
    }
}
