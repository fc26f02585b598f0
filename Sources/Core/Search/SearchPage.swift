import Basics
import HTTP
import Markup

/// The page of results, which also works without script.
struct SearchPage {
    let words: String
    let groups: [SearchGroup]
    let actions: [SearchAction]
    let request: Request

    init(
        _ words: String, _ groups: [SearchGroup], _ actions: [SearchAction], _ request: Request
    ) {
        self.words = words
        self.groups = groups
        self.actions = actions
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        Page(
            title: say("Rechercher", "Search"), frame: .narrow,
            body: """
                <div class="lh"><h1>\(say("Rechercher", "Search"))</h1></div>
                <form method="get" action="/search" role="search" class="filters">
                <div class="find">\(icon("search"))<label class="sr" for="q">\(say("Rechercher", "Search"))</label>
                <input class="in" id="q" name="q" type="search" value="\(words)" autocomplete="off" autofocus data-search \
                placeholder="\(say("Client, numéro de facture, article…", "Client, invoice number, item…"))"></div>
                <button class="btn p">\(say("Rechercher", "Search"))</button></form>
                <div class="stack">\(nothing)\(groups, card)\(actionCard)</div>
                """)
    }

    private var nothing: HTML {
        guard groups.isEmpty, actions.isEmpty, !words.isEmpty else { return .empty }
        return """
            <section class="card empty slim"><h2>\(say("Rien ne correspond", "Nothing matches"))</h2>\
            <p>\(say("Essayez moins de lettres : le début d’un nom, d’une ville ou d’un numéro suffit.", "Try fewer letters: the start of a name, a city or a number is enough."))</p></section>
            """
    }

    private func card(_ group: SearchGroup) -> HTML {
        let all = ListAddress(group.source.list, Fields(), keeping: []).with("q", words).text
        return """
            <section class="card"><header><h2>\(say(group.source.label))</h2>\
            <span class="sp"></span><a class="btn g sm" href="\(all)">\(say("Voir la liste", "See the list"))\
            \(icon("chevron-right", .small))</a></header><ul class="rows">\(group.rows, { row(group.source, $0) })</ul></section>
            """
    }

    private func row(_ source: SearchSource, _ row: SearchRow) -> HTML {
        """
        <li><span class="ic">\(icon(source.icon))</span><div><a href="\(source.kind.address(row.id) ?? source.list)">\(row.title)</a>\
        \(if: !row.note.isEmpty, "<small>\(row.note)</small>")</div>\
        <span class="num">\(row.amount.map { say.money($0, request.currency) })</span></li>
        """
    }

    private var actionCard: HTML {
        guard !actions.isEmpty else { return .empty }
        return """
            <section class="card"><header><h2>\(say("Actions", "Actions"))</h2></header><ul class="rows">\(actions, {
                "<li><span class=\"ic\">\(icon($0.icon))</span><div><a href=\"\($0.address)\">\($0.title)</a></div></li>"
            })</ul></section>
            """
    }
}

/// The list under the palette's field.
struct SearchSuggestions {
    let groups: [SearchGroup]
    let actions: [SearchAction]
    let request: Request

    init(_ groups: [SearchGroup], _ actions: [SearchAction], _ request: Request) {
        self.groups = groups
        self.actions = actions
        self.request = request
    }

    var list: HTML {
        let say = request.say
        guard !(groups.isEmpty && actions.isEmpty) else {
            return """
                <ul role="listbox"><li class="none" role="presentation">\
                \(say("Rien ne correspond", "Nothing matches"))</li></ul>
                """
        }
        return """
            <ul role="listbox" aria-label="\(say("Résultats", "Results"))">\(groups, group)\
            \(if: !actions.isEmpty, title(say("Actions", "Actions")))\(actions, {
                option(icon: $0.icon, $0.title, "", $0.address)
            })</ul>
            """
    }

    private func group(_ group: SearchGroup) -> HTML {
        title(request.say(group.source.label))
            + group.rows.map { row in
                option(
                    icon: group.source.icon, row.title, row.note,
                    group.source.kind.address(row.id) ?? group.source.list,
                    amount: row.amount.map { request.say.money($0, request.currency) })
            }.joined()
    }

    private func title(_ text: String) -> HTML {
        "<li class=\"ogl\" role=\"presentation\">\(text)</li>"
    }

    private func option(
        icon: StaticString, _ title: String, _ note: String, _ address: String,
        amount: String? = nil
    ) -> HTML {
        """
        <li class="opt" role="option" data-href="\(address)"><span class="ic">\(request.icon(icon))</span>\
        <span><b>\(title)</b>\(if: !note.isEmpty, "<small>\(note)</small>")</span>\
        <span class="pr">\(amount)</span></li>
        """
    }
}
