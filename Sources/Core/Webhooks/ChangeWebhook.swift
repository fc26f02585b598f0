import Basics
import Database

extension Transaction {
    /// Makes a webhook, which is told what happens from now on; its secret is nowhere in clear but in
    /// the answer.
    func createWebhook(_ draft: WebhookDraft, _ keys: KeyRing) throws -> WebhookWithSecret {
        let count: Int? = try value(
            "SELECT count(*) FROM webhooks WHERE organisation_id = \(organisation)")
        guard (count ?? 0) < Webhook.maximum else {
            throw Problem.conflict(
                Text(
                    "\(Webhook.maximum) webhooks au plus : supprimez-en un.",
                    "At most \(Webhook.maximum) webhooks: remove one."))
        }
        let id: Webhook.ID = newID()
        let secret = WebhookSecret.random()
        let last: Int? = try value(
            """
            SELECT coalesce(max(id), 0) FROM journal_entries
            WHERE organisation_id = \(organisation)
            """)
        try run(
            """
            INSERT INTO webhooks (organisation_id, id, url, description, events, is_active, secret,
                after_entry, created_at)
            VALUES (\(organisation), \(id), \(draft.url), \(draft.description), \(draft.events),
                \(draft.isActive ?? true), \(try keys.seal(secret, of: id, organisation)), \(last ?? 0),
                \(now))
            """)
        let webhook = try webhook(id)
        try note(.webhookCreated, webhook)
        return WebhookWithSecret(webhook: webhook, secret: secret.text)
    }

    /// Changes where it leads and what it is told. `version` is the one that the person saw.
    func updateWebhook(_ id: Webhook.ID, _ draft: WebhookDraft, version: Int?) throws {
        let before = try webhook(id)
        let changed = try run(
            """
            UPDATE webhooks SET url = \(draft.url), description = \(draft.description),
                events = \(draft.events), version = version + 1
            WHERE organisation_id = \(organisation) AND id = \(id)
                AND version = \(version ?? before.version)
            """)
        guard changed == 1 else { throw Problem.changedMeanwhile }
        try note(.webhookUpdated, webhook(id))
        if let isActive = draft.isActive { try setWebhook(id, active: isActive) }
    }

    /// Switched off it is told nothing, and what happens meanwhile is not told later.
    func setWebhook(_ id: Webhook.ID, active: Bool) throws {
        let webhook = try webhook(id)
        try run(
            """
            UPDATE webhooks SET is_active = \(active), stopped_reason = '', failing_since = NULL
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        if webhook.isActive != active {
            try note(active ? .webhookActivated : .webhookDeactivated, webhook)
        }
    }

    /// Draws a new secret; the one before signs beside it for a day.
    func rotateSecret(of id: Webhook.ID, _ keys: KeyRing) throws -> WebhookWithSecret {
        let webhook = try webhook(id)
        let secret = WebhookSecret.random()
        try run(
            """
            UPDATE webhooks SET previous_secret = secret,
                previous_until = \(now.adding(seconds: WebhookSecret.overlapSeconds)),
                secret = \(try keys.seal(secret, of: id, organisation)), version = version + 1
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try note(.webhookSecretChanged, webhook)
        return WebhookWithSecret(webhook: try self.webhook(id), secret: secret.text)
    }

    /// Removes it with the log of what it was told.
    func deleteWebhook(_ id: Webhook.ID) throws {
        let webhook = try webhook(id)
        try run("DELETE FROM webhooks WHERE organisation_id = \(organisation) AND id = \(id)")
        try note(.webhookDeleted, webhook)
    }

    func note(_ action: Action, _ webhook: Webhook, reason: Text? = nil) throws {
        let details: JSON =
            reason.map { ["reason": .string(scope.organisation.language($0))] } ?? .object([])
        try record(action, .webhook, webhook.id.value, label: webhook.label, details: details)
    }
}

extension Action {
    static let webhookCreated = Action(
        "webhook.created", Text("a créé le webhook", "created the webhook"), icon: "link",
        severity: .high)
    static let webhookUpdated = Action(
        "webhook.updated", Text("a modifié le webhook", "changed the webhook"), icon: "link")
    static let webhookActivated = Action(
        "webhook.activated", Text("a activé le webhook", "switched on the webhook"), icon: "play")
    static let webhookDeactivated = Action(
        "webhook.deactivated", Text("a désactivé le webhook", "switched off the webhook"),
        icon: "pause")
    static let webhookSecretChanged = Action(
        "webhook.secret_changed",
        Text("a changé le secret du webhook", "changed the secret of the webhook"),
        icon: "key-round", severity: .high)
    static let webhookDeleted = Action(
        "webhook.deleted", Text("a supprimé le webhook", "removed the webhook"), icon: "trash-2")
    static let webhookStopped = Action(
        "webhook.stopped", Text("a arrêté le webhook", "stopped the webhook"),
        icon: "triangle-alert")
}
