-- A company with many years of sales, written at once: beside the triggers, which cost half a
-- millisecond a row, so everything that they keep is computed here. `comptoir doctor` proves it.
-- Variables: organisation (an id), clients, invoices (whole numbers). A superuser runs it, in one
-- transaction, over the demonstration, from which settings and catalogue are copied.
SET session_replication_role = replica;
SET work_mem = '256MB';
SET maintenance_work_mem = '512MB';

-- Ids in the order of creation, as the program makes them.
CREATE FUNCTION pg_temp.id(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0190' || lpad(to_hex(n), 8, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8'
        || repeat('0', 15))::uuid
$$;
CREATE FUNCTION pg_temp.counted(prefix text, day date, counter bigint, digits integer)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT prefix || extract(year FROM day) || '-'
        || lpad(counter::text, greatest(digits, length(counter::text)), '0')
$$;

-- Indexes are built once at the end rather than row by row.
CREATE TEMP TABLE dropped_indexes AS
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisunique;
DO $$
DECLARE
    found text;
BEGIN
    FOR found IN SELECT name FROM dropped_indexes LOOP
        EXECUTE 'DROP INDEX ' || found;
    END LOOP;
END $$;

INSERT INTO organisations
SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', :'organisation', 'slug', 'bench', 'name', 'Comptoir des mesures'))).*
FROM organisations o ORDER BY created_at LIMIT 1;
INSERT INTO memberships (organisation_id, user_id, role)
SELECT :'organisation', user_id, role FROM memberships WHERE role = 'owner' LIMIT 1;
CREATE TEMP TABLE author AS
SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.organisation_id = :'organisation';

INSERT INTO clients (organisation_id, id, number, kind, name, email, phone, sector, street,
    postal_code, city, sort_name, created_at)
SELECT :'organisation', pg_temp.id(1, n), 'C-' || lpad(n::text, greatest(5, length(n::text)), '0'), 'company', name,
    'contact@client-' || n || '.example', '+33199' || lpad((n % 1000000)::text, 6, '0'),
    (ARRAY['Bâtiment', 'Agriculture', 'Industrie', 'Culture'])[1 + n % 4],
    (1 + n % 90) || ' rue des Artisans', lpad((1000 + n % 94000)::text, 5, '0'),
    (ARRAY['Lyon', 'Lille', 'Nantes', 'Brest', 'Metz', 'Pau', 'Nice', 'Caen'])[1 + n % 8],
    folded(name), now() - make_interval(days => 1200) + make_interval(mins => n::integer)
FROM generate_series(1, :clients::bigint) AS n, LATERAL (SELECT
    (ARRAY['Menuiserie', 'Atelier', 'Ferme', 'Imprimerie', 'Garage', 'Théâtre', 'Vignoble',
        'Fonderie', 'Carrière', 'Moulin'])[1 + n % 10] || ' '
    || (ARRAY['Aubrac', 'Belledonne', 'Cévennes', 'Durance', 'Esterel', 'Forez', 'Garonne',
        'Hourtin', 'Isère', 'Jura', 'Kaysers', 'Lubéron', 'Morvan'])[1 + n % 13] || ' ' || n
    AS name) named;

INSERT INTO items
SELECT (jsonb_populate_record(i, jsonb_build_object('organisation_id', :'organisation',
    'id', pg_temp.id(2, row_number() OVER (ORDER BY reference))))).*
FROM items i WHERE vat_category = 'S';
CREATE TEMP TABLE catalogue AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS size, id, label, unit,
    vat_category, vat_rate, greatest(1, unit_price / 10000) AS price
FROM items WHERE organisation_id = :'organisation';

-- Client 1 has a thousand invoices, client 2 has ten, the others share the rest. One in twenty is
-- open: those of the last weeks, and one in a hundred of the others.
CREATE TEMP TABLE documents AS
SELECT n, day, least(day + 20, current_date) AS paid_on,
    CASE WHEN n % (:invoices / 1000) = 0 THEN 1 WHEN n % (:invoices / 10) = 1 THEN 2
        ELSE 3 + (n * 7919) % (:clients - 2) END AS client,
    CASE WHEN n % 3 = 0 THEN n / 3 END AS sold,
    NOT (n % 100 = 0 OR n > :invoices * 0.96) AS is_paid,
    row_number() OVER (PARTITION BY extract(year FROM day) ORDER BY n) AS counter
