-- Notes on people and accounts of suppliers are sealed where they stand (docs/decisions/0027): `sealed:p:` with
-- the key of their person, `sealed:o:` with that of the organisation, then base64.
CREATE FUNCTION is_sealed(content text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT content ~ '^sealed:[po]:A[Q-Za-f][A-Za-z0-9+/]{58,}={0,2}$' AND (length(content) - 9) % 4 = 0
$$;

-- The key of a client, sealed with that of the organisation. Erasing the person destroys it.
CREATE TABLE person_keys (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    sealed_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, client_id),
    UNIQUE (organisation_id, id),
    -- An import makes keys before it makes their clients.
    FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CALL isolate('person_keys');

-- What was written before: the program seals it, and finds nothing here from then on.
CREATE INDEX clients_notes_in_clear ON clients (organisation_id, id) WHERE notes <> '' AND NOT is_sealed(notes);

-- HMAC of the account: whether two suppliers are paid to the same one can be asked without opening any.
ALTER TABLE suppliers ADD COLUMN iban_index bytea;
CREATE INDEX suppliers_iban_index ON suppliers (organisation_id, iban_index) WHERE iban_index IS NOT NULL;
