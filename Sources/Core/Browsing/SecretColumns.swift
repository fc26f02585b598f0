/// Which columns of tables that can be browsed are never shown. A test walks over every column of the schema
/// and fails on one whose name or type says that it may hold a secret until it stands in one of these lists.
enum SecretColumns {
    /// What opens something, or lets a secret be guessed: hashes of tokens, sealed secrets, keys.
    static let hidden: Set<String> = [
        // What a program was answered, which may hold a secret that is shown once.
        "idempotency_keys.body", "idempotency_keys.fingerprint",
        // Sealed with the installation's key.
        "identity_providers.client_secret", "organisations.smtp_password",
        "platform_connections.client_secret",
        "webhooks.previous_secret", "webhooks.secret",
        // Keys, though sealed with the master key.
        "organisation_keys.sealed_by", "organisation_keys.sealed_key", "person_keys.sealed_key",
        // It tells who is paid to the same account.
        "suppliers.iban_index",
        // Of what lets somebody in: links, sessions, tokens, passwords.
        "access_tokens.token_hash", "invitations.token_hash", "sessions.token_hash",
        "users.password_hash", "users.totp_secret",
        // Erasing details of the journal rests on nobody having kept it.
        "journal_details.salt",
    ]

    /// Looked at, and no secret: fingerprints of documents, files of the business.
    static let open: Set<String> = [
        // Codes of the post, of a law and of a kind of document.
        "addresses.postal_code", "clients.postal_code", "organisations.postal_code",
        "suppliers.postal_code", "life_cycle_entries.reason_code", "received_invoices.type_code",
        // They name a token or a form that was sent, and open nothing.
        "api_usage.token_id", "idempotency_keys.token_id", "idempotency_keys.key",
        "submissions.token", "platform_connections.token_url", "sessions.passkey_id",
        // When, not which.
        "users.password_changed_at",
        // What is left of an entry whose words were erased; shown as its length.
        "journal_erasures.remaining_hash",
        // Fingerprints that prove what stood there; shown as their length.
        "journal_batches.entry_hashes", "journal_entries.commitment", "seals.content_hash",
        "seals.hash", "seals.previous_hash", "seals.sealed_at",
        // Files of the business; shown as their length.
        "import_pieces.content", "kept_documents.content", "kept_logos.content", "logos.content",
        "mails.attachment", "received_files.content", "received_files.xml",
        "webhook_deliveries.body",
    ]

    /// Whether a column is kept from everybody. One that nobody has decided about is.
    static func hides(_ table: String, _ column: String, typeName: String) -> Bool {
        let name = "\(table).\(column)"
        if hidden.contains(name) { return true }
        return isSuspect(column, typeName: typeName) && !open.contains(name)
    }

    /// Words in names behind which secrets stand.
    private static let words = [
        "hash", "secret", "password", "token", "sealed", "salt", "seed", "key", "cipher", "code",
    ]

    static func isSuspect(_ column: String, typeName: String) -> Bool {
        typeName == "bytea" || words.contains { column.contains($0) }
    }
}
