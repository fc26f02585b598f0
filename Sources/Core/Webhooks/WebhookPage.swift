import Basics
import Markup

/// One webhook: how it does, what was sent last, its settings, and what can be done with it.
struct WebhookPage {
    private static let lastDeliveries = 10

    let webhook: Webhook
    let deliveries: Listing<WebhookDelivery>
    let form: WebhookForm
    let request: Request

    init(
        _ webhook: Webhook, _ deliveries: Listing<WebhookDelivery>, _ form: WebhookForm,
        _ request: Request
    ) {
        self.webhook = webhook
        self.deliveries = deliveries
        self.form = form
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        var page = SettingsFrame(tab: .webhooks, request: request).page(
            """
            <div class="form">\(state)\(log)\(form.html)\(secret)\(removal)</div>
            """, frame: .wide)
        page.title = webhook.label
        page.path = [(title: say("Webhooks", "Webhooks"), address: "/settings/webhooks")]
        return page
    }

    private var state: HTML {
        """
        \(alarm)<section class="card" aria-labelledby="h-state"><header><h2 id="h-state">\(webhook.label)</h2>\
        <span class="sub">\(webhook.host)</span><span class="sp"></span>\(WebhookPill(webhook, request).html)</header>\
        <div class="body"><div class="acts2">\(webhook.isActive ? test : .empty)\(turn)</div></div></section>
        """
    }

    private var alarm: HTML {
        let timeline = Timeline(request)
        guard webhook.stopReason == .none else {
            return alert(
                say("Comptoir a arrêté ce webhook", "Comptoir stopped this webhook"),
                say(webhook.stopReason.explanation))
        }
        guard let since = webhook.failingSince else { return .empty }
        return alert(
            say("Rien n’est accepté", "Nothing is taken"),
            say("Depuis : \(timeline.moment(since)).", "Since: \(timeline.moment(since))."))
    }

    private func alert(_ title: String, _ text: String) -> HTML {
        """
        <div class="alert warn" role="alert">\(request.icon("triangle-alert"))<b>\(title)</b><p>\(text)</p></div>
        """
    }

    private var test: HTML {
        """
        <form method="post" action="\(webhook.path)/test">\(FormToken.input(for: request))\
        \(Submission.input(for: request))<button class="btn">\(request.icon("send"))\
        \(say("Envoyer un essai", "Send a test"))</button></form>
        """
    }

    private var turn: HTML {
        """
        <form method="post" action="\(webhook.path)/\(webhook.isActive ? "deactivate" : "activate")">\
        \(FormToken.input(for: request))<button class="btn">\(request.icon(webhook.isActive ? "pause" : "play"))\
        \(webhook.isActive ? say("Désactiver", "Switch off") : say("Activer", "Switch on"))</button></form>
        """
    }

    private var log: HTML {
        let shown = Array(deliveries.rows.prefix(WebhookPage.lastDeliveries))
        return """
            <section class="card list" aria-labelledby="h-log"><header><h2 id="h-log">\(say("Derniers envois", "Last messages"))</h2>\
            <span class="sp"></span><a class="btn g sm" href="\(webhook.path)/deliveries">\(say("Tous les envois", "All messages"))</a></header>\
            \(shown.isEmpty ? "<p class=\"body mut\">\(say("Rien encore.", "Nothing yet."))</p>" : WebhookLog(request).table(shown))</section>
            """
    }

    private var secret: HTML {
        FieldCard.card(
            say("Secret", "Secret"),
            note: say(
                "Le nouveau est montré une fois ; l’ancien signe encore pendant 24 heures.",
                "The new one is shown once; the old one still signs for 24 hours."),
            class: "body",
            """
            <form method="post" action="\(webhook.path)/secret">\(FormToken.input(for: request))\
            \(Submission.input(for: request))<button class="btn" data-confirm="\(say("Changer de secret ? L’ancien ne vaudra plus dans 24 heures.", "Change the secret? The old one ends in 24 hours."))">\
            \(request.icon("key-round"))\(say("Changer de secret", "Change the secret"))</button></form>
            """)
    }

    private var removal: HTML {
        FieldCard.card(
            say("Supprimer", "Remove"),
            note: say(
                "Le journal de ses envois disparaît avec lui.",
                "The log of its messages goes with it."),
            class: "body",
            """
            <form method="post" action="\(webhook.path)/delete">\(FormToken.input(for: request))\
            <button class="btn danger" data-confirm="\(say("Supprimer ce webhook ?", "Remove this webhook?"))">\
            \(request.icon("trash-2"))\(say("Supprimer le webhook", "Remove the webhook"))</button></form>
            """)
    }
}
