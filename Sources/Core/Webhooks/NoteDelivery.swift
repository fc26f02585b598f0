import Basics
import Database
import WebClient

// What came of an attempt.

extension Transaction {
    /// Answers why it did not work, and whether another attempt is pointless; nil when it worked.
    func note(
        _ result: Result<WebAnswer, WebFailure>, of parcel: WebhookParcel, _ job: Job
    ) throws -> (reason: String?, isOver: Bool) {
        let language = scope.organisation.language
        switch result {
        case .failure(let failure):
            let failure = (WebhookFailure(failure), failure.milliseconds)
            try noteAttempt(parcel, job, failure: failure.0, milliseconds: failure.1)
            try noteHealth(of: parcel.webhook.id, isWell: false)
            return (language(failure.0.explanation), false)
        case .success(let answer):
            let isTaken = (200..<300).contains(answer.status)
            try noteAttempt(
                parcel, job, status: answer.status, answer: answer.body, isTaken: isTaken,
                milliseconds: answer.milliseconds)
            try noteHealth(of: parcel.webhook.id, isWell: isTaken)
            if isTaken {
                try finish(job)
                return (nil, true)
            }
            if answer.status == 410 { try stop(parcel.webhook, .gone) }
            return (
                language("Réponse \(answer.status).", "Answer \(answer.status)."),
                answer.status == 410
            )
        }
    }

    private func noteAttempt(
        _ parcel: WebhookParcel, _ job: Job, status: Int? = nil, answer: [UInt8] = [],
        failure: WebhookFailure? = nil, isTaken: Bool = false, milliseconds: Int
    ) throws {
        // An answer may be anything; what is kept of it is text.
        let text = PlainText.lines(String(decoding: answer, as: UTF8.self))
        let state = isTaken ? WebhookDelivery.Status.delivered : .waiting
        try run(
            """
            UPDATE webhook_deliveries SET status = \(state), attempts = attempts + 1,
                attempted_at = \(now), answer_status = \(status), answer = \(text),
                failure = \(failure?.rawValue ?? ""), milliseconds = \(milliseconds)
            WHERE organisation_id = \(organisation) AND id = \(parcel.delivery.id)
                AND job_id = \(job.id)
            """)
    }

    private func noteHealth(of id: Webhook.ID, isWell: Bool) throws {
        try run(
            """
            UPDATE webhooks SET failing_since =
                CASE WHEN NOT \(isWell)::boolean THEN coalesce(failing_since, \(now)) END
            WHERE organisation_id = \(organisation) AND id = \(id)
                AND (failing_since IS NULL) <> \(isWell)::boolean
            """)
    }

    /// Nothing could be sent at all.
    func note(_ failure: WebhookFailure, of job: Job) throws {
        try run(
            """
            UPDATE webhook_deliveries SET failure = \(failure.rawValue), answer_status = NULL,
                answer = ''
            WHERE organisation_id = \(organisation) AND id = \(job.subject)
                AND job_id = \(job.id)
            """)
    }

    /// The last attempt failed. A webhook that took nothing for days is switched off.
    func giveUpDelivery(_ job: Job) throws {
        let webhook: Webhook? = try first(
            """
            WITH given_up AS (
                UPDATE webhook_deliveries SET status = 'failed'
                WHERE organisation_id = \(organisation) AND id = \(job.subject)
                    AND job_id = \(job.id) AND status = 'waiting'
                RETURNING webhook_id)
            SELECT \(Webhook.columns) FROM webhooks w
            WHERE w.organisation_id = \(organisation) AND w.id IN (TABLE given_up)
            """)
        guard let webhook, webhook.isActive, let since = webhook.failingSince,
            since.adding(seconds: WebhookSchedule.patienceSeconds) <= now
        else { return }
        try stop(webhook, .failing)
    }

    private func stop(_ webhook: Webhook, _ reason: Webhook.StopReason) throws {
        let changed = try run(
            """
            UPDATE webhooks SET is_active = false, stopped_reason = \(reason)
            WHERE organisation_id = \(organisation) AND id = \(webhook.id) AND is_active
            """)
        if changed == 1 { try note(.webhookStopped, webhook, reason: reason.explanation) }
    }
}

extension Webhook.StopReason {
    var explanation: Text {
        switch self {
        case .none: Text("", "")
        case .gone:
            Text(
                "Le serveur a répondu qu’il n’en veut plus (410).",
                "The server answered that it wants no more (410).")
        case .failing:
            Text(
                "Rien n’a été accepté depuis plusieurs jours.",
                "Nothing was taken for several days.")
        }
    }
}
