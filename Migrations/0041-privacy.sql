-- What the law on personal data asks: erasure that the journal vouches for, consents, and how long things are
-- kept (docs/decisions/0024).

ALTER TABLE clients
    ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT clients_erased_check CHECK (erased_at IS NULL OR (archived_at IS NOT NULL
        AND email || phone || website || street || street_more || postal_code || city || notes
            || siren || siret || vat_number || external_reference = '' AND tags = '{}'));

-- Who was erased, by id only. Kept for ever, and written beside every backup: an older one that comes back is
-- erased again.
CREATE TABLE erasures (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    subject_kind text NOT NULL CHECK (subject_kind IN ('client', 'contact')),
    subject_id uuid NOT NULL,
    -- The client of a contact, which itself is gone.
    client_id uuid NOT NULL,
    erased_at timestamptz NOT NULL,
    erased_by uuid,
    PRIMARY KEY (organisation_id, subject_kind, subject_id)
);
CALL isolate('erasures');
CALL keep_rows('erasures');

INSERT INTO journal_followers (name, transaction_id, entry_id)
SELECT 'erasures', e.transaction_id, e.id FROM (
    SELECT transaction_id, id FROM journal_entries ORDER BY transaction_id DESC, id DESC LIMIT 1) e
UNION ALL SELECT 'erasures', '0', 0 WHERE NOT EXISTS (SELECT FROM journal_entries);

-- Which entries of the journal lost their words by law. `remaining_hash` is that of the entry as it stands since;
-- the entry `erased_by_entry` holds a hash over all rows of its erasure: a row that stands here alone excuses
-- nothing.
CREATE TABLE journal_erasures (
    organisation_id uuid NOT NULL,
    entry_id bigint NOT NULL,
    erased_by_entry bigint NOT NULL,
    remaining_hash bytea NOT NULL,
    PRIMARY KEY (organisation_id, entry_id, erased_by_entry),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES journal_entries (organisation_id, id),
    FOREIGN KEY (organisation_id, erased_by_entry) REFERENCES journal_entries (organisation_id, id)
);
CREATE INDEX journal_erasures_act ON journal_erasures (organisation_id, erased_by_entry, entry_id);
CALL isolate('journal_erasures');
CALL keep_rows('journal_erasures');

-- Only the functions below add to them or take details away.
DO $$
DECLARE
    runtime text := nullif(current_setting('comptoir.runtime_role', true), '');
BEGIN
    IF runtime IS NOT NULL THEN
        EXECUTE format('REVOKE INSERT ON journal_erasures FROM %I', runtime);
        EXECUTE format('REVOKE DELETE ON journal_details FROM %I', runtime);
    END IF;
END $$;

-- An entry without the words that name somebody: what it is about, who did it, from where.
CREATE FUNCTION journal_entry_without(e journal_entries, names_subject boolean, names_actor boolean)
RETURNS journal_entries LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF names_subject THEN
        e.subject_label := '';
    END IF;
    IF names_actor THEN
        e.actor_name := '';
        e.address := '';
        e.user_agent := '';
    END IF;
    RETURN e;
END $$;

CREATE FUNCTION journal_rest(entry_ids bigint[], subject_ids bigint[], actor_ids bigint[])
RETURNS TABLE (entry_id bigint, remaining_hash bytea) LANGUAGE sql STABLE AS $$
    SELECT e.id, journal_entry_hash(journal_entry_without(e, e.id = ANY (subject_ids), e.id = ANY (actor_ids)))
    FROM journal_entries e
    WHERE e.organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
        AND e.id = ANY (entry_ids) AND e.action <> 'person.erased'
$$;

-- What the entry that says "erased" states of those it erased.
CREATE FUNCTION journal_erasure_hash(entry_ids bigint[], subject_ids bigint[], actor_ids bigint[])
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(coalesce(string_agg(int8send(r.entry_id) || r.remaining_hash, '' ORDER BY r.entry_id), '')),
        'hex')
    FROM journal_rest(entry_ids, subject_ids, actor_ids) r
$$;

