import Basics
import Core
import Database

// Where words about a person stand, place by place.

extension Transaction {
    /// That a mail went and when stays. What waits is never sent.
    func eraseMails(_ traces: PersonTraces) throws {
        try run(
            """
            UPDATE mails SET recipient = '', recipient_name = '', copy_to = '', subject = '—',
                body = '', attachment_name = '', attachment = NULL, last_error = '',
                subject_label = CASE WHEN subject_kind = 'client' AND \(traces.isWhole) THEN ''
                    ELSE subject_label END,
                status = CASE WHEN status IN ('waiting', 'queued') THEN 'cancelled' ELSE status END
            WHERE organisation_id = \(organisation) AND id = ANY (\(traces.mails))
            """)
        try run(
            """
            UPDATE jobs SET last_error = ''
            WHERE organisation_id = \(organisation) AND last_error <> ''
                AND (subject_id = ANY (\(traces.mails))
                    OR last_error ILIKE ANY (\(traces.patterns)))
            """)
    }

    /// What people typed on quotes, orders and their like: all of it of the person's own, and of a
    /// contact what names them.
    func eraseTexts(_ traces: PersonTraces) throws {
        let (client, whole, own) = (traces.client.id, traces.isWhole, traces.ownPatterns)
        let patterns = whole ? own : traces.patterns
        try run(
            """
            UPDATE quotes SET message = emptied(message, \(patterns), \(whole)),
                notes = emptied(notes, \(patterns), \(whole)),
                decision_note = emptied(decision_note, \(patterns), \(whole)),
                subject = emptied(subject, \(patterns), false),
                reference = emptied(reference, \(patterns), false),
                sector = emptied(sector, \(patterns), false),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND (\(whole) OR (message || notes || decision_note || subject || reference || sector) ILIKE ANY (\(patterns)))
            """)
        try run(
            """
            UPDATE orders SET message = emptied(message, \(patterns), \(whole)),
                notes = emptied(notes, \(patterns), \(whole)),
                subject = emptied(subject, \(patterns), false),
                reference = emptied(reference, \(patterns), false),
                sector = emptied(sector, \(patterns), false),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND (\(whole) OR (message || notes || subject || reference || sector) ILIKE ANY (\(patterns)))
            """)
        try run(
            """
            UPDATE recurring_invoices SET message = emptied(message, \(patterns), \(whole)),
                notes = emptied(notes, \(patterns), \(whole)),
                subject = emptied(subject, \(patterns), false),
                reference = emptied(reference, \(patterns), false),
                problem = emptied(problem, \(patterns), \(whole)),
                status = CASE WHEN \(whole) THEN 'ended' ELSE status END,
                next_on = CASE WHEN \(whole) THEN NULL ELSE next_on END,
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND (\(whole) OR (message || notes || subject || reference || problem) ILIKE ANY (\(patterns)))
            """)
        try run(
            """
            UPDATE recurring_invoice_periods SET problem = ''
            WHERE organisation_id = \(organisation)
                AND recurring_invoice_id = ANY (\(traces.documents))
                AND problem ILIKE ANY (\(patterns))
            """)
        try run(
            """
            UPDATE deposit_requests SET message = emptied(message, \(patterns), \(whole)),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(client)
                AND (\(whole) OR (message) ILIKE ANY (\(patterns)))
            """)
        for (table, key) in Self.documentLines {
            try run(
                """
                UPDATE \(raw: table)
                SET label = coalesce(nullif(emptied(label, \(patterns), false), ''), '—'),
                    description = emptied(description, \(patterns), false)
                WHERE organisation_id = \(organisation) AND \(raw: key) = ANY (\(traces.documents))
                    AND (label ILIKE ANY (\(patterns)) OR description ILIKE ANY (\(patterns)))
                """)
        }
    }

    private static let documentLines: [(StaticString, StaticString)] = [
        ("quote_lines", "quote_id"), ("order_lines", "order_id"),
        ("recurring_invoice_lines", "recurring_invoice_id"),
    ]

