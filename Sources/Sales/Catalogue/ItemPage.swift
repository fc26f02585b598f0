import Basics
import Core
import Markup

/// Everything about one item.
struct ItemPage {
    let item: Item
    let activity: [JournalEntry]
    let request: Request

    init(_ item: Item, _ activity: [JournalEntry], _ request: Request) {
        self.item = item
        self.activity = activity
        self.request = request
    }

    private var say: Language { request.say }
    private var icon: Icon { request.icon }
    private var price: String {
        say.price(item.unitPrice, request.currency) + "\u{A0}" + request.currency.symbol
    }

    var page: Page {
        Page(
            title: item.label, section: .catalogue,
            body: """
                \(head)<div class="grid"><div class="stack">\(facts)</div><div class="stack">
                <section class="card" aria-labelledby="h-a"><header><h2 id="h-a">\(say("Activité", "Activity"))</h2></header>\
                <div class="body">\(Timeline(request).list(activity))</div></section></div></div>
                """)
    }

    private var head: HTML {
        let inactive: HTML =
            item.isActive
            ? .empty : "<span class=\"pill warn\">\(say("Désactivé", "Inactive"))</span>"
        return """
            <div class="head"><div class="id"><div class="t"><h1>\(item.label)</h1>\
            <span class="pill">\(say(item.kind.label))</span>\(inactive)</div>\
            <div class="meta"><span>\(icon("hash", .small))\(item.reference)</span>\
            <span class="num">\(price) \(say("par", "per")) \(item.unitLabel(in: say))</span></div></div>
            <div class="acts">\(actions)</div></div>
            """
    }

    private var actions: HTML {
        guard request.may(.writeCatalogue) else { return .empty }
        let turn: HTML =
            item.isActive
            ? "\(icon("archive"))\(say("Désactiver", "Deactivate"))"
            : "\(icon("undo-2"))\(say("Réactiver", "Activate"))"
        return """
            <form method="post" action="\(item.path)/\(item.isActive ? "deactivate" : "activate")">\
            \(FormToken.input(for: request))<button class="btn">\(turn)</button></form>\
            <a class="btn p" href="\(item.path)/edit">\(icon("pencil"))\(say("Modifier", "Edit"))</a>
            """
    }

    private var facts: HTML {
        var facts: [(Text, String)] = [
            (Text("Référence", "Reference"), item.reference),
            (Text("Catégorie", "Category"), item.category), (Text("Prix HT", "Price"), price),
            (Text("Unité", "Unit"), item.unitLabel(in: say)),
            (Text("TVA", "VAT"), item.vat.label(in: say)),
        ]
        if let minutes = item.durationMinutes {
            facts.append((Text("Durée", "Duration"), say.duration(minutes: minutes)))
        }
        if item.keepsStock {
            facts.append((Text("En stock", "In stock"), say.quantity(item.stockQuantity)))
        }
        facts.append((Text("Détail", "Details"), item.description))
        return """
            <section class="card" aria-labelledby="h-f"><header><h2 id="h-f">\(say("Fiche", "Details"))</h2></header>\
            <div class="body"><dl class="dl wide">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })</dl></div></section>
            """
    }
}