FROM generate_series(1, :invoices::bigint) AS n,
    LATERAL (SELECT current_date - 1095 + (n * 1095 / :invoices)::integer AS day) dated;

CREATE TEMP TABLE lines AS
SELECT d.n, j, c.id AS item, c.label, c.unit, c.vat_category, c.vat_rate, c.price,
    1 + (d.n + j) % 9 AS quantity, c.price * (1 + (d.n + j) % 9) AS net
FROM documents d, generate_series(0, 4) AS j, catalogue c
WHERE c.place = (d.n * 7 + j * 3) % c.size;
CREATE TEMP TABLE vat AS
SELECT n, vat_category, vat_rate, sum(net)::bigint AS base,
    round(sum(net) * vat_rate / 10000.0)::bigint AS vat
FROM lines GROUP BY n, vat_category, vat_rate;
CREATE TEMP TABLE priced AS
SELECT d.*, t.net, t.vat, t.net + t.vat AS gross
FROM documents d
JOIN (SELECT n, sum(base)::bigint AS net, sum(vat)::bigint AS vat FROM vat GROUP BY n) t USING (n);

INSERT INTO quotes (organisation_id, id, number, client_id, status, subject, quoted_on, valid_until,
    currency, total_net, total_vat, total_gross, decided_at, created_at, created_by)
SELECT :'organisation', pg_temp.id(3, sold), pg_temp.counted('DEV-', day, counted, 3),
    pg_temp.id(1, client), 'accepted', 'Entretien annuel', day, day + 30, 'EUR', net, vat, gross,
    day, day, (SELECT id FROM author)
FROM (SELECT *, row_number() OVER (PARTITION BY extract(year FROM day) ORDER BY n) AS counted
    FROM priced WHERE sold IS NOT NULL) p;
INSERT INTO quote_lines (organisation_id, id, quote_id, position, kind, item_id, label, quantity,
    unit, unit_price, vat_category, vat_rate, net_amount)
SELECT :'organisation', pg_temp.id(4, n * 5 + j), pg_temp.id(3, n / 3), j + 1, 'item', item, label,
    quantity * 10000, unit, price * 10000, vat_category, vat_rate, net
FROM lines WHERE n % 3 = 0;

INSERT INTO orders (organisation_id, id, number, client_id, quote_id, status, subject, sector,
    ordered_on, currency, total_net, total_vat, total_gross, completed_at, created_at, created_by)
SELECT :'organisation', pg_temp.id(5, sold), pg_temp.counted('CMD-', day, counted, 4),
    pg_temp.id(1, client), pg_temp.id(3, sold), 'completed', 'Entretien annuel', 'Industrie', day,
    'EUR', net, vat, gross, day, day, (SELECT id FROM author)
FROM (SELECT *, row_number() OVER (PARTITION BY extract(year FROM day) ORDER BY n) AS counted
    FROM priced WHERE sold IS NOT NULL) p;
INSERT INTO order_lines (organisation_id, id, order_id, position, kind, item_id, label, quantity,
    unit, unit_price, vat_category, vat_rate, net_amount, invoiced_quantity)
SELECT :'organisation', pg_temp.id(6, n * 5 + j), pg_temp.id(5, n / 3), j + 1, 'item', item, label,
    quantity * 10000, unit, price * 10000, vat_category, vat_rate, net, quantity * 10000
FROM lines WHERE n % 3 = 0;

INSERT INTO invoices (organisation_id, id, kind, status, number, number_period, number_counter,
    client_id, order_id, issued_on, due_on, subject, currency, total_net, total_vat, total_gross,
    paid_amount, open_amount, seller, buyer, mentions, issued_at, issued_by, sent_at, created_at,
    created_by)
SELECT :'organisation', pg_temp.id(7, n), 'invoice', 'issued',
    pg_temp.counted('FACT-', day, counter, 3), extract(year FROM day)::text, counter,
    pg_temp.id(1, client), CASE WHEN sold IS NOT NULL THEN pg_temp.id(5, sold) END, day, day + 30,
    'Entretien annuel', 'EUR', net, p.vat, gross, CASE WHEN is_paid THEN gross ELSE 0 END,
    CASE WHEN is_paid THEN 0 ELSE gross END, s.seller || '{"name": "Comptoir des mesures"}',
    s.buyer || jsonb_build_object('name', c.name), s.mentions, day, (SELECT id FROM author), day,
    day, (SELECT id FROM author)
