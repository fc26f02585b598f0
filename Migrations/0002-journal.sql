-- The journal: who did what to which record, when and from where. Append-only for the program. Details
-- stand apart so that personal data can be erased; the entry holds a salted commitment to them, over
-- which a chain of hashes can be laid.
CREATE TABLE journal_entries (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Followers read in the order of commit: see journal_after.
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject_kind text NOT NULL,
    subject_id uuid,
    subject_label text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    commitment bytea NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX journal_entries_subject ON journal_entries (organisation_id, subject_kind, subject_id, id);
CREATE INDEX journal_entries_order ON journal_entries (transaction_id, id);
CALL isolate('journal_entries');

CREATE TABLE journal_details (
    organisation_id uuid NOT NULL,
    entry_id bigint NOT NULL,
    salt bytea NOT NULL,
    details jsonb NOT NULL,
    PRIMARY KEY (organisation_id, entry_id),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES journal_entries (organisation_id, id)
);
CALL isolate('journal_details');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entries_are_kept BEFORE UPDATE OR DELETE ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entries_are_not_emptied BEFORE TRUNCATE ON journal_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE journal_followers (
    name text PRIMARY KEY,
    transaction_id xid8 NOT NULL DEFAULT '0',
    entry_id bigint NOT NULL DEFAULT 0
);
CALL allow('journal_followers', 'SELECT, INSERT, UPDATE');

-- Entries of all organisations after a position, in the order of commit. Transactions that may still
-- commit hold everything behind them back, so that nobody skips one that comes late.
CREATE FUNCTION journal_after(after_transaction xid8, after_entry bigint, most integer)
RETURNS TABLE (
    transaction_id xid8, entry_id bigint, organisation_id uuid, action text, subject_kind text,
    subject_id uuid
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.transaction_id, e.id, e.organisation_id, e.action, e.subject_kind, e.subject_id
    FROM journal_entries e
    WHERE (e.transaction_id, e.id) > (after_transaction, after_entry)
        AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY e.transaction_id, e.id
    LIMIT least(most, 1000)
$$;

-- The function runs as the owner of the tables, who may read every organisation's entries there only.
CREATE POLICY followers ON journal_entries FOR SELECT
    USING (current_user = (SELECT tableowner FROM pg_tables
        WHERE schemaname = 'public' AND tablename = 'journal_entries')
        AND nullif(current_setting('app.organisation', true), '') IS NULL);

-- Status of quotes and orders, written by the database itself so that direct SQL leaves a trace too.
CREATE TABLE status_changes (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    subject_kind text NOT NULL CHECK (subject_kind IN ('quote', 'order')),
    subject_id uuid NOT NULL,
    status_before text,
    status_after text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by uuid,
    changed_by_name text NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX status_changes_subject ON status_changes (organisation_id, subject_kind, subject_id, id);
CALL isolate('status_changes');
CREATE TRIGGER status_changes_are_kept BEFORE UPDATE OR DELETE ON status_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION record_status_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
        RETURN NULL;
    END IF;
    INSERT INTO status_changes (organisation_id, subject_kind, subject_id, status_before, status_after,
        changed_at, changed_by, changed_by_name)
    VALUES (NEW.organisation_id, TG_ARGV[0], NEW.id,
        CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status,
        coalesce(nullif(current_setting('app.now', true), '')::timestamptz, clock_timestamp()),
        nullif(current_setting('app.user', true), '')::uuid,
        coalesce(nullif(current_setting('app.user_name', true), ''), session_user));
    RETURN NULL;
END $$;

-- Jobs: what goes to the outside world. Taken with SKIP LOCKED, held by a lease, retried with backoff.
CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    organisation_id uuid REFERENCES organisations (id),
    kind text NOT NULL,
    subject_id uuid,
    run_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    maximum_attempts integer NOT NULL DEFAULT 10,
    leased_until timestamptz,
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    failed_at timestamptz
);
CREATE INDEX jobs_due ON jobs (run_at) WHERE finished_at IS NULL AND failed_at IS NULL;
CREATE INDEX jobs_organisation ON jobs (organisation_id, created_at);
CALL allow('jobs', 'SELECT, INSERT, UPDATE, DELETE');
