-- What precedes an organisation: who may sign in, to what, and how one table is isolated from another's
-- organisation. These tables have no policy; the few statements that reach them are listed in a test.

-- Every business table calls this: rows of other organisations do not exist for the program, whatever a
-- statement forgets. FORCE makes it hold for the owner of the tables too.
CREATE PROCEDURE isolate(business_table regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', business_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', business_table);
    EXECUTE format(
        'CREATE POLICY organisation ON %s USING '
        '(organisation_id = nullif(current_setting(''app.organisation'', true), '''')::uuid)',
        business_table);
    CALL allow(business_table, 'SELECT, INSERT, UPDATE, DELETE');
END $$;

-- Grants to the role that runs the program, when it is another than the owner of the tables.
CREATE PROCEDURE allow(granted_table regclass, privileges text) LANGUAGE plpgsql AS $$
DECLARE
    runtime text := nullif(current_setting('comptoir.runtime_role', true), '');
BEGIN
    IF runtime IS NOT NULL THEN
        EXECUTE format('GRANT %s ON %s TO %I', privileges, granted_table, runtime);
    END IF;
END $$;

-- For whoever has just written much. Until the server gathers statistics by itself, a minute later, the
-- plans that connections keep are those made for empty tables, and read a whole organisation for each row.
CREATE FUNCTION refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    written regclass;
BEGIN
    FOR written IN SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND pg_has_role(current_user, c.relowner, 'USAGE')
    LOOP
        EXECUTE format('ANALYZE %s', written);
    END LOOP;
END $$;

CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    slug text NOT NULL CONSTRAINT organisations_slug_unique UNIQUE
        CONSTRAINT organisations_slug_check CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL CONSTRAINT organisations_name_check CHECK (length(name) BETWEEN 1 AND 200),
    legal_form text NOT NULL DEFAULT '',
    share_capital text NOT NULL DEFAULT '',
    siren text NOT NULL DEFAULT '',
    siret text NOT NULL DEFAULT '',
    vat_number text NOT NULL DEFAULT '',
    trade_register text NOT NULL DEFAULT '',
    street text NOT NULL DEFAULT '',
    street_more text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT 'FR' CHECK (country ~ '^[A-Z]{2}$'),
    email text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    website text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    time_zone text NOT NULL DEFAULT 'Europe/Paris',
    currency text NOT NULL DEFAULT 'EUR' CHECK (currency ~ '^[A-Z]{3}$'),
    vat_regime text NOT NULL DEFAULT 'normal' CHECK (vat_regime IN ('normal', 'franchise')),
    vat_on_debits boolean NOT NULL DEFAULT false,
    default_vat_rate integer NOT NULL DEFAULT 2000 CHECK (default_vat_rate BETWEEN 0 AND 10000),
    iban text NOT NULL DEFAULT '',
    bic text NOT NULL DEFAULT '',
    payment_days integer NOT NULL DEFAULT 30 CHECK (payment_days BETWEEN 0 AND 120),
    payment_end_of_month boolean NOT NULL DEFAULT false,
    quote_validity_days integer NOT NULL DEFAULT 30 CHECK (quote_validity_days BETWEEN 1 AND 365),
    late_penalty text NOT NULL DEFAULT '',
    discount_terms text NOT NULL DEFAULT '',
    invoice_footer text NOT NULL DEFAULT '',
    accent_color text NOT NULL DEFAULT '#2350c8' CHECK (accent_color ~ '^#[0-9a-f]{6}$'),
    smtp_host text NOT NULL DEFAULT '',
    smtp_port integer NOT NULL DEFAULT 587 CHECK (smtp_port BETWEEN 1 AND 65535),
    smtp_security text NOT NULL DEFAULT 'starttls' CHECK (smtp_security IN ('none', 'starttls', 'tls')),
    smtp_username text NOT NULL DEFAULT '',
    -- Encrypted with the installation's key; never in clear.
    smtp_password bytea,
    mail_from text NOT NULL DEFAULT '',
    is_set_up boolean NOT NULL DEFAULT false,
    -- How many steps of the guided first start were saved, so that it can be left and resumed.
    setup_step integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
CALL allow('organisations', 'SELECT, INSERT, UPDATE');

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL CONSTRAINT users_email_unique UNIQUE CHECK (email = lower(email)),
    name text NOT NULL CONSTRAINT users_name_check CHECK (length(name) BETWEEN 1 AND 100),
    password_hash text NOT NULL,
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    theme text NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
    created_at timestamptz NOT NULL DEFAULT now(),
    password_changed_at timestamptz NOT NULL DEFAULT now()
);
CALL allow('users', 'SELECT, INSERT, UPDATE');

CREATE TABLE memberships (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL CHECK (role IN ('owner', 'agent', 'accountant')),
    created_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    PRIMARY KEY (organisation_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
CALL allow('memberships', 'SELECT, INSERT, UPDATE');

-- The cookie holds a secret of which only the hash stands here: a copy of this table opens nothing.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    organisation_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    address text NOT NULL DEFAULT '',
    FOREIGN KEY (organisation_id, user_id) REFERENCES memberships (organisation_id, user_id)
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CALL allow('sessions', 'SELECT, INSERT, UPDATE, DELETE');

-- Failed sign-ins by hashed account and by hashed address, so that guessing becomes slow.
CREATE TABLE sign_in_failures (
    key bytea NOT NULL,
    failed_at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_key ON sign_in_failures (key, failed_at);
CALL allow('sign_in_failures', 'SELECT, INSERT, DELETE');

-- A form carries a token; the first time it is sent, what it made is noted here. The second time leads there.
CREATE TABLE submissions (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    token uuid NOT NULL,
    path text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, token)
);
CALL isolate('submissions');

CREATE TABLE logos (
    organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
    content bytea NOT NULL CONSTRAINT logos_content_check CHECK (length(content) <= 1048576),
    sha256 text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CALL isolate('logos');
