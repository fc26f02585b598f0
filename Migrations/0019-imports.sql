-- Imports of clients, items, open invoices and contacts: the file waits here until its columns are named
-- and somebody agrees, then a job brings it in as a whole. What an import made or changed is noted record
-- by record, so that the import can be undone.
ALTER TABLE imports DROP CONSTRAINT imports_kind_check;
ALTER TABLE imports
    ADD CONSTRAINT imports_kind_check
        CHECK (kind IN ('sales', 'clients', 'items', 'invoices', 'contacts')),
    ALTER COLUMN mapping SET DEFAULT '',
    ADD COLUMN state text NOT NULL DEFAULT 'finished' CHECK (state IN ('mapping', 'checking', 'ready',
        'importing', 'finished', 'failed', 'undoing', 'undone')),
    ADD COLUMN created_by uuid REFERENCES users (id),
    ADD COLUMN created_by_name text NOT NULL DEFAULT '',
    -- How the file is written, and what each of its columns is; an empty field is a column left out.
    ADD COLUMN encoding text NOT NULL DEFAULT '',
    ADD COLUMN separator text NOT NULL DEFAULT '',
    ADD COLUMN headings text[] NOT NULL DEFAULT '{}',
    ADD COLUMN fields text[] NOT NULL DEFAULT '{}',
    -- What becomes of records that are here already: left as they are, or brought up to date.
    ADD COLUMN existing text NOT NULL DEFAULT 'keep' CHECK (existing IN ('keep', 'update')),
    -- Lines of the file, and how many have been read so far.
    ADD COLUMN total_lines bigint NOT NULL DEFAULT 0,
    ADD COLUMN done_lines bigint NOT NULL DEFAULT 0,
    ADD COLUMN new_lines bigint NOT NULL DEFAULT 0,
    ADD COLUMN changed_lines bigint NOT NULL DEFAULT 0,
    -- Nothing to bring in: invoices that are paid, suppliers among the clients.
    ADD COLUMN skipped_lines bigint NOT NULL DEFAULT 0,
    -- Why the file as a whole cannot be read, in both languages.
    ADD COLUMN fault jsonb,
    ADD COLUMN undone_at timestamptz,
    ADD COLUMN undone_by_name text NOT NULL DEFAULT '',
    ADD COLUMN removed_records bigint NOT NULL DEFAULT 0,
    ADD COLUMN restored_records bigint NOT NULL DEFAULT 0,
    ADD COLUMN kept_records bigint NOT NULL DEFAULT 0;
CREATE INDEX imports_by_start ON imports (organisation_id, started_at, id);

-- The file in pieces, so that nobody ever holds it whole; gone once the import has ended.
CREATE TABLE import_pieces (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    position integer NOT NULL,
    content bytea NOT NULL CONSTRAINT import_pieces_content_check CHECK (length(content) <= 1048576),
    PRIMARY KEY (organisation_id, import_id, position),
    FOREIGN KEY (organisation_id, import_id) REFERENCES imports (organisation_id, id)
);
CALL isolate('import_pieces');

-- What was wrong with a line, each fault with its column and value, and the line itself as the file had it.
ALTER TABLE import_refusals
    ADD COLUMN problems jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN cells text[] NOT NULL DEFAULT '{}';

-- What an import made or changed. `before` holds what a changed record was; of a contact, which has no
-- version, it holds what the import wrote.
CREATE TABLE import_records (
    organisation_id uuid NOT NULL,
    import_id uuid NOT NULL,
    record_kind text NOT NULL CHECK (record_kind IN ('client', 'contact', 'item', 'invoice')),
    record_id uuid NOT NULL,
    line_number bigint NOT NULL,
    label text NOT NULL DEFAULT '',
    action text NOT NULL CHECK (action IN ('created', 'changed')),
    before jsonb,
    version_after integer NOT NULL DEFAULT 1,
    -- Once the import is undone: what became of the record, and why it was kept.
    outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'removed', 'restored', 'kept')),
    kept_reason text NOT NULL DEFAULT '',
    PRIMARY KEY (organisation_id, import_id, record_kind, record_id),
    FOREIGN KEY (organisation_id, import_id) REFERENCES imports (organisation_id, id)
);
CREATE INDEX import_records_record ON import_records (organisation_id, record_kind, record_id);
CREATE INDEX import_records_line ON import_records (organisation_id, import_id, line_number, record_id);
CALL isolate('import_records');

-- Mappings that people made by hand and kept: which field is which heading.
CREATE TABLE import_mappings (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    kind text NOT NULL CHECK (kind IN ('clients', 'items', 'invoices')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    columns jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, kind, name)
);
CALL isolate('import_mappings');

-- The number that an older program knew the client by: its invoices name it.
ALTER TABLE clients ADD COLUMN external_reference text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX clients_external_reference_unique ON clients (organisation_id, external_reference)
    WHERE external_reference <> '';

