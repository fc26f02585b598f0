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

-- Words that many documents hold are found among the latest thousand, read in the order of their numbers;
-- words that few hold, in the index of words. People and things stand in the order of their names, where
-- those who bear a word stand together, perhaps at the end: they are always looked up in the index.
CREATE INDEX search_entries_labels ON search_entries (organisation_id, kind, label, record_id);

-- What the index is asked for: beginnings of one or two letters stand in too many entries to be looked up
-- as long as there are longer words beside them; they are compared afterwards.
CREATE FUNCTION search_words(query text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    long_words text;
BEGIN
    IF position('|' IN query) = 0 THEN
        SELECT string_agg(word, ' & ') INTO long_words
        FROM unnest(string_to_array(query, ' & ')) AS word WHERE length(word) >= 7;
    END IF;
    RETURN coalesce(long_words, query)::tsquery;
END $$;

CREATE OR REPLACE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    whole tsquery := query::tsquery;
    words tsquery := search_words(query);
    rows_at_most bigint := least(most, 5000);
    latest_first boolean := wanted_kind IN ('quote', 'order', 'invoice', 'payment');
    ids uuid[];
    labels text[];
BEGIN
    IF latest_first AND rows_at_most <= 50 THEN
        SELECT array_agg(f.record_id), array_agg(f.label) INTO ids, labels FROM (
            SELECT l.record_id, l.label FROM (
                SELECT s.record_id, s.label, s.terms FROM search_entries s
                WHERE s.organisation_id = wanted AND s.kind = wanted_kind
                ORDER BY s.label DESC, s.record_id DESC LIMIT 1000
            ) l WHERE l.terms @@ whole LIMIT rows_at_most
        ) f;
        IF cardinality(ids) = rows_at_most THEN
            RETURN QUERY SELECT * FROM unnest(ids, labels);
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT s.record_id, s.label FROM search_entries s
        WHERE s.organisation_id = wanted AND s.kind = wanted_kind AND s.terms @@ words
            AND ts_match_vq(s.terms, whole)
        ORDER BY CASE WHEN latest_first THEN s.label END DESC NULLS LAST,
            CASE WHEN latest_first THEN s.record_id END DESC NULLS LAST, s.label || '', s.record_id
        LIMIT rows_at_most;
END $$;

-- A client's page shows the latest of perhaps thousands of invoices, imported ones at the end.
DROP INDEX invoices_client;
CREATE INDEX invoices_client
    ON invoices (organisation_id, client_id, (origin = 'import'), issued_on DESC, id DESC);

-- The sectors that lists offer are looked up in the order of this index.
CREATE INDEX orders_by_sector ON orders (organisation_id, sector);

-- What waits to be sent, for home: few of all invoices.
CREATE INDEX invoices_to_send ON invoices (organisation_id, issued_on) INCLUDE (open_amount)
    WHERE status = 'issued' AND origin = 'comptoir' AND kind = 'invoice' AND sent_at IS NULL
        AND open_amount > 0;
