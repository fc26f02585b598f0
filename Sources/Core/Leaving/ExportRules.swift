import Database

/// What an organisation takes along when it leaves, and what it does not. Tables come from the catalogue:
/// a table that is new goes along unless it is named here, and a test asks that `docs/leaving.md` says so.
public enum ExportRules {
    /// Tables that stay behind, each with the reason that the manifest gives.
    public static let leftOut: [(table: String, reason: String)] = [
        ("sessions", "who is signed in here"),
        ("organisation_keys", "keys of secrets, which stay behind with them"),
        ("person_keys", "keys of texts, which leave in clear"),
        ("submissions", "forms that were sent here"),
        ("access_tokens", "secrets of programs, which get new ones"),
        ("api_usage", "calls made with those tokens"),
        ("idempotency_keys", "requests of programs in the last day"),
        ("jobs", "work under way here"),
        ("invitations", "links that open accounts here"),
        ("account_mails", "mails about accounts here"),
        ("webhook_deliveries", "what was sent from here, and its answers"),
        ("invoice_archives", "files that can be made again"),
        ("search_entries", "made again from the records"),
        ("daily_revenue", "added up again from the documents"),
        ("daily_payments", "added up again from the documents"),
        ("daily_quotes", "added up again from the documents"),
        ("daily_orders", "added up again from the documents"),
        ("client_revenue", "added up again from the documents"),
        ("item_revenue", "added up again from the documents"),
    ]

    /// What is written in place of a column: secrets stay behind, and what depends on them is switched
    /// off until they are entered again. `x` is the row.
    static let replaced: [String: [String: SQL]] = [
        "organisations": ["smtp_password": "NULL", "origin": "''", "mails_seals": "false"],
        "webhooks": [
            "secret": "''::bytea", "previous_secret": "NULL", "previous_until": "NULL",
            "is_active": "false",
        ],
        "platform_connections": [
            "client_secret": "''::bytea", "is_active": "false", "busy_until": "NULL",
        ],
        "suppliers": ["iban_index": "NULL"],
        // Undone elsewhere, an import leaves the notes as they are.
        "import_records": [
            "before": """
            CASE WHEN is_sealed(x.before ->> 'notes') THEN x.before - 'notes' ELSE x.before END
            """
        ],
        "identity_providers": ["client_secret": "''::bytea", "is_active": "false"],
        // What waits in the queue is sent from here; a person may send it again from there.
        "mails": [
            "job_id": "NULL",
            "status": "CASE x.status WHEN 'queued' THEN 'failed' ELSE x.status END",
            "failure_kind":
                "CASE x.status WHEN 'queued' THEN 'temporary' ELSE x.failure_kind END",
        ],
        // Numbers of transactions mean nothing elsewhere. What the chains have not reached yet is
        // NULL: they go on with it there.
        "journal_entries": [
            "transaction_id": """
            CASE WHEN (x.transaction_id, x.id) <= (
                SELECT f.transaction_id, f.entry_id FROM journal_followers f
                WHERE f.name IN ('seals', 'journal_seals')
                ORDER BY f.transaction_id, f.entry_id LIMIT 1) THEN '0' END
            """
        ],
    ]

    /// Columns that leave as files of their own, which anybody can open; two in a table at most.
    static let files: [String: [String]] = [
        "logos": ["content"], "kept_logos": ["content"], "kept_documents": ["content"],
        "received_files": ["content", "xml"], "mails": ["attachment"],
    ]

    /// Other columns of bytes that may leave, in base64: hashes, salts, and pieces of files that were
    /// imported. One that is in none of these lists might be a secret: the export refuses it.
    static let bytes: [String: Set<String>] = [
        "journal_entries": ["commitment"], "journal_details": ["salt"],
        "journal_erasures": ["remaining_hash"],
        "journal_batches": ["entry_hashes"], "import_pieces": ["content"],
        "seals": ["content_hash", "previous_hash", "hash"],
    ]

    /// Of people, who may work in several organisations, this much goes along.
    static let peopleColumns = ["id", "email", "name", "language", "theme", "created_at"]
    /// And this, when the owner asks for it.
    static let passwordColumns = ["password_hash", "password_changed_at"]

    /// Triggers that stay awake during an import: what they make is not in the export.
    static let searchTriggers = "%\\_are\\_searchable"
}
