-- What is taken off or added on a whole document, prices that include VAT, and corrective invoices
-- (docs/decisions/0013, 0014).
ALTER TABLE organisations ADD COLUMN prices_include_vat boolean NOT NULL DEFAULT false;
-- Why lines of category E are exempt: a VATEX code, or empty. Of an invoice: empty is what the organisation says.
ALTER TABLE organisations ADD COLUMN vat_exemption text NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN vat_exemption text NOT NULL DEFAULT '';
-- Of a draft: where it is delivered, if not to the client's own address; at issue it goes into mentions.
ALTER TABLE invoices ADD COLUMN delivery_address_id uuid;
ALTER TABLE invoices ADD FOREIGN KEY (organisation_id, delivery_address_id)
    REFERENCES addresses (organisation_id, id) ON DELETE SET NULL (delivery_address_id);
CREATE INDEX invoices_delivery_address ON invoices (organisation_id, delivery_address_id)
    WHERE delivery_address_id IS NOT NULL;

-- An allowance or a charge is a line of its own kind: it is copied, invoiced and kept as lines are. Its
-- net is negative where it takes off; vat_shares says how much of it falls to each category and rate,
-- [{"category": "S", "rate": 2000, "net": -500, "gross": null}]. With vat_is_spread it follows the lines.
-- gross_amount is what the line comes to where its price includes VAT.
DO $$
DECLARE
    document text;
BEGIN
    FOREACH document IN ARRAY ARRAY['quote', 'order', 'invoice', 'recurring_invoice'] LOOP
        EXECUTE format('ALTER TABLE %1$s_lines
            ADD COLUMN vat_is_spread boolean NOT NULL DEFAULT false,
            ADD COLUMN gross_amount bigint,
            ADD COLUMN vat_shares jsonb,
            DROP CONSTRAINT %1$s_lines_kind_check,
            DROP CONSTRAINT %1$s_lines_amounts_check,
            ADD CONSTRAINT %1$s_lines_kind_check
                CHECK (kind IN (''item'', ''text'', ''section'', ''allowance'', ''charge'')),
            ADD CONSTRAINT %1$s_lines_amounts_check CHECK (kind IN (''item'', ''allowance'', ''charge'')
                OR (quantity = 0 AND unit_price = 0 AND net_amount = 0)),
            ADD CONSTRAINT %1$s_lines_shares_check CHECK (
                (kind IN (''allowance'', ''charge'')) = (vat_shares IS NOT NULL)
                AND (kind <> ''allowance'' OR net_amount <= 0) AND (kind <> ''charge'' OR net_amount >= 0))',
            document);
        -- What the total has beyond net and VAT is the cent that no net price gives (BT-114), at most one
        -- for each rate; the sums are proved at commit.
        EXECUTE format('ALTER TABLE %1$ss DROP CONSTRAINT %1$ss_total_check,
            ADD CONSTRAINT %1$ss_total_check CHECK (abs(total_gross - total_net - total_vat) <= 99)',
            document);
    END LOOP;
END $$;

