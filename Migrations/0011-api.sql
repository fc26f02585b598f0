-- Access of programs: tokens, and what a request sent twice answered the first time.

-- Looked up before an organisation is known, as sessions are: no policy, only the hash of the secret.
CREATE TABLE access_tokens (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    token_hash bytea NOT NULL CONSTRAINT access_tokens_hash_unique UNIQUE,
    start text NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    FOREIGN KEY (organisation_id, user_id) REFERENCES memberships (organisation_id, user_id)
);
CREATE INDEX access_tokens_user ON access_tokens (organisation_id, user_id);
CALL allow('access_tokens', 'SELECT, INSERT, UPDATE, DELETE');

-- The answer to a request with an Idempotency-Key, written in the transaction that did what it asked.
CREATE TABLE idempotency_keys (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    token_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    location text NOT NULL,
    etag text NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, token_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (organisation_id, created_at);
CALL isolate('idempotency_keys');
