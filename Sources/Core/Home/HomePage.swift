import Basics
import Markup

/// The home page: greeting, key figures, what is to be done, cards, and what happened last.
struct HomePage {
    let home: Home
    let steps: FirstSteps
    let entries: [JournalEntry]
    let request: Request

    init(_ home: Home, _ steps: FirstSteps, _ entries: [JournalEntry], _ request: Request) {
        self.home = home
        self.steps = steps
        self.entries = entries
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }

    var page: Page {
        Page(
            title: say(Section.home.label), section: .home,
            body: """
                \(greeting)\(figures)
                <div class="grid"><div class="stack">\(FirstStepsCard(steps: steps, request: request).html)\
                \(toDo)\(home.cards.joined())</div>
                <div class="stack">\(home.asideCards.joined())\(activity)</div></div>
                """)
    }

    private var greeting: HTML {
        let today = request.today
        let day = say.weekday(today) + " " + say.longDay(today)
        let name = request.session.user.name.split(separator: " ").first.map(String.init) ?? ""
        let count = home.toDo.reduce(0) { $0 + $1.count }
        return """
            <div class="hello"><div><p class="day"><time datetime="\(today.iso)">\(day)</time></p>\
            <h1>\(say("Bonjour", "Hello")) \(name)</h1><p>\(summary(count))</p></div><div class="acts">\(buttons)</div></div>
            """
    }

    private func summary(_ count: Int) -> String {
        if count == 0 {
            return steps.isShown
                ? say(
                    "Comptoir est prêt : voici par où commencer.",
                    "Comptoir is ready: here is how to begin.")
                : say("Rien ne presse aujourd’hui.", "Nothing is pressing today.")
        }
        return say.count(
            count, Text("action vous attend.", "action awaits you."),
            Text("actions vous attendent.", "actions await you."))
    }

    private var buttons: HTML {
        let offered = NewRecord.offered(to: request)
        let quote = offered.first { $0.address == "/quotes/new" }
        let invoice = offered.first { $0.address == "/invoices/new" }
        let first: HTML =
            quote.map {
                "<a class=\"btn\" href=\"\($0.address)\">\(icon("file-text"))\(say($0.title))</a>"
            }
            ?? .empty
        let second: HTML =
            invoice.map {
                "<a class=\"btn p\" href=\"\($0.address)\">\(icon("plus"))\(say($0.title))</a>"
            }
            ?? .empty
        return first + second
    }

    private var figures: HTML {
        guard !home.figures.isEmpty else { return .empty }
        return """
            <dl class="kpis" aria-label="\(say("Chiffres clés", "Key figures"))">\(home.figures, figure)</dl>
            """
    }

    private func figure(_ figure: KeyFigure) -> HTML {
        let label: HTML =
            figure.address.map {
                "<a href=\"\($0)\">\(say(figure.label))</a>\(icon("arrow-up-right", .small))"
            } ?? "\(say(figure.label))"
        return """
            <div class="kpi\(figure.address == nil ? "" : " go")"><dt>\(label)</dt>\
            <dd class="v"\(attribute: "data-tone", figure.tone?.rawValue)>\(figure.value)</dd>\
            \(if: !figure.note.isEmpty, "<dd class=\"d\">\(figure.note)</dd>")</div>
            """
    }

    private var toDo: HTML {
        let groups = ToDoGroup.Tone.byUrgency.flatMap { tone in
            home.toDo.filter { $0.tone == tone && $0.count > 0 }
        }
        let count = groups.reduce(0) { $0 + $1.count }
        guard !groups.isEmpty else { return steps.isShown ? .empty : nothingToDo }
        return """
            <section class="card todo" aria-labelledby="h-todo"><header><h2 id="h-todo">\(say("À faire aujourd’hui", "To do today"))</h2>\
            <span class="pill info num">\(count)</span></header>\(groups, group)</section>
            """
    }

    private var nothingToDo: HTML {
        """
        <section class="card empty slim"><h2>\(say("Tout est à jour", "All is up to date"))</h2>\
        <p>\(say("Ni facture à relancer, ni devis qui expire.", "No invoice to chase, no quote about to expire."))</p></section>
        """
    }

    private func group(_ group: ToDoGroup) -> HTML {
        let rest = group.count - group.items.count
        let more: HTML =
            rest > 0
            ? group.address.map {
                "<a class=\"btn g sm\" href=\"\($0)\">\(say(rest == 1 ? "Et 1 autre" : "Et \(rest) autres", "And \(rest) more"))\(icon("chevron-right", .small))</a>"
            } ?? .empty : .empty
        return """
            <h3 class="grp">\(say(group.title)) <span class="c">\(group.count)</span>\
            <span class="num">\(group.total.map { say.money($0, request.currency) })</span></h3>\
            <ul>\(group.items, { item($0, group) })</ul>\(if: rest > 0, "<div class=\"foot\">\(more)</div>")
            """
    }

    private func item(_ item: ToDoItem, _ group: ToDoGroup) -> HTML {
        let action: HTML =
            item.action.map {
                """
                <a class="btn sm" href="\(item.actionAddress)">\(icon(item.actionIcon, .small))\(say($0))\
                <span class="sr"> : \(item.title)</span></a>
                """
            } ?? .empty
        return """
            <li><span class="m \(group.tone.rawValue)" aria-hidden="true">\(icon(group.icon))</span>\
            <div class="w"><a href="\(item.address)">\(item.title)</a><small>\(item.note)</small></div>\
            <span class="num amt">\(item.amount.map { say.money($0, request.currency) })</span>\
            <div class="a">\(action)</div></li>
            """
    }

    private var activity: HTML {
        """
        <section class="card" aria-labelledby="h-act"><header><h2 id="h-act">\(say("Activité récente", "Recent activity"))</h2>\
        <span class="sp"></span><a class="btn g sm" href="/journal">\(say("Tout voir", "See all"))</a></header>\
        <div class="body">\(Timeline(request).list(entries, links: true))</div></section>
        """
    }
}
