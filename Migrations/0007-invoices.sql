-- Invoices and credit notes: drafts without a number, then issued and never changed again. Opening balances
-- and imported history stand here too, under numbers of their own.
CREATE TABLE invoices (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'opening_balance')),
    -- Imported documents are history: outside receivables, in their own series.
    origin text NOT NULL DEFAULT 'comptoir' CHECK (origin IN ('comptoir', 'import')),
    series text NOT NULL DEFAULT 'invoice',
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'issued')),
    number text,
    -- Where the number stands in its series, so that a gap can be found whatever the pattern is.
    number_period text,
    number_counter bigint,
    client_id uuid NOT NULL,
    -- Of a draft; at issue the name goes into buyer, and the contact may leave.
    contact_id uuid,
    order_id uuid,
    corrected_invoice_id uuid,
    issued_on date,
    due_on date,
    service_on date,
    subject text NOT NULL DEFAULT '',
    reference text NOT NULL DEFAULT '',
    message text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    payment_days integer NOT NULL DEFAULT 30 CHECK (payment_days BETWEEN 0 AND 120),
    payment_end_of_month boolean NOT NULL DEFAULT false,
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    currency text NOT NULL,
    total_net bigint NOT NULL DEFAULT 0,
    total_vat bigint NOT NULL DEFAULT 0,
    total_gross bigint NOT NULL DEFAULT 0,
    -- Kept by triggers on allocations. For a credit note: refunded, used on invoices, still to use.
    paid_amount bigint NOT NULL DEFAULT 0,
    credited_amount bigint NOT NULL DEFAULT 0,
    open_amount bigint NOT NULL DEFAULT 0,
    -- Frozen at issue: the parties as they were that day, and every sentence the law asks for.
    seller jsonb,
    buyer jsonb,
    mentions jsonb,
    issued_at timestamptz,
    issued_by uuid REFERENCES users (id),
    sent_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT invoices_number_unique UNIQUE (organisation_id, series, number),
    CONSTRAINT invoices_number_check CHECK ((status = 'draft') = (number IS NULL)),
    CONSTRAINT invoices_counter_unique UNIQUE (organisation_id, series, number_period, number_counter),
    CONSTRAINT invoices_counter_check CHECK ((number_period IS NULL) = (number_counter IS NULL)),
    CONSTRAINT invoices_issued_check CHECK (status = 'draft' OR (issued_on IS NOT NULL
        AND due_on IS NOT NULL AND seller IS NOT NULL AND buyer IS NOT NULL AND mentions IS NOT NULL)),
    CONSTRAINT invoices_due_on_check CHECK (due_on >= issued_on),
    CONSTRAINT invoices_total_check CHECK (total_gross = total_net + total_vat),
    CONSTRAINT invoices_positive_check CHECK (origin = 'import' OR total_gross >= 0),
    CONSTRAINT invoices_open_check CHECK (open_amount = CASE
        WHEN origin = 'import' OR status = 'draft' THEN 0
        ELSE total_gross - paid_amount - credited_amount END),
    CONSTRAINT invoices_settled_check CHECK (paid_amount >= 0 AND credited_amount >= 0 AND open_amount >= 0),
    CONSTRAINT invoices_corrected_check CHECK (corrected_invoice_id IS NULL OR kind = 'credit_note'),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id),
    FOREIGN KEY (organisation_id, order_id) REFERENCES orders (organisation_id, id),
    FOREIGN KEY (organisation_id, corrected_invoice_id) REFERENCES invoices (organisation_id, id)
);
CREATE INDEX invoices_by_day ON invoices (organisation_id, issued_on, id);
-- Lists show drafts first, then the latest.
CREATE INDEX invoices_by_list_day
    ON invoices (organisation_id, coalesce(issued_on, 'infinity'), id);
CREATE INDEX invoices_by_creation ON invoices (organisation_id, created_at, id);
CREATE INDEX invoices_client ON invoices (organisation_id, client_id, issued_on);
CREATE INDEX invoices_contact ON invoices (organisation_id, contact_id)
    WHERE contact_id IS NOT NULL;
