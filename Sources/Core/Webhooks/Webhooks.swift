import Basics
import HTTP

/// Webhooks: addresses of other programs, which are told what happens here as it happens, after the
/// Standard Webhooks specification (standardwebhooks.com).
public enum Webhooks: Capability {
    public static func routes(_ routes: inout Routes) {
        routes.get(
            "settings/webhooks", .manageOrganisation,
            api: .list(Webhook.self, query: [.after], Text("Lister les webhooks", "List webhooks")),
            list)
        routes.get("settings/webhooks/new", .manageOrganisation, new)
        routes.post(
            "settings/webhooks", .manageOrganisation,
            api: .create(
                WebhookDraft.self, WebhookWithSecret.self,
                Text(
                    "Créer un webhook ; la réponse seule donne son secret",
                    "Create a webhook; only the answer gives its secret")
            ).showingSecret, create)
        routes.get(
            "settings/webhooks/:id", .manageOrganisation,
            api: .show(Webhook.self, Text("Lire un webhook", "Read a webhook")), show)
        routes.post(
            "settings/webhooks/:id", .manageOrganisation,
            api: .update(
                WebhookDraft.self, Webhook.self, Text("Modifier un webhook", "Change a webhook")),
            update)
        routes.post("settings/webhooks/:id/activate", .manageOrganisation, activate)
        routes.post("settings/webhooks/:id/deactivate", .manageOrganisation, deactivate)
        routes.post(
            "settings/webhooks/:id/secret", .manageOrganisation,
            api: .act(
                WebhookWithSecret.self,
                Text(
                    "Changer de secret ; l’ancien signe encore pendant 24 heures",
                    "Change the secret; the old one still signs for 24 hours")
            ).showingSecret, rotate)
        routes.post(
            "settings/webhooks/:id/delete", .manageOrganisation,
            api: .delete(Text("Supprimer un webhook", "Remove a webhook")), delete)
        deliveryRoutes(&routes)
    }

    public static let actions: [Action] = [
        .webhookCreated, .webhookUpdated, .webhookActivated, .webhookDeactivated,
        .webhookSecretChanged, .webhookDeleted, .webhookStopped,
    ]

    public static var jobs: [JobKind] { [sending] }
    public static var listeners: [JournalListener] { [listener] }

    static func list(_ request: Request) throws -> Reply {
        let after = PagePosition(request.http.query["after"])
        return try request.show {
            try $0.webhooks(after: after)
        } page: {
            WebhookListPage(try $0.webhooks(after: after), isFirst: after == nil, request).page
        }
    }

    static func new(_ request: Request) throws -> Reply {
        .page(WebhookForm(nil, [:], [], [], request).page)
    }

    static func create(_ request: Request) throws -> Reply {
        var input = Input(try request.form().fields)
        let draft = WebhookDraft(&input, request)
        do {
            try input.check()
            var made: WebhookWithSecret?
            let keys = try request.keys()
            let path = try request.once { transaction in
                let done = try transaction.createWebhook(draft, keys)
                made = done
                return done.webhook.path
            }
            // A form sent twice made its webhook the first time, and showed the secret then.
            guard let made else { return .done(at: path) }
            guard request.isAPI else { return .page(WebhookSecretPage(made, request).page) }
            var response = HTTPResponse.json(made.json.bytes, status: 201)
            response.headers.set("Location", Application.apiPath + path)
            return .response(response)
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            return .page(
                WebhookForm(nil, input.typed, draft.events, problem.fields, request).page,
                status: problem.status)
        }
    }

    static func update(_ request: Request) throws -> Reply {
        let webhook = try request.read { try $0.webhook(request.id()) }
        var input = Input(try request.form().fields)
        let draft = WebhookDraft(&input, request)
        let version = input.whole("version", in: 1...Int(Int32.max))
        do {
            try input.check()
            try request.write { try $0.updateWebhook(webhook.id, draft, version: version) }
            return .done(at: webhook.path, say: Text("Webhook enregistré.", "Webhook saved."))
        } catch let problem as Problem where problem.isShownInForm && !request.isAPI {
            let page = try request.read {
                WebhookPage(
                    webhook, try $0.deliveries(of: webhook.id, after: nil),
                    WebhookForm(webhook, input.typed, draft.events, problem.fields, request),
                    request
                ).page
            }
            return .page(page, status: problem.status)
        }
    }

    static func show(_ request: Request) throws -> Reply {
        let id: Webhook.ID = try request.id()
        return try request.show {
            try $0.webhook(id)
        } page: { transaction in
            let webhook = try transaction.webhook(id)
            return WebhookPage(
                webhook, try transaction.deliveries(of: id, after: nil),
                WebhookForm(webhook, webhook.formValues, webhook.events, [], request), request
            ).page
        }
    }

    static func activate(_ request: Request) throws -> Reply {
        let id: Webhook.ID = try request.id()
        try request.write { try $0.setWebhook(id, active: true) }
        return .done(at: "/settings/webhooks/\(id)", say: Text("Webhook activé.", "Switched on."))
    }

    static func deactivate(_ request: Request) throws -> Reply {
        let id: Webhook.ID = try request.id()
        try request.write { try $0.setWebhook(id, active: false) }
        return .done(
            at: "/settings/webhooks/\(id)", say: Text("Webhook désactivé.", "Switched off."))
    }

    static func rotate(_ request: Request) throws -> Reply {
        let id: Webhook.ID = try request.id()
        var made: WebhookWithSecret?
        let keys = try request.keys()
        let path = try request.once { transaction in
            let done = try transaction.rotateSecret(of: id, keys)
            made = done
            return done.webhook.path
        }
        guard let made else { return .done(at: path) }
        return request.isAPI ? .json(made.json) : .page(WebhookSecretPage(made, request).page)
    }

    static func delete(_ request: Request) throws -> Reply {
        try request.write { try $0.deleteWebhook(request.id()) }
        return .done(
            at: "/settings/webhooks", say: Text("Webhook supprimé.", "Webhook removed."))
    }
}
