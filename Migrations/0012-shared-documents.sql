-- What became of the links by which clients read their documents. The links themselves are signed
-- addresses: they stand nowhere.
CREATE TABLE shared_documents (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    subject_kind text NOT NULL CHECK (subject_kind IN ('quote', 'invoice')),
    subject_id uuid NOT NULL,
    -- Links made before this instant open nothing any more.
    revoked_before timestamptz,
    first_opened_at timestamptz,
    last_opened_at timestamptz,
    PRIMARY KEY (organisation_id, subject_kind, subject_id)
);
CALL isolate('shared_documents');