-- Takes the details of entries and the names in them away, and notes each. `act` must be an entry of this very
-- transaction that says so, with the hash of exactly these entries: nobody erases in silence.
CREATE FUNCTION erase_journal_entries(
    act bigint, entry_ids bigint[], subject_ids bigint[], actor_ids bigint[]
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    erased bigint;
BEGIN
    PERFORM FROM journal_entries e
    JOIN journal_details d ON d.organisation_id = own AND d.entry_id = e.id
    WHERE e.organisation_id = own AND e.id = act AND e.action = 'person.erased'
        AND e.transaction_id = pg_current_xact_id()
        AND d.details ->> 'sha256' = journal_erasure_hash(entry_ids, subject_ids, actor_ids);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % says nothing of this erasure', act USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO journal_erasures (organisation_id, entry_id, erased_by_entry, remaining_hash)
    SELECT own, r.entry_id, act, r.remaining_hash FROM journal_rest(entry_ids, subject_ids, actor_ids) r;
    GET DIAGNOSTICS erased = ROW_COUNT;
    UPDATE journal_entries SET subject_label = ''
    WHERE organisation_id = own AND id = ANY (subject_ids) AND NOT id = ANY (actor_ids)
        AND action <> 'person.erased' AND subject_label <> '';
    UPDATE journal_entries SET actor_name = '', address = '', user_agent = '',
        subject_label = CASE WHEN id = ANY (subject_ids) THEN '' ELSE subject_label END
    WHERE organisation_id = own AND id = ANY (actor_ids) AND action <> 'person.erased';
    DELETE FROM journal_details
    WHERE organisation_id = own AND entry_id = ANY (entry_ids) AND entry_id IN (
        SELECT x.entry_id FROM journal_erasures x
        WHERE x.organisation_id = own AND x.erased_by_entry = act);
    RETURN erased;
END $$;

-- Lets through what an erasure notes, made by the owner of the tables, and nothing else.
CREATE FUNCTION keep_journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    names text[] := '{subject_label,actor_name,address,user_agent}';
BEGIN
    IF TG_OP = 'UPDATE' AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
        AND (to_jsonb(NEW) - names) = (to_jsonb(OLD) - names)
        AND NEW.subject_label IN ('', OLD.subject_label) AND NEW.actor_name IN ('', OLD.actor_name)
        AND NEW.address IN ('', OLD.address) AND NEW.user_agent IN ('', OLD.user_agent)
        AND EXISTS (SELECT FROM journal_erasures x WHERE x.organisation_id = NEW.organisation_id
            AND x.entry_id = NEW.id AND x.remaining_hash = journal_entry_hash(NEW)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER journal_entries_are_kept ON journal_entries;
CREATE TRIGGER journal_entries_are_kept BEFORE UPDATE OR DELETE ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION keep_journal_entry();

-- Histories of quotes and orders name whoever answered by a link or an account of a client.
CREATE FUNCTION keep_status_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
        AND NEW.changed_by_name = '' AND (to_jsonb(NEW) - 'changed_by_name') = (to_jsonb(OLD) - 'changed_by_name')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER status_changes_are_kept ON status_changes;
CREATE TRIGGER status_changes_are_kept BEFORE UPDATE OR DELETE ON status_changes
    FOR EACH ROW EXECUTE FUNCTION keep_status_change();
CREATE FUNCTION erase_status_names(documents uuid[], people uuid[], patterns text[], every_visitor boolean)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE status_changes SET changed_by_name = ''
    WHERE organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
        AND changed_by_name <> '' AND (changed_by = ANY (people)
            OR changed_by IS NULL AND changed_by_name <> 'Comptoir' AND subject_id = ANY (documents)
                AND (every_visitor OR changed_by_name ILIKE ANY (patterns)))
$$;

-- A text without what names somebody: all of it, or where one of the patterns is found.
CREATE FUNCTION emptied(content text, patterns text[], always boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN always OR content ILIKE ANY (patterns) THEN '' ELSE content END
$$;

-- Whether bytes hold one of these words, as UTF-8 or as Latin-1.
CREATE FUNCTION holds_words(content bytea, words text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        IF position(convert_to(word, 'UTF8') IN content) > 0 THEN
            RETURN true;
        END IF;
        BEGIN
            IF position(convert_to(word, 'LATIN1') IN content) > 0 THEN
                RETURN true;
            END IF;
        EXCEPTION WHEN untranslatable_character THEN
            NULL;
        END;
    END LOOP;
    RETURN false;
END $$;

-- Issued documents keep their words; search forgets those of an erased person.
CREATE OR REPLACE FUNCTION document_terms(
    wanted_organisation uuid, wanted_client uuid, number text, subject text, reference text,
    currency text, net bigint, gross bigint
) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    client record;
BEGIN
    SELECT c.name, c.number, c.erased_at IS NOT NULL AS is_erased INTO client FROM clients c
    WHERE c.organisation_id = wanted_organisation AND c.id = wanted_client;
    IF client.is_erased THEN
        RETURN search_terms(document_terms.number, client.name, client.number) || amount_terms(currency, net, gross);
    END IF;
    RETURN search_terms(document_terms.number, subject, reference, client.name, client.number)
        || amount_terms(currency, net, gross);
END $$;

-- What somebody agreed to, and took back: each word of it is a row, the last one holds.
CREATE TABLE consents (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    -- None: the client itself.
    contact_id uuid,
    purpose text NOT NULL CHECK (purpose IN ('letters', 'reviews', 'photos', 'reference')),
    is_given boolean NOT NULL,
    decided_on date NOT NULL,
    channel text NOT NULL CHECK (channel IN ('paper', 'mail', 'phone', 'in_person', 'online')),
    noted_at timestamptz NOT NULL,
    noted_by uuid,
    noted_by_name text NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CREATE INDEX consents_client ON consents (organisation_id, client_id, noted_at);
CALL isolate('consents');
CALL keep_rows('consents');

-- How long an organisation keeps what no other law governs, in months, and whether the program erases by itself.
CREATE TABLE retention_settings (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    category text NOT NULL CHECK (category IN ('prospects', 'clients', 'mails', 'imports')),
    months integer NOT NULL CONSTRAINT retention_settings_months_check CHECK (months BETWEEN 1 AND 240),
    erases boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organisation_id, category)
);
CALL isolate('retention_settings');

-- When lines and refusals of an old import went: from then on it cannot be undone.
ALTER TABLE imports ADD COLUMN records_forgotten_at timestamptz;

-- Whose term is over, as the last daily look found them.
CREATE TABLE retention_due (
    organisation_id uuid NOT NULL,
    client_id uuid NOT NULL,
    category text NOT NULL CHECK (category IN ('prospects', 'clients')),
    last_contact_on date NOT NULL,
    PRIMARY KEY (organisation_id, client_id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CALL isolate('retention_due');
CREATE TABLE retention_looks (
    organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
    looked_on date NOT NULL
);
CALL isolate('retention_looks');
