-- Human numbers: one counter per organisation, series and period. The row is locked until the transaction
-- that took a number ends, so that a rolled-back issue leaves no gap.
CREATE TABLE number_series (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    series text NOT NULL
        CHECK (series IN ('client', 'quote', 'order', 'invoice', 'credit_note', 'payment')),
    pattern text NOT NULL CONSTRAINT number_series_pattern_check CHECK (length(pattern) BETWEEN 1 AND 40),
    PRIMARY KEY (organisation_id, series)
);
CALL isolate('number_series');

CREATE TABLE number_counters (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    series text NOT NULL,
    period text NOT NULL,
    last_value bigint NOT NULL CHECK (last_value BETWEEN 0 AND 999999999),
    PRIMARY KEY (organisation_id, series, period)
);
CALL isolate('number_counters');

CREATE TABLE clients (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('company', 'person')),
    stage text NOT NULL DEFAULT 'client' CHECK (stage IN ('prospect', 'client')),
    name text NOT NULL CONSTRAINT clients_name_check CHECK (length(name) BETWEEN 1 AND 200),
    email text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    website text NOT NULL DEFAULT '',
    sector text NOT NULL DEFAULT '',
    siren text NOT NULL DEFAULT '',
    siret text NOT NULL DEFAULT '',
    vat_number text NOT NULL DEFAULT '',
    street text NOT NULL DEFAULT '',
    street_more text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT 'FR' CHECK (country ~ '^[A-Z]{2}$'),
    tags text[] NOT NULL DEFAULT '{}',
    notes text NOT NULL DEFAULT '',
    -- Without value: the organisation's own terms.
    payment_days integer CHECK (payment_days BETWEEN 0 AND 120),
    payment_end_of_month boolean NOT NULL DEFAULT false,
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    -- The name as lists sort it; folded once here rather than at each page.
    sort_name text COLLATE "C" NOT NULL DEFAULT '',
    -- Kept by triggers; `comptoir doctor` proves them. Invoices less credit notes; payments to allocate.
    open_amount bigint NOT NULL DEFAULT 0,
    credit_amount bigint NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    archived_by uuid REFERENCES users (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT clients_number_unique UNIQUE (organisation_id, number)
);
CREATE INDEX clients_by_name ON clients (organisation_id, sort_name, id);
CREATE INDEX clients_by_city ON clients (organisation_id, city, id);
CREATE INDEX clients_by_sector ON clients (organisation_id, sector, id);
CREATE INDEX clients_by_creation ON clients (organisation_id, created_at, id);
CREATE INDEX clients_by_open_amount ON clients (organisation_id, open_amount, id);
CREATE INDEX clients_by_email ON clients (organisation_id, email) WHERE email <> '';
CREATE INDEX clients_by_phone ON clients (organisation_id, phone) WHERE phone <> '';
CREATE INDEX clients_by_siren ON clients (organisation_id, siren) WHERE siren <> '';
CALL isolate('clients');

CREATE TABLE contacts (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    name text NOT NULL CONSTRAINT contacts_name_check CHECK (length(name) BETWEEN 1 AND 100),
    position text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    receives_invoices boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CREATE INDEX contacts_client ON contacts (organisation_id, client_id, name);
CALL isolate('contacts');

-- Addresses beside the main one: delivery, sites.
CREATE TABLE addresses (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    label text NOT NULL CONSTRAINT addresses_label_check CHECK (length(label) BETWEEN 1 AND 100),
    street text NOT NULL DEFAULT '',
    street_more text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT 'FR' CHECK (country ~ '^[A-Z]{2}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CREATE INDEX addresses_client ON addresses (organisation_id, client_id, label);
CALL isolate('addresses');

CREATE FUNCTION fold_client_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sort_name := folded(NEW.name);
    RETURN NEW;
END $$;
CREATE TRIGGER clients_fold_name BEFORE INSERT OR UPDATE OF name ON clients
    FOR EACH ROW EXECUTE FUNCTION fold_client_name();

-- A number is found as it is stored and as people dial it: +33199001234, 0199001234.
CREATE FUNCTION phone_terms(phone text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(phone, '+', '') || ' ' || regexp_replace(phone, '^\+33', '0')
$$;

CREATE FUNCTION index_client(wanted_organisation uuid, wanted_client uuid) RETURNS void
LANGUAGE sql AS $$
    SELECT write_search_entry(c.organisation_id, 'client', c.id, c.sort_name, search_terms(
        c.name, c.number, c.sector, c.city, c.postal_code, c.email, c.siren, c.siret, c.vat_number,
        phone_terms(c.phone), array_to_string(c.tags, ' '),
        (SELECT string_agg(concat_ws(' ', t.name, t.email, phone_terms(t.phone)), ' ')
            FROM contacts t WHERE t.organisation_id = c.organisation_id AND t.client_id = c.id)))
    FROM clients c WHERE c.organisation_id = wanted_organisation AND c.id = wanted_client
$$;

CREATE FUNCTION index_client_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_client(NEW.organisation_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER clients_are_searchable AFTER INSERT OR UPDATE OF name, number, sector, city, postal_code,
    email, siren, siret, vat_number, phone, tags ON clients
    FOR EACH ROW EXECUTE FUNCTION index_client_row();

CREATE FUNCTION index_client_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_client(coalesce(NEW.organisation_id, OLD.organisation_id),
        coalesce(NEW.client_id, OLD.client_id));
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_are_searchable AFTER INSERT OR UPDATE OR DELETE ON contacts
    FOR EACH ROW EXECUTE FUNCTION index_client_of_contact();
