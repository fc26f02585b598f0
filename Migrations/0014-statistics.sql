-- Summaries that statistics read instead of adding up every document: by day, and by month for each client and
-- item. Triggers keep them in the transaction that changes what they sum up; `comptoir doctor` proves them.
--
-- A row belongs to the connection that writes it (writer, the server process): two transactions never change
-- the same row, so none waits for another and none can block another in a circle. Whoever reads adds up the
-- writers; rebuilding leaves one row for all, of writer 0.

-- Issued invoices less credit notes, without opening balances, which are sales of an older program.
CREATE TABLE daily_revenue (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    origin text NOT NULL,
    day date NOT NULL,
    writer integer NOT NULL,
    net bigint NOT NULL,
    vat bigint NOT NULL,
    gross bigint NOT NULL,
    invoice_count bigint NOT NULL,
    credit_note_count bigint NOT NULL,
    PRIMARY KEY (organisation_id, origin, day, writer)
) WITH (fillfactor = 80);
CALL isolate('daily_revenue');

-- `month` is its first day.
CREATE TABLE client_revenue (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    origin text NOT NULL,
    month date NOT NULL,
    client_id uuid NOT NULL,
    writer integer NOT NULL,
    net bigint NOT NULL,
    document_count bigint NOT NULL,
    PRIMARY KEY (organisation_id, origin, month, client_id, writer),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
) WITH (fillfactor = 80);
CALL isolate('client_revenue');

-- Lines that name no item stand together under NULL.
CREATE TABLE item_revenue (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    origin text NOT NULL,
    month date NOT NULL,
    item_id uuid,
    writer integer NOT NULL,
    net bigint NOT NULL,
    quantity bigint NOT NULL,
    line_count bigint NOT NULL,
    CONSTRAINT item_revenue_unique
        UNIQUE NULLS NOT DISTINCT (organisation_id, origin, month, item_id, writer),
    FOREIGN KEY (organisation_id, item_id) REFERENCES items (organisation_id, id)
) WITH (fillfactor = 80);
CALL isolate('item_revenue');

-- `kept_count`: payments received and not undone. `settled` is what payments of that day settled of
-- invoices, `settled_days` each part of it times the days since its invoice was issued.
CREATE TABLE daily_payments (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    day date NOT NULL,
    writer integer NOT NULL,
    received bigint NOT NULL DEFAULT 0,
    paid_back bigint NOT NULL DEFAULT 0,
    kept_count bigint NOT NULL DEFAULT 0,
    settled bigint NOT NULL DEFAULT 0,
    settled_days numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (organisation_id, day, writer)
) WITH (fillfactor = 80);
CALL isolate('daily_payments');

CREATE TABLE daily_quotes (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    day date NOT NULL,
    status text NOT NULL,
    writer integer NOT NULL,
    document_count bigint NOT NULL,
    net bigint NOT NULL,
    PRIMARY KEY (organisation_id, day, status, writer)
) WITH (fillfactor = 80);
CALL isolate('daily_quotes');
CREATE TABLE daily_orders (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    day date NOT NULL,
    status text NOT NULL,
    writer integer NOT NULL,
    document_count bigint NOT NULL,
    net bigint NOT NULL,
    PRIMARY KEY (organisation_id, day, status, writer)
) WITH (fillfactor = 80);
CALL isolate('daily_orders');

-- What is owed needs no summary: few invoices are open at once, and their amounts stand in this index.
CREATE INDEX invoices_open_amounts ON invoices (organisation_id, due_on)
    INCLUDE (kind, open_amount) WHERE open_amount > 0;

-- The lines behind an item's figure.
CREATE INDEX invoice_lines_item ON invoice_lines (organisation_id, item_id) WHERE item_id IS NOT NULL;

CREATE FUNCTION count_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sign bigint := CASE NEW.kind WHEN 'credit_note' THEN -1 ELSE 1 END;
    month_of_issue date := date_trunc('month', NEW.issued_on)::date;
