-- What search costs. A function in SQL that cannot be laid into its caller is planned anew whenever it
-- is called; one in PL/pgSQL keeps its plans. Each document that is written calls five of them.

CREATE OR REPLACE FUNCTION search_terms(VARIADIC texts text[]) RETURNS tsvector
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(word, 60))), ''::tsvector)
        FROM unnest(texts) AS given, unnest(string_to_array(folded(given), ' ')) AS word
        WHERE word <> '');
END $$;

CREATE OR REPLACE FUNCTION amount_terms(currency text, VARIADIC amounts bigint[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT array_to_tsvector(array_agg(DISTINCT '=' || trim_scale(abs(amount) / CASE
            WHEN currency IN ('XOF', 'XAF', 'XPF') THEN 1.0
            WHEN currency = 'TND' THEN 1000.0
            ELSE 100.0 END)::text))
        FROM unnest(amounts) AS amount);
END $$;

CREATE OR REPLACE FUNCTION document_terms(
    wanted_organisation uuid, wanted_client uuid, number text, subject text, reference text,
    currency text, net bigint, gross bigint
) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    client record;
BEGIN
    SELECT c.name, c.number INTO client FROM clients c
    WHERE c.organisation_id = wanted_organisation AND c.id = wanted_client;
    RETURN search_terms(document_terms.number, subject, reference, client.name, client.number)
        || amount_terms(currency, net, gross);
END $$;

CREATE OR REPLACE FUNCTION write_search_entry(
    entry_organisation uuid, entry_kind text, entry_record uuid, entry_label text, entry_terms tsvector
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF entry_organisation = nullif(current_setting('app.organisation', true), '')::uuid THEN
        INSERT INTO search_entries (organisation_id, kind, record_id, label, terms)
        VALUES (entry_organisation, entry_kind, entry_record, left(entry_label, 200), entry_terms)
        ON CONFLICT (organisation_id, kind, record_id)
        DO UPDATE SET label = excluded.label, terms = excluded.terms;
    END IF;
END $$;

-- Words that many records hold are found by walking along the labels until there are enough; words that
-- few hold, in the index of words. Which of the two is known only from the words themselves, so that
-- these plans are not kept.
CREATE INDEX search_entries_labels ON search_entries (organisation_id, kind, label, record_id);

CREATE OR REPLACE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    wanted uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    rows_at_most bigint := least(most, 5000);
BEGIN
    IF wanted_kind IN ('quote', 'order', 'invoice', 'payment') THEN
        RETURN QUERY SELECT s.record_id, s.label FROM search_entries s
            WHERE s.organisation_id = wanted AND s.kind = wanted_kind AND s.terms @@ query::tsquery
            ORDER BY s.label DESC, s.record_id DESC LIMIT rows_at_most;
    ELSE
        RETURN QUERY SELECT s.record_id, s.label FROM search_entries s
            WHERE s.organisation_id = wanted AND s.kind = wanted_kind AND s.terms @@ query::tsquery
            ORDER BY s.label, s.record_id LIMIT rows_at_most;
    END IF;
END $$;

-- A client's page shows the latest of perhaps thousands of invoices, imported ones at the end.
DROP INDEX invoices_client;
CREATE INDEX invoices_client
    ON invoices (organisation_id, client_id, (origin = 'import'), issued_on DESC, id DESC);

-- The sectors that lists offer are looked up in the order of this index.
CREATE INDEX orders_by_sector ON orders (organisation_id, sector);
