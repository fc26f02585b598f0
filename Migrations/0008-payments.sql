-- Money received and paid back, and what it settles. Neither is ever changed: a mistake is undone by its
-- opposite.
CREATE TABLE payments (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    number text NOT NULL,
    client_id uuid NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    method text NOT NULL CHECK (method IN ('card', 'transfer', 'cheque', 'cash', 'other')),
    paid_on date NOT NULL,
    amount bigint NOT NULL CONSTRAINT payments_amount_check CHECK (amount > 0),
    currency text NOT NULL,
    reference text NOT NULL DEFAULT '',
    notes text NOT NULL DEFAULT '',
    reversed_payment_id uuid,
    -- Kept by triggers: settled by allocations, undone by a reversal, left as the client's credit.
    allocated_amount bigint NOT NULL DEFAULT 0,
    is_reversed boolean NOT NULL DEFAULT false,
    open_amount bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT payments_number_unique UNIQUE (organisation_id, number),
    CONSTRAINT payments_allocated_check CHECK (allocated_amount BETWEEN 0 AND amount),
    CONSTRAINT payments_open_check CHECK (open_amount = CASE
        WHEN is_reversed OR reversed_payment_id IS NOT NULL OR direction = 'out' THEN 0
        ELSE amount - allocated_amount END),
    CONSTRAINT payments_reversal_check CHECK (NOT is_reversed OR allocated_amount = 0),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
    FOREIGN KEY (organisation_id, reversed_payment_id) REFERENCES payments (organisation_id, id)
);
CREATE UNIQUE INDEX payments_reversed_once ON payments (organisation_id, reversed_payment_id)
    WHERE reversed_payment_id IS NOT NULL;
CREATE INDEX payments_by_day ON payments (organisation_id, paid_on, id);
CREATE INDEX payments_client ON payments (organisation_id, client_id, paid_on);
CREATE INDEX payments_open ON payments (organisation_id, client_id) WHERE open_amount > 0;
CALL isolate('payments');

