-- Suppliers and the invoices that they send: the file as it came, what it states, and how far it is. And
-- the life cycle of e-invoices, sent and received.
CREATE TABLE suppliers (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    name text NOT NULL CONSTRAINT suppliers_name_check CHECK (length(name) BETWEEN 1 AND 200),
    siren text NOT NULL DEFAULT '',
    vat_number text NOT NULL DEFAULT '',
    street text NOT NULL DEFAULT '',
    street_more text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT 'FR',
    email text NOT NULL DEFAULT '',
    -- Where its invoices are paid to. An invoice that names another account is pointed out.
    iban text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX suppliers_by_name ON suppliers (organisation_id, name, id);
CREATE UNIQUE INDEX suppliers_siren_unique ON suppliers (organisation_id, siren) WHERE siren <> '';
CREATE UNIQUE INDEX suppliers_vat_number_unique ON suppliers (organisation_id, vat_number)
    WHERE vat_number <> '';
CALL isolate('suppliers');

CREATE TABLE received_invoices (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    -- Of the file, byte by byte: the same file is the same invoice.
    sha256 text NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'application/xml')),
    byte_count integer NOT NULL,
    syntax text NOT NULL CHECK (syntax IN ('CII', 'UBL')),
    -- The name of the XML inside a PDF; empty of XML itself.
    attachment text NOT NULL DEFAULT '',
    channel text NOT NULL CHECK (channel IN ('upload', 'folder', 'mail', 'platform')),
    received_at timestamptz NOT NULL,
    received_by uuid REFERENCES users (id),
    -- What it states, as it states it; NULL or empty where it says nothing.
    number text NOT NULL DEFAULT '',
    type_code text NOT NULL DEFAULT '',
    issued_on date,
    due_on date,
    currency text NOT NULL DEFAULT '',
    total_net bigint,
    total_vat bigint,
    total_gross bigint,
    due_amount bigint,
    seller_name text NOT NULL DEFAULT '',
    seller_siren text NOT NULL DEFAULT '',
    seller_vat_number text NOT NULL DEFAULT '',
    -- Rules that it breaks, and sums that come out otherwise, by the editions that were asked.
    breach_count integer NOT NULL DEFAULT 0,
    difference_count integer NOT NULL DEFAULT 0,
    rules text NOT NULL DEFAULT '',
    supplier_id uuid,
    -- Of the life cycle: 202 received … 210 refused.
    status integer NOT NULL DEFAULT 202 CHECK (status BETWEEN 200 AND 213),
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT received_invoices_sha256_unique UNIQUE (organisation_id, sha256),
    FOREIGN KEY (organisation_id, supplier_id) REFERENCES suppliers (organisation_id, id)
);
CREATE INDEX received_invoices_by_time ON received_invoices (organisation_id, received_at, id);
CREATE INDEX received_invoices_supplier ON received_invoices (organisation_id, supplier_id, received_at);
CREATE INDEX received_invoices_number ON received_invoices (organisation_id, number);
CREATE INDEX received_invoices_status ON received_invoices (organisation_id, status, received_at);
CALL isolate('received_invoices');

CREATE TABLE received_files (
    organisation_id uuid NOT NULL,
    received_invoice_id uuid NOT NULL,
    content bytea NOT NULL,
    -- The invoice inside a PDF; NULL where the file is the invoice itself.
    xml bytea,
    PRIMARY KEY (organisation_id, received_invoice_id),
    FOREIGN KEY (organisation_id, received_invoice_id)
        REFERENCES received_invoices (organisation_id, id)
);
ALTER TABLE received_files ALTER COLUMN content SET STORAGE EXTERNAL;
CALL isolate('received_files');
CREATE TRIGGER received_files_are_kept BEFORE UPDATE OR DELETE ON received_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER received_files_are_not_emptied BEFORE TRUNCATE ON received_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What an invoice states is never changed: only whose it is and how far it is.
CREATE FUNCTION keep_received_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - '{supplier_id,status,version,updated_at}'::text[]
        IS DISTINCT FROM to_jsonb(NEW) - '{supplier_id,status,version,updated_at}'::text[] THEN
        RAISE EXCEPTION 'a received invoice is kept as it came' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER received_invoices_are_kept BEFORE UPDATE OR DELETE ON received_invoices
    FOR EACH ROW EXECUTE FUNCTION keep_received_invoice();

-- How each issued invoice is reported, and how far it is with its client.
CREATE TABLE sent_life_cycles (
    organisation_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    -- What the reform makes of it: an e-invoice, or a sale that is reported.
    marking text NOT NULL CHECK (marking IN ('B2B', 'B2BINT', 'B2C', 'B2CINT')),
    -- NULL until it is handed over.
    status integer CHECK (status BETWEEN 200 AND 213),
    PRIMARY KEY (organisation_id, invoice_id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id)
);
CALL isolate('sent_life_cycles');

-- Every status of an e-invoice, the late and the contradictory ones too: what was said is kept.
CREATE TABLE life_cycle_entries (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    -- In the order in which they were noted.
    position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    invoice_id uuid,
    received_invoice_id uuid,
    status integer NOT NULL CHECK (status BETWEEN 200 AND 213),
    outcome text NOT NULL CHECK (outcome IN ('current', 'late', 'contradictory')),
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    reason_code text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    -- Of receipts: by VAT rate what was received, in minor units with VAT.
    amounts jsonb,
    -- The platform's own name of the message; the same message counts once.
    message text,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT life_cycle_entries_message_unique UNIQUE (organisation_id, message),
    CONSTRAINT life_cycle_entries_subject_check
        CHECK ((invoice_id IS NULL) <> (received_invoice_id IS NULL)),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id),
    FOREIGN KEY (organisation_id, received_invoice_id)
        REFERENCES received_invoices (organisation_id, id)
);
CREATE INDEX life_cycle_entries_sent ON life_cycle_entries (organisation_id, invoice_id, position)
    WHERE invoice_id IS NOT NULL;
CREATE INDEX life_cycle_entries_received
    ON life_cycle_entries (organisation_id, received_invoice_id, position)
    WHERE received_invoice_id IS NOT NULL;
CALL isolate('life_cycle_entries');
CREATE TRIGGER life_cycle_entries_are_kept BEFORE UPDATE OR DELETE ON life_cycle_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER life_cycle_entries_are_not_emptied BEFORE TRUNCATE ON life_cycle_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION index_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'supplier', NEW.id, folded(NEW.name),
        search_terms(NEW.name, NEW.siren, NEW.vat_number, NEW.city, NEW.email));
    PERFORM write_search_entry(NEW.organisation_id, 'received_invoice', r.id, r.number,
        search_terms(r.number, r.seller_name, NEW.name, r.seller_siren, r.file_name))
    FROM received_invoices r
    WHERE r.organisation_id = NEW.organisation_id AND r.supplier_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER suppliers_are_searchable
    AFTER INSERT OR UPDATE OF name, siren, vat_number, city, email ON suppliers
    FOR EACH ROW EXECUTE FUNCTION index_supplier();

CREATE FUNCTION index_received_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'received_invoice', NEW.id, NEW.number,
        search_terms(NEW.number, NEW.seller_name, NEW.seller_siren, NEW.file_name,
            (SELECT name FROM suppliers
                WHERE organisation_id = NEW.organisation_id AND id = NEW.supplier_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER received_invoices_are_searchable AFTER INSERT OR UPDATE OF supplier_id ON received_invoices
    FOR EACH ROW EXECUTE FUNCTION index_received_invoice();