    /// Drafts, which a restored backup may hold, and what colleagues noted on issued documents.
    func eraseDrafts(_ traces: PersonTraces) throws {
        let (whole, patterns) = (
            traces.isWhole, traces.isWhole ? traces.ownPatterns : traces.patterns
        )
        try run(
            """
            UPDATE invoices SET notes = emptied(notes, \(patterns), \(whole)), updated_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(traces.client.id)
                AND notes <> ''
            """)
        try run(
            """
            UPDATE invoices SET message = emptied(message, \(patterns), \(whole)),
                subject = emptied(subject, \(patterns), false),
                reference = emptied(reference, \(patterns), false), updated_at = \(now)
            WHERE organisation_id = \(organisation) AND client_id = \(traces.client.id)
                AND status = 'draft'
            """)
        try run(
            """
            UPDATE invoice_lines l
            SET label = coalesce(nullif(emptied(l.label, \(patterns), false), ''), '—'),
                description = emptied(l.description, \(patterns), false)
            FROM invoices i
            WHERE l.organisation_id = \(organisation) AND i.organisation_id = \(organisation)
                AND i.id = l.invoice_id AND i.client_id = \(traces.client.id)
                AND i.status = 'draft'
                AND (l.label ILIKE ANY (\(patterns)) OR l.description ILIKE ANY (\(patterns)))
            """)
    }

    /// What files brought in: an import that still holds the person's line starts anew without it.
    func eraseImports(_ traces: PersonTraces) throws {
        let records: [UniqueID] =
            try traces.contact.map { [$0.id.value] }
            ?? [traces.client.id.value] + contacts(of: traces.client.id).map(\.id.value)
        try run(
            """
            DELETE FROM import_records
            WHERE organisation_id = \(organisation) AND (record_id = ANY (\(records))
                OR label ILIKE ANY (\(traces.patterns))
                OR before::text ILIKE ANY (\(traces.patterns)))
            """)
        try run(
            """
            UPDATE import_refusals SET cells = '{}', problems = '[]', reason = '',
                document_number = ''
            WHERE organisation_id = \(organisation)
                AND (cells::text || problems::text || reason || document_number)
                    ILIKE ANY (\(traces.patterns))
            """)
        let holding: [UniqueID] = try values(
            """
            SELECT DISTINCT import_id FROM (
                SELECT import_id, content || coalesce(substring(lead(content) OVER (
                    PARTITION BY import_id ORDER BY position) FOR 1000), '') AS content
                FROM import_pieces WHERE organisation_id = \(organisation)) p
            WHERE holds_words(content, \(traces.spellings))
            """)
        try run(
            """
            DELETE FROM import_pieces
            WHERE organisation_id = \(organisation) AND import_id = ANY (\(holding))
            """)
        let fault: JSON = [
            "fr": .string(Self.erasedFile.french), "en": .string(Self.erasedFile.english),
        ]
        try run(
            """
            UPDATE imports SET state = 'failed', fault = \(fault)
            WHERE organisation_id = \(organisation) AND id = ANY (\(holding))
            """)
        try run(
            """
            UPDATE imports SET file_name = '—'
            WHERE organisation_id = \(organisation) AND file_name ILIKE ANY (\(traces.patterns))
            """)
    }

    private static let erasedFile = Text(
        "Une personne de ce fichier a été effacée : envoyez un fichier sans elle.",
        "A person in this file was erased: send a file without them.")

    /// What programs were told or answered. A repeated request is carried out anew.
    func eraseOutgoing(_ traces: PersonTraces) throws {
        let about = traces.documents + traces.mails + [traces.client.id.value]
        try run(
            """
            UPDATE webhook_deliveries SET body = NULL, answer = '', failure = '',
                subject_label = CASE WHEN subject_label ILIKE ANY (\(traces.patterns)) THEN ''
                    ELSE subject_label END
            WHERE organisation_id = \(organisation) AND (subject_id = ANY (\(about))
                OR holds_words(body, \(traces.spellings)) OR answer ILIKE ANY (\(traces.patterns))
                OR subject_label ILIKE ANY (\(traces.patterns)))
            """)
        try forgetAnswers(holding: traces.spellings + about.map(\.description))
    }

    func eraseStatusNames(_ traces: PersonTraces) throws {
        try run(
            """
            SELECT erase_status_names(\(traces.documents), \(traces.users), \(traces.patterns),
                \(traces.isWhole))
            """)
    }
}
