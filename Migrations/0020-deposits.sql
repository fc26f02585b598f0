-- Deposits: requests for one on an order, the deposit invoices that receipts lead to, and their deduction
-- from the invoices of the order, once (docs/decisions/0010).
CREATE TABLE deposit_requests (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    number text NOT NULL,
    order_id uuid NOT NULL,
    client_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'paid', 'cancelled')),
    -- Hundredths of a percent of the order's total, as it was asked for; zero when an amount was.
    percentage integer NOT NULL DEFAULT 0 CHECK (percentage BETWEEN 0 AND 10000),
    -- VAT included.
    amount bigint NOT NULL CONSTRAINT deposit_requests_amount_check CHECK (amount > 0),
    currency text NOT NULL,
    requested_on date NOT NULL,
    due_on date NOT NULL,
    message text NOT NULL DEFAULT '',
    -- Kept by triggers: what deposit invoices were issued for it, less their credit notes, and what was
    -- paid of these.
    invoiced_amount bigint NOT NULL DEFAULT 0,
    paid_amount bigint NOT NULL DEFAULT 0,
    sent_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT deposit_requests_number_unique UNIQUE (organisation_id, number),
    CONSTRAINT deposit_requests_due_on_check CHECK (due_on >= requested_on),
    CONSTRAINT deposit_requests_invoiced_check CHECK (invoiced_amount BETWEEN 0 AND amount),
    CONSTRAINT deposit_requests_paid_check CHECK (paid_amount >= 0),
    FOREIGN KEY (organisation_id, order_id) REFERENCES orders (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CREATE INDEX deposit_requests_by_day ON deposit_requests (organisation_id, requested_on, id);
CREATE INDEX deposit_requests_order ON deposit_requests (organisation_id, order_id);
CREATE INDEX deposit_requests_client ON deposit_requests (organisation_id, client_id, requested_on);
CREATE INDEX deposit_requests_expected ON deposit_requests (organisation_id, due_on, id)
    WHERE status = 'requested';
CALL isolate('deposit_requests');

ALTER TABLE number_series DROP CONSTRAINT number_series_series_check;
ALTER TABLE number_series ADD CONSTRAINT number_series_series_check CHECK (series IN
    ('client', 'quote', 'order', 'invoice', 'credit_note', 'payment', 'deposit_request', 'recurring_invoice'));

-- A quote may ask for a deposit of so many hundredths of a percent once it is accepted.
ALTER TABLE quotes ADD COLUMN deposit_percentage integer NOT NULL DEFAULT 0
    CONSTRAINT quotes_deposit_percentage_check CHECK (deposit_percentage BETWEEN 0 AND 10000);

ALTER TABLE invoices DROP CONSTRAINT invoices_kind_check;
ALTER TABLE invoices ADD CONSTRAINT invoices_kind_check
    CHECK (kind IN ('invoice', 'deposit', 'credit_note', 'opening_balance'));
ALTER TABLE invoices ADD COLUMN deposit_request_id uuid;
ALTER TABLE invoices ADD FOREIGN KEY (organisation_id, deposit_request_id)
    REFERENCES deposit_requests (organisation_id, id);
ALTER TABLE invoices ADD CONSTRAINT invoices_deposit_check
    CHECK ((kind <> 'deposit' OR order_id IS NOT NULL) AND (deposit_request_id IS NULL OR kind = 'deposit'));
CREATE INDEX invoices_deposit_request ON invoices (organisation_id, deposit_request_id)
    WHERE deposit_request_id IS NOT NULL;
DROP INDEX invoices_to_send;
CREATE INDEX invoices_to_send ON invoices (organisation_id, issued_on) INCLUDE (open_amount)
    WHERE status = 'issued' AND origin = 'comptoir' AND kind IN ('invoice', 'deposit') AND sent_at IS NULL
        AND open_amount > 0;

-- A line that deducts a deposit: minus one times its net, with the VAT that goes with it, which is that
-- of the deposit invoice and not computed anew.
ALTER TABLE invoice_lines ADD COLUMN deposit_invoice_id uuid;
ALTER TABLE invoice_lines ADD COLUMN deposit_vat_amount bigint;
ALTER TABLE invoice_lines ADD FOREIGN KEY (organisation_id, deposit_invoice_id)
    REFERENCES invoices (organisation_id, id);
ALTER TABLE invoice_lines ADD CONSTRAINT invoice_lines_deposit_check CHECK (
    CASE WHEN deposit_invoice_id IS NULL THEN deposit_vat_amount IS NULL
        ELSE kind = 'item' AND quantity = -10000 AND discount_kind = 'none' AND net_amount <= 0
            AND deposit_vat_amount IS NOT NULL AND deposit_vat_amount <= 0
            AND order_line_id IS NULL AND item_id IS NULL END);
CREATE INDEX invoice_lines_deposit ON invoice_lines (organisation_id, deposit_invoice_id)
    WHERE deposit_invoice_id IS NOT NULL;

-- What each deposit invoice holds by rate, what is deducted of it by drafts and invoices, and what credit
-- notes took back. Under its row's lock and its CHECKs nothing of a deposit is deducted twice.
CREATE TABLE deposit_rows (
    organisation_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    vat_category text NOT NULL,
    vat_rate integer NOT NULL,
    net_amount bigint NOT NULL,
    vat_amount bigint NOT NULL,
    deducted_net bigint NOT NULL DEFAULT 0,
    deducted_vat bigint NOT NULL DEFAULT 0,
    credited_net bigint NOT NULL DEFAULT 0,
    credited_vat bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation_id, invoice_id, vat_category, vat_rate),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id),
    CONSTRAINT deposit_rows_deducted_check CHECK (deducted_net >= 0 AND deducted_vat >= 0
        AND credited_net >= 0 AND credited_vat >= 0 AND deducted_net + credited_net <= net_amount
        AND deducted_vat + credited_vat <= vat_amount)
);
CALL isolate('deposit_rows');

