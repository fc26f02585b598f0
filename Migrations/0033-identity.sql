-- How people prove who they are, beyond a password, and how they hear when somebody else may have.

-- A one-time password (RFC 6238). The secret is sealed with the installation's key; a step that was used
-- opens nothing a second time.
ALTER TABLE users
    ADD COLUMN totp_secret bytea,
    ADD COLUMN totp_confirmed_at timestamptz,
    ADD COLUMN totp_step bigint NOT NULL DEFAULT 0,
    ADD COLUMN signed_in_at timestamptz,
    ADD CONSTRAINT users_totp_check CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL);

-- For whoever lost the phone: each opens the account once.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users (id),
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
CALL allow('recovery_codes', 'SELECT, INSERT, DELETE');

-- A session has a name that is no secret, so that its person can see and end it.
ALTER TABLE sessions
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT sessions_id_unique UNIQUE,
    ADD COLUMN user_agent text NOT NULL DEFAULT '';

ALTER TABLE organisations
    -- Nobody works here without a second factor.
    ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false,
    -- Scheme and host where an owner last signed in: what links in mails begin with. Never taken from a
    -- request of somebody who is not signed in.
    ADD COLUMN origin text NOT NULL DEFAULT '';

-- Somebody who is asked to join. Whether that address has an account already, nobody here learns.
CREATE TABLE invitations (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    email text NOT NULL CHECK (email = lower(email)),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    role text NOT NULL CHECK (role IN ('owner', 'agent', 'accountant')),
    -- Of the link that was given last: an earlier one opens nothing.
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid REFERENCES users (id),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT invitations_email_unique UNIQUE (organisation_id, email)
);
CALL isolate('invitations');

CREATE TABLE password_resets (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    expires_at timestamptz NOT NULL
);
CREATE INDEX password_resets_user ON password_resets (user_id);
CALL allow('password_resets', 'SELECT, INSERT, DELETE');

-- Mails of the program to people who have an account, or are to have one. They do not stand among the mails
-- to clients, and hold no secret: links are made when they are sent.
CREATE TABLE account_mails (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('invitation', 'password_reset', 'new_device', 'changed')),
    user_id uuid REFERENCES users (id),
    invitation_id uuid,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT account_mails_recipient_check CHECK (num_nonnulls(user_id, invitation_id) = 1),
    FOREIGN KEY (organisation_id, invitation_id) REFERENCES invitations (organisation_id, id)
        ON DELETE CASCADE
);
CREATE INDEX account_mails_user ON account_mails (organisation_id, user_id, kind, created_at);
CREATE INDEX account_mails_invitation ON account_mails (organisation_id, invitation_id)
    WHERE invitation_id IS NOT NULL;
CALL isolate('account_mails');

-- Leaves a mail with a link for the account of an address, where it has one; the same work in the same time
-- otherwise, so that nobody learns which. Somebody who works in several organisations gets none: the mail
-- server is that of one of them, whose people would hold the key to the others.
CREATE FUNCTION ask_password_reset(address text, mail uuid, job uuid, job_kind text, most_attempts integer,
    asked_at timestamptz, most_per_hour integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    person uuid;
    place uuid;
BEGIN
    SELECT u.id, min(m.organisation_id::text)::uuid INTO person, place
    FROM users u
    JOIN memberships m ON m.user_id = u.id AND m.archived_at IS NULL
    WHERE u.email = address
    GROUP BY u.id HAVING count(*) = 1;
    PERFORM set_config('app.organisation', coalesce(place::text, ''), true);
    INSERT INTO account_mails (organisation_id, id, kind, user_id, created_at)
    SELECT o.id, mail, 'password_reset', person, asked_at
    FROM organisations o
    WHERE o.id = place AND o.smtp_host <> '' AND most_per_hour > (
        SELECT count(*) FROM account_mails a
        WHERE a.organisation_id = place AND a.user_id = person AND a.kind = 'password_reset'
            AND a.created_at > asked_at - interval '1 hour');
    IF FOUND THEN
        INSERT INTO jobs (id, organisation_id, kind, subject_id, run_at, maximum_attempts, created_at)
        VALUES (job, place, job_kind, mail, asked_at, most_attempts, asked_at);
    END IF;
END $$;
