-- A search costs the same however many records there are.
--
-- The index of words gathers every record that bears a word before it gives the first one: a word that one
-- document in thirteen bears costs the more, the more documents there are, and a beginning of one letter most of
-- all. So the latest documents are looked at first: they tell which words are common. If all are, what is wanted
-- stands soon among the latest; if one is rare, the index is asked for that word alone, and the others are
-- compared. What is shown then is the latest that was found within these bounds; the lists have all.

-- Words of a keyed query that the index may be asked for, each by itself: beginnings of one or two letters stand in
-- too many records, unless there is nothing else. None of a query with a choice.
CREATE FUNCTION query_words(whole tsquery, key text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    every text[] := CASE WHEN whole::text LIKE '%|%' THEN '{}'
        ELSE string_to_array(whole::text, ' & ') END;
    long text[] := ARRAY(SELECT word FROM unnest(every) AS word
        WHERE length(word) >= length(key) + length('''abc'':*'));
BEGIN
    RETURN CASE WHEN long = '{}' THEN every ELSE long END;
END $$;

-- Some entries of a kind from all its years: a word that none of them bears is rare.
CREATE FUNCTION spread_entries(wanted uuid, wanted_kind text) RETURNS tsvector[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    -- Ids begin with the millisecond of their making, in 48 bits.
    low bigint;
    high bigint;
    gathered tsvector[] := '{}';
BEGIN
    SELECT ('x' || left(replace(s.record_id::text, '-', ''), 12))::bit(48)::bigint INTO low
    FROM search_entries s WHERE s.organisation_id = wanted AND s.kind = wanted_kind
    ORDER BY s.record_id LIMIT 1;
    SELECT ('x' || left(replace(s.record_id::text, '-', ''), 12))::bit(48)::bigint INTO high
    FROM search_entries s WHERE s.organisation_id = wanted AND s.kind = wanted_kind
    ORDER BY s.record_id DESC LIMIT 1;
    FOR part IN 0..3 LOOP
        gathered := gathered || ARRAY(
            SELECT s.terms FROM search_entries s
            WHERE s.organisation_id = wanted AND s.kind = wanted_kind
                AND s.record_id >= (lpad(to_hex(low + (high - low) * part / 4), 12, '0')
                    || repeat('0', 20))::uuid
            ORDER BY s.record_id LIMIT 25);
    END LOOP;
    RETURN gathered;
END $$;

-- Those of the words that none of the entries bears, as a query; NULL where there is none.
CREATE FUNCTION words_outside(words text[], entries tsvector[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT string_agg(word, ' & ') FROM unnest(words) AS word
        WHERE NOT EXISTS (SELECT FROM unnest(entries) AS terms WHERE terms @@ word::tsquery));
END $$;

-- The first of one kind: documents from the latest on, people and things in the order of their names. Only `search_kinds` calls it and the next, with the rights of their owner.
CREATE FUNCTION search_in_order(
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
    INTO seen, ids, labels FROM (
        (SELECT s.record_id, s.label, s.terms FROM search_entries s
            WHERE latest_first AND s.organisation_id = wanted AND s.kind = wanted_kind
            ORDER BY s.label COLLATE "C" DESC, s.record_id DESC LIMIT 100)
        UNION ALL
        (SELECT s.record_id, s.label, s.terms FROM search_entries s
            WHERE NOT latest_first AND s.organisation_id = wanted AND s.kind = wanted_kind
            ORDER BY s.label COLLATE "C", s.record_id LIMIT 100)
    ) l;
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
        RETURN QUERY SELECT l.record_id, l.label FROM (
            (SELECT s.record_id, s.label, s.terms FROM search_entries s
                WHERE latest_first AND s.organisation_id = wanted AND s.kind = wanted_kind
                ORDER BY s.label COLLATE "C" DESC, s.record_id DESC LIMIT 1000)
            UNION ALL
            (SELECT s.record_id, s.label, s.terms FROM search_entries s
                WHERE NOT latest_first AND s.organisation_id = wanted AND s.kind = wanted_kind
                ORDER BY s.label COLLATE "C", s.record_id LIMIT 1000)
        ) l WHERE l.terms @@ whole LIMIT most;
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

-- People and things: first those whose names begin as the words do.
CREATE FUNCTION search_names(wanted uuid, wanted_kind text, whole tsquery, query text, most bigint)
RETURNS TABLE (record_id uuid, label text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    -- As it was typed.
    beginning text := replace(regexp_replace(query, '''([^'']+)'':\*', '\1', 'g'), ' & ', ' ');
    ids uuid[];
    labels text[];
BEGIN
    SELECT coalesce(array_agg(f.record_id), '{}'), coalesce(array_agg(f.label), '{}')
    INTO ids, labels FROM (
        SELECT l.record_id, l.label FROM (
            SELECT s.record_id, s.label, s.terms FROM search_entries s
            WHERE s.organisation_id = wanted AND s.kind = wanted_kind
                AND s.label COLLATE "C" >= beginning
                AND s.label COLLATE "C" < beginning || chr(1114111)
            ORDER BY s.label COLLATE "C", s.record_id LIMIT 100
        ) l WHERE l.terms @@ whole LIMIT most
    ) f;
    RETURN QUERY SELECT * FROM unnest(ids, labels);
    IF cardinality(ids) < most THEN
        RETURN QUERY SELECT r.record_id, r.label
            FROM search_in_order(wanted, wanted_kind, whole, false, most) r
            WHERE r.record_id <> ALL (ids) LIMIT most - cardinality(ids);
    END IF;
END $$;

-- The best of one kind. A list's filter asks for thousands: it gets all that the index of words has.
CREATE OR REPLACE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    wanted uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    whole tsquery := keyed_query(wanted, wanted_kind, query);
    rows_at_most bigint := least(most, 5000);
    latest_first boolean := wanted_kind IN ('quote', 'order', 'invoice', 'payment');
BEGIN
    -- Whose record it is the key has said already; asked here, the planner would read all of that kind.
    RETURN QUERY
        SELECT f.record_id, f.label FROM (
            SELECT s.record_id, s.label, s.organisation_id, s.kind FROM search_entries s
            WHERE s.terms @@ whole LIMIT 5000
        ) f
        WHERE f.organisation_id = wanted AND f.kind = wanted_kind
        ORDER BY CASE WHEN latest_first THEN f.label END COLLATE "C" DESC,
            CASE WHEN latest_first THEN f.record_id END DESC, f.label COLLATE "C", f.record_id
        LIMIT rows_at_most;
END $$;

-- The best of several kinds at once, each in its order. Only where none of them has anything within the bounds
-- is everything read.
CREATE OR REPLACE FUNCTION search_kinds(kinds text[], query text, most bigint)
RETURNS TABLE (kind text, record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    wanted uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    wanted_kind text;
    has_found boolean := false;
BEGIN
    FOREACH wanted_kind IN ARRAY kinds LOOP
        CONTINUE WHEN NOT EXISTS (SELECT FROM search_entries s
            WHERE s.organisation_id = wanted AND s.kind = wanted_kind);
        IF wanted_kind IN ('quote', 'order', 'invoice', 'payment') THEN
            RETURN QUERY SELECT wanted_kind, r.record_id, r.label FROM search_in_order(
                wanted, wanted_kind, keyed_query(wanted, wanted_kind, query), true, most) r;
        ELSE
            RETURN QUERY SELECT wanted_kind, r.record_id, r.label FROM search_names(
                wanted, wanted_kind, keyed_query(wanted, wanted_kind, query), query, most) r;
        END IF;
        has_found := has_found OR FOUND;
    END LOOP;
    IF NOT has_found THEN
        FOREACH wanted_kind IN ARRAY kinds LOOP
            RETURN QUERY SELECT wanted_kind, r.record_id, r.label
                FROM search_records(wanted_kind, query, most) r;
        END LOOP;
    END IF;
END $$;