CREATE FUNCTION open_deposit_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deposit_rows (organisation_id, invoice_id, vat_category, vat_rate, net_amount, vat_amount)
    SELECT organisation_id, invoice_id, vat_category, vat_rate, base_amount, vat_amount
    FROM invoice_vat_rows WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id;
    UPDATE deposit_requests SET invoiced_amount = invoiced_amount + NEW.total_gross
    WHERE organisation_id = NEW.organisation_id AND id = NEW.deposit_request_id;
    RETURN NULL;
END $$;
CREATE TRIGGER deposits_can_be_deducted AFTER UPDATE OF status ON invoices FOR EACH ROW
    WHEN (NEW.kind = 'deposit' AND OLD.status = 'draft' AND NEW.status = 'issued')
    EXECUTE FUNCTION open_deposit_rows();

-- Lines of drafts and invoices deduct; those of a credit note give back once it is issued.
CREATE FUNCTION count_deduction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    sign integer := CASE WHEN TG_OP = 'DELETE' THEN -1 ELSE 1 END;
BEGIN
    IF NOT EXISTS (SELECT FROM invoices i WHERE i.organisation_id = changed.organisation_id
        AND i.id = changed.invoice_id AND i.kind = 'invoice') THEN
        RETURN NULL;
    END IF;
    UPDATE deposit_rows SET deducted_net = deducted_net - sign * changed.net_amount,
        deducted_vat = deducted_vat - sign * changed.deposit_vat_amount
    WHERE organisation_id = changed.organisation_id AND invoice_id = changed.deposit_invoice_id
        AND vat_category = changed.vat_category AND vat_rate = changed.vat_rate;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'invoice % holds no deposit of that rate', changed.deposit_invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deposit_rows_deducted_check';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_deductions_are_counted AFTER INSERT ON invoice_lines FOR EACH ROW
    WHEN (NEW.deposit_invoice_id IS NOT NULL) EXECUTE FUNCTION count_deduction();
CREATE TRIGGER removed_deductions_are_counted AFTER DELETE ON invoice_lines FOR EACH ROW
    WHEN (OLD.deposit_invoice_id IS NOT NULL) EXECUTE FUNCTION count_deduction();
CREATE FUNCTION keep_deduction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a line that deducts a deposit is made anew, not changed'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER deductions_are_kept BEFORE UPDATE ON invoice_lines FOR EACH ROW
    WHEN ((OLD.deposit_invoice_id IS NOT NULL OR NEW.deposit_invoice_id IS NOT NULL)
        AND (NEW.deposit_invoice_id, NEW.deposit_vat_amount, NEW.net_amount, NEW.vat_category, NEW.vat_rate,
            NEW.invoice_id)
        IS DISTINCT FROM (OLD.deposit_invoice_id, OLD.deposit_vat_amount, OLD.net_amount, OLD.vat_category,
            OLD.vat_rate, OLD.invoice_id)) EXECUTE FUNCTION keep_deduction();

