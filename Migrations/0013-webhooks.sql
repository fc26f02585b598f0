-- Webhooks: addresses that are told what happens, and what was sent to each.

CREATE TABLE webhooks (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    url text NOT NULL CONSTRAINT webhooks_url_check CHECK (length(url) BETWEEN 1 AND 2000),
    description text NOT NULL DEFAULT '',
    -- Actions of the journal, such as invoice.issued.
    events text[] NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    -- Why the program switched it off by itself: the receiver said that it is gone, or took nothing for days.
    stopped_reason text NOT NULL DEFAULT '' CHECK (stopped_reason IN ('', 'gone', 'failing')),
    -- Encrypted with the installation's key; never in clear.
    secret bytea NOT NULL,
    -- The one before, which signs beside the new one until then.
    previous_secret bytea,
    previous_until timestamptz,
    -- The last entry of the journal when it was made: what happened before is not told.
    after_entry bigint NOT NULL,
    -- Since when nothing was taken; nothing while all goes well.
    failing_since timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT webhooks_previous_check CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
    CONSTRAINT webhooks_stopped_check CHECK (stopped_reason = '' OR NOT is_active)
);
CALL isolate('webhooks');

CREATE TABLE webhook_deliveries (
    organisation_id uuid NOT NULL,
    -- Also the receiver's proof that it has it already: the same in every attempt.
    id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    -- The entry of the journal; none for a test.
    entry_id bigint,
    event text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    subject_label text NOT NULL DEFAULT '',
    occurred_at timestamptz NOT NULL,
    -- As it was first sent, and is sent again.
    body bytea,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    attempted_at timestamptz,
    -- What came back from the last attempt: a status and the beginning of the answer, or why there was none.
    answer_status integer,
    answer text NOT NULL DEFAULT '',
    failure text NOT NULL DEFAULT '',
    milliseconds integer,
    -- The job that may send it: an older job of the same delivery finds another one here and does nothing.
    job_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT webhook_deliveries_entry_unique UNIQUE (organisation_id, webhook_id, entry_id),
    FOREIGN KEY (organisation_id, webhook_id) REFERENCES webhooks (organisation_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_by_creation
    ON webhook_deliveries (organisation_id, webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (organisation_id, created_at);
CALL isolate('webhook_deliveries');

-- The follower starts here: there was no webhook before.
INSERT INTO journal_followers (name, transaction_id) VALUES ('webhooks', pg_current_xact_id());
