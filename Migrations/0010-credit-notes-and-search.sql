-- VAT of credit notes is rounded once over all that they take back of an invoice, not on each of them:
-- credited in full, however many times, the invoice is credited to the cent (docs/decisions/0006).
CREATE FUNCTION check_credit_note_totals() RETURNS trigger LANGUAGE plpgsql AS $$
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
        SELECT FROM invoices i
        JOIN invoice_vat_rows v ON v.organisation_id = NEW.organisation_id AND v.invoice_id = i.id
        WHERE i.organisation_id = NEW.organisation_id AND i.status = 'issued'
            AND i.corrected_invoice_id = NEW.corrected_invoice_id
        GROUP BY v.vat_category, v.vat_rate
        HAVING sum(v.vat_amount) <> round(sum(v.base_amount) * v.vat_rate / 10000.0)
    ) THEN
        RAISE EXCEPTION 'totals of credit note % do not add up', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoices_totals_add_up';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER invoices_totals_add_up ON invoices;
CREATE CONSTRAINT TRIGGER invoices_totals_add_up AFTER INSERT OR UPDATE OF total_net, total_vat, status
    ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind <> 'opening_balance' AND NEW.corrected_invoice_id IS NULL)
    EXECUTE FUNCTION check_totals('invoice');
CREATE CONSTRAINT TRIGGER credit_notes_totals_add_up
    AFTER INSERT OR UPDATE OF total_net, total_vat, status
    ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.corrected_invoice_id IS NOT NULL) EXECUTE FUNCTION check_credit_note_totals();
