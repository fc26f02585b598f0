import Basics
import Core
import Markup

/// The list of clients: search as one types, filters that combine, a page of fifty.
struct ClientListPage {
    let filter: ClientFilter
    let listing: Listing<ClientRow>
    let choices: ClientFilterChoices
    let request: Request
    private let parts: ListParts

    init(
        filter: ClientFilter, listing: Listing<ClientRow>, choices: ClientFilterChoices,
        _ request: Request
    ) {
        self.filter = filter
        self.listing = listing
        self.choices = choices
        self.request = request
        parts = ListParts(request, filter.address, sort: filter.sortText)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        Page(
            title: say(Section.clients.label), section: .clients,
            body: """
                \(ListParts.title(say(Section.clients.label), actions: actions))
                \(views)\(filters)\(chips)\(listing.rows.isEmpty ? nothing : table)
                """)
    }

    private var actions: HTML {
        let new: HTML =
            request.may(.writeClients)
            ? """
            <a class="btn p" href="/clients/new">\(icon("user-plus"))\(say("Nouveau client", "New client"))</a>
            """ : .empty
        return """
            \(ExportMenu(filter.address, request).html)\(new)
            """
    }

    private var views: HTML {
        let views: [(String?, Text)] = [
            (nil, Text("Tous", "All")), ("owing", Text("Doivent de l’argent", "Owing")),
            ("archived", Text("Archivés", "Archived")),
        ]
        let current = filter.query["view"].flatMap { $0.isEmpty ? nil : $0 }
        return """
            <nav class="tabs views" aria-label="\(say("Vues", "Views"))">\(views, { view in
                """
                <a href="\(filter.address.with("view", view.0).text)"\
                \(attribute: "aria-current", view.0 == current ? "page" : nil)>\(say(view.1))</a>
                """
            })</nav>
            """
    }

    private var filters: HTML {
        """
        <form method="get" action="/clients" role="search" class="filters" hx-get="/clients" \
        hx-trigger="input changed delay:300ms, change, submit" hx-target="#list" hx-select="#list" \
        hx-swap="outerHTML" hx-push-url="true">
        <div class="find">\(icon("search"))<label class="sr" for="q">\(say("Rechercher", "Search"))</label>
        <input class="in" id="q" name="q" type="search" value="\(filter.words)" autocomplete="off" data-search \
        placeholder="\(say("Nom, ville, e-mail, téléphone, numéro…", "Name, city, e-mail, phone, number…"))">\
        <kbd aria-hidden="true">/</kbd></div>
        \(select("sector", Text("Secteur", "Sector"), choices.sectors, filter.sector))
        \(select("city", Text("Ville", "City"), choices.cities, filter.city))
        \(select("kind", Text("Type", "Kind"), Client.Kind.allCases.map { ($0.rawValue, say($0.label)) }, filter.kind?.rawValue ?? ""))
        \(if: !filter.tag.isEmpty, "<input type=\"hidden\" name=\"tag\" value=\"\(filter.tag)\">")\
        <input type="hidden" name="view" value="\(filter.query["view"])">
        <input type="hidden" name="sort" value="\(filter.query["sort"])">
        <button class="btn">\(say("Filtrer", "Filter"))</button></form>
        """
    }

    private func select(_ name: String, _ label: Text, _ values: [String], _ chosen: String) -> HTML
    {
        select(name, label, values.map { ($0, $0) }, chosen)
    }

    private func select(
        _ name: String, _ label: Text, _ options: [(String, String)], _ chosen: String
    ) -> HTML {
        """
        <span class="sel"><label class="sr" for="\(name)">\(say(label))</label>\
        <select class="in" id="\(name)" name="\(name)"><option value="">\(say(label))</option>\
        \(options, { "<option value=\"\($0.0)\"\(attribute: "selected", if: $0.0 == chosen)>\($0.1)</option>" })\
        </select>\(icon("chevron-down", .small))</span>
        """
    }

    private var chips: HTML {
        guard !filter.tag.isEmpty else { return .empty }
        return """
            <div class="chips">\(parts.chip(Text("Étiquette", "Tag"), filter.tag, parameter: "tag"))</div>
            """
    }

