import Basics

/// One thing that a column of a file may hold.
struct ImportField: Sendable {
    let name: String
    let label: Text
    /// Headings by which it is known without any mapping, folded: those of people’s own spreadsheets.
    let headings: Set<String>
    let isRequired: Bool

    init(_ name: String, _ label: Text, _ headings: [String] = [], required: Bool = false) {
        self.name = name
        self.label = label
        isRequired = required
        self.headings = Set(
            (headings + [label.french, label.english, name]).map(PlainText.folded))
    }
}

extension ImportKind {
    var fields: [ImportField] {
        switch self {
        case .clients: ImportField.ofClients
        case .items: ImportField.ofItems
        case .invoices: ImportField.ofInvoices
        case .contacts: ImportField.ofContacts
        case .sales: []
        }
    }

    func field(_ name: String) -> ImportField? { fields.first { $0.name == name } }
}

extension ImportField {
    static let ofClients: [ImportField] = [
        ImportField(
            "external_reference", Text("Code client d’origine", "Original client code"),
            [
                "code client", "numero client", "n client", "client number", "customer code",
                "ref client", "reference client", "id client", "code", "numero", "number",
            ]),
        ImportField(
            "name", Text("Nom ou raison sociale", "Name"),
            [
                "nom", "raison sociale", "societe", "entreprise", "client", "company",
                "company name", "nom du client", "client name", "organisation", "denomination",
            ]),
        ImportField("first_name", Text("Prénom", "First name")),
        ImportField("last_name", Text("Nom de famille", "Last name")),
        ImportField(
            "kind", Text("Type (entreprise ou particulier)", "Kind (company or person)"),
            ["type", "type de client", "kind"]),
        ImportField(
            "stage", Text("Client ou prospect", "Client or prospect"),
            ["statut", "stage", "prospect client"]),
        ImportField(
            "email", Text("E-mail", "E-mail"),
            ["mail", "courriel", "adresse e mail", "adresse mail", "email address"]),
        ImportField(
            "phone", Text("Téléphone", "Phone"),
            ["tel", "telephone fixe", "portable", "mobile", "phone number"]),
        ImportField("website", Text("Site web", "Website"), ["site", "url", "web"]),
        ImportField(
            "sector", Text("Secteur", "Sector"), ["secteur d activite", "activite", "industry"]),
        ImportField("siren", Text("SIREN", "SIREN"), ["n siren", "numero siren"]),
        ImportField("siret", Text("SIRET", "SIRET"), ["n siret", "numero siret"]),
        ImportField(
            "vat_number", Text("N° de TVA", "VAT number"),
            [
                "numero de tva", "tva intracommunautaire", "n tva intracommunautaire", "num tva",
                "tva intra", "vat id", "vat",
            ]),
        ImportField(
            "street", Text("Adresse", "Street"),
            ["rue", "adresse 1", "address", "address 1", "ligne 1"]),
        ImportField(
            "street_more", Text("Complément d’adresse", "Additional line"),
            ["complement", "adresse 2", "address 2", "ligne 2"]),
        ImportField(
            "postal_code", Text("Code postal", "Postal code"),
            ["cp", "zip", "zip code", "postcode"]),
        ImportField("city", Text("Ville", "City"), ["commune", "town", "localite"]),
        ImportField("country", Text("Pays", "Country"), ["code pays", "country code"]),
        ImportField(
            "tags", Text("Étiquettes", "Tags"), ["categories", "mots cles", "groupe", "tag"]),
        ImportField(
            "notes", Text("Notes", "Notes"),
            ["note", "remarque", "remarques", "commentaire", "commentaires", "comments"]),
        ImportField(
            "payment_days", Text("Délai de paiement", "Payment terms"),
            ["conditions de reglement", "conditions de paiement", "echeance", "terms"]),
        ImportField("language", Text("Langue", "Language")),
        ImportField(
            "contact_name", Text("Contact : nom", "Contact: name"),
            ["contact", "interlocuteur", "nom du contact", "contact name"]),
        ImportField(
            "contact_first_name", Text("Contact : prénom", "Contact: first name"),
            ["prenom du contact", "contact first name"]),
        ImportField(
            "contact_last_name", Text("Contact : nom de famille", "Contact: last name"),
            ["contact last name"]),
        ImportField(
            "contact_position", Text("Contact : fonction", "Contact: position"),
            ["fonction", "poste", "job title"]),
        ImportField(
            "contact_email", Text("Contact : e-mail", "Contact: e-mail"),
            ["e mail du contact", "contact email"]),
        ImportField(
            "contact_phone", Text("Contact : téléphone", "Contact: phone"),
            ["telephone du contact", "contact phone"]),
    ]

