-- Passkeys (WebAuthn level 2): a pair of keys that somebody's device holds. Here is the public one, which
-- opens nothing (docs/decisions/0028).

CREATE TABLE passkeys (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    -- By which device and browser know it: no other passkey in the world has the same.
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_unique UNIQUE
        CHECK (length(credential_id) BETWEEN 1 AND 1023),
    -- A COSE number: ES256, EdDSA, RS256.
    algorithm integer NOT NULL CHECK (algorithm IN (-7, -8, -257)),
    public_key bytea NOT NULL,
    -- How often it has signed, as it says itself; 0 for those that do not count.
    sign_count bigint NOT NULL CHECK (sign_count BETWEEN 0 AND 4294967295),
    -- The host that it was made for, and the address that its person was at.
    rp_id text NOT NULL CHECK (rp_id <> ''),
    origin text NOT NULL CHECK (origin <> ''),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- Whether it says that it is kept in more places than one device.
    is_backed_up boolean NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_user ON passkeys (user_id);
-- Whose it is and what proves it never changes.
CALL allow('passkeys',
    'SELECT, INSERT, DELETE, UPDATE (name, sign_count, is_backed_up, last_used_at)');

-- What browsers were asked to have signed: each once, for some minutes. Kept as hashes.
CREATE TABLE passkey_challenges (
    challenge_hash bytea PRIMARY KEY,
    -- Who adds a passkey; nobody where somebody signs in.
    user_id uuid REFERENCES users (id),
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);
CALL allow('passkey_challenges', 'SELECT, INSERT, DELETE');

-- Which passkey opened a session. When it goes, what it opened ends.
ALTER TABLE sessions ADD COLUMN passkey_id uuid REFERENCES passkeys (id) ON DELETE CASCADE;
CREATE INDEX sessions_passkey ON sessions (passkey_id) WHERE passkey_id IS NOT NULL;
