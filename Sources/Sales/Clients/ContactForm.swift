import Basics
import Core
import Markup

/// The form of a contact.
struct ContactForm {
    let client: Client
    let contact: Contact.ID?
    let fields: FormFields
    let request: Request

    init(
        _ client: Client, _ contact: Contact.ID?, _ values: [String: String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.client = client
        self.contact = contact
        fields = FormFields(values, problems, request)
        self.request = request
    }

    var page: Page {
        let say = request.say
        let title =
            contact == nil ? say("Nouveau contact", "New contact") : say("Contact", "Contact")
        let target = client.path + "/contacts" + (contact.map { "/\($0)" } ?? "")
        return Page(
            title: title, section: .clients, path: [(client.name, client.path)], frame: .narrow,
            body: """
                <form class="form" method="post" action="\(target)" data-guard>\(FormToken.input(for: request))\
                \(if: contact == nil, Submission.input(for: request))<div class="lh"><h1>\(title)</h1></div>\
                \(fields.summary)<section class="card"><div class="body f2">
                \(fields.input("name", Text("Nom", "Name"), width: .half, required: true, maximum: 100, focus: true))
                \(fields.input("position", Text("Fonction", "Position"), width: .half, maximum: 100))
                \(fields.input("email", Text("E-mail", "E-mail"), type: "email", width: .half, maximum: 254))
                \(fields.input("phone", Text("Téléphone", "Phone"), type: "tel", width: .half, maximum: 40))
                <div class="field">\(fields.check("receives_invoices", Text("Reçoit les factures", "Receives invoices")))</div>
                </div></section><div class="form-end"><a class="btn" href="\(client.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(say("Enregistrer", "Save"))</button></div></form>\(deletion)
                """)
    }

    private var deletion: HTML {
        guard let contact else { return .empty }
        let say = request.say
        return """
            <form method="post" action="\(client.path)/contacts/\(contact)/delete">\(FormToken.input(for: request))\
            <button class="btn danger" data-confirm="\(say("Retirer ce contact ?", "Remove this contact?"))">\
            \(request.icon("trash-2"))\(say("Retirer ce contact", "Remove this contact"))</button></form>\
            \(if: request.may(.manageOrganisation), erasure(contact))
            """
    }

    /// Removing takes the contact off the list; the law may ask for more.
    private func erasure(_ contact: Contact.ID) -> HTML {
        RecordParts(request).button(
            "\(client.path)/contacts/\(contact)/erase", "eraser",
            Text("Effacer cette personne partout", "Erase this person everywhere"),
            cssClass: "btn danger",
            confirm: Text(
                "Effacer cette personne des courriels, des notes et du journal ? Cela ne s’annule pas.",
                "Erase this person from mails, notes and the journal? This cannot be undone."))
    }
}

/// The form of one more address.
struct AddressForm {
    let client: Client
    let fields: FormFields
    let request: Request

    init(
        _ client: Client, _ values: [String: String], _ problems: [FieldProblem],
        _ request: Request
    ) {
        self.client = client
        fields = FormFields(values, problems, request)
        self.request = request
    }

    var page: Page {
        let say = request.say
        let title = say("Nouvelle adresse", "New address")
        return Page(
            title: title, section: .clients, path: [(client.name, client.path)], frame: .narrow,
            body: """
                <form class="form" method="post" action="\(client.path)/addresses" data-guard>\
                \(FormToken.input(for: request))\(Submission.input(for: request))<div class="lh"><h1>\(title)</h1></div>\
                \(fields.summary)<section class="card"><div class="body f2">
                \(fields.input("label", Text("Nom de cette adresse", "Name of this address"), required: true, hint: Text("Par exemple : entrepôt, chantier, livraison.", "For example: warehouse, delivery."), maximum: 100, focus: true))
                \(fields.input("street", Text("Rue", "Street"), width: .half))
                \(fields.input("street_more", Text("Complément", "Additional line"), width: .half))
                \(fields.input("postal_code", Text("Code postal", "Postal code"), width: .third, maximum: 20))
                \(fields.input("city", Text("Ville", "City"), width: .third, maximum: 100))
                \(fields.select("country", Text("Pays", "Country"), Countries.all.map { ($0.code, say($0.name)) }, width: .third))
                </div></section><div class="form-end"><a class="btn" href="\(client.path)">\(say("Annuler", "Cancel"))</a>\
                <button class="btn p">\(say("Enregistrer", "Save"))</button></div></form>
                """)
    }
}