-- From a payment or a credit note, to an invoice or a refund. Negative: an earlier allocation undone.
CREATE TABLE allocations (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    payment_id uuid,
    credit_note_id uuid,
    invoice_id uuid,
    refund_id uuid,
    amount bigint NOT NULL CONSTRAINT allocations_amount_check CHECK (amount <> 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES users (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT allocations_source_check CHECK (num_nonnulls(payment_id, credit_note_id) = 1),
    CONSTRAINT allocations_target_check CHECK (num_nonnulls(invoice_id, refund_id) = 1),
    FOREIGN KEY (organisation_id, payment_id) REFERENCES payments (organisation_id, id),
    FOREIGN KEY (organisation_id, refund_id) REFERENCES payments (organisation_id, id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id),
    FOREIGN KEY (organisation_id, credit_note_id) REFERENCES invoices (organisation_id, id)
);
CREATE INDEX allocations_payment ON allocations (organisation_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX allocations_refund ON allocations (organisation_id, refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX allocations_invoice ON allocations (organisation_id, invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX allocations_credit_note ON allocations (organisation_id, credit_note_id)
    WHERE credit_note_id IS NOT NULL;
CALL isolate('allocations');
CREATE TRIGGER allocations_are_kept BEFORE UPDATE OR DELETE ON allocations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocations_are_not_emptied BEFORE TRUNCATE ON allocations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION settle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Rows are locked in one order, payment then invoice, so that two settlements never wait for each other.
    IF NEW.payment_id IS NOT NULL THEN
        UPDATE payments SET allocated_amount = allocated_amount + NEW.amount,
            open_amount = CASE WHEN direction = 'in' AND NOT is_reversed
                THEN amount - allocated_amount - NEW.amount ELSE 0 END
        WHERE organisation_id = NEW.organisation_id AND id = NEW.payment_id
            AND direction = 'in' AND reversed_payment_id IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only money received can be allocated' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'allocations_payment_check';
        END IF;
    END IF;
    IF NEW.refund_id IS NOT NULL THEN
        UPDATE payments SET allocated_amount = allocated_amount + NEW.amount
        WHERE organisation_id = NEW.organisation_id AND id = NEW.refund_id
            AND direction = 'out' AND reversed_payment_id IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only money paid out is a refund' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'allocations_refund_check';
        END IF;
    END IF;
    IF NEW.credit_note_id IS NOT NULL THEN
        UPDATE invoices SET
            credited_amount = credited_amount + CASE WHEN NEW.invoice_id IS NULL THEN 0 ELSE NEW.amount END,
            paid_amount = paid_amount + CASE WHEN NEW.refund_id IS NULL THEN 0 ELSE NEW.amount END,
            open_amount = open_amount - NEW.amount
        WHERE organisation_id = NEW.organisation_id AND id = NEW.credit_note_id
            AND kind = 'credit_note' AND status = 'issued' AND origin = 'comptoir';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only an issued credit note can be used' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'allocations_credit_note_check';
        END IF;
    END IF;
    IF NEW.invoice_id IS NOT NULL THEN
        UPDATE invoices SET
            credited_amount = credited_amount + CASE WHEN NEW.credit_note_id IS NULL THEN 0 ELSE NEW.amount END,
            paid_amount = paid_amount + CASE WHEN NEW.payment_id IS NULL THEN 0 ELSE NEW.amount END,
            open_amount = open_amount - NEW.amount
        WHERE organisation_id = NEW.organisation_id AND id = NEW.invoice_id
            AND kind <> 'credit_note' AND status = 'issued' AND origin = 'comptoir';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only an issued invoice can be settled' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'allocations_invoice_check';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER allocations_settle AFTER INSERT ON allocations FOR EACH ROW EXECUTE FUNCTION settle();

CREATE FUNCTION keep_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - '{allocated_amount,is_reversed,open_amount}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{allocated_amount,is_reversed,open_amount}'::text[]) THEN
        RAISE EXCEPTION 'payment % is recorded: undo it by a reversal', OLD.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payments_are_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_are_kept BEFORE UPDATE OR DELETE ON payments
    FOR EACH ROW EXECUTE FUNCTION keep_payment();
CREATE TRIGGER payments_are_not_emptied BEFORE TRUNCATE ON payments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Money received and not yet allocated is the client's credit.
CREATE FUNCTION add_to_client_credit_amount() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.open_amount ELSE 0 END;
BEGIN
    IF NEW.open_amount <> before THEN
        UPDATE clients SET credit_amount = credit_amount + NEW.open_amount - before
        WHERE organisation_id = NEW.organisation_id AND id = NEW.client_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_add_to_client AFTER INSERT OR UPDATE OF open_amount ON payments
    FOR EACH ROW EXECUTE FUNCTION add_to_client_credit_amount();

CREATE FUNCTION index_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'payment', NEW.id, NEW.number,
        search_terms(NEW.number, NEW.reference, c.name, c.number))
    FROM clients c WHERE c.organisation_id = NEW.organisation_id AND c.id = NEW.client_id;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_are_searchable AFTER INSERT ON payments
    FOR EACH ROW EXECUTE FUNCTION index_payment();

-- Amounts stand in minor units of the organisation's currency: once a document has some, another
-- currency would change what they mean.
CREATE FUNCTION organisation_has_documents(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM quotes WHERE organisation_id = wanted)
        OR EXISTS (SELECT FROM orders WHERE organisation_id = wanted)
        OR EXISTS (SELECT FROM invoices WHERE organisation_id = wanted)
        OR EXISTS (SELECT FROM payments WHERE organisation_id = wanted)
$$;

-- Outside a transaction of that organisation its documents cannot be seen: then nothing is allowed.
CREATE FUNCTION keep_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nullif(current_setting('app.organisation', true), '')::uuid IS DISTINCT FROM NEW.id
        OR organisation_has_documents(NEW.id) THEN
        RAISE EXCEPTION 'organisation % has documents: its currency cannot change', NEW.slug
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'organisations_currency_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisations_currency_is_kept BEFORE UPDATE OF currency ON organisations
    FOR EACH ROW WHEN (NEW.currency <> OLD.currency) EXECUTE FUNCTION keep_currency();
