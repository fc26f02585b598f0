-- Envelopes: what is secret in the database is sealed with a key of its organisation, or of the
-- installation where it belongs to no organisation; these keys are sealed with the master key, which is
-- not in the database. `sealed_by` is the fingerprint of the master key that opens the key.

CREATE TABLE organisation_keys (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    sealed_key bytea NOT NULL,
    sealed_by text NOT NULL CHECK (sealed_by ~ '^[0-9a-f]{16}$'),
    created_at timestamptz NOT NULL,
    -- From then on it opens what is left of before, and seals nothing more.
    retired_at timestamptz,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX organisation_keys_current ON organisation_keys (organisation_id)
    WHERE retired_at IS NULL;
CALL isolate('organisation_keys');

-- Of accounts and of the program itself.
CREATE TABLE installation_keys (
    id uuid PRIMARY KEY,
    sealed_key bytea NOT NULL,
    sealed_by text NOT NULL CHECK (sealed_by ~ '^[0-9a-f]{16}$'),
    created_at timestamptz NOT NULL,
    retired_at timestamptz
);
CREATE UNIQUE INDEX installation_keys_current ON installation_keys ((true)) WHERE retired_at IS NULL;
CALL allow('installation_keys', 'SELECT, INSERT, UPDATE, DELETE');
