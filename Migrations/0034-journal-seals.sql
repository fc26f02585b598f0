-- The journal says how grave a thing is and from which browser it came, and is sealed in a chain of hashes
-- (docs/decisions/0019).

ALTER TABLE journal_entries
    ADD COLUMN severity text NOT NULL DEFAULT 'low'
        CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    ADD COLUMN user_agent text NOT NULL DEFAULT '',
    -- 1: SHA-256(salt, canonical JSON), made by the program. 2: SHA-256(salt, text of the jsonb), made here.
    ADD COLUMN commitment_form smallint NOT NULL DEFAULT 1 CHECK (commitment_form IN (1, 2));
CREATE INDEX journal_entries_grave ON journal_entries (organisation_id, id)
    WHERE severity IN ('high', 'critical');

-- Everything that an entry says but its details, of which it holds the commitment, and the number of its
-- transaction, which a restore replaces. The columns are named one by one: one that comes later changes no hash.
--
-- Stable and no more, as what they call says of itself: then they are laid into the statements that ask, which hash
-- a million entries in two seconds instead of eight.
CREATE FUNCTION journal_entry_hash(e journal_entries) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(int8send(e.id) || timestamptz_send(e.recorded_at) || int2send(e.commitment_form)
        || e.commitment || convert_to(
            e.action || '|' || e.subject_kind || '|' || e.severity || '|'
            || coalesce(e.actor_id::text, '') || '|' || coalesce(e.subject_id::text, '') || '|'
            || length(e.actor_name) || '|' || e.actor_name || '|'
            || length(e.subject_label) || '|' || e.subject_label || '|'
            || length(e.address) || '|' || e.address || '|'
            || length(e.user_agent) || '|' || e.user_agent, 'UTF8'))
$$;

CREATE FUNCTION journal_commitment(salt bytea, details jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(salt || convert_to(details::text, 'UTF8'))
$$;

-- Entries in the order of their commit, with the hash of each: 32 bytes after 32 bytes. A batch is one link of the
-- chain, its hashes name the entry that was touched.
CREATE TABLE journal_batches (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    entry_ids bigint[] NOT NULL,
    entry_hashes bytea NOT NULL,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT journal_batches_hashes_check CHECK (
        length(entry_hashes) = 32 * cardinality(entry_ids))
);
CALL isolate('journal_batches');
CALL keep_rows('journal_batches');

-- From the first entry on.
INSERT INTO journal_followers (name) VALUES ('journal_seals');

-- The details of an entry may be erased by law, never changed; entries themselves neither.
DO $$
DECLARE
    runtime text := nullif(current_setting('comptoir.runtime_role', true), '');
BEGIN
    IF runtime IS NOT NULL THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON journal_entries FROM %I', runtime);
        EXECUTE format('REVOKE UPDATE, TRUNCATE ON journal_details FROM %I', runtime);
    END IF;
END $$;
CREATE TRIGGER journal_details_are_not_changed BEFORE UPDATE ON journal_details
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