BEGIN
    INSERT INTO daily_revenue AS r (organisation_id, origin, day, writer, net, vat, gross, invoice_count,
        credit_note_count)
    VALUES (NEW.organisation_id, NEW.origin, NEW.issued_on, pg_backend_pid(), sign * NEW.total_net,
        sign * NEW.total_vat, sign * NEW.total_gross, (sign = 1)::integer, (sign = -1)::integer)
    ON CONFLICT (organisation_id, origin, day, writer) DO UPDATE SET net = r.net + EXCLUDED.net,
        vat = r.vat + EXCLUDED.vat, gross = r.gross + EXCLUDED.gross,
        invoice_count = r.invoice_count + EXCLUDED.invoice_count,
        credit_note_count = r.credit_note_count + EXCLUDED.credit_note_count;
    INSERT INTO client_revenue AS r (organisation_id, origin, month, client_id, writer, net, document_count)
    VALUES (NEW.organisation_id, NEW.origin, month_of_issue, NEW.client_id, pg_backend_pid(),
        sign * NEW.total_net, 1)
    ON CONFLICT (organisation_id, origin, month, client_id, writer) DO UPDATE
        SET net = r.net + EXCLUDED.net, document_count = r.document_count + EXCLUDED.document_count;
    INSERT INTO item_revenue AS r (organisation_id, origin, month, item_id, writer, net, quantity, line_count)
    SELECT NEW.organisation_id, NEW.origin, month_of_issue, l.item_id, pg_backend_pid(),
        sign * sum(l.net_amount), sign * sum(l.quantity), count(*)
    FROM invoice_lines l
    WHERE l.organisation_id = NEW.organisation_id AND l.invoice_id = NEW.id AND l.kind = 'item'
    GROUP BY l.item_id
    ON CONFLICT ON CONSTRAINT item_revenue_unique DO UPDATE SET net = r.net + EXCLUDED.net,
        quantity = r.quantity + EXCLUDED.quantity, line_count = r.line_count + EXCLUDED.line_count;
    RETURN NULL;
END $$;
CREATE TRIGGER invoices_count_revenue AFTER UPDATE OF status ON invoices FOR EACH ROW
    WHEN (OLD.status = 'draft' AND NEW.status = 'issued' AND NEW.kind <> 'opening_balance')
    EXECUTE FUNCTION count_issued_invoice();

-- Imported documents come in many at a time, issued from the start, and their lines after them.
CREATE FUNCTION count_inserted_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO daily_revenue AS r (organisation_id, origin, day, writer, net, vat, gross, invoice_count,
        credit_note_count)
    SELECT d.organisation_id, d.origin, d.issued_on, pg_backend_pid(),
        sum(CASE d.kind WHEN 'credit_note' THEN -d.total_net ELSE d.total_net END),
        sum(CASE d.kind WHEN 'credit_note' THEN -d.total_vat ELSE d.total_vat END),
        sum(CASE d.kind WHEN 'credit_note' THEN -d.total_gross ELSE d.total_gross END),
        count(*) FILTER (WHERE d.kind = 'invoice'), count(*) FILTER (WHERE d.kind = 'credit_note')
    FROM new_documents d WHERE d.status = 'issued' AND d.kind <> 'opening_balance'
    GROUP BY d.organisation_id, d.origin, d.issued_on
    ON CONFLICT (organisation_id, origin, day, writer) DO UPDATE SET net = r.net + EXCLUDED.net,
        vat = r.vat + EXCLUDED.vat, gross = r.gross + EXCLUDED.gross,
        invoice_count = r.invoice_count + EXCLUDED.invoice_count,
        credit_note_count = r.credit_note_count + EXCLUDED.credit_note_count;
    INSERT INTO client_revenue AS r (organisation_id, origin, month, client_id, writer, net, document_count)
    SELECT d.organisation_id, d.origin, date_trunc('month', d.issued_on)::date, d.client_id, pg_backend_pid(),
        sum(CASE d.kind WHEN 'credit_note' THEN -d.total_net ELSE d.total_net END), count(*)
    FROM new_documents d WHERE d.status = 'issued' AND d.kind <> 'opening_balance'
    GROUP BY 1, 2, 3, 4
    ON CONFLICT (organisation_id, origin, month, client_id, writer) DO UPDATE
        SET net = r.net + EXCLUDED.net, document_count = r.document_count + EXCLUDED.document_count;
    RETURN NULL;
END $$;
CREATE TRIGGER invoices_count_inserted AFTER INSERT ON invoices REFERENCING NEW TABLE AS new_documents
    FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_invoices();