FROM priced p
JOIN clients c ON c.organisation_id = :'organisation' AND c.id = pg_temp.id(1, client)
CROSS JOIN (SELECT seller, buyer, mentions FROM invoices
    WHERE kind = 'invoice' AND status = 'issued' AND origin = 'comptoir' ORDER BY number LIMIT 1) s;
INSERT INTO invoice_lines (organisation_id, id, invoice_id, position, kind, item_id, label,
    quantity, unit, unit_price, vat_category, vat_rate, net_amount, order_line_id)
SELECT :'organisation', pg_temp.id(8, n * 5 + j), pg_temp.id(7, n), j + 1, 'item', item, label,
    quantity * 10000, unit, price * 10000, vat_category, vat_rate, net,
    CASE WHEN n % 3 = 0 THEN pg_temp.id(6, n * 5 + j) END
FROM lines;
INSERT INTO invoice_vat_rows
    (organisation_id, invoice_id, vat_category, vat_rate, base_amount, vat_amount)
SELECT :'organisation', pg_temp.id(7, n), vat_category, vat_rate, base, vat FROM vat;

CREATE TEMP TABLE paid AS
SELECT *, row_number() OVER (PARTITION BY extract(year FROM paid_on) ORDER BY n) AS counted
FROM priced WHERE is_paid;
INSERT INTO payments (organisation_id, id, number, client_id, direction, method, paid_on, amount,
    currency, reference, allocated_amount, created_at, created_by)
SELECT :'organisation', pg_temp.id(9, n), pg_temp.counted('PAI-', paid_on, counted, 4),
    pg_temp.id(1, client), 'in', 'transfer', paid_on, gross, 'EUR', 'VIR ' || n, gross, paid_on,
    (SELECT id FROM author)
FROM paid;
INSERT INTO allocations
    (organisation_id, id, payment_id, invoice_id, amount, created_at, created_by)
SELECT :'organisation', pg_temp.id(10, n), pg_temp.id(9, n), pg_temp.id(7, n), gross, paid_on,
    (SELECT id FROM author)
FROM paid;

-- Planned for empty tables, what follows would read all for each.
ANALYZE;
UPDATE clients c SET open_amount = o.amount
FROM (SELECT client_id, sum(open_amount) AS amount FROM invoices
    WHERE organisation_id = :'organisation' GROUP BY client_id) o
WHERE c.organisation_id = :'organisation' AND c.id = o.client_id;

INSERT INTO number_counters (organisation_id, series, period, last_value)
SELECT :'organisation'::uuid, 'client', '', :clients
UNION ALL SELECT :'organisation'::uuid, 'quote', extract(year FROM day)::text, count(*)
    FROM documents WHERE sold IS NOT NULL GROUP BY 3
UNION ALL SELECT :'organisation'::uuid, 'order', extract(year FROM day)::text, count(*)
    FROM documents WHERE sold IS NOT NULL GROUP BY 3
UNION ALL SELECT :'organisation'::uuid, 'invoice', extract(year FROM day)::text, count(*)
    FROM documents GROUP BY 3
UNION ALL SELECT :'organisation'::uuid, 'payment', extract(year FROM paid_on)::text, count(*)
    FROM paid GROUP BY 3;
INSERT INTO number_series (organisation_id, series, pattern) VALUES
    (:'organisation', 'client', 'C-{NNNNN}'), (:'organisation', 'quote', 'DEV-{YYYY}-{NNN}'),
    (:'organisation', 'order', 'CMD-{YYYY}-{NNNN}'),
    (:'organisation', 'invoice', 'FACT-{YYYY}-{NNN}'),
    (:'organisation', 'payment', 'PAI-{YYYY}-{NNNN}');

-- Who did what: an entry for each document, as its verb would have written it.
CREATE TEMP TABLE deeds AS
SELECT 'client.created' AS action, 'client' AS kind, id, number AS label, created_at AS at
FROM clients WHERE organisation_id = :'organisation'
UNION ALL SELECT 'quote.accepted', 'quote', id, number, created_at
FROM quotes WHERE organisation_id = :'organisation'
UNION ALL SELECT 'order.created', 'order', id, number, created_at
FROM orders WHERE organisation_id = :'organisation'
UNION ALL SELECT 'invoice.issued', 'invoice', id, 'Facture ' || number, created_at
FROM invoices WHERE organisation_id = :'organisation'
UNION ALL SELECT 'payment.recorded', 'payment', id, number, created_at
FROM payments WHERE organisation_id = :'organisation';
WITH entries AS (
    INSERT INTO journal_entries (organisation_id, recorded_at, actor_id, actor_name, action,
        subject_kind, subject_id, subject_label, commitment)
    SELECT :'organisation', d.at, a.id, a.name, d.action, d.kind, d.id, d.label,
        sha256('\x00'::bytea || '{}'::bytea)
    FROM deeds d, author a ORDER BY d.at
    RETURNING organisation_id, id)
