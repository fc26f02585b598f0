import Basics
import Database

extension Webhooks {
    /// Makes a delivery, and the job that sends it, of each new entry for each webhook that asked for it.
    static let listener = JournalListener("webhooks") { connection, entries, application in
        let told = entries.filter { !$0.action.hasPrefix("webhook.") }
        var made = 0
        for (organisation, entries) in Dictionary(grouping: told, by: \.organisation) {
            made += try connection.makeDeliveries(
                of: entries.map(\.id), in: organisation, at: application.clock.now())
        }
        return made > 0
    }
}

extension Connection {
    /// Within a transaction that acts for nobody yet: the policies see `organisation` from here on.
    fileprivate func makeDeliveries(
        of entries: [Int], in organisation: Organisation.ID, at now: Instant
    ) throws -> Int {
        try run("SELECT set_config('app.organisation', \(organisation.description), true)")
        let made = try run(
            """
            INSERT INTO webhook_deliveries (organisation_id, id, webhook_id, entry_id, event,
                subject_kind, subject_id, subject_label, occurred_at, job_id, created_at)
            SELECT w.organisation_id, gen_random_uuid(), w.id, e.id, e.action, e.subject_kind,
                e.subject_id, e.subject_label, e.recorded_at, gen_random_uuid(), \(now)
            FROM webhooks w
            JOIN journal_entries e ON e.organisation_id = w.organisation_id
                AND e.id = ANY (\(entries)) AND e.action = ANY (w.events)
                AND e.id > w.after_entry
            WHERE w.organisation_id = \(organisation) AND w.is_active
            ON CONFLICT DO NOTHING
            """)
        guard made > 0 else { return 0 }
        try run(
            """
            INSERT INTO jobs
                (id, organisation_id, kind, subject_id, run_at, maximum_attempts, created_at)
            SELECT d.job_id, d.organisation_id, \(Webhooks.sending.name), d.id, \(now),
                \(Webhooks.sending.maximumAttempts), \(now)
            FROM webhook_deliveries d
            WHERE d.organisation_id = \(organisation) AND d.created_at = \(now)
                AND d.entry_id = ANY (\(entries))
            ON CONFLICT DO NOTHING
            """)
        // What was sent holds what clients entrusted: it does not lie here for ever.
        let oldest = now.adding(seconds: -WebhookDelivery.keptSeconds)
        try run(
            """
            DELETE FROM webhook_deliveries
            WHERE organisation_id = \(organisation) AND created_at < \(oldest)
            """)
        return made
    }
}
