-- Programs of their own right, short-lived tokens, and how much each program asks.

-- A token without a person is the organisation's: what it does bears its name, whoever comes and goes.
ALTER TABLE access_tokens ALTER COLUMN user_id DROP NOT NULL;
CREATE INDEX access_tokens_of_organisation ON access_tokens (organisation_id) WHERE user_id IS NULL;

-- Keys that sign short-lived tokens, each for a month; the public part is published. The seed is sealed with
-- the installation's key.
CREATE TABLE signing_keys (
    id text PRIMARY KEY,
    public_key bytea NOT NULL CHECK (length(public_key) = 32),
    sealed_seed bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CALL allow('signing_keys', 'SELECT, INSERT, DELETE');

-- Calls of the API by token and day, for people and for whoever charges for it.
CREATE TABLE api_usage (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    token_id uuid NOT NULL,
    day date NOT NULL,
    calls bigint NOT NULL,
    PRIMARY KEY (organisation_id, token_id, day)
);
CALL isolate('api_usage');