INSERT INTO journal_details (organisation_id, entry_id, salt, details)
SELECT organisation_id, id, '\x00', '{}' FROM entries;
INSERT INTO status_changes (organisation_id, subject_kind, subject_id, status_after, changed_at,
    changed_by, changed_by_name)
SELECT :'organisation', d.kind, d.id, CASE d.kind WHEN 'quote' THEN 'accepted' ELSE 'completed' END,
    d.at, a.id, a.name
FROM deeds d, author a WHERE d.kind IN ('quote', 'order');

-- Search, as the triggers write it; the words of a client are folded once, not for each document.
INSERT INTO search_entries (organisation_id, kind, record_id, label, terms)
SELECT :'organisation', 'client', id, sort_name, keyed_terms(:'organisation', 'client',
    search_terms(name, number, sector, city, postal_code, email, siren, siret, vat_number,
        phone_terms(phone), array_to_string(tags, ' ')))
FROM clients WHERE organisation_id = :'organisation';
INSERT INTO search_entries (organisation_id, kind, record_id, label, terms)
SELECT :'organisation', 'item', id, sort_label, keyed_terms(:'organisation', 'item',
    search_terms(label, reference, category, description))
FROM items WHERE organisation_id = :'organisation';
CREATE TEMP TABLE client_words AS
SELECT id, search_terms(name, number) AS words FROM clients
WHERE organisation_id = :'organisation';
INSERT INTO search_entries (organisation_id, kind, record_id, label, terms)
SELECT :'organisation', d.kind, d.id, d.number, keyed_terms(:'organisation', d.kind,
    w.words || d.subject_words || array_to_tsvector(string_to_array(d.number_words, ' '))
        || amount_terms('EUR', d.net, d.gross))
FROM (
    SELECT 'quote' AS kind, id, number, client_id, total_net AS net, total_gross AS gross,
        search_terms('Entretien annuel') AS subject_words,
        translate(lower(number), '-', ' ') AS number_words
    FROM quotes WHERE organisation_id = :'organisation'
    UNION ALL SELECT 'order', id, number, client_id, total_net, total_gross,
        search_terms('Entretien annuel'), translate(lower(number), '-', ' ')
    FROM orders WHERE organisation_id = :'organisation'
    UNION ALL SELECT 'invoice', id, number, client_id, total_net, total_gross,
        search_terms('Entretien annuel'), translate(lower(number), '-', ' ')
    FROM invoices WHERE organisation_id = :'organisation'
    UNION ALL SELECT 'payment', id, number, client_id, amount, amount, ''::tsvector,
        translate(lower(number || ' ' || reference), '-', ' ')
    FROM payments WHERE organisation_id = :'organisation'
) d JOIN client_words w ON w.id = d.client_id;

-- One person who is signed in, and one program with every right.
INSERT INTO sessions (token_hash, user_id, organisation_id, created_at, last_seen_at, expires_at)
SELECT sha256(:'session'::bytea), id, :'organisation', now(), now() + interval '10 years',
    now() + interval '10 years'
FROM author;
INSERT INTO access_tokens (id, organisation_id, user_id, name, token_hash, start, scopes,
    created_at, last_used_at)
SELECT pg_temp.id(11, 1), :'organisation', id, 'Mesures', sha256(:'token'::bytea), left(:'token', 9),
    string_to_array('orders:write orders:read invoices:write invoices:read invoices:issue '
        || 'payments:write payments:read clients:read', ' '), now(), now() + interval '10 years'
FROM author;

DO $$
DECLARE
    found text;
BEGIN
    FOR found IN SELECT definition FROM dropped_indexes LOOP
        EXECUTE found;
    END LOOP;
END $$;

-- Summaries that triggers would have kept, where the program has any.
SELECT set_config('app.organisation', :'organisation', false);
DO $$
BEGIN
    IF to_regproc('rebuild_statistics') IS NOT NULL THEN
        PERFORM rebuild_statistics(current_setting('app.organisation')::uuid);
    END IF;
END $$;
