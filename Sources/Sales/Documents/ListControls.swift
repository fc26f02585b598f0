import Basics
import Core
import HTTP
import Markup

/// What the lists of sales have in common: views as tabs, filters in a form, a table or a word when
/// there is nothing in it.
struct ListControls {
    let request: Request
    let address: ListAddress
    let query: Fields
    let parts: ListParts

    init(_ request: Request, _ address: ListAddress, _ query: Fields, sort: String) {
        self.request = request
        self.address = address
        self.query = query
        parts = ListParts(request, address, sort: sort)
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    /// The whole page. `new` is the button that starts a record; `client` the name of the one that the
    /// list is narrowed to; `list` the table, or a word where nothing is in it.
    func page(
        _ section: Section, views: [(value: String?, label: Text)], filters: HTML, new: HTML,
        client: String?, total: ListTotal? = nil, hasDayChips: Bool = false, list: HTML
    ) -> Page {
        let title = say(section.label)
        let actions = ExportMenu(address, request).html + new
        return Page(
            title: title, section: section,
            body: """
                \(ListParts.title(title, count: total?.text(request), actions: actions))\(self.views(views))\(filters)\
                \(clientChip(client))\(if: hasDayChips, "<div class=\"chips\">\(dayChips)</div>")\(list)
                """)
    }

    /// `nil` is the view that the list opens with.
    func views(_ views: [(value: String?, label: Text)]) -> HTML {
        let current = query["view"].flatMap { $0.isEmpty ? nil : $0 }
        return """
            <nav class="tabs views" aria-label="\(say("Vues", "Views"))">\(views, { view in
                """
                <a href="\(address.with("view", view.value).text)"\
                \(attribute: "aria-current", view.value == current ? "page" : nil)>\(say(view.label))</a>
                """
            })</nav>
            """
    }

    /// `names` are parameters without a control here, which stay as they are.
    func filters(placeholder: Text, keeping names: [String] = [], _ controls: HTML) -> HTML {
        let path = address.path
        return """
            <form method="get" action="\(path)" role="search" class="filters" hx-get="\(path)" \
            hx-trigger="input changed delay:300ms, change, submit" hx-target="#list" \
            hx-select="#list" hx-swap="outerHTML" hx-push-url="true">
            <div class="find">\(icon("search"))<label class="sr" for="q">\(say("Rechercher", "Search"))</label>\
            <input class="in" id="q" name="q" type="search" value="\(query["q"] ?? "")" maxlength="200" \
            autocomplete="off" data-search placeholder="\(say(placeholder))"><kbd aria-hidden="true">/</kbd></div>
            \(controls.isEmpty ? .empty : more)<div class="by">\(controls)</div>
            \((["view", "sort", "client"] + names).compactMap(kept).joined())
            <button class="btn">\(say("Filtrer", "Filter"))</button></form>
            """
    }

    /// On phones, where the filters would push the list out of sight, this box shows them.
    private var more: HTML {
        let others: Set = ["q", "view", "sort", "client", "after"]
        let isNarrowed = query.pairs.contains { !others.contains($0.name) && !$0.value.isEmpty }
        return """
            <label class="btn more"><input class="sr" type="checkbox" autocomplete="off"\
            \(attribute: "checked", if: isNarrowed)>\(icon("funnel"))\(say("Filtres", "Filters"))</label>
            """
    }

    /// What the form leaves as it is.
    private func kept(_ name: String) -> HTML? {
        guard let value = query[name], !value.isEmpty else { return nil }
        return "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
    }

    func select(_ name: String, _ label: Text, _ options: [(String, String)]) -> HTML {
        let chosen = query[name] ?? ""
        return """
            <span class="sel"><label class="sr" for="\(name)">\(say(label))</label>\
            <select class="in" id="\(name)" name="\(name)"><option value="">\(say(label))</option>\
            \(options, { "<option value=\"\($0.0)\"\(attribute: "selected", if: $0.0 == chosen)>\($0.1)</option>" })\
            </select>\(icon("chevron-down", .small))</span>
            """
    }

    /// The first and the last day, both with their label in view.
    func days(_ label: Text) -> HTML {
        span(label, ("from", Text("Du", "From")), ("to", Text("au", "to")), kind: "type=\"date\"")
    }

    /// The least and the greatest amount.
    func amounts(_ label: Text) -> HTML {
        span(
            label, ("min", Text("De", "From")), ("max", Text("à", "to")),
            kind: "inputmode=\"decimal\" maxlength=\"20\" autocomplete=\"off\"",
            cssClass: "in n", placeholder: request.currency.symbol)
    }

    private func span(
        _ label: Text, _ first: (name: String, label: Text), _ last: (name: String, label: Text),
        kind: HTML, cssClass: String = "in", placeholder: String? = nil
    ) -> HTML {
        """
        <div class="span" role="group" aria-label="\(say(label))" title="\(say(label))">\([first, last], { end in
            """
            <label for="\(end.name)">\(say(end.label))</label>\
            <input class="\(cssClass)" id="\(end.name)" name="\(end.name)" value="\(query[end.name] ?? "")" \
            \(kind)\(attribute: "placeholder", placeholder)>
            """
        })</div>
        """
    }

    /// Headings and rows in a card with its pager.
    func table(_ label: Text, _ headings: HTML, _ rows: HTML, count: Int, next: PagePosition?)
        -> HTML
    {
        """
        <section class="card list" id="list" aria-label="\(say(label))"><div class="scroll" tabindex="0" \
        role="group" aria-label="\(say(label))">
        <table class="tbl cards"><thead><tr>\(headings)</tr></thead><tbody>\(rows)</tbody></table></div>
        \(parts.pager(count, next: next, isFirst: (query["after"] ?? "").isEmpty))</section>
        """
    }

    /// A filter that let nothing through.
    func nothingFound(_ title: Text) -> HTML {
        let text = say("Essayez avec moins de mots ou de filtres.", "Try fewer words or filters.")
        return """
            <div id="list">\(ListParts.empty(say(title), text, actions: """
                <a class="btn" href="\(address.path)">\(say("Tout effacer", "Clear all"))</a>
                """))</div>
            """
    }

    /// A list that holds nothing yet: what it is for, and how to start.
    func nothingYet(_ title: Text, _ text: Text, start: HTML) -> HTML {
        "<div id=\"list\">\(ListParts.empty(say(title), say(text), actions: start))</div>"
    }

    /// A client's own list can be left for that of all clients.
    func clientChip(_ name: String?) -> HTML {
        guard let name else { return .empty }
        return """
            <div class="chips">\(parts.chip(Text("Client", "Client"), name, parameter: "client"))</div>
            """
    }

    /// The days that a list is narrowed to where it has no control for them.
    var dayChips: HTML {
        let ends = [("from", Text("Du", "From")), ("to", Text("Au", "To"))]
        return ends.map { name, label -> HTML in
            guard let day = query[name].flatMap({ Day($0) }) else { return .empty }
            return parts.chip(label, say.day(day), parameter: name)
        }.joined()
    }
}