CREATE OR REPLACE FUNCTION index_client(wanted_organisation uuid, wanted_client uuid) RETURNS void
LANGUAGE sql AS $$
    SELECT write_search_entry(c.organisation_id, 'client', c.id, c.sort_name, search_terms(
        c.name, c.number, c.external_reference, c.sector, c.city, c.postal_code, c.email, c.siren,
        c.siret, c.vat_number, phone_terms(c.phone), array_to_string(c.tags, ' '),
        (SELECT string_agg(concat_ws(' ', t.name, t.email, phone_terms(t.phone)), ' ')
            FROM contacts t WHERE t.organisation_id = c.organisation_id AND t.client_id = c.id)))
    FROM clients c WHERE c.organisation_id = wanted_organisation AND c.id = wanted_client
$$;
DROP TRIGGER clients_are_searchable ON clients;
CREATE TRIGGER clients_are_searchable AFTER INSERT OR UPDATE OF name, number, external_reference, sector,
    city, postal_code, email, siren, siret, vat_number, phone, tags ON clients
    FOR EACH ROW EXECUTE FUNCTION index_client_row();

-- Undoing an import removes clients, items and opening balances, which nothing removed before.
CREATE TRIGGER clients_leave_search AFTER DELETE ON clients
    FOR EACH ROW EXECUTE FUNCTION forget_document('client');
CREATE TRIGGER items_leave_search AFTER DELETE ON items
    FOR EACH ROW EXECUTE FUNCTION forget_document('item');

CREATE FUNCTION take_from_client_open_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE clients SET open_amount = open_amount - OLD.open_amount
    WHERE organisation_id = OLD.organisation_id AND id = OLD.client_id;
    RETURN NULL;
END $$;
CREATE TRIGGER invoices_leave_client AFTER DELETE ON invoices FOR EACH ROW
    WHEN (OLD.open_amount <> 0) EXECUTE FUNCTION take_from_client_open_amount();

-- An opening balance is the older program's document, not ours: while the import that brought it is being
-- undone it may go, unless money was ever allocated to it.
CREATE OR REPLACE FUNCTION keep_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' AND OLD.kind = 'opening_balance' AND EXISTS (
        SELECT FROM import_records r
        JOIN imports i ON i.organisation_id = r.organisation_id AND i.id = r.import_id
        WHERE r.organisation_id = OLD.organisation_id AND r.record_kind = 'invoice'
            AND r.record_id = OLD.id AND r.action = 'created' AND i.state = 'undoing') THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{paid_amount,credited_amount,open_amount,sent_at,notes,updated_at}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{paid_amount,credited_amount,open_amount,sent_at,notes,updated_at}'::text[]) THEN
        RAISE EXCEPTION 'invoice % is issued: it cannot be changed, only credited', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_are_kept';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION delete_imported(own uuid, wanted_kind text, wanted uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CASE wanted_kind
        WHEN 'contact' THEN DELETE FROM contacts WHERE organisation_id = own AND id = ANY (wanted);
        WHEN 'invoice' THEN DELETE FROM invoices WHERE organisation_id = own AND id = ANY (wanted);
        WHEN 'item' THEN DELETE FROM items WHERE organisation_id = own AND id = ANY (wanted);
        WHEN 'client' THEN DELETE FROM clients WHERE organisation_id = own AND id = ANY (wanted);
    END CASE;
END $$;

-- Removes what an import created of one kind, unless something hangs on it: the foreign keys know, those of
-- tables to come too. Many at a time; only where one of them is held are they tried one by one.
CREATE FUNCTION remove_imported(own uuid, wanted_import uuid, wanted_kind text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    batch uuid[];
    single uuid;
    held_by text;
BEGIN
    FOR batch IN
        SELECT array_agg(record_id ORDER BY record_id) FROM (
            SELECT record_id, (row_number() OVER (ORDER BY record_id) - 1) / 500 AS part
            FROM import_records
            WHERE organisation_id = own AND import_id = wanted_import AND record_kind = wanted_kind
                AND action = 'created' AND outcome = '') r
        GROUP BY part ORDER BY part
    LOOP
        BEGIN
            PERFORM delete_imported(own, wanted_kind, batch);
        EXCEPTION WHEN foreign_key_violation THEN
            FOREACH single IN ARRAY batch LOOP
                BEGIN
                    PERFORM delete_imported(own, wanted_kind, ARRAY[single]);
                EXCEPTION WHEN foreign_key_violation THEN
                    GET STACKED DIAGNOSTICS held_by = TABLE_NAME;
                    UPDATE import_records SET outcome = 'kept', kept_reason = held_by
                    WHERE organisation_id = own AND import_id = wanted_import
                        AND record_kind = wanted_kind AND record_id = single;
                END;
            END LOOP;
        END;
    END LOOP;
    UPDATE import_records SET outcome = 'removed'
    WHERE organisation_id = own AND import_id = wanted_import AND record_kind = wanted_kind
        AND action = 'created' AND outcome = '';
END $$;
