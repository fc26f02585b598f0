import Basics
import Core
import Markup

/// The form of a client, new or existing.
struct ClientForm {
    let fields: FormFields
    let existing: Client?
    /// Clients that may be the same: shown once, before a second one is made.
    let alike: [ClientRow]
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], existing: Client?,
        alike: [ClientRow] = [], _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.existing = existing
        self.alike = alike
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var title: String {
        existing.map { say("Modifier \($0.name)", "Edit \($0.name)") }
            ?? say("Nouveau client", "New client")
    }

    var page: Page {
        Page(
            title: title, section: .clients,
            path: existing.map { [(title: $0.name, address: $0.path)] } ?? [], frame: .edit,
            body: """
                <form class="form" method="post" action="\(existing?.path ?? "/clients")" data-guard data-main>
                \(FormToken.input(for: request))\(hidden)
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)\(duplicates)
                \(identity)\(address)\(company)\(terms)
                <div class="bar"><div class="acts2"><a class="btn" href="\(existing?.path ?? "/clients")">\
                \(say("Annuler", "Cancel"))</a><button class="btn p">\(icon("save"))\(say("Enregistrer", "Save"))</button>\
                </div></div></form>
                """)
    }

    private var hidden: HTML {
        guard let existing else { return Submission.input(for: request) }
        let version = fields["version"].isEmpty ? String(existing.version) : fields["version"]
        // After a conflict the person has seen the other's change: the next save may pass.
        let isConflict = fields.problem("form") != nil
        return """
            <input type="hidden" name="version" value="\(isConflict ? String(existing.version) : version)">
            """
    }

    private var duplicates: HTML {
        guard !alike.isEmpty else { return .empty }
        return """
            <div class="alert warn" role="alert">\(icon("triangle-alert"))\
            <b>\(say("Ce client existe peut-être déjà", "This client may already exist"))</b>\
            <ul>\(alike, { "<li><a href=\"/clients/\($0.id)\">\($0.name), \($0.number) \($0.city)</a></li>" })</ul>\
            <label class="check"><input class="ck" type="checkbox" name="confirmed" value="on">\
            <span>\(say("Non, c’est un autre client : l’ajouter", "No, this is another client: add it"))</span></label></div>
            """
    }

    private func card(_ title: Text, _ body: HTML) -> HTML {
        """
        <section class="card"><header><h2>\(say(title))</h2></header><div class="body f2">\(body)</div></section>
        """
    }

    private var identity: HTML {
        card(
            Text("Identité", "Identity"),
            """
            \(fields.segments("kind", Text("Type", "Kind"), Client.Kind.allCases.map { ($0.rawValue, say($0.label)) }, width: .half))
            \(fields.segments("stage", Text("Étape", "Stage"), Client.Stage.allCases.map { ($0.rawValue, say($0.label)) }, width: .half))
            \(fields.input("name", Text("Nom", "Name"), width: .whole, required: true, focus: existing == nil))
            \(fields.input("email", Text("E-mail", "E-mail"), type: "email", width: .half, maximum: 254))
            \(fields.input("phone", Text("Téléphone", "Phone"), type: "tel", width: .half, maximum: 40))
            \(fields.input("sector", Text("Secteur d’activité", "Sector"), width: .half, maximum: 100))
            \(fields.input("tags", Text("Étiquettes", "Tags"), width: .half, hint: Text("Séparées par des virgules.", "Separated by commas."), maximum: 1000))
            \(if: request.may(.readInternalNotes), fields.textArea("notes", Text("Notes internes", "Internal notes"), hint: Text("Jamais visibles du client.", "Never shown to the client.")))
            """)
    }

    private var address: HTML {
        card(
            Text("Adresse de facturation", "Billing address"),
            """
            \(fields.input("street", Text("Rue", "Street"), width: .half, autocomplete: "street-address"))
            \(fields.input("street_more", Text("Complément", "Additional line"), width: .half))
            \(fields.input("postal_code", Text("Code postal", "Postal code"), width: .third, maximum: 20))
            \(fields.input("city", Text("Ville", "City"), width: .third, maximum: 100))
            \(fields.select("country", Text("Pays", "Country"), Countries.all.map { ($0.code, say($0.name)) }, width: .third))
            """)
    }

    private var company: HTML {
        card(
            Text("Entreprise", "Company"),
            """
            \(fields.input("siren", Text("SIREN", "SIREN"), width: .third, hint: Text("9 chiffres.", "9 digits."), maximum: 30))
            \(fields.input("siret", Text("SIRET", "SIRET"), width: .third, hint: Text("14 chiffres.", "14 digits."), maximum: 30))
            \(fields.input("vat_number", Text("N° de TVA", "VAT number"), width: .third, maximum: 30))
            \(fields.input("website", Text("Site web", "Website"), type: "url", width: .half))
            """)
    }

    private var terms: HTML {
        card(
            Text("Facturation", "Invoicing"),
            """
            \(fields.input("payment_days", Text("Délai de paiement", "Payment terms"), type: "number", width: .third, hint: Text("En jours ; vide : celui de votre organisation.", "In days; empty: your organisation’s."), maximum: 3))
            \(fields.select("language", Text("Langue des documents", "Language of documents"), [("fr", "Français"), ("en", "English")], width: .third))
            <div class="field t">\(fields.check("payment_end_of_month", Text("Fin de mois", "End of month")))</div>
            """)
    }
}
