import Basics
import Markup

/// The settings of who the organisation is.
struct CompanyPage {
    let fields: FormFields
    let request: Request

    init(_ values: [String: String], _ problems: [FieldProblem], _ request: Request) {
        fields = FormFields(values, problems, request)
        self.request = request
    }

    var page: Page {
        let say = request.say
        let parts = CompanyFields(fields, request)
        return SettingsFrame(tab: .company, request: request).form(
            fields,
            FieldCard.card(
                say("Identité", "Identity"),
                note: say(
                    "Ces lignes paraissent sur vos devis et vos factures.",
                    "These lines stand on your quotes and invoices."),
                parts.identity + parts.numbers + parts.vatNumber)
                + FieldCard.card(say("Adresse du siège", "Registered address"), parts.address)
                + FieldCard.card(say("Pour vous joindre", "How to reach you"), parts.contact)
                + FieldCard.card(say("Langue et heure", "Language and time"), parts.region))
    }
}

/// The fields of a company, for settings and for the first start.
struct CompanyFields {
    let fields: FormFields
    let request: Request

    static let legalForms = [
        "SARL", "SAS", "SASU", "EURL", "SA", "EI", "Micro-entreprise", "SCOP", "SCI",
        "Association",
    ]
    static let timeZones = [
        "Europe/Paris", "Europe/Brussels", "Europe/Luxembourg", "Europe/Zurich",
        "Europe/London", "Africa/Abidjan", "Africa/Dakar", "Africa/Douala", "Africa/Casablanca",
        "Africa/Tunis", "Africa/Algiers", "America/Martinique", "America/Guadeloupe",
        "America/Cayenne", "America/Toronto", "Indian/Reunion", "Indian/Mayotte",
        "Pacific/Noumea", "Pacific/Tahiti",
    ]

    init(_ fields: FormFields, _ request: Request) {
        self.fields = fields
        self.request = request
    }

    private var say: Language { request.say }

    var identity: HTML {
        """
        \(fields.input("name", Text("Raison sociale", "Company name"), width: .twoThirds, required: true, autocomplete: "organization"))
        \(fields.input("legal_form", Text("Forme juridique", "Legal form"), width: .third, list: "legal-forms", maximum: 60))
        <datalist id="legal-forms">\(CompanyFields.legalForms, { "<option value=\"\($0)\"></option>" })</datalist>
        \(fields.input("share_capital", Text("Capital social", "Share capital"), width: .half, hint: Text("Comme 10 000 €. Vide pour un entrepreneur individuel.", "Such as €10,000. Empty for a sole trader."), maximum: 60))
        \(fields.input("trade_register", Text("Immatriculation", "Trade register"), width: .half, hint: Text("Comme RCS Lyon 123 456 782.", "Such as RCS Lyon 123 456 782."), maximum: 100))
        """
    }

    var numbers: HTML {
        """
        \(fields.input("siren", Text("SIREN", "SIREN"), width: .third, hint: Text("9 chiffres.", "9 digits."), maximum: 30))
        \(fields.input("siret", Text("SIRET du siège", "SIRET"), width: .third, hint: Text("14 chiffres.", "14 digits."), maximum: 30))
        """
    }

    var vatNumber: HTML { vatNumber(width: .third) }

    /// Proposed from the SIREN while there is none; nothing is kept until the form is saved.
    func vatNumber(width: FormFields.Width) -> HTML {
        let label = request.organisation.address.taxNumberName
        let proposed = request.organisation.proposedVATNumber
        guard let proposed, fields["vat_number"].isEmpty, fields.problems.isEmpty else {
            return fields.input("vat_number", label, width: width, maximum: 30)
        }
        var values = fields.values
        values["vat_number"] = proposed
        return FormFields(values, [], request).input(
            "vat_number", label, width: width,
            hint: Text(
                "Calculé depuis votre SIREN : enregistrez pour le garder.",
                "Worked out from your SIREN: save to keep it."), maximum: 30)
    }

    var address: HTML {
        """
        \(fields.input("street", Text("Adresse", "Street"), width: .half, required: true, autocomplete: "street-address"))
        \(fields.input("street_more", Text("Complément", "Additional line"), width: .half))
        \(fields.input("postal_code", Text("Code postal", "Postal code"), width: .third, autocomplete: "postal-code", maximum: 20))
        \(fields.input("city", Text("Ville", "City"), width: .third, required: true, autocomplete: "address-level2", maximum: 100))
        \(fields.select("country", Text("Pays", "Country"), Countries.all.map { ($0.code, say($0.name)) }, width: .third))
        """
    }

    var contact: HTML {
        """
        \(fields.input("email", Text("E-mail de l’entreprise", "Company e-mail"), type: "email", width: .half, autocomplete: "email", maximum: 254))
        \(fields.input("phone", Text("Téléphone", "Phone"), type: "tel", width: .half, autocomplete: "tel", maximum: 40))
        \(fields.input("website", Text("Site web", "Website"), width: .half, hint: Text("Comme www.exemple.fr.", "Such as www.example.com.")))
        """
    }

    var region: HTML {
        let current = fields["time_zone"]
        let others = CompanyFields.timeZones.filter { $0 != current }
        let zones = (current.isEmpty ? [] : [current]) + others
        return """
            \(fields.select("language", Text("Langue des documents", "Language of documents"), [("fr", "Français"), ("en", "English")], width: .half))
            \(fields.select("time_zone", Text("Fuseau horaire", "Time zone"), zones.map { ($0, $0) }, width: .half, hint: Text("Il fixe le jour de vos factures.", "It sets the day of your invoices.")))
            """
    }
}
