import Basics
import Database

extension Transaction {
    /// Sends again what was sent or given up, at once, with the same id and body.
    func resend(_ id: WebhookDelivery.ID, of webhook: Webhook.ID) throws -> WebhookDelivery {
        let delivery: WebhookDelivery = try one(
            """
            SELECT \(WebhookDelivery.columns) FROM webhook_deliveries d
            WHERE d.organisation_id = \(organisation) AND d.webhook_id = \(webhook)
                AND d.id = \(id) FOR UPDATE
            """)
        try checkActive(webhook)
        let job = try enqueue(Webhooks.sending, on: id.value)
        try run(
            """
            UPDATE webhook_deliveries SET status = 'waiting', job_id = \(job)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        return delivery
    }

    /// An event that means nothing, to see whether it arrives.
    func sendTest(to webhook: Webhook.ID) throws -> WebhookDelivery {
        try checkActive(webhook)
        let id: WebhookDelivery.ID = newID()
        let job = try enqueue(Webhooks.sending, on: id.value)
        try run(
            """
            INSERT INTO webhook_deliveries (organisation_id, id, webhook_id, event, subject_kind,
                subject_id, subject_label, occurred_at, job_id, created_at)
            VALUES (\(organisation), \(id), \(webhook), \(WebhookDelivery.testEvent),
                \(SubjectKind.webhook), \(webhook), '', \(now), \(job), \(now))
            """)
        return try delivery(id, of: webhook)
    }

    private func checkActive(_ id: Webhook.ID) throws {
        guard try webhook(id).isActive else {
            throw Problem.conflict(
                Text(
                    "Ce webhook est désactivé : activez-le d’abord.",
                    "This webhook is switched off: switch it on first."))
        }
    }
}
