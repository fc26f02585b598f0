import Basics
import Markup

/// The form of a webhook, new or known.
struct WebhookForm {
    let webhook: Webhook?
    let fields: FormFields
    let ticked: Set<String>
    let request: Request

    init(
        _ webhook: Webhook?, _ values: [String: String], _ events: [String],
        _ problems: [FieldProblem], _ request: Request
    ) {
        self.webhook = webhook
        fields = FormFields(values, problems, request)
        ticked = Set(events)
        self.request = request
    }

    private var say: Language { request.say }

    /// The page of a new one.
    var page: Page {
        var page = SettingsFrame(tab: .webhooks, request: request).page(
            "<div class=\"form\">\(html)</div>", frame: .wide)
        page.title = say("Nouveau webhook", "New webhook")
        page.path = [(title: say("Webhooks", "Webhooks"), address: "/settings/webhooks")]
        return page
    }

    var html: HTML {
        """
        \(fields.summary)<form method="post" action="\(webhook?.path ?? "/settings/webhooks")" data-guard data-main>\
        \(FormToken.input(for: request))\(identity)
        \(FieldCard.card(webhook == nil ? say("Nouveau webhook", "New webhook") : say("Réglages du webhook", "Settings of the webhook"), address + events + save))</form>
        """
    }

    /// Of a new one, so that it is made once; of a known one, what the person saw.
    private var identity: HTML {
        webhook.map { VersionField(fields, current: $0.version).input }
            ?? Submission.input(for: request)
    }

    private var address: HTML {
        """
        \(fields.input("url", Text("Adresse", "Address"), type: "url", required: true, hint: Text("Comptoir y envoie une requête POST par événement.", "Comptoir sends one POST request there for each event."), maximum: 2000))
        \(fields.input("description", Text("Nom", "Name"), hint: Text("Pour vous y retrouver.", "For you to recognise it.")))
        """
    }

    private var events: HTML {
        let groups = EventGroup.all(WebhookDraft.events(request.application))
        return """
            <fieldset class="field" id="\(fields.id("events"))"><legend>\(say("Événements", "Events"))</legend>\
            \(fields.errorLine("events"))<div class="event-groups">\(groups, group)</div></fieldset>
            """
    }

    private func group(_ group: EventGroup) -> HTML {
        """
        <fieldset><legend>\(say(group.label))</legend><div class="checks">\(group.names, check)</div></fieldset>
        """
    }

    private func check(_ name: String) -> HTML {
        let sentence = request.application.actions[name].map { say($0.sentence) } ?? name
        return """
            <label class="check"><input class="ck" type="checkbox" name="events" value="\(name)"\
            \(attribute: "checked", if: ticked.contains(name))\
            \(attribute: "aria-invalid", fields.problem("events") == nil ? nil : "true")>\
            <span>\(say("Quelqu’un", "Somebody")) \(sentence)…<small><code>\(name)</code></small></span></label>
            """
    }

    private var save: HTML {
        """
        <div class="field form-end"><button class="btn p">\(request.icon("save"))\
        \(webhook == nil ? say("Créer le webhook", "Create the webhook") : say("Enregistrer", "Save"))</button>\
        <a class="btn" href="/settings/webhooks">\(say("Annuler", "Cancel"))</a></div>
        """
    }
}

extension Webhook {
    var formValues: [String: String] {
        ["url": url, "description": description, "version": String(version)]
    }
}

/// The only time that the secret of a webhook is shown.
struct WebhookSecretPage {
    let made: WebhookWithSecret
    let request: Request

    init(_ made: WebhookWithSecret, _ request: Request) {
        self.made = made
        self.request = request
    }

    var page: Page {
        let say = request.say
        let title = say("Secret du webhook", "Secret of the webhook")
        return Page(
            title: title, section: .settings,
            path: [(title: say("Webhooks", "Webhooks"), address: "/settings/webhooks")],
            frame: .narrow,
            body: """
                <div class="say"><h1>\(title)</h1>\
                <p>\(say("Copiez-le maintenant dans le logiciel qui reçoit les envois : il lui sert à vérifier qu’ils viennent d’ici, et ne sera plus jamais montré.", "Copy it now into the program that receives the messages: it proves to it that they come from here, and is never shown again."))</p>\
                <p><label class="sr" for="secret">\(say("Secret", "Secret"))</label>\
                <input class="in mono" id="secret" readonly value="\(made.secret)" autocomplete="off"></p>\
                \(previous)<p class="acts"><a class="btn p" href="\(made.webhook.path)">\(say("C’est copié", "It is copied"))</a></p></div>
                """)
    }

    private var previous: HTML {
        guard let until = made.webhook.previousUntil else { return .empty }
        let say = request.say
        let moment = Timeline(request).moment(until)
        return """
            <p>\(say("Le secret précédent signe encore, à côté du nouveau, jusqu’à : \(moment).", "The previous secret still signs beside the new one until: \(moment)."))</p>
            """
    }
}
