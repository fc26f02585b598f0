import Basics
import Markup

/// The webhooks of the organisation, and what they are for.
struct WebhookListPage {
    let listing: Listing<Webhook>
    let isFirst: Bool
    let request: Request

    init(_ listing: Listing<Webhook>, isFirst: Bool, _ request: Request) {
        self.listing = listing
        self.isFirst = isFirst
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        SettingsFrame(tab: .webhooks, request: request).page(
            """
            <p class="mut">\(say("Comptoir prévient ces adresses dès qu’il se passe ici ce que vous avez coché. Chaque envoi est signé.", "Comptoir tells these addresses as soon as something happens here that you ticked. Each message is signed."))</p>
            \(listing.rows.isEmpty ? nothing : list)
            """,
            actions: """
                <a class="btn p" href="/settings/webhooks/new">\(request.icon("plus"))\
                \(say("Nouveau webhook", "New webhook"))</a>
                """, frame: .wide)
    }

    private var list: HTML {
        let address = ListAddress("/settings/webhooks", request.http.query, keeping: [])
        return """
            <section class="card" id="list"><ul class="rows">\(listing.rows, row)</ul>\
            \(ListParts(request, address, sort: "").pager(listing.rows.count, next: listing.next, isFirst: isFirst))</section>
            """
    }

    private func row(_ webhook: Webhook) -> HTML {
        let events = say.count(
            webhook.events.count, Text("événement", "event"), Text("événements", "events"))
        return """
            <li><span class="ic">\(request.icon("link"))</span><div><a href="\(webhook.path)">\(webhook.label)</a>\
            <small>\(webhook.host) · \(events)</small></div>\(WebhookPill(webhook, request).html)</li>
            """
    }

    private var nothing: HTML {
        ListParts.empty(
            say("Aucun webhook", "No webhook"),
            say(
                "Indiquez l’adresse d’un autre logiciel, et cochez ce qu’il doit savoir.",
                "Give the address of another program, and tick what it should know."))
    }
}

/// Whether a webhook is told what happens.
struct WebhookPill {
    let html: HTML

    init(_ webhook: Webhook, _ request: Request) {
        let (tone, icon, text): (String, StaticString, Text) =
            if webhook.stopReason != .none {
                ("bad", "circle-alert", Text("Arrêté", "Stopped"))
            } else if !webhook.isActive {
                ("", "pause", Text("Désactivé", "Switched off"))
            } else if webhook.failingSince != nil {
                ("warn", "triangle-alert", Text("En difficulté", "In trouble"))
            } else {
                ("ok", "check", Text("Actif", "Active"))
            }
        html = "<span class=\"pill \(tone)\">\(request.icon(icon))\(request.say(text))</span>"
    }
}
