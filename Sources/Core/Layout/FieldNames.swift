import Basics

/// The names that people know fields by: for the history of a record, and for the list of what is to
/// be corrected in a form.
public enum FieldNames {
    /// A column or field as people know it; its own name where nobody named it.
    public static func label(_ field: String, _ say: Language) -> String {
        all[field].map { say($0) } ?? field.replacing("_", with: " ")
    }

    /// Numbering has two fields for each series.
    static func name(of field: String) -> Text? {
        let series = ["pattern_", "next_"].first { field.hasPrefix($0) }
        return all[series.map { "number_" + field.dropFirst($0.count) } ?? field]
    }

    static let all: [String: Text] = [
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
        "vat_exemption": Text("Motif d’exonération", "Reason of exemption"),
        "prices_include_vat": Text("Prix TTC", "Prices with VAT"),
        "default_vat_rate": Text("Taux habituel", "Usual rate"), "iban": Text("IBAN", "IBAN"),
        "bic": Text("BIC", "BIC"), "payment_days": Text("Délai de paiement", "Payment terms"),
        "payment_end_of_month": Text("Fin de mois", "End of month"),
        "quote_validity_days": Text("Validité des devis", "Validity of quotes"),
        "late_penalty": Text("Pénalités", "Late penalties"),
        "discount_terms": Text("Escompte", "Discount"),
        "invoice_footer": Text("Pied de page", "Footer"),
        "accent_color": Text("Couleur", "Colour"), "role": Text("Rôle", "Role"),
        "theme": Text("Thème", "Theme"),
        "requires_second_factor": Text("Double vérification", "Two-step sign-in"),
        "number_client": Text("Clients", "Clients"), "number_quote": Text("Devis", "Quotes"),
        "number_order": Text("Commandes", "Orders"),
        "number_invoice": Text("Factures", "Invoices"),
        "number_credit_note": Text("Avoirs", "Credit notes"),
        "number_payment": Text("Paiements", "Payments"),
        "number_deposit_request": Text("Demandes d’acompte", "Deposit requests"),
        "number_recurring_invoice": Text("Abonnements", "Recurring invoices"),
        "percent": Text("Pourcentage", "Percentage"),
        "amount": Text("Montant", "Amount"), "reason": Text("Motif", "Reason"),
        "recipient": Text("Destinataire", "Recipient"),
        "smtp_host": Text("Serveur SMTP", "SMTP server"),
        "smtp_port": Text("Port", "Port"), "smtp_username": Text("Identifiant", "User name"),
        "mail_from": Text("Expéditeur", "Sender"),
        "subject": Text("Objet", "Subject"), "label": Text("Désignation", "Label"),
        "unit_price": Text("Prix unitaire", "Unit price"), "client": Text("Client", "Client"),
        "number": Text("Numéro", "Number"), "order": Text("Commande", "Order"),
        "total": Text("Total", "Total"), "settled": Text("Réglé", "Settled"),
        "by": Text("Par", "By"), "day": Text("Date", "Date"), "logo": Text("Logo", "Logo"),
        "issued_on": Text("Date de facture", "Date of invoice"),
        "due_on": Text("Échéance", "Due"),
        "valid_until": Text("Fin de validité", "End of validity"),
        "organisation": Text("Entreprise", "Company"),
        "code": Text("Code de démarrage", "Start code"),
        "file": Text("Fichier", "File"), "keep_as": Text("Nom", "Name"),
        "url": Text("Adresse", "Address"), "events": Text("Événements", "Events"),
        "password": Text("Mot de passe", "Password"),
        "current_password": Text("Mot de passe actuel", "Current password"),
        "new_password": Text("Nouveau mot de passe", "New password"),
        "note": Text("Mot", "Note"), "kind": Text("Type", "Kind"), "stage": Text("Étape", "Stage"),
        "tags": Text("Étiquettes", "Tags"), "sector": Text("Secteur", "Sector"),
        "notes": Text("Notes", "Notes"), "unit": Text("Unité", "Unit"),
        "vat": Text("TVA", "VAT"), "method": Text("Moyen de paiement", "Payment method"),
    ]
}
