import Basics
import Markup

/// What was sent, as a table.
struct WebhookLog {
    let request: Request

    init(_ request: Request) { self.request = request }

    private var say: Language { request.say }

    func table(_ deliveries: [WebhookDelivery]) -> HTML {
        """
        <div class="scroll" tabindex="0" role="group" aria-label="\(say("Tableau des envois", "Table of messages"))">
        <table class="tbl cards"><thead><tr><th scope="col">\(say("Événement", "Event"))</th>\
        <th scope="col" class="k2">\(say("Date", "Date"))</th><th scope="col" class="n k1">\(say("Essais", "Attempts"))</th>\
        <th scope="col" class="n k1">\(say("Réponse", "Answer"))</th><th scope="col" class="n k3">\(say("Durée", "Time"))</th>\
        <th scope="col">\(say("État", "State"))</th></tr></thead><tbody>\(deliveries, row)</tbody></table></div>
        """
    }

    private func row(_ delivery: WebhookDelivery) -> HTML {
        """
        <tr><td class="w"><a class="id" href="\(delivery.path)">\(delivery.event)</a>\
        \(if: !delivery.subjectLabel.isEmpty, "<small>\(delivery.subjectLabel)</small>")</td>
        <td class="k2" data-label="\(say("Date", "Date"))">\(Timeline(request).moment(delivery.occurredAt))</td>
        <td class="n k1" data-label="\(say("Essais", "Attempts"))">\(say.integer(delivery.attempts))</td>
        <td class="n k1" data-label="\(say("Réponse", "Answer"))">\(delivery.answerStatus.map(String.init) ?? "—")</td>
        <td class="n k3" data-label="\(say("Durée", "Time"))">\(duration(delivery))</td>
        <td class="st">\(pill(delivery))</td></tr>
        """
    }

    func duration(_ delivery: WebhookDelivery) -> String {
        delivery.milliseconds.map { say.integer($0) + " ms" } ?? "—"
    }

    func pill(_ delivery: WebhookDelivery) -> HTML {
        let (tone, icon, text): (String, StaticString, Text) =
            switch delivery.status {
            case .waiting: ("info", "clock", Text("En attente", "Waiting"))
            case .delivered: ("ok", "check", Text("Accepté", "Taken"))
            case .failed: ("bad", "circle-alert", Text("Échoué", "Failed"))
            }
        return "<span class=\"pill \(tone)\">\(request.icon(icon))\(say(text))</span>"
    }
}

/// All that one webhook was sent, a page at a time.
struct WebhookLogPage {
    let webhook: Webhook
    let listing: Listing<WebhookDelivery>
    let isFirst: Bool
    let request: Request

    init(
        _ webhook: Webhook, _ listing: Listing<WebhookDelivery>, isFirst: Bool, _ request: Request
    ) {
        self.webhook = webhook
        self.listing = listing
        self.isFirst = isFirst
        self.request = request
    }

    var page: Page {
        let say = request.say
        let title = say("Envois", "Messages")
        let address = ListAddress(webhook.path + "/deliveries", request.http.query, keeping: [])
        return Page(
            title: title, section: .settings,
            path: [
                (title: say("Webhooks", "Webhooks"), address: "/settings/webhooks"),
                (title: webhook.label, address: webhook.path),
            ],
            body: """
                \(ListParts.title(title))<section class="card list" id="list" aria-label="\(title)">\
                \(WebhookLog(request).table(listing.rows))\
                \(ListParts(request, address, sort: "").pager(listing.rows.count, next: listing.next, isFirst: isFirst))</section>
                """)
    }
}

/// One message: what was sent, and what came back.
struct WebhookDeliveryPage {
    let webhook: Webhook
    let delivery: WebhookDelivery
    let body: [UInt8]
    let request: Request

    init(_ webhook: Webhook, _ delivery: WebhookDelivery, _ body: [UInt8], _ request: Request) {
        self.webhook = webhook
        self.delivery = delivery
        self.body = body
        self.request = request
    }

    private var say: Language { request.say }

    var page: Page {
        Page(
            title: delivery.event, section: .settings,
            path: [
                (title: say("Webhooks", "Webhooks"), address: "/settings/webhooks"),
                (title: webhook.label, address: webhook.path),
            ], frame: .narrow,
            body: """
                \(ListParts.title(delivery.event, actions: WebhookLog(request).pill(delivery) + again))
                <div class="form">\(facts)\(text(say("Envoyé", "Sent"), String(decoding: body, as: UTF8.self)))\
                \(text(say("Réponse", "Answer"), delivery.answer))</div>
                """)
    }

    private var again: HTML {
        guard webhook.isActive else { return .empty }
        return """
            <form method="post" action="\(delivery.path)/resend">\(FormToken.input(for: request))\
            \(Submission.input(for: request))<button class="btn">\(request.icon("refresh-cw"))\
            \(say("Renvoyer", "Send again"))</button></form>
            """
    }

    private var facts: HTML {
        let timeline = Timeline(request)
        let subject: HTML =
            delivery.subjectID.flatMap(delivery.subjectKind.address).map {
                "<a href=\"\($0)\">\(delivery.subjectLabel.isEmpty ? $0 : delivery.subjectLabel)</a>"
            } ?? "\(delivery.subjectLabel)"
        let facts: [(Text, HTML)] = [
            (Text("Événement", "Event"), "\(timeline.moment(delivery.occurredAt))"),
            (Text("Concerne", "About"), subject),
            (Text("Essais", "Attempts"), "\(say.integer(delivery.attempts))"),
            (
                Text("Dernier essai", "Last attempt"),
                delivery.attemptedAt.map { "\(timeline.moment($0))" } ?? .empty
            ),
            (Text("Durée", "Time"), "\(WebhookLog(request).duration(delivery))"),
            (
                Text("Code de réponse", "Answer code"),
                delivery.answerStatus.map { "\(String($0))" } ?? .empty
            ),
            (
                Text("Erreur", "Error"),
                delivery.failure.map { "\(say($0.explanation))" } ?? .empty
            ),
        ]
        return FieldCard.card(
            say("Détails", "Details"), class: "body",
            """
            <dl class="dl">\(facts.filter { !$0.1.isEmpty }, {
                "<dt>\(say($0.0))</dt><dd>\($0.1)</dd>"
            })</dl>
            """)
    }

    private func text(_ title: String, _ text: String) -> HTML {
        guard !text.isEmpty else { return .empty }
        return FieldCard.card(
            title, class: "body", "<p class=\"pre\"><code>\(text)</code></p>")
    }
}