-- Each line looks its document up by the key: a plan kept since the tables were empty would read all
-- documents for every batch of lines.
CREATE FUNCTION count_inserted_invoice_lines() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO item_revenue AS r (organisation_id, origin, month, item_id, writer, net, quantity, line_count)
    SELECT i.organisation_id, i.origin, date_trunc('month', i.issued_on)::date, l.item_id, pg_backend_pid(),
        sum(CASE i.kind WHEN 'credit_note' THEN -l.net_amount ELSE l.net_amount END),
        sum(CASE i.kind WHEN 'credit_note' THEN -l.quantity ELSE l.quantity END), count(*)
    FROM new_lines l
    CROSS JOIN LATERAL (SELECT d.organisation_id, d.origin, d.kind, d.status, d.issued_on FROM invoices d
        WHERE d.organisation_id = l.organisation_id AND d.id = l.invoice_id LIMIT 1) i
    WHERE l.kind = 'item' AND i.status = 'issued' AND i.kind <> 'opening_balance'
    GROUP BY 1, 2, 3, 4
    ON CONFLICT ON CONSTRAINT item_revenue_unique DO UPDATE SET net = r.net + EXCLUDED.net,
        quantity = r.quantity + EXCLUDED.quantity, line_count = r.line_count + EXCLUDED.line_count;
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_lines_count_inserted AFTER INSERT ON invoice_lines REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_invoice_lines();