-- What the lines of a document say, by category and rate. Deposits that are taken off bring their VAT.
CREATE FUNCTION document_parts(document_kind text, wanted_organisation uuid, wanted_document uuid)
RETURNS TABLE (vat_category text, vat_rate integer, net bigint, gross bigint, deposit_vat bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format('
        SELECT l.vat_category, l.vat_rate, l.net_amount, l.gross_amount, %2$s
        FROM %1$s_lines l WHERE l.organisation_id = $1 AND l.%1$s_id = $2 AND l.kind = ''item''
        UNION ALL
        SELECT s.category, s.rate, s.net, s.gross, NULL
        FROM %1$s_lines l, jsonb_to_recordset(l.vat_shares)
            AS s (category text, rate integer, net bigint, gross bigint)
        WHERE l.organisation_id = $1 AND l.%1$s_id = $2 AND l.kind IN (''allowance'', ''charge'')',
        document_kind,
        CASE document_kind WHEN 'invoice' THEN 'l.deposit_vat_amount' ELSE 'NULL::bigint' END)
    USING wanted_organisation, wanted_document;
END $$;

-- The sums of a document from its lines: VAT once for each category and rate, half away from zero. Where
-- prices include VAT, the net of each rate is the nearest one, and the total what was typed.
CREATE FUNCTION document_sums(
    document_kind text, wanted_organisation uuid, wanted_document uuid,
    OUT net bigint, OUT vat bigint, OUT gross bigint, OUT is_wrong boolean
) LANGUAGE sql STABLE AS $$
    WITH rates AS (
        SELECT vat_rate, coalesce(sum(net) FILTER (WHERE deposit_vat IS NULL), 0) AS taxed,
            sum(gross) AS gross,
            bool_or(gross IS NULL) FILTER (WHERE deposit_vat IS NULL) AS holds_net,
            coalesce(sum(net) FILTER (WHERE deposit_vat IS NOT NULL), 0) AS deducted,
            coalesce(sum(deposit_vat), 0) AS deposit_vat
        FROM document_parts(document_kind, wanted_organisation, wanted_document)
        GROUP BY vat_category, vat_rate
    ), computed AS (SELECT *, round(taxed * vat_rate / 10000.0) AS vat FROM rates)
    SELECT coalesce(sum(taxed + deducted), 0)::bigint, coalesce(sum(vat + deposit_vat), 0)::bigint,
        coalesce(sum(coalesce(gross, taxed + vat) + deducted + deposit_vat), 0)::bigint,
        coalesce(bool_or(gross IS NOT NULL
            AND (holds_net OR taxed <> round(gross * 10000.0 / (10000 + vat_rate)))), false)
    FROM computed
$$;

CREATE OR REPLACE FUNCTION check_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document_kind text := TG_ARGV[0];
    lines record;
    stated record;
BEGIN
    EXECUTE format('SELECT total_net, total_vat, total_gross FROM %ss WHERE organisation_id = $1 AND id = $2',
        document_kind) INTO stated USING NEW.organisation_id, NEW.id;
    IF stated IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO lines FROM document_sums(document_kind, NEW.organisation_id, NEW.id);
    IF lines.is_wrong OR (stated.total_net, stated.total_vat, stated.total_gross)
        IS DISTINCT FROM (lines.net, lines.vat, lines.gross) THEN
        RAISE EXCEPTION 'totals of % % do not add up: % + % = % stated, % + % = % from its lines',
            document_kind, NEW.id, stated.total_net, stated.total_vat, stated.total_gross, lines.net,
            lines.vat, lines.gross
            USING ERRCODE = 'check_violation', CONSTRAINT = document_kind || 's_totals_add_up';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION check_invoice_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stated record;
    lines record;
BEGIN
    SELECT total_net, total_vat, total_gross, kind, status INTO stated FROM invoices
    WHERE organisation_id = NEW.organisation_id AND id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF stated.kind = 'deposit' THEN
        SELECT coalesce(sum(base_amount), 0)::bigint AS net, coalesce(sum(vat_amount), 0)::bigint AS vat,
            coalesce(sum(base_amount + vat_amount), 0)::bigint AS gross,
            coalesce(bool_or(vat_amount < 0 OR base_amount < 0
                OR abs(vat_amount * 10000 - base_amount * vat_rate) > 2 * (10000 + vat_rate)), true)
                AS is_wrong
        INTO lines FROM invoice_vat_rows
        WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id;
        lines.is_wrong := lines.is_wrong OR stated.status <> 'issued'
            OR parts_differ_from_vat_rows(NEW.organisation_id, NEW.id);
    ELSE
        SELECT * INTO lines FROM document_sums('invoice', NEW.organisation_id, NEW.id);
    END IF;
    IF lines.is_wrong OR (stated.total_net, stated.total_vat, stated.total_gross)
        IS DISTINCT FROM (lines.net, lines.vat, lines.gross) THEN
        RAISE EXCEPTION 'totals of invoice % do not add up: % + % = % stated, % + % = % from its lines',
            NEW.id, stated.total_net, stated.total_vat, stated.total_gross, lines.net, lines.vat,
            lines.gross
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_totals_add_up';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION parts_differ_from_vat_rows(wanted_organisation uuid, wanted_invoice uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM (
            SELECT vat_category, vat_rate, sum(net) AS base
            FROM document_parts('invoice', wanted_organisation, wanted_invoice)
            GROUP BY vat_category, vat_rate
        ) l FULL JOIN (
            SELECT vat_category, vat_rate, base_amount AS base FROM invoice_vat_rows
            WHERE organisation_id = wanted_organisation AND invoice_id = wanted_invoice
        ) v USING (vat_category, vat_rate)
        WHERE l.base IS DISTINCT FROM v.base)
$$;

CREATE OR REPLACE FUNCTION check_credit_note_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stated record;
    settled record;
    rounding bigint;
BEGIN
    SELECT total_net, total_vat, total_gross INTO stated FROM invoices
    WHERE organisation_id = NEW.organisation_id AND id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(base_amount), 0) AS net, coalesce(sum(vat_amount), 0) AS vat INTO settled
    FROM invoice_vat_rows WHERE organisation_id = NEW.organisation_id AND invoice_id = NEW.id;
    -- The rounding of the invoice is taken back with its last cent.
    SELECT total_gross - total_net - total_vat INTO rounding FROM invoices
    WHERE organisation_id = NEW.organisation_id AND id = NEW.corrected_invoice_id;
    IF stated.total_net <> settled.net OR stated.total_vat <> settled.vat
        OR stated.total_gross - settled.net - settled.vat NOT IN (0, rounding)
        OR parts_differ_from_vat_rows(NEW.organisation_id, NEW.id) OR EXISTS (
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

-- An allowance or a charge is what its shares add up to, by its own row.
CREATE FUNCTION check_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.net_amount <> (SELECT coalesce(sum(s.net), 0) FROM jsonb_to_recordset(NEW.vat_shares)
        AS s (net bigint)) THEN
        RAISE EXCEPTION 'the shares of line % do not add up to %', NEW.id, NEW.net_amount
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_shares_check';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE
    document text;
BEGIN
    FOREACH document IN ARRAY ARRAY['quote', 'order', 'invoice', 'recurring_invoice'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_lines_shares BEFORE INSERT OR UPDATE ON %1$s_lines
            FOR EACH ROW WHEN (NEW.vat_shares IS NOT NULL) EXECUTE FUNCTION check_shares()', document);
        EXECUTE format('DROP TRIGGER %1$ss_totals_add_up ON %1$ss', document);
    END LOOP;
    FOREACH document IN ARRAY ARRAY['quote', 'order', 'recurring_invoice'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$ss_totals_add_up
            AFTER INSERT OR UPDATE OF total_net, total_vat, total_gross ON %1$ss
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_totals(%1$L)', document);
    END LOOP;
END $$;
CREATE CONSTRAINT TRIGGER invoices_totals_add_up
    AFTER INSERT OR UPDATE OF total_net, total_vat, total_gross, status
    ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind <> 'opening_balance' AND NEW.corrected_invoice_id IS NULL)
    EXECUTE FUNCTION check_invoice_totals();
DROP TRIGGER credit_notes_totals_add_up ON invoices;
CREATE CONSTRAINT TRIGGER credit_notes_totals_add_up
    AFTER INSERT OR UPDATE OF total_net, total_vat, total_gross, status
    ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.corrected_invoice_id IS NOT NULL) EXECUTE FUNCTION check_credit_note_totals();