    static let ofItems: [ImportField] = [
        ImportField(
            "reference", Text("Référence", "Reference"),
            ["ref", "code", "code article", "sku", "reference article", "product code"]),
        ImportField(
            "label", Text("Désignation", "Label"),
            ["libelle", "nom", "article", "produit", "name", "product", "title", "intitule"]),
        ImportField("description", Text("Description", "Description"), ["descriptif", "details"]),
        ImportField(
            "kind", Text("Type (prestation ou produit)", "Kind (service or product)"),
            ["type", "nature"]),
        ImportField("category", Text("Catégorie", "Category"), ["famille", "rubrique", "groupe"]),
        ImportField("unit", Text("Unité", "Unit"), ["unite de vente"]),
        ImportField(
            "unit_price", Text("Prix unitaire HT", "Unit price without VAT"),
            [
                "prix", "prix ht", "pu ht", "tarif", "tarif ht", "prix de vente",
                "prix de vente ht", "price", "unit price",
            ], required: true),
        ImportField(
            "vat_rate", Text("Taux de TVA", "VAT rate"), ["tva", "taux tva", "vat", "tax rate"]),
        ImportField(
            "duration", Text("Durée en minutes", "Duration in minutes"), ["duree", "duration"]),
        ImportField(
            "stock", Text("Stock", "Stock"), ["quantite en stock", "stock quantity", "in stock"]),
        ImportField("active", Text("Actif", "Active"), ["en vente", "on sale"]),
    ]

    static let ofInvoices: [ImportField] = [
        ImportField(
            "number", Text("Numéro de facture", "Invoice number"),
            [
                "numero", "facture", "n facture", "n de facture", "reference", "ref", "invoice",
                "invoice no", "number",
            ], required: true),
        ImportField(
            "client_reference", Text("Code client", "Client code"),
            [
                "numero client", "n client", "client number", "customer code",
                "code client d origine",
            ]),
        ImportField(
            "client_name", Text("Nom du client", "Client name"),
            ["client", "raison sociale", "nom", "customer", "company name"]),
        ImportField(
            "client_siren", Text("SIREN ou SIRET du client", "Client’s SIREN or SIRET"),
            ["siren", "siret"]),
        ImportField(
            "client_email", Text("E-mail du client", "Client’s e-mail"),
            ["e mail", "email", "mail"]),
        ImportField(
            "issued_on", Text("Date de facture", "Invoice date"),
            [
                "date", "date facture", "date facturation", "date d emission", "issued on",
                "issue date",
            ], required: true),
        ImportField(
            "due_on", Text("Échéance", "Due date"),
            ["date d echeance", "date echeance", "date limite de reglement", "due on"]),
        ImportField(
            "total", Text("Total TTC", "Total"),
            ["montant", "montant ttc", "ttc", "total toutes taxes comprises", "amount"]),
        ImportField(
            "open_amount", Text("Reste dû", "Still due"),
            [
                "reste a payer", "reste a encaisser", "solde", "solde du", "impaye", "balance",
                "open", "amount due",
            ]),
        ImportField(
            "paid_amount", Text("Déjà payé", "Already paid"),
            [
                "paye", "regle", "montant paye", "montant regle", "paid", "paid amount",
                "paid to date",
            ]),
        ImportField(
            "payment", Text("Règlement reçu (une ligne chacun)", "Payment received (a line each)"),
            ["montant reglement", "payment amount"]),
        ImportField(
            "is_paid", Text("Soldée (oui ou non)", "Paid (yes or no)"),
            ["soldee", "payee", "facture payee", "invoice paid"]),
        ImportField(
            "status", Text("État", "Status"), ["statut", "etat de la facture", "invoice status"]),
        ImportField(
            "kind", Text("Type (facture ou avoir)", "Kind (invoice or credit note)"),
            ["type", "type de document"]),
        ImportField("currency", Text("Devise", "Currency"), ["currency code", "monnaie"]),
    ]

    /// What a card holds; nobody maps these.
    static let ofContacts: [ImportField] = [
        ImportField("name", Text("Société (ORG)", "Company (ORG)")),
        ImportField("contact_name", Text("Nom (FN)", "Name (FN)")),
        ImportField("contact_position", Text("Fonction (TITLE)", "Position (TITLE)")),
        ImportField("contact_email", Text("E-mail (EMAIL)", "E-mail (EMAIL)")),
        ImportField("contact_phone", Text("Téléphone (TEL)", "Phone (TEL)")),
        ImportField("street", Text("Adresse (ADR)", "Street (ADR)")),
        ImportField("street_more", Text("Complément (ADR)", "Additional line (ADR)")),
        ImportField("postal_code", Text("Code postal (ADR)", "Postal code (ADR)")),
        ImportField("city", Text("Ville (ADR)", "City (ADR)")),
        ImportField("country", Text("Pays (ADR)", "Country (ADR)")),
        ImportField("website", Text("Site (URL)", "Website (URL)")),
        ImportField("notes", Text("Note (NOTE)", "Note (NOTE)")),
    ]
}
