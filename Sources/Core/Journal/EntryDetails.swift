import Basics
import Markup

/// What a journal entry tells beside its sentence: fields before and after, or other details.
struct EntryDetails {
    let entry: JournalEntry
    let say: Language

    init(_ entry: JournalEntry, _ say: Language) {
        self.entry = entry
        self.say = say
    }

    var html: HTML {
        let members = entry.details?.members ?? []
        return members.map { name, value in
            switch name {
            // A fingerprint proves what stood there, and tells a reader nothing.
            case "note", "mail", "sha256": .empty
            case "changes": (value.array ?? []).map(change).joined()
            default: plain(name, value)
            }
        }.joined()
    }

    private func change(_ change: JSON) -> HTML {
        let (before, after) = (shown(change["before"]), shown(change["after"]))
        return """
            <p class="change"><b>\(label(change["field"]?.string ?? ""))</b> \
            \(if: !before.isEmpty, "<del>\(before)</del> → ")<ins>\(after.isEmpty ? "—" : after)</ins></p>
            """
    }

    private func plain(_ name: String, _ value: JSON) -> HTML {
        let text = shown(value)
        return text.isEmpty || value == .null
            ? .empty : "<p class=\"change\"><b>\(label(name))</b> <ins>\(text)</ins></p>"
    }

    private func shown(_ value: JSON?) -> String {
        guard let text = value?.string else { return value?.text ?? "" }
        return Role(rawValue: text).map { say($0.label) } ?? text
    }

    private func label(_ field: String) -> String {
        EntryDetails.labels[field].map { say($0) } ?? field
    }

    /// The names that people know the fields by.
    private static let labels: [String: Text] = [
        "name": Text("Nom", "Name"), "legal_form": Text("Forme juridique", "Legal form"),
        "share_capital": Text("Capital", "Share capital"), "siren": Text("SIREN", "SIREN"),
        "siret": Text("SIRET", "SIRET"), "vat_number": Text("N° de TVA", "VAT number"),
        "trade_register": Text("Immatriculation", "Trade register"),
        "street": Text("Adresse", "Street"), "street_more": Text("Complément", "Additional line"),
        "postal_code": Text("Code postal", "Postal code"), "city": Text("Ville", "City"),
        "country": Text("Pays", "Country"), "email": Text("E-mail", "E-mail"),
        "phone": Text("Téléphone", "Phone"), "website": Text("Site web", "Website"),
        "language": Text("Langue", "Language"), "time_zone": Text("Fuseau", "Time zone"),
        "currency": Text("Devise", "Currency"), "vat_regime": Text("Régime de TVA", "VAT scheme"),
        "vat_on_debits": Text("TVA d’après les débits", "VAT on invoicing"),
        "default_vat_rate": Text("Taux habituel", "Usual rate"), "iban": Text("IBAN", "IBAN"),
        "bic": Text("BIC", "BIC"), "payment_days": Text("Délai de paiement", "Payment terms"),
        "payment_end_of_month": Text("Fin de mois", "End of month"),
        "quote_validity_days": Text("Validité des devis", "Validity of quotes"),
        "late_penalty": Text("Pénalités", "Late penalties"),
        "discount_terms": Text("Escompte", "Discount"),
        "invoice_footer": Text("Pied de page", "Footer"),
        "accent_color": Text("Couleur", "Colour"), "role": Text("Rôle", "Role"),
        "theme": Text("Thème", "Theme"),
        "number_client": Text("Clients", "Clients"), "number_quote": Text("Devis", "Quotes"),
        "number_order": Text("Commandes", "Orders"),
        "number_invoice": Text("Factures", "Invoices"),
        "number_credit_note": Text("Avoirs", "Credit notes"),
        "number_payment": Text("Paiements", "Payments"),
        "amount": Text("Montant", "Amount"), "reason": Text("Motif", "Reason"),
        "recipient": Text("Destinataire", "Recipient"),
        "smtp_host": Text("Serveur SMTP", "SMTP server"),
        "smtp_port": Text("Port", "Port"), "smtp_username": Text("Identifiant", "User name"),
        "mail_from": Text("Expéditeur", "Sender"),
    ]
}