CREATE INDEX invoices_order ON invoices (organisation_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX invoices_corrected ON invoices (organisation_id, corrected_invoice_id)
    WHERE corrected_invoice_id IS NOT NULL;
CREATE INDEX invoices_open ON invoices (organisation_id, due_on, id) WHERE open_amount > 0;
CREATE INDEX invoices_drafts ON invoices (organisation_id, created_at) WHERE status = 'draft';
CALL isolate('invoices');

CREATE TABLE invoice_lines (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('item', 'text', 'section')),
    item_id uuid,
    label text NOT NULL CONSTRAINT invoice_lines_label_check CHECK (length(label) BETWEEN 1 AND 500),
    description text NOT NULL DEFAULT '',
    quantity bigint NOT NULL DEFAULT 0,
    unit text NOT NULL DEFAULT '',
    unit_price bigint NOT NULL DEFAULT 0 CHECK (unit_price >= 0),
    discount_kind text NOT NULL DEFAULT 'none' CHECK (discount_kind IN ('none', 'percent', 'amount')),
    -- Hundredths of a percent, or minor units.
    discount_value bigint NOT NULL DEFAULT 0 CHECK (discount_value >= 0),
    vat_category text NOT NULL DEFAULT 'S' CHECK (vat_category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
    vat_rate integer NOT NULL DEFAULT 0 CHECK (vat_rate BETWEEN 0 AND 10000),
    net_amount bigint NOT NULL DEFAULT 0,
    order_line_id uuid,
    -- For a line of a credit note: the line of the invoice that it takes back.
    corrected_line_id uuid,
    FOREIGN KEY (organisation_id, order_line_id) REFERENCES order_lines (organisation_id, id),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id),
    FOREIGN KEY (organisation_id, corrected_line_id) REFERENCES invoice_lines (organisation_id, id),
    FOREIGN KEY (organisation_id, item_id) REFERENCES items (organisation_id, id),
    CONSTRAINT invoice_lines_amounts_check
        CHECK (kind = 'item' OR (quantity = 0 AND unit_price = 0 AND net_amount = 0))
);
CREATE INDEX invoice_lines_invoice ON invoice_lines (organisation_id, invoice_id, position);
CREATE INDEX invoice_lines_order_line ON invoice_lines (organisation_id, order_line_id)
    WHERE order_line_id IS NOT NULL;
CREATE INDEX invoice_lines_corrected ON invoice_lines (organisation_id, corrected_line_id)
    WHERE corrected_line_id IS NOT NULL;
CALL isolate('invoice_lines');

CREATE TABLE invoice_vat_rows (
    organisation_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    vat_category text NOT NULL,
    vat_rate integer NOT NULL,
    base_amount bigint NOT NULL,
    vat_amount bigint NOT NULL,
    PRIMARY KEY (organisation_id, invoice_id, vat_category, vat_rate),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id)
);
CALL isolate('invoice_vat_rows');

-- Logos as they were when a document was issued, by their SHA-256: it is printed the same for ever.
CREATE TABLE kept_logos (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    sha256 text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (organisation_id, sha256)
);
CALL isolate('kept_logos');
CREATE TRIGGER kept_logos_are_kept BEFORE UPDATE OR DELETE ON kept_logos
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept_logos_are_not_emptied BEFORE TRUNCATE ON kept_logos
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER invoices_totals_add_up AFTER INSERT OR UPDATE OF total_net, total_vat, status
    ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind <> 'opening_balance') EXECUTE FUNCTION check_totals('invoice');
CREATE TRIGGER invoices_are_searchable AFTER INSERT OR UPDATE OF number, subject, reference, client_id
    ON invoices FOR EACH ROW EXECUTE FUNCTION index_document('invoice');
CREATE TRIGGER invoices_leave_search AFTER DELETE ON invoices
    FOR EACH ROW EXECUTE FUNCTION forget_document('invoice');

-- An issued document is a proof. Only what happens to it afterwards may change: settlement and sending.
CREATE FUNCTION keep_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{paid_amount,credited_amount,open_amount,sent_at,notes,updated_at}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{paid_amount,credited_amount,open_amount,sent_at,notes,updated_at}'::text[]) THEN
        RAISE EXCEPTION 'invoice % is issued: it cannot be changed, only credited', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_are_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoices_are_kept BEFORE UPDATE OR DELETE ON invoices
    FOR EACH ROW EXECUTE FUNCTION keep_issued_invoice();

