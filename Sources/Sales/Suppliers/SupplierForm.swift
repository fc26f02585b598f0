import Basics
import Core
import Markup

/// The form of a supplier, new or existing.
struct SupplierForm {
    let fields: FormFields
    let existing: Supplier?
    let request: Request

    init(
        _ values: [String: String], _ problems: [FieldProblem], existing: Supplier?,
        _ request: Request
    ) {
        fields = FormFields(values, problems, request)
        self.existing = existing
        self.request = request
    }

    private var say: Language { request.say }
    private var title: String {
        existing.map { say("Modifier \($0.name)", "Edit \($0.name)") }
            ?? say("Nouveau fournisseur", "New supplier")
    }
    private var back: String { existing?.path ?? Section.suppliers.address }

    var page: Page {
        Page(
            title: title, section: .suppliers,
            path: existing.map { [(title: $0.name, address: $0.path)] } ?? [], frame: .edit,
            body: """
                <form class="form" method="post" action="\(back)" data-guard data-main>
                \(FormToken.input(for: request))\(existing.map { EditedVersion.input($0.version, fields) } ?? Submission.input(for: request))
                <div class="lh"><h1>\(title)</h1></div>\(fields.summary)
                \(FieldCard.card(say("Identité", "Identity"), identity))\
                \(FieldCard.card(say("Adresse", "Address"), AddressFields.html(fields)))\
                \(FieldCard.card(say("Paiement", "Payment"), payment))
                <div class="bar"><div class="acts2"><a class="btn" href="\(back)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(request.icon("save"))\(say("Enregistrer", "Save"))</button></div></div></form>
                """)
    }

    private var identity: HTML {
        """
        \(fields.input("name", Text("Nom", "Name"), required: true, focus: existing == nil))
        \(fields.input("siren", Text("SIREN", "SIREN"), width: .third, hint: Text("9 chiffres.", "9 digits."), maximum: 30))
        \(fields.input("vat_number", Text("N° de TVA", "VAT number"), width: .third, maximum: 30))
        \(fields.input("email", Text("E-mail", "E-mail"), type: "email", width: .third, maximum: EmailAddress.maximumLength))
        \(if: request.may(.readInternalNotes), fields.textArea("notes", Text("Notes internes", "Internal notes"), rows: 2))
        """
    }

    private var payment: HTML {
        guard request.may(.readBankData) else {
            return
                "<p class=\"mut\">\(request.say("Votre rôle ne montre pas les coordonnées bancaires.", "Your role does not show bank details."))</p>"
        }
        return fields.input(
            "iban", Text("IBAN", "IBAN"), width: .twoThirds,
            hint: Text(
                "Vérifiez-le auprès du fournisseur par un autre canal que la facture.",
                "Verify it with the supplier by another way than the invoice."),
            maximum: 60)
    }
}

/// Street, postal code, city and country, on six columns.
enum AddressFields {
    static func html(_ fields: FormFields) -> HTML {
        let countries = Countries.all.map { ($0.code, fields.say($0.name)) }
        return """
            \(fields.input("street", Text("Rue", "Street"), width: .half, autocomplete: "street-address"))
            \(fields.input("street_more", Text("Complément", "Additional line"), width: .half))
            \(fields.input("postal_code", Text("Code postal", "Postal code"), width: .third, maximum: 20))
            \(fields.input("city", Text("Ville", "City"), width: .third, maximum: 100))
            \(fields.select("country", Text("Pays", "Country"), countries, width: .third))
            """
    }
}
