import Basics
import Core
import Markup

/// Everything about one client.
struct ClientPage {
    let record: ClientRecord
    let request: Request

    init(_ record: ClientRecord, _ request: Request) {
        self.record = record
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var client: Client { record.client }
    var page: Page {
        Page(
            title: client.name, section: .clients, path: [],
            body: """
                \(head)\(archived)\(figures)
                <div class="grid"><div class="stack">\(record.documents.joined())\(notes)\(activity)</div>
                <div class="stack">\(facts)\(contacts)\(addresses)</div></div>
                """)
    }

    private var head: HTML {
        """
        <div class="head"><span class="av \(Avatar.tone(client.name))" aria-hidden="true">\(Comptoir.initials(client.name))</span>\
        <div class="id"><div class="t"><h1>\(client.name)</h1>\
        <span class="pill\(client.stage == .client ? "" : " info")">\(say(client.stage.label))</span>\
        \(client.tags, { "<a class=\"pill\" href=\"/clients?tag=\(PercentEncoding.encoded($0))\">\($0)</a>" })</div>
        <div class="meta"><span>\(icon("hash", .small))\(client.number)</span>\(reach)</div></div>
        <div class="acts">\(actions)</div></div>
        """
    }

    private var reach: HTML {
        """
        \(if: !client.email.isEmpty, "<a href=\"mailto:\(client.email)\">\(icon("mail", .small))\(client.email)</a>")\
        \(if: !client.phone.isEmpty, "<a href=\"tel:\(client.phone)\">\(icon("phone", .small))\(PhoneNumber.shown(client.phone))</a>")\
        \(if: !client.address.city.isEmpty, "<span>\(icon("map-pin", .small))\(client.address.city)</span>")
        """
    }

    /// What leads on to pages of other capabilities, where they are there.
    private var others: HTML {
        let parts = RecordParts(request)
        return parts.link(
            "/recurring-invoices/new?client=\(client.id)", "repeat",
            Text("Abonnement", "Recurring invoice"), cssClass: "")
            + parts.link(
                client.path + "/orders-to-invoice", "receipt-euro",
                Text("Facturer des commandes", "Invoice orders"), cssClass: "")
            + parts.link(
                client.path + "/statement", "book-open",
                Text("Relevé de compte", "Statement of account"), cssClass: "")
            + parts.link(
                client.path + "/access", "key-round",
                Text("Accès en ligne", "Online access"), cssClass: "")
            + parts.link(
                client.path + "/consents", "check",
                Text("Consentements", "Consents"), cssClass: "")
            + parts.link(
                client.path + "/personal-data", "shield-check",
                Text("Données personnelles", "Personal data"), cssClass: "")
    }

    private var actions: HTML {
        guard !client.isErased else {
            return RecordParts(request).link(
                client.path + "/personal-data", "shield-check",
                Text("Données personnelles", "Personal data"))
        }
        guard request.may(.writeClients) else {
            return RecordParts(request).link(
                client.path + "/statement", "book-open",
                Text("Relevé de compte", "Statement of account"))
        }
        let turn: HTML =
            client.isArchived
            ? action("restore", "undo-2", Text("Rétablir", "Restore"))
            : action("archive", "archive", Text("Archiver", "Archive"))
        return """
            <a class="btn" href="\(client.path)/edit">\(icon("pencil"))\(say("Modifier", "Edit"))</a>\
            <a class="btn" href="/quotes/new?client=\(client.id)">\(icon("file-plus"))\(say("Devis", "Quote"))</a>\
            <a class="btn p" href="/orders/new?client=\(client.id)">\(icon("shopping-cart"))\(say("Commande", "Order"))</a>\
            <details class="menu"><summary class="btn sq" aria-label="\(say("Autres actions", "More actions"))">\
            \(icon("ellipsis"))</summary><div class="pop">\
            <a href="/invoices/new?client=\(client.id)">\(icon("receipt-euro"))\(say("Facture", "Invoice"))</a>\
            <a href="/payments/new?client=\(client.id)">\(icon("banknote"))\(say("Paiement", "Payment"))</a>\(others)<hr>\
            \(turn)</div></details>
            """
    }

    private func action(_ verb: String, _ name: StaticString, _ label: Text) -> HTML {
        """
        <form method="post" action="\(client.path)/\(verb)">\(FormToken.input(for: request))\
        <button>\(icon(name))\(say(label))</button></form>
        """
    }

    private var archived: HTML {
        guard client.isArchived else { return .empty }
        let text =
            client.isErased
            ? Text(
                "Cette personne a été effacée. Seules les pièces que la loi garde portent encore son nom.",
                "This person was erased. Only what the law keeps still bears their name.")
            : Text(
                "Ce client est archivé : il n’apparaît plus dans les listes.",
                "This client is archived and no longer shows in lists.")
        return """
            <p class="note">\(icon(client.isErased ? "eraser" : "archive"))<span>\(say(text))</span></p>
            """
    }

    private var figures: HTML {
        """
        <dl class="kpis"><div class="kpi go"><dt><a href="/invoices?client=\(client.id)&amp;view=open">\
        \(say("À encaisser", "Owed"))</a>\(icon("arrow-up-right", .small))</dt>\
        <dd class="v">\(say.money(record.owed, request.currency))</dd></div>
        <div class="kpi go"><dt><a href="/payments?client=\(client.id)">\(say("Avoir disponible", "Credit left"))</a>\
        \(icon("arrow-up-right", .small))</dt><dd class="v">\(say.money(record.credit, request.currency))</dd></div>
        </dl>
        """
    }

    private func card(_ id: String, _ title: Text, action: HTML = .empty, _ body: HTML) -> HTML {
        """
        <section class="card" aria-labelledby="h-\(id)"><header><h2 id="h-\(id)">\(say(title))</h2>\
        <span class="sp"></span>\(action)</header>\(body)</section>
        """
    }

    private func add(_ path: String, _ label: Text) -> HTML {
        guard request.may(.writeClients), !client.isErased else { return .empty }
        return """
            <a class="btn g sm sq" href="\(client.path)/\(path)/new" aria-label="\(say(label))">\(icon("plus"))</a>
            """
    }

    private var notes: HTML {
        guard !client.notes.isEmpty else { return .empty }
        return card(
            "notes", Text("Notes internes", "Internal notes"),
            "<div class=\"body\"><p class=\"pre\">\(client.notes)</p></div>")
    }

    private var activity: HTML {
        card(
            "activity", Text("Activité", "Activity"),
            "<div class=\"body\">\(Timeline(request).list(record.activity))</div>")
    }

    /// The file that the client came with.
    private var origin: HTML {
        guard let origin = record.origin else { return .empty }
        return """
            <dt>\(say("Importé de", "Imported from"))</dt><dd><a href="/imports/\(origin.id)">\(origin.fileName)</a></dd>
            """
    }

    private var facts: HTML {
        let home = request.organisation.address.country
        let place = client.address.lines(home: home, in: say)
        let days = client.paymentDays ?? request.organisation.paymentDays
        let facts: [(Text, String)] = [
            (Text("Type", "Kind"), say(client.kind.label)),
            (Text("Secteur", "Sector"), client.sector),
            (Text("Adresse", "Address"), place.joined(separator: ", ")),
            (Text("SIREN", "SIREN"), client.siren), (Text("SIRET", "SIRET"), client.siret),
            (Text("Code d’origine", "Original code"), client.externalReference),
            (Text("N° de TVA", "VAT number"), client.vatNumber),
            (Text("Site web", "Website"), client.website),
            (
                Text("Règlement", "Terms"),
                say("\(days) jours", "\(days) days")
                    + (client.paymentEndOfMonth ? say(", fin de mois", ", end of month") : "")
            ),
            (
                Text("Documents", "Documents"),
                client.language == .french
                    ? say("en français", "in French")
                    : say("en anglais", "in English")
            ),
        ]
        return card(
            "facts", Text("Fiche", "Details"),
            """
            <div class="body"><dl class="dl">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })\(origin)</dl></div>
            """)
    }

    private var contacts: HTML {
        let list: HTML =
            record.contacts.isEmpty
            ? "<p class=\"mut\">\(say("Aucun contact.", "No contact."))</p>"
            : "<ul class=\"people\">\(record.contacts, person)</ul>"
        return card(
            "contacts", Text("Contacts", "Contacts"),
            action: add("contacts", Text("Ajouter un contact", "Add a contact")),
            "<div class=\"body\">\(list)</div>")
    }

    private func person(_ contact: Contact) -> HTML {
        let line = [contact.position, contact.email, PhoneNumber.shown(contact.phone)]
            .filter { !$0.isEmpty }.joined(separator: ", ")
        return """
            <li><span class="av \(Avatar.tone(contact.name))" aria-hidden="true">\(Comptoir.initials(contact.name))</span>\
            <span><b class="nm">\(contact.name)</b><small>\(line)</small></span>\
            \(if: request.may(.writeClients), """
                <span class="sp"><a class="btn g sm sq" href="\(client.path)/contacts/\(contact.id)" \
                aria-label="\(say("Modifier", "Edit")) \(contact.name)">\(icon("pencil"))</a></span>
                """)</li>
            """
    }

    private var addresses: HTML {
        let home = request.organisation.address.country
        let list: HTML =
            record.addresses.isEmpty
            ? "<p class=\"mut\">\(say("Aucune autre adresse.", "No other address."))</p>"
            : """
            <ul class="people">\(record.addresses, { address in
                """
                <li><span><b class="nm">\(address.label)</b>\
                <small>\(address.place.lines(home: home, in: say).joined(separator: ", "))</small></span>\
                \(if: request.may(.writeClients), remove(address))</li>
                """
            })</ul>
            """
        return card(
            "addresses", Text("Autres adresses", "Other addresses"),
            action: add("addresses", Text("Ajouter une adresse", "Add an address")),
            "<div class=\"body\">\(list)</div>")
    }

    private func remove(_ address: Address) -> HTML {
        """
        <form class="sp" method="post" action="\(client.path)/addresses/\(address.id)/delete">\
        \(FormToken.input(for: request))<button class="btn g sm sq" aria-label="\(say("Retirer", "Remove")) \(address.label)">\
        \(icon("trash-2"))</button></form>
        """
    }
}
