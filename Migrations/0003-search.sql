-- Search stands outside the policies, because full-text operators cannot use an index under one. The
-- program has no grant on the table: one function, fixed to the organisation of the transaction, reads it.
CREATE TABLE search_entries (
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    record_id uuid NOT NULL,
    label text NOT NULL,
    terms tsvector NOT NULL,
    PRIMARY KEY (organisation_id, kind, record_id)
);
CREATE INDEX search_entries_terms ON search_entries USING gin (organisation_id, kind, terms);

-- Lower case, without accents, letters and digits only, words separated by one space.
CREATE FUNCTION folded(given text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(lower(unaccent(given)), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The words of several texts as search terms. Words longer than 60 characters are cut, as queries are.
CREATE FUNCTION search_terms(VARIADIC texts text[]) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(word, 60))), ''::tsvector)
    FROM unnest(texts) AS given, unnest(string_to_array(folded(given), ' ')) AS word
    WHERE word <> ''
$$;

-- `query` is a tsquery of folded words made by the program: 'dup':* & 'lyon':*
CREATE FUNCTION search_records(wanted_kind text, query text, most bigint)
RETURNS TABLE (record_id uuid, label text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.record_id, s.label FROM search_entries s
    WHERE s.organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
        AND s.kind = wanted_kind AND s.terms @@ query::tsquery
    ORDER BY s.label, s.record_id
    LIMIT least(most, 5000)
$$;

CREATE FUNCTION write_search_entry(
    entry_organisation uuid, entry_kind text, entry_record uuid, entry_label text, entry_terms tsvector
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO search_entries (organisation_id, kind, record_id, label, terms)
    SELECT entry_organisation, entry_kind, entry_record, left(entry_label, 200), entry_terms
    WHERE entry_organisation = nullif(current_setting('app.organisation', true), '')::uuid
    ON CONFLICT (organisation_id, kind, record_id)
    DO UPDATE SET label = excluded.label, terms = excluded.terms
$$;

CREATE FUNCTION delete_search_entry(entry_organisation uuid, entry_kind text, entry_record uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM search_entries
    WHERE organisation_id = entry_organisation AND kind = entry_kind AND record_id = entry_record
        AND organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
$$;
