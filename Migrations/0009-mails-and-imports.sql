-- Mails to clients with their attachments as they were when written. Without SMTP settings they wait.
CREATE TABLE mails (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    client_id uuid,
    subject_kind text NOT NULL CHECK (subject_kind IN ('quote', 'order', 'invoice', 'client')),
    subject_id uuid NOT NULL,
    -- The number or name of what the mail is about, as people knew it then.
    subject_label text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'queued', 'sent', 'failed', 'cancelled')),
    recipient text NOT NULL,
    recipient_name text NOT NULL DEFAULT '',
    -- Addresses separated by a comma and a space.
    copy_to text NOT NULL DEFAULT '',
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 300),
    body text NOT NULL,
    attachment_name text NOT NULL DEFAULT '',
    attachment bytea,
    message_id text NOT NULL,
    -- The job that may send it: an older job of the same mail finds another one here and does nothing.
    job_id uuid,
    -- Why it was not sent the last time: a kind that the program explains, and the server's own words.
    failure_kind text NOT NULL DEFAULT ''
        CHECK (failure_kind IN ('', 'temporary', 'permanent', 'connection', 'authentication')),
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    queued_at timestamptz,
    sent_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
    CONSTRAINT mails_job_check CHECK (status <> 'queued' OR (job_id IS NOT NULL AND queued_at IS NOT NULL)),
    CONSTRAINT mails_sent_check CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX mails_by_creation ON mails (organisation_id, created_at, id);
CREATE INDEX mails_subject ON mails (organisation_id, subject_kind, subject_id);
CREATE INDEX mails_client ON mails (organisation_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX mails_not_sent ON mails (organisation_id, created_at, id)
    WHERE status IN ('waiting', 'queued', 'failed');
CALL isolate('mails');

-- An invoice is sent once a mail server has taken it, in the same transaction that notes the mail.
CREATE FUNCTION note_invoice_sending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE invoices SET sent_at = NEW.sent_at
    WHERE organisation_id = NEW.organisation_id AND id = NEW.subject_id AND status = 'issued'
        AND sent_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER mails_note_sending AFTER UPDATE OF status ON mails FOR EACH ROW
    WHEN (NEW.status = 'sent' AND NEW.subject_kind = 'invoice')
    EXECUTE FUNCTION note_invoice_sending();

CREATE FUNCTION index_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'mail', NEW.id, folded(NEW.subject), search_terms(
        NEW.subject, NEW.subject_label, NEW.recipient, NEW.recipient_name, NEW.copy_to));
    RETURN NULL;
END $$;
CREATE TRIGGER mails_are_searchable AFTER INSERT OR UPDATE OF recipient, recipient_name, copy_to ON mails
    FOR EACH ROW EXECUTE FUNCTION index_mail();

-- One import of a file: what came in, what was refused and why.
CREATE TABLE imports (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('sales', 'clients', 'items')),
    file_name text NOT NULL,
    mapping text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    imported_lines bigint NOT NULL DEFAULT 0,
    -- Known: imported by an earlier run, and left as it was.
    known_lines bigint NOT NULL DEFAULT 0,
    refused_lines bigint NOT NULL DEFAULT 0,
    imported_documents bigint NOT NULL DEFAULT 0,
    known_documents bigint NOT NULL DEFAULT 0,
    refused_documents bigint NOT NULL DEFAULT 0,
    imported_amount bigint NOT NULL DEFAULT 0,
    known_amount bigint NOT NULL DEFAULT 0,
    refused_amount bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation_id, id)
);
CALL isolate('imports');

CREATE TABLE import_refusals (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line_number bigint NOT NULL,
    document_number text NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (organisation_id, import_id, line_number),
    FOREIGN KEY (organisation_id, import_id) REFERENCES imports (organisation_id, id)
);
CALL isolate('import_refusals');
