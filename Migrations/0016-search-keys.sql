-- Search costs what is shown, not what is there.
--
-- Words bear the key of their organisation and kind, so that the index of words holds, for each of them, only
-- the records that a search may show. Before, a search for invoices had to meet the lists of all records of
-- the organisation, of all invoices, and of the word in every kind of record.

CREATE FUNCTION search_key(wanted_organisation uuid, wanted_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(md5(wanted_organisation::text || wanted_kind), 12) || ':'
$$;

CREATE FUNCTION keyed_terms(wanted_organisation uuid, wanted_kind text, terms tsvector) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    key text := search_key(wanted_organisation, wanted_kind);
BEGIN
    RETURN (SELECT array_to_tsvector(coalesce(array_agg(key || word), '{}'))
        FROM unnest(tsvector_to_array(terms)) AS word);
END $$;

-- Words of a query hold letters, digits, and of an amount = and the point: nothing in them needs escaping.
CREATE FUNCTION keyed_query(wanted_organisation uuid, wanted_kind text, query text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN regexp_replace(query, '''([^'']+)''',
        '''' || search_key(wanted_organisation, wanted_kind) || '\1''', 'g')::tsquery;
END $$;

CREATE OR REPLACE FUNCTION write_search_entry(
    entry_organisation uuid, entry_kind text, entry_record uuid, entry_label text, entry_terms tsvector
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF entry_organisation = nullif(current_setting('app.organisation', true), '')::uuid THEN
        INSERT INTO search_entries (organisation_id, kind, record_id, label, terms)
        VALUES (entry_organisation, entry_kind, entry_record, left(entry_label, 200),
            keyed_terms(entry_organisation, entry_kind, entry_terms))
        ON CONFLICT (organisation_id, kind, record_id)
        DO UPDATE SET label = excluded.label, terms = excluded.terms
        WHERE (search_entries.label, search_entries.terms) IS DISTINCT FROM
            (excluded.label, excluded.terms);
    END IF;
END $$;

DROP INDEX search_entries_terms, search_entries_labels;
-- Written anew as a whole: an UPDATE would leave as many dead rows between those that are read.
ALTER TABLE search_entries
    ALTER COLUMN terms TYPE tsvector USING keyed_terms(organisation_id, kind, terms);
-- The list of what was not sorted in yet is read by every search: it stays short.
CREATE INDEX search_entries_terms ON search_entries USING gin (terms) WITH (gin_pending_list_limit = 256);
CREATE INDEX search_entries_labels
    ON search_entries (organisation_id, kind, label COLLATE "C", record_id);

-- The best of one kind. Three ways, so that neither a word that everything holds nor one that nothing holds
-- costs much, however many records there are:
-- - of documents the latest: words that many of them hold are soon met there;
-- - of people and things those whose names begin with the first word, in the order of their names;
-- - the index of words, of which so many are taken, in no order, that a person would type another letter.
-- A list's filter asks for thousands: it gets all that the index of words has.
CREATE OR REPLACE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := nullif(current_setting('app.organisation', true), '')::uuid;
    whole tsquery := keyed_query(wanted, wanted_kind, query);
    latest_first boolean := wanted_kind IN ('quote', 'order', 'invoice', 'payment');
    rows_at_most bigint := least(most, 5000);
    gathered bigint := CASE WHEN rows_at_most > 50 THEN 5000 ELSE 500 END;
    beginning text := substring(query FROM '''([^'']+)''');
    ids uuid[] := '{}';
    labels text[] := '{}';
BEGIN
    IF rows_at_most <= 50 AND latest_first THEN
        FOREACH gathered IN ARRAY '{300, 4000}'::bigint[] LOOP
            SELECT coalesce(array_agg(f.record_id), '{}'), coalesce(array_agg(f.label), '{}')
            INTO ids, labels FROM (
                SELECT l.record_id, l.label FROM (
                    SELECT s.record_id, s.label, s.terms FROM search_entries s
                    WHERE s.organisation_id = wanted AND s.kind = wanted_kind
                    ORDER BY s.label COLLATE "C" DESC, s.record_id DESC LIMIT gathered
                ) l WHERE l.terms @@ whole LIMIT rows_at_most
            ) f;
            IF cardinality(ids) = rows_at_most THEN
                RETURN QUERY SELECT * FROM unnest(ids, labels);
                RETURN;
            END IF;
            -- A word that next to none of the latest bears stands in few others.
            EXIT WHEN cardinality(ids) < 2;
        END LOOP;
        gathered := 2000;
    ELSIF rows_at_most <= 50 THEN
        SELECT coalesce(array_agg(f.record_id), '{}'), coalesce(array_agg(f.label), '{}')
        INTO ids, labels FROM (
            SELECT s.record_id, s.label FROM search_entries s
            WHERE s.organisation_id = wanted AND s.kind = wanted_kind
                AND s.label COLLATE "C" >= beginning
                AND s.label COLLATE "C" < beginning || chr(1114111) AND s.terms @@ whole
            ORDER BY s.label COLLATE "C", s.record_id LIMIT rows_at_most
        ) f;
        IF cardinality(ids) = rows_at_most THEN
            RETURN QUERY SELECT * FROM unnest(ids, labels);
            RETURN;
        END IF;
    END IF;
    -- Whose record it is the key has said already; asked here, the planner would read all of that kind.
    RETURN QUERY
        SELECT f.record_id, f.label FROM (
            SELECT s.record_id, s.label, s.organisation_id, s.kind FROM search_entries s
            WHERE s.terms @@ whole LIMIT gathered
        ) f
        WHERE f.organisation_id = wanted AND f.kind = wanted_kind
        ORDER BY (latest_first OR f.record_id = ANY (ids)) DESC,
            CASE WHEN latest_first THEN f.label END COLLATE "C" DESC,
            CASE WHEN latest_first THEN f.record_id END DESC, f.label COLLATE "C", f.record_id
        LIMIT rows_at_most;
END $$;
DROP FUNCTION search_words(text);

-- The best of several kinds at once, each in its order.
CREATE FUNCTION search_kinds(kinds text[], query text, most bigint)
RETURNS TABLE (kind text, record_id uuid, label text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted_kind text;
BEGIN
    FOREACH wanted_kind IN ARRAY kinds LOOP
        RETURN QUERY SELECT wanted_kind, r.record_id, r.label
            FROM search_records(wanted_kind, query, most) r;
    END LOOP;
END $$;
