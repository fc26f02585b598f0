-- People sign in with the account that their company gave them elsewhere (OpenID Connect).

CREATE TABLE identity_providers (
    organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
    issuer text NOT NULL,
    client_id text NOT NULL,
    -- Encrypted with the installation's key; never in clear.
    client_secret bytea NOT NULL,
    is_active boolean NOT NULL,
    -- Whether addresses count that the provider does not call verified: some never say so.
    trusts_addresses boolean NOT NULL,
    version integer NOT NULL DEFAULT 1
);
CALL isolate('identity_providers');

-- Who is who: noted the first time, by an address that the provider has verified. From then on the provider's own
-- name for the person counts, whatever address it gives to somebody else.
CREATE TABLE external_identities (
    organisation_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, issuer, subject),
    CONSTRAINT external_identities_once UNIQUE (organisation_id, issuer, user_id),
    FOREIGN KEY (organisation_id, user_id) REFERENCES memberships (organisation_id, user_id)
);
CALL isolate('external_identities');

-- What a provider of one organisation opened stays in that organisation: its owner chose the provider, and answers
-- for nothing elsewhere.
ALTER TABLE sessions ADD COLUMN is_bound boolean NOT NULL DEFAULT false;
