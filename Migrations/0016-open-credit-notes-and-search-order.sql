-- What a client has left of credit notes, read on each client's page: few of all invoices.
CREATE INDEX invoices_open_credit_notes ON invoices (organisation_id, client_id) INCLUDE (open_amount)
    WHERE kind = 'credit_note' AND open_amount > 0;

-- Whoever types a name looks first for those that begin so: among the few that are offered while
-- typing, they stand before those that hold the word somewhere else.
CREATE OR REPLACE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    whole tsquery := query::tsquery;
    words tsquery := search_words(query);
    rows_at_most bigint := least(most, 5000);
    latest_first boolean := wanted_kind IN ('quote', 'order', 'invoice', 'payment');
    beginning text := CASE WHEN most <= 50 THEN substring(query FROM '''([^'']+)''') END;
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
            CASE WHEN latest_first THEN s.record_id END DESC NULLS LAST,
            CASE WHEN NOT latest_first THEN NOT starts_with(s.label, beginning) END,
            s.label || '', s.record_id
        LIMIT rows_at_most;
END $$;
