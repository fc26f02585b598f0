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

-- Search: documents are found by their amounts too, and under the name that their client bears today.

-- Amounts as people type them, in units and without needless zeros, marked so that no other word is
-- taken for one: =1234.56. Currencies have the decimals that the program knows them with.
CREATE FUNCTION amount_terms(currency text, VARIADIC amounts bigint[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_agg(DISTINCT '=' || trim_scale(abs(amount) / CASE
        WHEN currency IN ('XOF', 'XAF', 'XPF') THEN 1.0
        WHEN currency = 'TND' THEN 1000.0
        ELSE 100.0 END)::text))
    FROM unnest(amounts) AS amount
$$;

CREATE FUNCTION document_terms(
    wanted_organisation uuid, wanted_client uuid, number text, subject text, reference text,
    currency text, net bigint, gross bigint
) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT search_terms(document_terms.number, subject, reference, c.name, c.number)
        || amount_terms(currency, net, gross)
    FROM clients c WHERE c.organisation_id = wanted_organisation AND c.id = wanted_client
$$;

CREATE OR REPLACE FUNCTION index_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, TG_ARGV[0], NEW.id, coalesce(NEW.number, ''),
        document_terms(NEW.organisation_id, NEW.client_id, NEW.number, NEW.subject, NEW.reference,
            NEW.currency, NEW.total_net, NEW.total_gross));
    RETURN NULL;
END $$;
DROP TRIGGER quotes_are_searchable ON quotes;
CREATE TRIGGER quotes_are_searchable
    AFTER INSERT OR UPDATE OF number, subject, reference, client_id, total_net, total_gross ON quotes
    FOR EACH ROW EXECUTE FUNCTION index_document('quote');
DROP TRIGGER orders_are_searchable ON orders;
CREATE TRIGGER orders_are_searchable
    AFTER INSERT OR UPDATE OF number, subject, reference, client_id, total_net, total_gross ON orders
    FOR EACH ROW EXECUTE FUNCTION index_document('order');
DROP TRIGGER invoices_are_searchable ON invoices;
CREATE TRIGGER invoices_are_searchable
    AFTER INSERT OR UPDATE OF number, subject, reference, client_id, total_net, total_gross ON invoices
    FOR EACH ROW EXECUTE FUNCTION index_document('invoice');

CREATE OR REPLACE FUNCTION index_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'payment', NEW.id, NEW.number,
        document_terms(NEW.organisation_id, NEW.client_id, NEW.number, '', NEW.reference,
            NEW.currency, NEW.amount, NEW.amount));
    RETURN NULL;
END $$;

CREATE FUNCTION index_documents_of_client(wanted_organisation uuid, wanted_client uuid) RETURNS void
LANGUAGE sql AS $$
    SELECT write_search_entry(organisation_id, kind, id, coalesce(number, ''), document_terms(
        organisation_id, wanted_client, number, subject, reference, currency, net, gross))
    FROM (
        SELECT organisation_id, 'quote' AS kind, id, number, subject, reference, currency,
            total_net AS net, total_gross AS gross
        FROM quotes WHERE organisation_id = wanted_organisation AND client_id = wanted_client
        UNION ALL
        SELECT organisation_id, 'order', id, number, subject, reference, currency, total_net,
            total_gross
        FROM orders WHERE organisation_id = wanted_organisation AND client_id = wanted_client
        UNION ALL
        SELECT organisation_id, 'invoice', id, number, subject, reference, currency, total_net,
            total_gross
        FROM invoices WHERE organisation_id = wanted_organisation AND client_id = wanted_client
        UNION ALL
        SELECT organisation_id, 'payment', id, number, '', reference, currency, amount, amount
        FROM payments WHERE organisation_id = wanted_organisation AND client_id = wanted_client
    ) d
$$;
CREATE FUNCTION index_documents_of_renamed_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_documents_of_client(NEW.organisation_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER clients_rename_documents AFTER UPDATE OF name, number ON clients FOR EACH ROW
    WHEN ((NEW.name, NEW.number) IS DISTINCT FROM (OLD.name, OLD.number))
    EXECUTE FUNCTION index_documents_of_renamed_client();

-- Of documents the latest numbers come first; people and things are in the order of their names.
CREATE OR REPLACE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.record_id, s.label FROM search_entries s
    WHERE s.organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
        AND s.kind = wanted_kind AND s.terms @@ query::tsquery
    ORDER BY CASE WHEN wanted_kind IN ('quote', 'order', 'invoice', 'payment') THEN s.label END
        DESC NULLS LAST, s.label, s.record_id
    LIMIT least(most, 5000)
$$;

-- What is there already, one organisation after the other: the policies let no other be seen.
DO $$
DECLARE
    found_organisation uuid;
BEGIN
    FOR found_organisation IN SELECT id FROM organisations LOOP
        PERFORM set_config('app.organisation', found_organisation::text, true);
        PERFORM index_documents_of_client(c.organisation_id, c.id) FROM clients c
        WHERE c.organisation_id = found_organisation;
    END LOOP;
    PERFORM set_config('app.organisation', '', true);
END $$;
