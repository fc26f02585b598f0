import Basics
import Markup

extension Settings {
    static func security(_ request: Request) throws -> Reply {
        let colleagues = try request.read { try $0.colleagues().filter { !$0.isArchived } }
        return .page(SecurityPage(colleagues: colleagues, request: request).page)
    }

    static func saveSecurity(_ request: Request) throws -> Reply {
        let input = Input(try request.form().fields)
        try request.write { transaction in
            try transaction.requireSecondFactor(input.flag("requires_second_factor"))
            try transaction.mailSeals(input.flag("mails_seals"))
        }
        return .done(
            at: "/settings/security", say: Text("Réglages enregistrés.", "Settings saved."))
    }
}

extension Transaction {
    func requireSecondFactor(_ requires: Bool) throws {
        let changed = try run(
            """
            UPDATE organisations SET requires_second_factor = \(requires)
            WHERE id = \(organisation) AND requires_second_factor <> \(requires)
            """)
        guard changed == 1 else { return }
        let change: JSON = [
            "field": "requires_second_factor", "before": .string(String(!requires)),
            "after": .string(String(requires)),
        ]
        try record(
            .organisationUpdated, .organisation, organisation.value,
            label: scope.organisation.name, details: ["changes": [change]])
    }
}

/// How people of the organisation prove who they are.
struct SecurityPage {
    let colleagues: [Colleague]
    let request: Request

    private var say: Language { request.say }

    var page: Page {
        let organisation = request.organisation
        let fields = FormFields(
            [
                "requires_second_factor": organisation.requiresSecondFactor ? "on" : "",
                "mails_seals": organisation.mailsSeals ? "on" : "",
            ], [], request)
        let missing = colleagues.filter { !$0.hasSecondFactor }
        return SettingsFrame(tab: .security, request: request).page(
            """
            <form class="form" method="post" action="/settings/security" data-guard data-main>\
            \(FormToken.input(for: request))\
            \(FieldCard.card(say("Double vérification", "Two-step sign-in"),
                """
                \(fields.check(
                    "requires_second_factor",
                    Text("La demander à tout le monde", "Ask it of everybody"),
                    hint: Text(
                        "Qui ne l’a pas encore la met en place à sa prochaine page ; ses jetons d’accès attendent.",
                        "Whoever has none sets it up at the next page; their access tokens wait.")))
                <p class="hint">\(state(missing))</p>
                """))
            \(FieldCard.card(say("Preuves gardées ailleurs", "Proofs kept elsewhere"),
                fields.check(
                    "mails_seals",
                    Text("Envoyer chaque mois les empreintes aux propriétaires", "Mail the fingerprints to the owners each month"),
                    hint: Text(
                        "Elles prouvent, hors d’ici, que ni vos documents ni le journal n’ont été réécrits.",
                        "They prove, outside of here, that neither your documents nor the journal were rewritten."))))
            \(FieldCard.card(say("Compte de l’entreprise", "Company account"),
                note: say("Vos collègues se connectent là où l’entreprise tient déjà ses comptes.", "Your colleagues sign in where the company keeps its accounts already."), class: "body",
                "<a class=\"btn\" href=\"/settings/company-sign-in\">\(request.icon("key-round"))\(say("Régler", "Set up"))</a>"))
            <div class="bar"><div class="acts2"><button class="btn p">\(request.icon("save"))\
            \(say("Enregistrer", "Save"))</button></div></div></form>
            """)
    }

    private func state(_ missing: [Colleague]) -> String {
        guard !missing.isEmpty else {
            return say("Tout le monde l’a mise en place.", "Everybody has set it up.")
        }
        let names = missing.map(\.name).joined(separator: ", ")
        return say("Sans elle : \(names).", "Without it: \(names).")
    }
}
