-- The books: a chain of hashes over what was issued, received and closed; closings of periods; and the
-- accounts that entries are written to (docs/decisions/0012).

-- Each link holds the hash of one record's frozen content and that of the link before. Written in batches
-- by a follower of the journal, so that whoever issues never waits for it.
CREATE TABLE seals (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    chain text NOT NULL,
    position bigint NOT NULL,
    kind text NOT NULL,
    record_id uuid NOT NULL,
    -- How people call the record, so that one that is gone can still be named.
    label text NOT NULL,
    content_hash bytea NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, chain, position),
    CONSTRAINT seals_record_unique UNIQUE (organisation_id, chain, kind, record_id)
);

-- Only ever added to: the program's role may not change or delete.
CREATE PROCEDURE keep_rows(business_table regclass) LANGUAGE plpgsql AS $$
DECLARE
    runtime text := nullif(current_setting('comptoir.runtime_role', true), '');
BEGIN
    IF runtime IS NOT NULL THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', business_table, runtime);
    END IF;
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %s FOR EACH ROW '
        'EXECUTE FUNCTION refuse_change()', business_table || '_are_kept', business_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %s FOR EACH STATEMENT '
        'EXECUTE FUNCTION refuse_change()', business_table || '_are_not_emptied', business_table);
END $$;
CALL isolate('seals');
CALL keep_rows('seals');

-- What the first link follows: chains of two organisations never look alike.
CREATE FUNCTION seal_start(organisation uuid, chain text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(organisation::text || ' ' || chain, 'UTF8'))
$$;

-- What a link says, without the hash before it: its place (8 bytes), kind, record and label between line
-- feeds, SHA-256 of the content.
CREATE FUNCTION seal_payload(place bigint, kind text, record uuid, label text, content bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT int8send(place) || convert_to(kind || E'\n' || record::text || E'\n' || label || E'\n', 'UTF8')
        || content
$$;

CREATE FUNCTION seal_link(state bytea, head bytea, payload bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(coalesce(state, head) || payload)
$$;
-- As a window function it gives each link's hash from that of the last one before them.
CREATE AGGREGATE seal_chain(head bytea, payload bytea) (SFUNC = seal_link, STYPE = bytea);

-- It starts at the first entry: what was issued before is sealed in the order of the journal.
INSERT INTO journal_followers (name) VALUES ('seals');

-- Closings of months and years. A closing closes everything up to its last day.
CREATE TABLE period_closings (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('month', 'year')),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    currency text NOT NULL,
    -- Invoices and deposits less credit notes.
    invoice_count integer NOT NULL,
    credit_note_count integer NOT NULL,
    total_net bigint NOT NULL,
    total_vat bigint NOT NULL,
    total_gross bigint NOT NULL,
    payment_count integer NOT NULL,
    -- Money received, and paid back.
    received_amount bigint NOT NULL,
    refunded_amount bigint NOT NULL,
    -- Of everything issued and received since the first day, up to the last one of the period.
    perpetual_gross bigint NOT NULL,
    perpetual_received bigint NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by uuid REFERENCES users (id),
    closed_by_name text NOT NULL,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT period_closings_once UNIQUE (organisation_id, kind, starts_on),
    CONSTRAINT period_closings_days_check CHECK (ends_on > starts_on),
    CONSTRAINT period_closings_total_check CHECK (total_gross = total_net + total_vat)
);
CREATE INDEX period_closings_by_day ON period_closings (organisation_id, ends_on, id);
CALL isolate('period_closings');
CALL keep_rows('period_closings');

CREATE TABLE period_closing_vat_rows (
    organisation_id uuid NOT NULL,
    period_closing_id uuid NOT NULL,
    vat_category text NOT NULL,
    vat_rate integer NOT NULL,
    base_amount bigint NOT NULL,
    vat_amount bigint NOT NULL,
    PRIMARY KEY (organisation_id, period_closing_id, vat_category, vat_rate),
    FOREIGN KEY (organisation_id, period_closing_id) REFERENCES period_closings (organisation_id, id)
);
CALL isolate('period_closing_vat_rows');
CALL keep_rows('period_closing_vat_rows');

-- Whoever issues or records shares this lock, and closings alone take it whole: issuers never wait for
-- each other, and a closing counts what was under way.
CREATE FUNCTION share_open_periods(organisation uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock_shared(hashtextextended('periods ' || organisation, 0))
$$;
CREATE FUNCTION hold_open_periods(organisation uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('periods ' || organisation, 0))
$$;

CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := CASE TG_TABLE_NAME WHEN 'payments' THEN (to_jsonb(NEW) ->> 'paid_on')::date
        ELSE (to_jsonb(NEW) ->> 'issued_on')::date END;
BEGIN
    PERFORM share_open_periods(NEW.organisation_id);
    IF EXISTS (SELECT FROM period_closings
        WHERE organisation_id = NEW.organisation_id AND ends_on >= day) THEN
        RAISE EXCEPTION 'the period of % is closed', day USING ERRCODE = 'restrict_violation',
            CONSTRAINT = TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoices_keep_out_of_closed_periods BEFORE UPDATE OF status ON invoices FOR EACH ROW
    WHEN (OLD.status = 'draft' AND NEW.status = 'issued')
    EXECUTE FUNCTION refuse_closed_period('invoices_period_is_open');
CREATE TRIGGER new_invoices_keep_out_of_closed_periods BEFORE INSERT ON invoices FOR EACH ROW
    WHEN (NEW.status = 'issued' AND NEW.origin = 'comptoir' AND NEW.kind <> 'opening_balance')
    EXECUTE FUNCTION refuse_closed_period('invoices_period_is_open');
CREATE TRIGGER payments_keep_out_of_closed_periods BEFORE INSERT ON payments FOR EACH ROW
    EXECUTE FUNCTION refuse_closed_period('payments_period_is_open');

-- The accounts that entries go to, as the accountant of the organisation numbers them.
CREATE TABLE accounting_settings (
    organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
    client_account text NOT NULL,
    deposit_account text NOT NULL,
    service_account text NOT NULL,
    product_account text NOT NULL,
    vat_account text NOT NULL,
    bank_account text NOT NULL,
    cheque_account text NOT NULL,
    cash_account text NOT NULL,
    opening_account text NOT NULL,
    rounding_account text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CALL isolate('accounting_settings');

-- Archives of all documents of some days, made by a job. The file stands in the data folder for some
-- days, and is made again when somebody asks.
CREATE TABLE invoice_archives (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'failed')),
    document_count integer NOT NULL,
    done_count integer NOT NULL DEFAULT 0,
    size bigint NOT NULL DEFAULT 0,
    problem text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT invoice_archives_days_check CHECK (to_on >= from_on)
);
CREATE INDEX invoice_archives_by_creation ON invoice_archives (organisation_id, created_at, id);
CALL isolate('invoice_archives');
