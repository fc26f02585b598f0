import Basics
import HTTP
import Markup

/// The page that makes the first account.
enum FirstStartPage {
    static func reply(
        _ request: Request, _ values: [String: String], _ problems: [FieldProblem]
    ) throws -> Reply {
        try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            Page(
                title: request.say("Bienvenue", "Welcome"), frame: .plain,
                body: body(request, FormFields(values, problems, request)))
        }
    }

    private static func body(_ request: Request, _ fields: FormFields) -> HTML {
        let say = request.say
        return """
            <div class="auth"><main id="content" tabindex="-1">
            <a class="brand" href="/welcome"><span class="logo" aria-hidden="true">C</span><b>Comptoir</b></a>
            <div class="login"><h1>\(say("Bienvenue", "Welcome"))</h1>
            <p>\(say("Créez votre accès ; vous compléterez ensuite l’identité de votre entreprise.", "Create your access; your company’s details come next."))</p>
            \(fields.summary)<form class="form" method="post" action="\(address(request.say, ""))">\(FormToken.input(for: request))
            \(person(fields, request))
            <button class="btn p lg">\(say("Commencer", "Start"))</button></form></div>
            <p class="legal"><a href="\(address(.french, fields["code"]))" lang="fr">Français</a> · \
            <a href="\(address(.english, fields["code"]))" lang="en">English</a> · \(SourceCode(request).link)</p></main>
            \(EntranceScene.html(request))</div>
            """
    }

    /// The same page in a language, with the code that was given already.
    private static func address(_ language: Language, _ code: String) -> String {
        "/welcome?language=\(language.rawValue)"
            + (code.isEmpty ? "" : "&code=\(PercentEncoding.encoded(code))")
    }

    private static func person(_ fields: FormFields, _ request: Request) -> HTML {
        """
        \(fields.input(
            "code", Text("Code de démarrage", "Start code"), required: true,
            hint: Text(
                "Il est affiché dans le terminal où tourne Comptoir.",
                "It is shown in the terminal where Comptoir runs."),
            maximum: 40, focus: fields["code"].isEmpty))
        \(fields.input(
            "organisation", Text("Nom de l’entreprise", "Company name"), required: true,
            autocomplete: "organization", focus: !fields["code"].isEmpty))
        \(fields.input(
            "name", Text("Votre nom", "Your name"), required: true, autocomplete: "name",
            maximum: 100))
        \(fields.input(
            "email", Text("Adresse e-mail", "E-mail address"), type: "email", required: true,
            autocomplete: "username"))
        \(fields.password(
            "password", Text("Mot de passe", "Password"), autocomplete: "new-password",
            hint: Text("12 caractères au moins.", "At least 12 characters.")))
        """
    }
}
