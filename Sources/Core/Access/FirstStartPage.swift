import Basics
import HTTP
import Markup

/// The page that makes the first account.
enum FirstStartPage {
    static func reply(
        _ request: Request, _ values: [String: String], _ problems: [FieldProblem]
    ) throws -> Reply {
        try VisitorForm.reply(request, status: problems.isEmpty ? 200 : 422) { request in
            let fields = FormFields(values, problems, request)
            return EntrancePage(
                Text("Bienvenue", "Welcome"),
                Text(
                    "Créez votre accès ; vous compléterez ensuite l’identité de votre entreprise.",
                    "Create your access; your company’s details come next."), request
            ).page(
                """
                \(fields.summary)<form class="form" method="post" action="\(address(request.say, ""))">\(FormToken.input(for: request))
                \(person(fields, request))
                <button class="btn p lg">\(request.say("Commencer", "Start"))</button></form>
                """,
                languages: EntrancePage.languages { address($0, fields["code"]) })
        }
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
