import Basics
import HTTP
import Markup

/// The page where people sign in.
enum SignInPage {
    static func reply(_ request: Request, email: String, message: Text?) throws -> Reply {
        try VisitorForm.reply(request, status: message == nil ? 200 : 422) { request in
            EntrancePage(
                Text("Connexion", "Sign in"),
                Text(
                    "Vos clients, vos devis et vos factures vous attendent.",
                    "Your clients, quotes and invoices await."), request
            ).page(
                said(message, request) + form(request, email: email) + demonstration(request),
                languages: EntrancePage.languages("/sign-in"))
        }
    }

    /// What was just done, or what was wrong.
    private static func said(_ message: Text?, _ request: Request) -> HTML {
        let (say, icon) = (request.say, request.icon)
        let alert: HTML =
            message.map {
                "<div class=\"alert\" role=\"alert\" id=\"problems\" tabindex=\"-1\">\(icon("circle-alert"))<b>\(say($0))</b></div>"
            } ?? .empty
        let done: HTML =
            Flash.text(request).map {
                "<p class=\"flash\" role=\"status\">\(icon("circle-check"))\($0)</p>"
            } ?? .empty
        return done + alert
    }

    private static func form(_ request: Request, email: String) -> HTML {
        let say = request.say
        let fields = FormFields(["email": email], [], request)
        let next = request.http.query["next"] ?? ""
        let passkey = PasskeyButton(next: next, request: request)
        let company =
            "/sign-in/company" + (next.isEmpty ? "" : "?next=" + PercentEncoding.encoded(next))
        return """
            <form class="form" method="post" action="/sign-in">\(FormToken.input(for: request))
            <input type="hidden" name="next" value="\(next)">
            \(fields.input("email", Text("Adresse e-mail", "E-mail address"), type: "email", required: true, autocomplete: "username", focus: true))
            \(fields.password("password", Text("Mot de passe", "Password"), autocomplete: "current-password"))
            <button class="btn p lg">\(say("Se connecter", "Sign in"))</button>\(passkey.button)
            <a class="lnk" href="/password-reset">\(say("Mot de passe oublié ?", "Forgotten password?"))</a>
            <a class="lnk" href="\(company)">\(say("Avec le compte de l’entreprise", "With the company account"))</a></form>\(passkey.form)
            """
    }

    private static func demonstration(_ request: Request) -> HTML {
        let logins = request.application.demonstrationLogins
        guard !logins.isEmpty else { return .empty }
        return """
            <div class="demo-logins"><b>\(request.say("Démonstration", "Demonstration"))</b><dl>\
            \(logins, { "<dt>\(request.say($0.role.label))</dt><dd>\($0.email)</dd>" })\
            <dt>\(request.say("Mot de passe", "Password"))</dt>\
            \(Set(logins.map(\.password)).sorted(), { "<dd>\($0)</dd>" })</dl></div>
            """
    }
}
