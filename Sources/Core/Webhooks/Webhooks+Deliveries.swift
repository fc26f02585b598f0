import Basics
import HTTP

// What was sent, and sending it again.

extension Webhooks {
    static func deliveryRoutes(_ routes: inout Routes) {
        routes.post(
            "settings/webhooks/:id/test", .manageOrganisation,
            api: .act(
                WebhookDelivery.self, creates: true,
                Text("Envoyer un événement d’essai", "Send a test event")), sendTest)
        routes.get(
            "settings/webhooks/:id/deliveries", .manageOrganisation,
            api: .list(
                WebhookDelivery.self, query: [.after],
                Text("Lister les envois d’un webhook", "List the deliveries of a webhook")),
            deliveries)
        routes.get(
            "settings/webhooks/:id/deliveries/:delivery", .manageOrganisation,
            api: .show(WebhookDelivery.self, Text("Lire un envoi", "Read a delivery")), delivery)
        routes.post(
            "settings/webhooks/:id/deliveries/:delivery/resend", .manageOrganisation,
            api: .act(WebhookDelivery.self, Text("Refaire un envoi", "Send a delivery again")),
            resend)
    }

    static func deliveries(_ request: Request) throws -> Reply {
        let id: Webhook.ID = try request.id()
        let after = PagePosition(request.http.query["after"])
        return try request.show {
            _ = try $0.webhook(id)
            return try $0.deliveries(of: id, after: after)
        } page: {
            WebhookLogPage(
                try $0.webhook(id), try $0.deliveries(of: id, after: after),
                isFirst: after == nil, request
            ).page
        }
    }

    static func delivery(_ request: Request) throws -> Reply {
        let (id, delivery): (Webhook.ID, WebhookDelivery.ID) = try (
            request.id(), request.id("delivery")
        )
        return try request.show {
            try $0.delivery(delivery, of: id)
        } page: {
            WebhookDeliveryPage(
                try $0.webhook(id), try $0.delivery(delivery, of: id),
                try $0.body(of: delivery), request
            ).page
        }
    }

    static func resend(_ request: Request) throws -> Reply {
        let (id, delivery): (Webhook.ID, WebhookDelivery.ID) = try (
            request.id(), request.id("delivery")
        )
        let path = try request.once { try $0.resend(delivery, of: id).path }
        return .done(at: path, say: Text("Envoi relancé.", "Sending again."))
    }

    static func sendTest(_ request: Request) throws -> Reply {
        let id: Webhook.ID = try request.id()
        let path = try request.once { try $0.sendTest(to: id).path }
        return .done(
            at: path,
            say: Text(
                "L’essai part dans un instant : rechargez la page pour lire la réponse.",
                "The test leaves in a moment: reload the page to read the answer."))
    }
}
