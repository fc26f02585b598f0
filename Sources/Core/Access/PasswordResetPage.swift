import Basics
import HTTP
import Markup

/// The pages on which somebody gets a new password.
enum PasswordResetPage {
    static func question(_ request: Request, email: String, _ problems: [FieldProblem]) throws
        -> Reply
    {
        try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            let (say, fields) = (request.say, FormFields(["email": email], problems, request))
            return EntrancePage(
                Text("Mot de passe oublié", "Forgotten password"),
                Text(
                    "Donnez l’adresse de votre compte : un lien pour choisir un nouveau mot de passe y sera envoyé.",
                    "Give the address of your account: a link to choose a new password is sent there."
                ),
                request
            ).page(
                """
                \(fields.summary)<form class="form" method="post" action="/password-reset">\(FormToken.input(for: request))
                \(fields.input("email", Text("Adresse e-mail", "E-mail address"), type: "email", required: true, autocomplete: "username", focus: true))
                <button class="btn p lg">\(say("Envoyer le lien", "Send the link"))</button>
                <a class="lnk" href="/sign-in">\(say("Retour à la connexion", "Back to sign-in"))</a></form>
                """, languages: EntrancePage.languages("/password-reset"))
        }
    }

    /// The same words whether the account exists or not.
    static func asked(_ request: Request) throws -> Reply {
        let say = request.say
        let page = EntrancePage(
            Text("Regardez vos courriels", "Look at your mail"),
            Text(
                "Si cette adresse a un compte, et votre espace un serveur de courrier, un lien part. Il sert une fois, pendant une heure.",
                "If this address has an account, and your workspace a mail server, a link is on its way. It works once, for an hour."
            ),
            request
        ).page(
            """
            <p class="help">\(say("Rien au bout de quelques minutes ? Regardez les indésirables, ou demandez de l’aide au propriétaire de votre espace.", "Nothing after a few minutes? Look at the spam, or ask the owner of your workspace for help."))</p>
            <form class="form"><a class="btn lg" href="/sign-in">\(say("Retour à la connexion", "Back to sign-in"))</a></form>
            """)
        return .page(page)
    }

    static func choice(_ request: Request, token: String, _ problems: [FieldProblem]) throws
        -> Reply
    {
        try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            let (say, fields) = (request.say, FormFields([:], problems, request))
            return EntrancePage(
                Text("Nouveau mot de passe", "New password"),
                Text(
                    "Il remplace l’ancien, et déconnecte tous vos appareils.",
                    "It replaces the old one and signs all your devices out."), request
            ).page(
                """
                \(fields.summary)<form class="form" method="post" action="/password-reset/new">\(FormToken.input(for: request))
                <input type="hidden" name="token" value="\(token)">
                \(fields.password("new_password", Text("Nouveau mot de passe", "New password"), autocomplete: "new-password", hint: PasswordRule.hint))
                <button class="btn p lg">\(say("Changer le mot de passe", "Change password"))</button></form>
                """)
        }
    }

    static func over(_ request: Request) throws -> Reply {
        let say = request.say
        let page = EntrancePage(
            Text("Ce lien ne sert plus", "This link is over"),
            Text(
                "Il a déjà servi, un plus récent le remplace, ou son heure est passée.",
                "It was used, a later one replaces it, or its hour has passed."), request
        ).page(
            """
            <form class="form"><a class="btn p lg" href="/password-reset">\(say("Demander un autre lien", "Ask for another link"))</a></form>
            """)
        return .page(page, status: 410)
    }
}