-- The lock makes a line that changes while its invoice is being issued wait for that, and then fail.
CREATE FUNCTION require_draft(wanted_organisation uuid, wanted_invoice uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    found_invoice record;
BEGIN
    SELECT number, status INTO found_invoice FROM invoices
    WHERE organisation_id = wanted_organisation AND id = wanted_invoice FOR NO KEY UPDATE;
    IF found_invoice.status = 'issued' THEN
        RAISE EXCEPTION 'invoice % is issued: it cannot be changed, only credited', found_invoice.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_are_kept';
    END IF;
END $$;
CREATE FUNCTION keep_issued_invoice_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_draft(OLD.organisation_id, OLD.invoice_id);
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM require_draft(NEW.organisation_id, NEW.invoice_id);
    RETURN NEW;
END $$;
CREATE TRIGGER invoice_lines_are_kept BEFORE UPDATE OR DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION keep_issued_invoice_parts();
CREATE TRIGGER invoice_vat_rows_are_kept BEFORE UPDATE OR DELETE ON invoice_vat_rows
    FOR EACH ROW EXECUTE FUNCTION keep_issued_invoice_parts();

-- New parts are checked once a statement, so that half a million lines come in quickly. An imported
-- document is born issued: its parts belong to the transaction that inserted it, and nobody adds one
-- later. Both its row and its creation must be of this transaction: its row alone would be of a mere change.
CREATE FUNCTION keep_issued_invoices_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    issued_number text;
BEGIN
    PERFORM FROM invoices
    WHERE (organisation_id, id) IN (SELECT organisation_id, invoice_id FROM added_parts)
    ORDER BY id FOR NO KEY UPDATE;
    SELECT number INTO issued_number FROM invoices
    WHERE (organisation_id, id) IN (SELECT organisation_id, invoice_id FROM added_parts)
        AND status = 'issued' AND NOT (origin = 'import' AND created_at = transaction_timestamp()
            AND xmin = pg_current_xact_id()::xid)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'invoice % is issued: it cannot be changed, only credited', issued_number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_are_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_lines_are_not_added AFTER INSERT ON invoice_lines
    REFERENCING NEW TABLE AS added_parts
    FOR EACH STATEMENT EXECUTE FUNCTION keep_issued_invoices_whole();
CREATE TRIGGER invoice_vat_rows_are_not_added AFTER INSERT ON invoice_vat_rows
    REFERENCING NEW TABLE AS added_parts
    FOR EACH STATEMENT EXECUTE FUNCTION keep_issued_invoices_whole();
CREATE TRIGGER invoices_are_not_emptied BEFORE TRUNCATE ON invoices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_lines_are_not_emptied BEFORE TRUNCATE ON invoice_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_vat_rows_are_not_emptied BEFORE TRUNCATE ON invoice_vat_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An order line is never invoiced twice: its row counts what invoices took, under its own lock and CHECK.
-- Lines of a credit note give their quantity back once it is issued.
CREATE FUNCTION count_invoiced_quantity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    taken bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.quantity WHEN 'DELETE' THEN -OLD.quantity
        ELSE NEW.quantity - OLD.quantity END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.order_line_id IS DISTINCT FROM OLD.order_line_id THEN
        RAISE EXCEPTION 'an invoice line keeps its order line' USING ERRCODE = 'restrict_violation';
    END IF;
    IF changed.order_line_id IS NULL OR taken = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE order_lines SET invoiced_quantity = invoiced_quantity + taken
    WHERE organisation_id = changed.organisation_id AND id = changed.order_line_id
        AND EXISTS (SELECT FROM invoices i WHERE i.organisation_id = changed.organisation_id
            AND i.id = changed.invoice_id AND i.kind = 'invoice');
    RETURN NULL;
END $$;
CREATE TRIGGER new_invoice_lines_count_quantity AFTER INSERT ON invoice_lines FOR EACH ROW
    WHEN (NEW.order_line_id IS NOT NULL) EXECUTE FUNCTION count_invoiced_quantity();
CREATE TRIGGER invoice_lines_count_quantity AFTER UPDATE OR DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION count_invoiced_quantity();

CREATE FUNCTION give_back_credited_quantity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE order_lines o SET invoiced_quantity = o.invoiced_quantity - l.quantity
    FROM (SELECT order_line_id, sum(quantity) AS quantity FROM invoice_lines
        WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id AND order_line_id IS NOT NULL
        GROUP BY order_line_id) l
    WHERE o.organisation_id = NEW.organisation_id AND o.id = l.order_line_id;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_notes_give_back AFTER UPDATE OF status ON invoices FOR EACH ROW
    WHEN (NEW.kind = 'credit_note' AND OLD.status = 'draft' AND NEW.status = 'issued')
    EXECUTE FUNCTION give_back_credited_quantity();

-- Credit notes never take back more than their invoice. Its row is locked, so that two that are issued
-- at once are counted one after the other.
CREATE FUNCTION limit_credit_notes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    invoiced bigint;
    credited bigint;
BEGIN
    SELECT total_gross INTO invoiced FROM invoices
    WHERE organisation_id = NEW.organisation_id AND id = NEW.corrected_invoice_id FOR NO KEY UPDATE;
    SELECT sum(total_gross) INTO credited FROM invoices
    WHERE organisation_id = NEW.organisation_id AND corrected_invoice_id = NEW.corrected_invoice_id
        AND status = 'issued';
    IF credited > invoiced THEN
        RAISE EXCEPTION 'credit notes of % exceed an invoice of %', credited, invoiced
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_credited_check';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_notes_are_limited AFTER INSERT OR UPDATE OF status ON invoices FOR EACH ROW
    WHEN (NEW.corrected_invoice_id IS NOT NULL AND NEW.status = 'issued')
    EXECUTE FUNCTION limit_credit_notes();

-- What a client owes: invoices less credit notes.
CREATE FUNCTION add_to_client_open_amount() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.open_amount ELSE 0 END;
    difference bigint := NEW.open_amount - before;
BEGIN
    IF difference <> 0 THEN
        UPDATE clients SET open_amount = open_amount
            + CASE WHEN NEW.kind = 'credit_note' THEN -difference ELSE difference END
        WHERE organisation_id = NEW.organisation_id AND id = NEW.client_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoices_add_to_client AFTER INSERT OR UPDATE OF open_amount ON invoices
    FOR EACH ROW EXECUTE FUNCTION add_to_client_open_amount();
