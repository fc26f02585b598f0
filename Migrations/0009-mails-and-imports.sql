-- Mails to clients with their attachments as they were when written. Without SMTP settings they wait.
CREATE TABLE mails (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    client_id uuid,
    subject_kind text NOT NULL CHECK (subject_kind IN ('quote', 'order', 'invoice', 'client')),
    subject_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'queued', 'sent', 'failed', 'cancelled')),
    recipient text NOT NULL,
    recipient_name text NOT NULL DEFAULT '',
    copy_to text NOT NULL DEFAULT '',
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 300),
    body text NOT NULL,
    attachment_name text NOT NULL DEFAULT '',
    attachment bytea,
    message_id text NOT NULL,
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    sent_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CREATE INDEX mails_by_creation ON mails (organisation_id, created_at, id);
CREATE INDEX mails_subject ON mails (organisation_id, subject_kind, subject_id);
CREATE INDEX mails_client ON mails (organisation_id, client_id) WHERE client_id IS NOT NULL;
CALL isolate('mails');

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
