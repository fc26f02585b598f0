import Basics
import Database
import WebClient

extension Webhooks {
    /// One thing told to one webhook. Whether it arrives twice cannot be excluded, as for any message:
    /// when the program dies after the receiver took it and before that is noted, it is sent again,
    /// with the same id and body.
    static let sending = JobKind(
        "webhook.send", Text("Envoi à un webhook", "Sending to a webhook"),
        maximumAttempts: WebhookSchedule.waits.count + 1, lane: .strangers,
        wait: WebhookSchedule.seconds, givenUp: SendWebhook.giveUp, handler: SendWebhook.run)
}

/// When to try again: for about a day, ever more seldom.
enum WebhookSchedule {
    /// Seconds after the first attempt, the second, and so on.
    static let waits = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800]
    /// A webhook that took nothing for so long is switched off.
    static let patienceSeconds = 3 * 86_400

    @Sendable static func seconds(after attempts: Int) -> Int {
        Backoff.jittered(waits[min(max(attempts, 1), waits.count) - 1])
    }
}

/// What the job `webhook.send` does.
enum SendWebhook {
    static func run(_ job: Job, _ application: Application) throws {
        guard let parcel = try parcel(for: job, application) else { return }
        let result = parcel.post(application.webClient, at: application.clock.now())
        let (reason, isOver) = try application.write(for: job.organisation) {
            try $0.note(result, of: parcel, job)
        }
        guard let reason else { return }
        throw isOver ? JobFailure.permanent(reason) : JobFailure.temporary(reason)
    }

    /// Written before it is sent, so that every attempt sends the same.
    static func parcel(for job: Job, _ application: Application) throws -> WebhookParcel? {
        let keys = try application.keys(of: job.organisation)
        let parcel = try application.write(for: job.organisation) {
            try $0.parcel(for: job, application, keys)
        }
        guard case .failure(let failure)? = parcel else { return try parcel?.get() }
        let reason = try application.write(for: job.organisation) {
            try $0.note(failure, of: job)
            return $0.scope.organisation.language(failure.explanation)
        }
        throw JobFailure.permanent(reason)
    }

    /// No attempt is left, or none would help.
    static func giveUp(_ job: Job, _ application: Application, _ reason: String) throws {
        try application.write(for: job.organisation) { try $0.giveUpDelivery(job) }
    }
}

extension WebhookFailure: Error {}

/// One delivery ready to go.
struct WebhookParcel: Sendable {
    let webhook: Webhook
    let delivery: WebhookDelivery
    let body: [UInt8]
    let secrets: [WebhookSecret]

    func post(_ client: WebClient, at now: Instant) -> Result<WebAnswer, WebFailure> {
        guard let address = WebAddress(webhook.url) else {
            return .failure(WebFailure(kind: .forbidden, milliseconds: 0))
        }
        return Result { () throws(WebFailure) in
            try client.post(address, headers: headers(at: now), body: body)
        }
    }

    func headers(at now: Instant) -> [(name: String, value: String)] {
        let id = "msg_\(delivery.id)"
        let signatures = secrets.map {
            $0.signature(id: id, timestamp: now.seconds, body: body)
        }
        return [
            ("Content-Type", "application/json"), ("User-Agent", "Comptoir/\(Comptoir.version)"),
            ("webhook-id", id), ("webhook-timestamp", String(now.seconds)),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}

extension Transaction {
    /// What the job has to send now; nil when another job has it, or it was removed or sent.
    fileprivate func parcel(
        for job: Job, _ application: Application, _ keys: KeyRing
    ) throws -> Result<WebhookParcel, WebhookFailure>? {
        let found: WebhookDelivery? = try first(
            """
            SELECT \(WebhookDelivery.columns) FROM webhook_deliveries d
            WHERE d.organisation_id = \(organisation) AND d.id = \(job.subject)
                AND d.job_id = \(job.id) AND d.status <> 'delivered' FOR UPDATE
            """)
        guard let delivery = found else { return nil }
        let webhook = try webhook(delivery.webhookID)
        guard webhook.isActive else { return .failure(.stopped) }
        guard let secrets = try? webhook.secrets(keys, organisation, at: now)
        else { return .failure(.secret) }
        var body = try body(of: delivery.id)
        if body.isEmpty { body = try WebhookBody(delivery).json(application, self).bytes }
        try run(
            """
            UPDATE webhook_deliveries SET status = 'waiting', body = \(body)
            WHERE organisation_id = \(organisation) AND id = \(delivery.id)
            """)
        return .success(
            WebhookParcel(webhook: webhook, delivery: delivery, body: body, secrets: secrets))
    }
}