CREATE FUNCTION add_to_daily_payments(
    wanted_organisation uuid, wanted_day date, more_received bigint, more_paid_back bigint,
    more_kept bigint, more_settled bigint, more_settled_days numeric
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO daily_payments AS r (organisation_id, day, writer, received, paid_back, kept_count, settled,
        settled_days)
    VALUES (wanted_organisation, wanted_day, pg_backend_pid(), more_received, more_paid_back, more_kept,
        more_settled, more_settled_days)
    ON CONFLICT (organisation_id, day, writer) DO UPDATE SET received = r.received + EXCLUDED.received,
        paid_back = r.paid_back + EXCLUDED.paid_back, kept_count = r.kept_count + EXCLUDED.kept_count,
        settled = r.settled + EXCLUDED.settled, settled_days = r.settled_days + EXCLUDED.settled_days
$$;
CREATE FUNCTION count_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM add_to_daily_payments(NEW.organisation_id, NEW.paid_on,
            CASE NEW.direction WHEN 'in' THEN NEW.amount ELSE 0 END,
            CASE NEW.direction WHEN 'out' THEN NEW.amount ELSE 0 END,
            (NEW.direction = 'in' AND NEW.reversed_payment_id IS NULL AND NOT NEW.is_reversed)::integer,
            0, 0);
    ELSE
        PERFORM add_to_daily_payments(NEW.organisation_id, NEW.paid_on, 0, 0,
            OLD.is_reversed::integer - NEW.is_reversed::integer, 0, 0);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_are_counted AFTER INSERT ON payments
    FOR EACH ROW EXECUTE FUNCTION count_payment();
CREATE TRIGGER undone_payments_are_counted AFTER UPDATE OF is_reversed ON payments FOR EACH ROW
    WHEN (NEW.is_reversed <> OLD.is_reversed AND NEW.direction = 'in' AND NEW.reversed_payment_id IS NULL)
    EXECUTE FUNCTION count_payment();

CREATE FUNCTION count_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM add_to_daily_payments(NEW.organisation_id, p.paid_on, 0, 0, 0, NEW.amount,
        NEW.amount::numeric * (p.paid_on - i.issued_on))
    FROM payments p, invoices i
    WHERE p.organisation_id = NEW.organisation_id AND p.id = NEW.payment_id
        AND i.organisation_id = NEW.organisation_id AND i.id = NEW.invoice_id;
    RETURN NULL;
END $$;
CREATE TRIGGER allocations_are_counted AFTER INSERT ON allocations FOR EACH ROW
    WHEN (NEW.payment_id IS NOT NULL AND NEW.invoice_id IS NOT NULL)
    EXECUTE FUNCTION count_settlement();

CREATE FUNCTION count_quote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO daily_quotes AS r (organisation_id, day, status, writer, document_count, net)
        VALUES (OLD.organisation_id, OLD.quoted_on, OLD.status, pg_backend_pid(), -1, -OLD.total_net)
        ON CONFLICT (organisation_id, day, status, writer) DO UPDATE
            SET document_count = r.document_count + EXCLUDED.document_count, net = r.net + EXCLUDED.net;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO daily_quotes AS r (organisation_id, day, status, writer, document_count, net)
        VALUES (NEW.organisation_id, NEW.quoted_on, NEW.status, pg_backend_pid(), 1, NEW.total_net)
        ON CONFLICT (organisation_id, day, status, writer) DO UPDATE
            SET document_count = r.document_count + EXCLUDED.document_count, net = r.net + EXCLUDED.net;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_quotes_are_counted AFTER INSERT OR DELETE ON quotes
    FOR EACH ROW EXECUTE FUNCTION count_quote();
CREATE TRIGGER quotes_are_counted AFTER UPDATE OF quoted_on, status, total_net ON quotes FOR EACH ROW
    WHEN ((NEW.quoted_on, NEW.status, NEW.total_net)
        IS DISTINCT FROM (OLD.quoted_on, OLD.status, OLD.total_net))
    EXECUTE FUNCTION count_quote();

CREATE FUNCTION count_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO daily_orders AS r (organisation_id, day, status, writer, document_count, net)
        VALUES (OLD.organisation_id, OLD.ordered_on, OLD.status, pg_backend_pid(), -1, -OLD.total_net)
        ON CONFLICT (organisation_id, day, status, writer) DO UPDATE
            SET document_count = r.document_count + EXCLUDED.document_count, net = r.net + EXCLUDED.net;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO daily_orders AS r (organisation_id, day, status, writer, document_count, net)
        VALUES (NEW.organisation_id, NEW.ordered_on, NEW.status, pg_backend_pid(), 1, NEW.total_net)
        ON CONFLICT (organisation_id, day, status, writer) DO UPDATE
            SET document_count = r.document_count + EXCLUDED.document_count, net = r.net + EXCLUDED.net;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER new_orders_are_counted AFTER INSERT OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION count_order();
CREATE TRIGGER orders_are_counted AFTER UPDATE OF ordered_on, status, total_net ON orders FOR EACH ROW
    WHEN ((NEW.ordered_on, NEW.status, NEW.total_net)
        IS DISTINCT FROM (OLD.ordered_on, OLD.status, OLD.total_net))
    EXECUTE FUNCTION count_order();

-- All summaries of one organisation anew. The lock lets those who are writing finish and makes others wait,
-- so that nothing is counted twice or not at all.
CREATE FUNCTION rebuild_statistics(wanted uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE daily_revenue, client_revenue, item_revenue, daily_payments, daily_quotes, daily_orders
        IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM daily_revenue WHERE organisation_id = wanted;
    INSERT INTO daily_revenue
    SELECT wanted, origin, issued_on, 0, sum(sign * total_net), sum(sign * total_vat),
        sum(sign * total_gross), count(*) FILTER (WHERE sign = 1), count(*) FILTER (WHERE sign = -1)
    FROM (SELECT i.*, CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS sign FROM invoices i
        WHERE i.organisation_id = wanted AND i.status = 'issued' AND i.kind <> 'opening_balance') d
    GROUP BY origin, issued_on;
    DELETE FROM client_revenue WHERE organisation_id = wanted;
    INSERT INTO client_revenue
    SELECT wanted, i.origin, date_trunc('month', i.issued_on)::date, i.client_id, 0,
        sum(CASE i.kind WHEN 'credit_note' THEN -i.total_net ELSE i.total_net END), count(*)
    FROM invoices i
    WHERE i.organisation_id = wanted AND i.status = 'issued' AND i.kind <> 'opening_balance'
    GROUP BY 2, 3, 4;
    DELETE FROM item_revenue WHERE organisation_id = wanted;
    INSERT INTO item_revenue
    SELECT wanted, i.origin, date_trunc('month', i.issued_on)::date, l.item_id, 0,
        sum(CASE i.kind WHEN 'credit_note' THEN -l.net_amount ELSE l.net_amount END),
        sum(CASE i.kind WHEN 'credit_note' THEN -l.quantity ELSE l.quantity END), count(*)
    FROM invoices i
    JOIN invoice_lines l ON l.organisation_id = wanted AND l.invoice_id = i.id AND l.kind = 'item'
    WHERE i.organisation_id = wanted AND i.status = 'issued' AND i.kind <> 'opening_balance'
    GROUP BY 2, 3, 4;
    DELETE FROM daily_payments WHERE organisation_id = wanted;
    INSERT INTO daily_payments
    SELECT wanted, p.paid_on, 0, coalesce(sum(p.amount) FILTER (WHERE p.direction = 'in'), 0),
        coalesce(sum(p.amount) FILTER (WHERE p.direction = 'out'), 0), count(*) FILTER (WHERE
            p.direction = 'in' AND p.reversed_payment_id IS NULL AND NOT p.is_reversed),
        coalesce(sum(a.settled), 0), coalesce(sum(a.settled_days), 0)
    FROM payments p
    LEFT JOIN LATERAL (
        SELECT sum(s.amount) AS settled,
            sum(s.amount::numeric * (p.paid_on - i.issued_on)) AS settled_days
        FROM allocations s JOIN invoices i ON i.organisation_id = wanted AND i.id = s.invoice_id
        WHERE s.organisation_id = wanted AND s.payment_id = p.id
    ) a ON true
    WHERE p.organisation_id = wanted GROUP BY p.paid_on;
    DELETE FROM daily_quotes WHERE organisation_id = wanted;
    INSERT INTO daily_quotes SELECT wanted, quoted_on, status, 0, count(*), sum(total_net)
    FROM quotes WHERE organisation_id = wanted GROUP BY quoted_on, status;
    DELETE FROM daily_orders WHERE organisation_id = wanted;
    INSERT INTO daily_orders SELECT wanted, ordered_on, status, 0, count(*), sum(total_net)
    FROM orders WHERE organisation_id = wanted GROUP BY ordered_on, status;
END $$;

-- For whoever reads the database with a tool of their own. Amounts are minor units of the currency.
CREATE VIEW revenue_by_month WITH (security_invoker = true) AS
    SELECT organisation_id, origin, date_trunc('month', day)::date AS month, sum(net)::bigint AS net,
        sum(vat)::bigint AS vat, sum(gross)::bigint AS gross, sum(invoice_count)::bigint AS invoice_count,
        sum(credit_note_count)::bigint AS credit_note_count
    FROM daily_revenue GROUP BY 1, 2, 3;
CREATE VIEW revenue_by_client WITH (security_invoker = true) AS
    SELECT r.organisation_id, r.origin, r.month, r.client_id, c.number, c.name, sum(r.net)::bigint AS net,
        sum(r.document_count)::bigint AS document_count
    FROM client_revenue r
    JOIN clients c ON c.organisation_id = r.organisation_id AND c.id = r.client_id
    GROUP BY 1, 2, 3, 4, 5, 6;
CREATE VIEW revenue_by_item WITH (security_invoker = true) AS
    SELECT r.organisation_id, r.origin, r.month, r.item_id, t.reference, t.label, sum(r.net)::bigint AS net,
        sum(r.quantity)::bigint AS quantity, sum(r.line_count)::bigint AS line_count
    FROM item_revenue r
    LEFT JOIN items t ON t.organisation_id = r.organisation_id AND t.id = r.item_id
    GROUP BY 1, 2, 3, 4, 5, 6;
CREATE VIEW payments_by_month WITH (security_invoker = true) AS
    SELECT organisation_id, date_trunc('month', day)::date AS month, sum(received)::bigint AS received,
        sum(paid_back)::bigint AS paid_back, sum(kept_count)::bigint AS payment_count,
        round(sum(settled_days) / nullif(sum(settled), 0), 1) AS mean_days_to_payment
    FROM daily_payments GROUP BY 1, 2;
CREATE VIEW revenue_by_payment_status WITH (security_invoker = true) AS
    SELECT organisation_id, date_trunc('month', issued_on)::date AS month,
        CASE WHEN open_amount = 0 THEN 'settled' WHEN open_amount = total_gross THEN 'open' ELSE 'partly' END
            AS payment_status,
        count(*) AS invoice_count, sum(total_net)::bigint AS net, sum(total_gross)::bigint AS gross,
        sum(open_amount)::bigint AS open_amount
    FROM invoices WHERE status = 'issued' AND kind = 'invoice' AND origin = 'comptoir' GROUP BY 1, 2, 3;
CALL allow('revenue_by_month', 'SELECT');
CALL allow('revenue_by_client', 'SELECT');
CALL allow('revenue_by_item', 'SELECT');
CALL allow('payments_by_month', 'SELECT');
CALL allow('revenue_by_payment_status', 'SELECT');

-- What is there already, one organisation after the other: the policies let no other be seen.
DO $$
DECLARE
    found_organisation uuid;
BEGIN
    FOR found_organisation IN SELECT id FROM organisations LOOP
        PERFORM set_config('app.organisation', found_organisation::text, true);
        PERFORM rebuild_statistics(found_organisation);
    END LOOP;
    PERFORM set_config('app.organisation', '', true);
END $$;
