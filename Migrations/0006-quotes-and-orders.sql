-- Quotes and orders: each a record of its own with its lines. A quote that is accepted becomes an order.
CREATE TABLE quotes (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    number text NOT NULL,
    client_id uuid NOT NULL,
    contact_id uuid,
    status text NOT NULL DEFAULT 'draft'
        CHECK (status IN ('draft', 'sent', 'accepted', 'refused', 'expired')),
    subject text NOT NULL DEFAULT '',
    reference text NOT NULL DEFAULT '',
    sector text NOT NULL DEFAULT '',
    quoted_on date NOT NULL,
    valid_until date NOT NULL,
    message text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    currency text NOT NULL,
    total_net bigint NOT NULL DEFAULT 0,
    total_vat bigint NOT NULL DEFAULT 0,
    total_gross bigint NOT NULL DEFAULT 0,
    sent_at timestamptz,
    decided_at timestamptz,
    decision_note text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT quotes_number_unique UNIQUE (organisation_id, number),
    CONSTRAINT quotes_valid_until_check CHECK (valid_until >= quoted_on),
    CONSTRAINT quotes_total_check CHECK (total_gross = total_net + total_vat),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id)
);
CREATE INDEX quotes_by_day ON quotes (organisation_id, quoted_on, id);
CREATE INDEX quotes_by_status ON quotes (organisation_id, status, valid_until);
CREATE INDEX quotes_client ON quotes (organisation_id, client_id, quoted_on);
CREATE INDEX quotes_contact ON quotes (organisation_id, contact_id) WHERE contact_id IS NOT NULL;
CALL isolate('quotes');

CREATE TABLE quote_lines (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    quote_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('item', 'text', 'section')),
    item_id uuid,
    label text NOT NULL CONSTRAINT quote_lines_label_check CHECK (length(label) BETWEEN 1 AND 500),
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
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, quote_id) REFERENCES quotes (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, item_id) REFERENCES items (organisation_id, id),
    CONSTRAINT quote_lines_amounts_check
        CHECK (kind = 'item' OR (quantity = 0 AND unit_price = 0 AND net_amount = 0))
);
CREATE INDEX quote_lines_quote ON quote_lines (organisation_id, quote_id, position);
CALL isolate('quote_lines');

CREATE TABLE orders (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    number text NOT NULL,
    client_id uuid NOT NULL,
    contact_id uuid,
    quote_id uuid,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN
        ('draft', 'confirmed', 'in_progress', 'suspended', 'completed', 'cancelled')),
    subject text NOT NULL DEFAULT '',
    reference text NOT NULL DEFAULT '',
    sector text NOT NULL DEFAULT '',
    priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    ordered_on date NOT NULL,
    due_on date,
    message text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    currency text NOT NULL,
    total_net bigint NOT NULL DEFAULT 0,
    total_vat bigint NOT NULL DEFAULT 0,
    total_gross bigint NOT NULL DEFAULT 0,
    completed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT orders_number_unique UNIQUE (organisation_id, number),
    CONSTRAINT orders_total_check CHECK (total_gross = total_net + total_vat),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id),
    FOREIGN KEY (organisation_id, quote_id) REFERENCES quotes (organisation_id, id)
);
CREATE INDEX orders_by_day ON orders (organisation_id, ordered_on, id);
CREATE INDEX orders_by_status ON orders (organisation_id, status, due_on);
CREATE INDEX orders_client ON orders (organisation_id, client_id, ordered_on);
CREATE INDEX orders_contact ON orders (organisation_id, contact_id) WHERE contact_id IS NOT NULL;
-- One quote becomes one order, whatever two people press at once.
CREATE UNIQUE INDEX orders_quote_unique ON orders (organisation_id, quote_id) WHERE quote_id IS NOT NULL;
CALL isolate('orders');

CREATE TABLE order_lines (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('item', 'text', 'section')),
    item_id uuid,
    label text NOT NULL CONSTRAINT order_lines_label_check CHECK (length(label) BETWEEN 1 AND 500),
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
    -- Kept by the trigger of invoice lines: what drafts and invoices took, less what credit notes gave back.
    invoiced_quantity bigint NOT NULL DEFAULT 0,
    CONSTRAINT order_lines_invoiced_check CHECK (invoiced_quantity BETWEEN 0 AND quantity),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, order_id) REFERENCES orders (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, item_id) REFERENCES items (organisation_id, id),
    CONSTRAINT order_lines_amounts_check
        CHECK (kind = 'item' OR (quantity = 0 AND unit_price = 0 AND net_amount = 0))
);
CREATE INDEX order_lines_order ON order_lines (organisation_id, order_id, position);
CALL isolate('order_lines');

CREATE TRIGGER quotes_status_history AFTER INSERT OR UPDATE OF status ON quotes
    FOR EACH ROW EXECUTE FUNCTION record_status_change('quote');
CREATE TRIGGER orders_status_history AFTER INSERT OR UPDATE OF status ON orders
    FOR EACH ROW EXECUTE FUNCTION record_status_change('order');

-- One arithmetic, in the program; at commit the database checks that the net amounts add up and that the
-- VAT is that of each category and rate, rounded once, half away from zero.
CREATE FUNCTION check_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document_kind text := TG_ARGV[0];
    lines_net bigint;
    lines_vat bigint;
    stated record;
BEGIN
    EXECUTE format('SELECT total_net, total_vat FROM %ss WHERE organisation_id = $1 AND id = $2',
        document_kind) INTO stated USING NEW.organisation_id, NEW.id;
    IF stated IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT coalesce(sum(net), 0), coalesce(sum(round(net * vat_rate / 10000.0)), 0) FROM '
        '(SELECT sum(net_amount) AS net, vat_rate::numeric FROM %s_lines '
        'WHERE organisation_id = $1 AND %s_id = $2 AND kind = ''item'' GROUP BY vat_category, vat_rate) t',
        document_kind, document_kind) INTO lines_net, lines_vat USING NEW.organisation_id, NEW.id;
    IF stated.total_net <> lines_net OR stated.total_vat <> lines_vat THEN
        RAISE EXCEPTION 'totals of % % do not add up: % + % stated, % + % from its lines', document_kind,
            NEW.id, stated.total_net, stated.total_vat, lines_net, lines_vat
            USING ERRCODE = 'check_violation', CONSTRAINT = document_kind || 's_totals_add_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quotes_totals_add_up AFTER INSERT OR UPDATE OF total_net, total_vat ON quotes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_totals('quote');
CREATE CONSTRAINT TRIGGER orders_totals_add_up AFTER INSERT OR UPDATE OF total_net, total_vat ON orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_totals('order');

CREATE FUNCTION index_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, TG_ARGV[0], NEW.id, coalesce(NEW.number, ''),
        search_terms(NEW.number, NEW.subject, NEW.reference, c.name, c.number))
    FROM clients c WHERE c.organisation_id = NEW.organisation_id AND c.id = NEW.client_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quotes_are_searchable AFTER INSERT OR UPDATE OF number, subject, reference, client_id ON quotes
    FOR EACH ROW EXECUTE FUNCTION index_document('quote');
CREATE TRIGGER orders_are_searchable AFTER INSERT OR UPDATE OF number, subject, reference, client_id ON orders
    FOR EACH ROW EXECUTE FUNCTION index_document('order');
CREATE FUNCTION forget_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM delete_search_entry(OLD.organisation_id, TG_ARGV[0], OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER quotes_leave_search AFTER DELETE ON quotes
    FOR EACH ROW EXECUTE FUNCTION forget_document('quote');
CREATE TRIGGER orders_leave_search AFTER DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION forget_document('order');
