-- Invoices that come back every month, quarter or year: what they hold, and what became of each period.
CREATE TABLE recurring_invoices (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    number text NOT NULL,
    client_id uuid NOT NULL,
    contact_id uuid,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'ended')),
    frequency text NOT NULL CHECK (frequency IN ('monthly', 'quarterly', 'yearly')),
    starts_on date NOT NULL,
    ends_on date,
    -- The last day of shorter months where there is no such day.
    day_of_month integer NOT NULL CHECK (day_of_month BETWEEN 1 AND 31),
    delivery text NOT NULL CHECK (delivery IN ('draft', 'issue', 'send')),
    -- The period whose invoice comes next; none once it has ended.
    next_on date,
    -- Why the program paused it.
    problem text NOT NULL DEFAULT '',
    subject text NOT NULL DEFAULT '',
    reference text NOT NULL DEFAULT '',
    message text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    currency text NOT NULL,
    total_net bigint NOT NULL DEFAULT 0,
    total_vat bigint NOT NULL DEFAULT 0,
    total_gross bigint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT recurring_invoices_number_unique UNIQUE (organisation_id, number),
    CONSTRAINT recurring_invoices_ends_on_check CHECK (ends_on >= starts_on),
    CONSTRAINT recurring_invoices_next_check CHECK ((status = 'ended') = (next_on IS NULL)),
    CONSTRAINT recurring_invoices_total_check CHECK (total_gross = total_net + total_vat),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id)
);
CREATE INDEX recurring_invoices_by_next
    ON recurring_invoices (organisation_id, coalesce(next_on, 'infinity'), id);
CREATE INDEX recurring_invoices_client ON recurring_invoices (organisation_id, client_id);
CALL isolate('recurring_invoices');

CREATE TABLE recurring_invoice_lines (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    recurring_invoice_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('item', 'text', 'section')),
    item_id uuid,
    label text NOT NULL CONSTRAINT recurring_invoice_lines_label_check CHECK (length(label) BETWEEN 1 AND 500),
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
    FOREIGN KEY (organisation_id, recurring_invoice_id)
        REFERENCES recurring_invoices (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, item_id) REFERENCES items (organisation_id, id),
    CONSTRAINT recurring_invoice_lines_amounts_check
        CHECK (kind = 'item' OR (quantity = 0 AND unit_price = 0 AND net_amount = 0))
);
CREATE INDEX recurring_invoice_lines_document
    ON recurring_invoice_lines (organisation_id, recurring_invoice_id, position);
CALL isolate('recurring_invoice_lines');

-- A period has its invoice once, whatever is killed or run twice: this key says so. A draft that a person
-- deletes does not come back.
CREATE TABLE recurring_invoice_periods (
    organisation_id uuid NOT NULL,
    recurring_invoice_id uuid NOT NULL,
    period_on date NOT NULL,
    invoice_id uuid,
    -- Why it was left as a draft or not sent, for whoever has to mend it.
    problem text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, recurring_invoice_id, period_on),
    FOREIGN KEY (organisation_id, recurring_invoice_id)
        REFERENCES recurring_invoices (organisation_id, id),
    FOREIGN KEY (organisation_id, invoice_id)
        REFERENCES invoices (organisation_id, id) ON DELETE SET NULL (invoice_id)
);
CREATE INDEX recurring_invoice_periods_invoice ON recurring_invoice_periods (organisation_id, invoice_id)
    WHERE invoice_id IS NOT NULL;
CREATE INDEX recurring_invoice_periods_problems ON recurring_invoice_periods (organisation_id, period_on)
    WHERE problem <> '';
CALL isolate('recurring_invoice_periods');

CREATE CONSTRAINT TRIGGER recurring_invoices_totals_add_up
    AFTER INSERT OR UPDATE OF total_net, total_vat ON recurring_invoices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_totals('recurring_invoice');
CREATE TRIGGER recurring_invoices_are_searchable
    AFTER INSERT OR UPDATE OF number, subject, reference, client_id, total_net, total_gross
    ON recurring_invoices FOR EACH ROW EXECUTE FUNCTION index_document('recurring_invoice');
CREATE OR REPLACE FUNCTION index_documents_of_renamed_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_documents_of_client(NEW.organisation_id, NEW.id);
    PERFORM write_search_entry(NEW.organisation_id, 'deposit_request', q.id, q.number,
        document_terms(NEW.organisation_id, NEW.id, q.number, o.subject, o.number, q.currency,
            q.amount, q.amount))
    FROM deposit_requests q
    JOIN orders o ON o.organisation_id = NEW.organisation_id AND o.id = q.order_id
    WHERE q.organisation_id = NEW.organisation_id AND q.client_id = NEW.id;
    PERFORM write_search_entry(NEW.organisation_id, 'recurring_invoice', r.id, r.number,
        document_terms(NEW.organisation_id, NEW.id, r.number, r.subject, r.reference, r.currency,
            r.total_net, r.total_gross))
    FROM recurring_invoices r
    WHERE r.organisation_id = NEW.organisation_id AND r.client_id = NEW.id;
    RETURN NULL;
END $$;
