-- Why a platform did not take something is kept in both languages; what search looks at first has a name.

ALTER TABLE platform_connections ALTER COLUMN problem DROP DEFAULT, ALTER COLUMN problem DROP NOT NULL,
    ALTER COLUMN problem TYPE jsonb USING CASE WHEN problem = '' THEN NULL
        ELSE jsonb_build_object('fr', problem, 'en', problem) END;
ALTER TABLE platform_flows ALTER COLUMN problem DROP DEFAULT, ALTER COLUMN problem DROP NOT NULL,
    ALTER COLUMN problem TYPE jsonb USING CASE WHEN problem = '' THEN NULL
        ELSE jsonb_build_object('fr', problem, 'en', problem) END;

-- Issuing asks for the connection once.
CREATE OR REPLACE FUNCTION await_invoice_flow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.marking = 'B2B' THEN
        INSERT INTO platform_flows (organisation_id, id, direction, tracking_id, invoice_id, state,
            created_at, changed_at)
        SELECT NEW.organisation_id, gen_random_uuid(), 'out', gen_random_uuid(), NEW.invoice_id,
            'waiting', now(), now()
        FROM platform_connections c JOIN invoices i ON i.organisation_id = c.organisation_id
            AND i.id = NEW.invoice_id AND i.issued_on >= c.since
        WHERE c.organisation_id = NEW.organisation_id;
    END IF;
    RETURN NULL;
END $$;

-- The first entries of a kind: documents from the latest on, people and things in the order of their names. In SQL,
-- so that it is laid into the statements that ask, which read no more than they want.
CREATE FUNCTION first_entries(wanted uuid, wanted_kind text, latest_first boolean, how_many bigint)
RETURNS TABLE (record_id uuid, label text, terms tsvector) LANGUAGE sql STABLE AS $$
    (SELECT s.record_id, s.label, s.terms FROM search_entries s
        WHERE latest_first AND s.organisation_id = wanted AND s.kind = wanted_kind
        ORDER BY s.label COLLATE "C" DESC, s.record_id DESC LIMIT how_many)
    UNION ALL
    (SELECT s.record_id, s.label, s.terms FROM search_entries s
        WHERE NOT latest_first AND s.organisation_id = wanted AND s.kind = wanted_kind
        ORDER BY s.label COLLATE "C", s.record_id LIMIT how_many)
$$;

-- The best of one kind within the bounds. Only `search_kinds` calls it and the next, with the rights of their owner.
CREATE OR REPLACE FUNCTION search_in_order(
    wanted uuid, wanted_kind text, whole tsquery, latest_first boolean, most bigint
) RETURNS TABLE (record_id uuid, label text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    words text[] := query_words(whole, search_key(wanted, wanted_kind));
    seen tsvector[];
    absent text;
    rare text;
    ids uuid[];
    labels text[];
BEGIN
    SELECT coalesce(array_agg(l.terms), '{}'), array_agg(l.record_id) FILTER (WHERE l.terms @@ whole),
        array_agg(l.label) FILTER (WHERE l.terms @@ whole)
    INTO seen, ids, labels FROM first_entries(wanted, wanted_kind, latest_first, 100) l;
    IF cardinality(ids) >= most OR cardinality(seen) < 100 THEN
        RETURN QUERY SELECT * FROM unnest(ids[1:most], labels[1:most]);
        RETURN;
    END IF;
    IF words = '{}' THEN
        absent := whole::text;
        rare := absent;
    ELSE
        absent := words_outside(words, seen);
        IF absent IS NOT NULL THEN
            rare := words_outside(string_to_array(absent, ' & '), spread_entries(wanted, wanted_kind));
        END IF;
    END IF;
    IF rare IS NULL THEN
        RETURN QUERY SELECT l.record_id, l.label
            FROM first_entries(wanted, wanted_kind, latest_first, 1000) l
            WHERE l.terms @@ whole LIMIT most;
        -- A word of years ago stands in none of the latest.
        IF FOUND OR absent IS NULL THEN
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT f.record_id, f.label FROM (
        SELECT s.record_id, s.label, s.terms, s.organisation_id, s.kind FROM search_entries s
        WHERE s.terms @@ coalesce(rare, absent)::tsquery LIMIT 500
    ) f
    WHERE f.terms @@ whole AND f.organisation_id = wanted AND f.kind = wanted_kind
    ORDER BY CASE WHEN latest_first THEN f.label END COLLATE "C" DESC,
        CASE WHEN latest_first THEN f.record_id END DESC, f.label COLLATE "C", f.record_id
    LIMIT most;
END $$;