CREATE FUNCTION give_back_credited_deposits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deposit_rows r SET deducted_net = r.deducted_net + l.net, deducted_vat = r.deducted_vat + l.vat
    FROM (SELECT deposit_invoice_id, vat_category, vat_rate, sum(net_amount) AS net,
            sum(deposit_vat_amount) AS vat
        FROM invoice_lines
        WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id
            AND deposit_invoice_id IS NOT NULL
        GROUP BY 1, 2, 3) l
    WHERE r.organisation_id = NEW.organisation_id AND r.invoice_id = l.deposit_invoice_id
        AND r.vat_category = l.vat_category AND r.vat_rate = l.vat_rate;
    -- A deposit that is taken back can no longer be deducted.
    UPDATE deposit_rows r SET credited_net = r.credited_net + v.base_amount,
        credited_vat = r.credited_vat + v.vat_amount
    FROM invoice_vat_rows v
    WHERE r.organisation_id = NEW.organisation_id AND r.invoice_id = NEW.corrected_invoice_id
        AND v.organisation_id = NEW.organisation_id AND v.invoice_id = NEW.id
        AND r.vat_category = v.vat_category AND r.vat_rate = v.vat_rate;
    UPDATE deposit_requests q SET invoiced_amount = q.invoiced_amount - NEW.total_gross
    FROM invoices d
    WHERE d.organisation_id = NEW.organisation_id AND d.id = NEW.corrected_invoice_id
        AND q.organisation_id = NEW.organisation_id AND q.id = d.deposit_request_id;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_notes_give_deposits_back AFTER UPDATE OF status ON invoices FOR EACH ROW
    WHEN (NEW.kind = 'credit_note' AND OLD.status = 'draft' AND NEW.status = 'issued')
    EXECUTE FUNCTION give_back_credited_deposits();

CREATE FUNCTION add_to_deposit_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deposit_requests SET paid_amount = paid_amount + NEW.paid_amount - OLD.paid_amount,
        status = CASE WHEN status = 'cancelled' THEN status
            WHEN paid_amount + NEW.paid_amount - OLD.paid_amount >= amount THEN 'paid'
            ELSE 'requested' END
    WHERE organisation_id = NEW.organisation_id AND id = NEW.deposit_request_id;
    RETURN NULL;
END $$;
CREATE TRIGGER deposits_pay_their_request AFTER UPDATE OF paid_amount ON invoices FOR EACH ROW
    WHEN (NEW.deposit_request_id IS NOT NULL AND NEW.paid_amount <> OLD.paid_amount)
    EXECUTE FUNCTION add_to_deposit_request();

-- At commit the sums of each document are proved. VAT of lines that deduct is that of their deposits; the
-- VAT of a deposit is the part of an amount that includes it, so that the amount is what was paid.
CREATE FUNCTION check_invoice_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stated record;
    lines record;
BEGIN
    SELECT total_net, total_vat, kind, status INTO stated FROM invoices
    WHERE organisation_id = NEW.organisation_id AND id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF stated.kind = 'deposit' THEN
        SELECT coalesce(sum(base_amount), 0) AS net, coalesce(sum(vat_amount), 0) AS vat,
            coalesce(bool_or(vat_amount < 0 OR base_amount < 0
                OR abs(vat_amount * 10000 - base_amount * vat_rate) > 2 * (10000 + vat_rate)), true) AS wrong
        INTO lines FROM invoice_vat_rows
        WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id;
        lines.wrong := lines.wrong OR stated.status <> 'issued' OR EXISTS (
            SELECT FROM (
                SELECT vat_category, vat_rate, sum(net_amount) AS base FROM invoice_lines
                WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id AND kind = 'item'
                GROUP BY vat_category, vat_rate
            ) l FULL JOIN (
                SELECT vat_category, vat_rate, base_amount AS base FROM invoice_vat_rows
                WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id
            ) v USING (vat_category, vat_rate)
            WHERE l.base IS DISTINCT FROM v.base);
    ELSE
        SELECT coalesce(sum(net), 0) AS net, coalesce(sum(vat), 0) AS vat, false AS wrong INTO lines FROM (
            SELECT sum(net_amount) AS net,
                round(coalesce(sum(net_amount) FILTER (WHERE deposit_invoice_id IS NULL), 0)
                    * vat_rate / 10000.0) + coalesce(sum(deposit_vat_amount), 0) AS vat
            FROM invoice_lines
            WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id AND kind = 'item'
            GROUP BY vat_category, vat_rate) t;
    END IF;
    IF lines.wrong OR stated.total_net <> lines.net OR stated.total_vat <> lines.vat THEN
        RAISE EXCEPTION 'totals of invoice % do not add up: % + % stated, % + % from its lines', NEW.id,
            stated.total_net, stated.total_vat, lines.net, lines.vat
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_totals_add_up';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER invoices_totals_add_up ON invoices;
CREATE CONSTRAINT TRIGGER invoices_totals_add_up AFTER INSERT OR UPDATE OF total_net, total_vat, status
    ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind <> 'opening_balance' AND NEW.corrected_invoice_id IS NULL)
    EXECUTE FUNCTION check_invoice_totals();

-- Credit notes of an invoice that deducts, or of a deposit: credited in full, its VAT is what they reach
-- together, whatever rounding made of it.
CREATE OR REPLACE FUNCTION check_credit_note_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stated record;
    settled record;