    private var table: HTML {
        """
        <section class="card list" id="list" aria-label="\(say("Liste des clients", "List of clients"))">\
        <div class="scroll" tabindex="0" role="group" aria-label="\(say("Tableau des clients", "Table of clients"))">
        <table class="tbl cards"><thead><tr>
        \(parts.heading(Text("Client", "Client"), sort: "name"))
        \(parts.heading(Text("Secteur", "Sector"), sort: "sector", cssClass: "k2"))
        \(parts.heading(Text("Ville", "City"), sort: "city", cssClass: "k3"))
        \(parts.heading(Text("Étiquettes", "Tags"), cssClass: "tg k1"))
        \(parts.heading(Text("Solde dû", "Balance"), sort: "balance", cssClass: "n"))
        </tr></thead><tbody>\(listing.rows, row)</tbody></table></div>
        \(parts.pager(listing.rows.count, next: listing.next, isFirst: filter.after == nil))</section>
        """
    }

    private func row(_ client: ClientRow) -> HTML {
        let amount: HTML =
            client.openAmount == .zero
            ? "<span class=\"mut\">\(say("à jour", "settled"))</span>"
            : "\(say.money(client.openAmount, request.currency))"
        return """
            <tr><td class="w"><div class="who"><span class="av q \(Avatar.tone(client.name))" aria-hidden="true">\
            \(Comptoir.initials(client.name))</span><span><a class="id" href="/clients/\(client.id)">\(client.name)</a>\
            <small>\(client.number)</small></span></div></td>
            <td class="k2" data-label="\(say("Secteur", "Sector"))">\(client.sector)</td>
            <td class="k3" data-label="\(say("Ville", "City"))">\(client.city)</td>
            <td class="tg k1"><div class="tags">\(client.tags, tag)</div></td>
            <td class="n amt">\(amount)</td></tr>
            """
    }

    private func tag(_ tag: String) -> HTML {
        "<a class=\"pill\" href=\"\(filter.address.with("tag", tag).text)\">\(tag)</a>"
    }

    private var nothing: HTML {
        let body: HTML =
            filter.isNarrowed
            ? ListParts.empty(
                say("Aucun client ne correspond", "No client matches"),
                say(
                    "Essayez avec moins de mots ou de filtres.",
                    "Try with fewer words or filters."),
                actions:
                    "<a class=\"btn\" href=\"/clients\">\(say("Tout effacer", "Clear all"))</a>")
            : ListParts.empty(
                say("Votre premier client", "Your first client"),
                say(
                    "Ajoutez la personne ou l’entreprise à qui vous vendez : "
                        + "un nom suffit pour commencer.",
                    "Add the person or company you sell to: a name is enough to start."),
                actions: request.may(.writeClients)
                    ? """
                    <a class="btn p" href="/clients/new">\(icon("user-plus"))\(say("Ajouter un client", "Add a client"))</a>
                    """ : .empty)
        return "<div id=\"list\">\(body)</div>"
    }
}

/// The colour of a person's initials, always the same for the same name.
public enum Avatar {
    public static func tone(_ name: String) -> String {
        let sum = name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        return ["", "c1", "c2", "c3", "c4"][sum % 5]
    }
}

/// Options of a type-ahead field that wants a client.
struct ClientSuggestions {
    let clients: [ClientRow]
    let say: Language
    let icon: Icon

    init(_ clients: [ClientRow], _ request: Request) {
        self.clients = clients
        say = request.say
        icon = request.icon
    }

    var list: HTML {
        guard !clients.isEmpty else {
            return """
                <ul role="listbox"><li class="none" role="presentation">\
                \(say("Aucun client trouvé", "No client found"))</li></ul>
                """
        }
        return "<ul role=\"listbox\">\(clients, option)</ul>"
    }

    private func option(_ client: ClientRow) -> HTML {
        let fill = JSON.object([("client", JSON(client.id))]).text
        return """
            <li class="opt" role="option" data-value="\(client.name)" data-fill="\(fill)">\
            <span><b>\(client.name)</b><small>\(client.number)</small></span>\
            <span class="pr">\(client.city)</span></li>
            """
    }
}
