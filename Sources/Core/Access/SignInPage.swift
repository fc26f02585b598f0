import Basics
import HTTP
import Markup

/// The page where people sign in.
enum SignInPage {
    static func reply(_ request: Request, email: String, message: Text?) throws -> Reply {
        try VisitorForm.reply(request, status: message == nil ? 200 : 422) { request in
            Page(
                title: request.say("Connexion", "Sign in"), frame: .plain,
                body: body(request, email: email, message: message))
        }
    }

    private static func body(_ request: Request, email: String, message: Text?) -> HTML {
        let (say, icon) = (request.say, request.icon)
        let fields = FormFields(["email": email], [], request)
        let alert: HTML =
            message.map {
                "<div class=\"alert\" role=\"alert\" id=\"problems\" tabindex=\"-1\">\(icon("circle-alert"))<b>\(say($0))</b></div>"
            } ?? .empty
        let next = request.http.query["next"] ?? ""
        let said =
            Flash.text(request).map {
                "<p class=\"flash\" role=\"status\">\(icon("circle-check"))\($0)</p>" as HTML
            } ?? .empty
        return """
            <div class="auth"><main id="content" tabindex="-1">
            <a class="brand" href="/sign-in"><span class="logo" aria-hidden="true">C</span><b>Comptoir</b></a>
            <div class="login"><h1>\(say("Connexion", "Sign in"))</h1>
            <p>\(say("Vos clients, vos devis et vos factures vous attendent.", "Your clients, quotes and invoices await."))</p>
            \(said)\(alert)<form class="form" method="post" action="/sign-in">\(FormToken.input(for: request))
            <input type="hidden" name="next" value="\(next)">
            \(fields.input("email", Text("Adresse e-mail", "E-mail address"), type: "email", required: true, autocomplete: "username", focus: true))
            \(fields.password("password", Text("Mot de passe", "Password"), autocomplete: "current-password"))
            <button class="btn p lg">\(say("Se connecter", "Sign in"))</button>
            <a class="lnk" href="/password-reset">\(say("Mot de passe oublié ?", "Forgotten password?"))</a>
            <a class="lnk" href="/sign-in/company\(next.isEmpty ? "" : "?next=" + PercentEncoding.encoded(next))">\(say("Avec le compte de l’entreprise", "With the company account"))</a></form>
            \(demonstration(request))</div>
            <p class="legal"><a href="/sign-in?language=fr" lang="fr">Français</a> · \
            <a href="/sign-in?language=en" lang="en">English</a> · \(SourceCode(request).link)</p></main>
            \(EntranceScene.html(request))</div>
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
