-- Five roles that every organisation has, and those that it makes itself from the same permissions.

-- What a role may do, by the names of the program's permissions: one that it does not know gives nothing.
-- Read before anybody has come into an organisation, hence without a policy, like memberships.
CREATE TABLE custom_roles (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    name text NOT NULL CONSTRAINT custom_roles_name_check CHECK (length(name) BETWEEN 1 AND 100),
    permissions text[] NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX custom_roles_name_unique ON custom_roles (organisation_id, lower(name));
CALL allow('custom_roles', 'SELECT, INSERT, UPDATE, DELETE');

ALTER TABLE memberships
    DROP CONSTRAINT memberships_role_check,
    ADD COLUMN custom_role_id uuid,
    -- The client that a person with the role of a client is.
    ADD COLUMN client_id uuid,
    ADD CONSTRAINT memberships_role_check CHECK (
        role IN ('owner', 'agent', 'accountant', 'technician', 'client', 'custom')),
    ADD CONSTRAINT memberships_custom_role_check CHECK (
        (role = 'custom') = (custom_role_id IS NOT NULL)),
    ADD CONSTRAINT memberships_client_check CHECK (client_id IS NULL OR role = 'client'),
    ADD FOREIGN KEY (organisation_id, custom_role_id) REFERENCES custom_roles (organisation_id, id),
    ADD FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id);
CREATE INDEX memberships_custom_role ON memberships (organisation_id, custom_role_id)
    WHERE custom_role_id IS NOT NULL;
CREATE INDEX memberships_client ON memberships (organisation_id, client_id) WHERE client_id IS NOT NULL;

DROP TRIGGER memberships_tell_change ON memberships;
CREATE TRIGGER memberships_tell_change AFTER UPDATE OF role, custom_role_id, client_id, archived_at OR DELETE ON memberships
    FOR EACH ROW EXECUTE FUNCTION tell_session_change();
CREATE TRIGGER custom_roles_tell_change AFTER UPDATE ON custom_roles
    FOR EACH ROW EXECUTE FUNCTION tell_session_change();

ALTER TABLE invitations
    DROP CONSTRAINT invitations_role_check,
    ADD COLUMN custom_role_id uuid,
    ADD COLUMN client_id uuid,
    ADD CONSTRAINT invitations_role_check CHECK (
        role IN ('owner', 'agent', 'accountant', 'technician', 'client', 'custom')),
    ADD CONSTRAINT invitations_custom_role_check CHECK (
        (role = 'custom') = (custom_role_id IS NOT NULL)),
    ADD CONSTRAINT invitations_client_check CHECK ((role = 'client') = (client_id IS NOT NULL)),
    ADD FOREIGN KEY (organisation_id, custom_role_id) REFERENCES custom_roles (organisation_id, id),
    ADD FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id);
CREATE INDEX invitations_custom_role ON invitations (organisation_id, custom_role_id)
    WHERE custom_role_id IS NOT NULL;
CREATE INDEX invitations_client ON invitations (organisation_id, client_id) WHERE client_id IS NOT NULL;

-- Who does the work: the day of a technician is made of it.
ALTER TABLE orders
    ADD COLUMN assigned_to uuid,
    ADD FOREIGN KEY (organisation_id, assigned_to) REFERENCES memberships (organisation_id, user_id);
CREATE INDEX orders_assigned ON orders (organisation_id, assigned_to, due_on)
    WHERE assigned_to IS NOT NULL AND status IN ('confirmed', 'in_progress', 'suspended');

-- What some roles may not see, whatever statement asks: `app.hidden` names it for one transaction.
CREATE FUNCTION is_hidden(kind text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT strpos(coalesce(current_setting('app.hidden', true), ''), kind) > 0
$$;
CREATE FUNCTION shown(kind text, content text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_hidden(kind) THEN '' ELSE content END
$$;
-- Whoever does not see it does not empty it either.
CREATE FUNCTION kept(kind text, before text, typed text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_hidden(kind) THEN before ELSE typed END
$$;