BEGIN
    SELECT total_net, total_vat INTO stated FROM invoices
    WHERE organisation_id = NEW.organisation_id AND id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(base_amount), 0) AS net, coalesce(sum(vat_amount), 0) AS vat INTO settled
    FROM invoice_vat_rows WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id;
    IF stated.total_net <> settled.net OR stated.total_vat <> settled.vat OR EXISTS (
        SELECT FROM (
            SELECT vat_category, vat_rate, sum(net_amount) AS base FROM invoice_lines
            WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id AND kind = 'item'
            GROUP BY vat_category, vat_rate
        ) l FULL JOIN (
            SELECT vat_category, vat_rate, base_amount AS base FROM invoice_vat_rows
            WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id
        ) v USING (vat_category, vat_rate)
        WHERE l.base IS DISTINCT FROM v.base
    ) OR EXISTS (
        SELECT FROM (
            SELECT v.vat_category, v.vat_rate, sum(v.base_amount) AS base, sum(v.vat_amount) AS vat
            FROM invoices i
            JOIN invoice_vat_rows v ON v.organisation_id = NEW.organisation_id AND v.invoice_id = i.id
            WHERE i.organisation_id = NEW.organisation_id AND i.status = 'issued'
                AND i.corrected_invoice_id = NEW.corrected_invoice_id
            GROUP BY v.vat_category, v.vat_rate
        ) c LEFT JOIN invoice_vat_rows o ON o.organisation_id = NEW.organisation_id
            AND o.invoice_id = NEW.corrected_invoice_id AND o.vat_category = c.vat_category
            AND o.vat_rate = c.vat_rate
        WHERE c.vat IS DISTINCT FROM CASE WHEN c.base = o.base_amount THEN o.vat_amount
            WHEN c.base < o.base_amount THEN least(round(c.base * c.vat_rate / 10000.0), o.vat_amount)
            ELSE round(c.base * c.vat_rate / 10000.0) END
    ) THEN
        RAISE EXCEPTION 'totals of credit note % do not add up', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_totals_add_up';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE VIEW revenue_by_payment_status WITH (security_invoker = true) AS
    SELECT organisation_id, date_trunc('month', issued_on)::date AS month,
        CASE WHEN open_amount = 0 THEN 'settled' WHEN open_amount = total_gross THEN 'open' ELSE 'partly' END
            AS payment_status,
        count(*) AS invoice_count, sum(total_net)::bigint AS net, sum(total_gross)::bigint AS gross,
        sum(open_amount)::bigint AS open_amount
    FROM invoices WHERE status = 'issued' AND kind IN ('invoice', 'deposit') AND origin = 'comptoir'
    GROUP BY 1, 2, 3;

-- Requests are read by their clients, mailed, and found.
ALTER TABLE shared_documents DROP CONSTRAINT shared_documents_subject_kind_check;
ALTER TABLE shared_documents ADD CONSTRAINT shared_documents_subject_kind_check
    CHECK (subject_kind IN ('quote', 'invoice', 'deposit_request'));
ALTER TABLE mails DROP CONSTRAINT mails_subject_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_subject_kind_check
    CHECK (subject_kind IN ('quote', 'order', 'invoice', 'client', 'deposit_request'));
CREATE FUNCTION note_deposit_request_sending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE deposit_requests SET sent_at = NEW.sent_at
    WHERE organisation_id = NEW.organisation_id AND id = NEW.subject_id AND sent_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER mails_note_deposit_request_sending AFTER UPDATE OF status ON mails FOR EACH ROW
    WHEN (NEW.status = 'sent' AND NEW.subject_kind = 'deposit_request')
    EXECUTE FUNCTION note_deposit_request_sending();

CREATE FUNCTION index_deposit_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'deposit_request', NEW.id, NEW.number,
        document_terms(NEW.organisation_id, NEW.client_id, NEW.number, o.subject, o.number,
            NEW.currency, NEW.amount, NEW.amount))
    FROM orders o WHERE o.organisation_id = NEW.organisation_id AND o.id = NEW.order_id;
    RETURN NULL;
END $$;
CREATE TRIGGER deposit_requests_are_searchable AFTER INSERT ON deposit_requests
    FOR EACH ROW EXECUTE FUNCTION index_deposit_request();
CREATE OR REPLACE FUNCTION index_documents_of_renamed_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_documents_of_client(NEW.organisation_id, NEW.id);
    PERFORM write_search_entry(NEW.organisation_id, 'deposit_request', q.id, q.number,
        document_terms(NEW.organisation_id, NEW.id, q.number, o.subject, o.number, q.currency,
            q.amount, q.amount))
    FROM deposit_requests q
    JOIN orders o ON o.organisation_id = NEW.organisation_id AND o.id = q.order_id
    WHERE q.organisation_id = NEW.organisation_id AND q.client_id = NEW.id;
    RETURN NULL;
END $$;
