-- Approved platforms (« plateformes agréées »): how a company reaches its own, and what went there and came
-- from it.

CREATE TABLE platform_connections (
    organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
    -- The Flow Service of XP Z12-013, without /v1, and where its tokens are had.
    flow_url text NOT NULL CHECK (length(flow_url) BETWEEN 1 AND 2000),
    token_url text NOT NULL CHECK (length(token_url) BETWEEN 1 AND 2000),
    client_id text NOT NULL,
    -- Encrypted with the installation's key; never in clear.
    client_secret bytea NOT NULL,
    scope text NOT NULL DEFAULT '',
    is_active boolean NOT NULL,
    -- Invoices issued before that day are not handed over.
    since date NOT NULL,
    -- The last change at the platform that was dealt with.
    collected_until timestamptz NOT NULL,
    exchanged_at timestamptz,
    -- Why the last exchange stopped, and since when none went through.
    problem text NOT NULL DEFAULT '',
    failing_since timestamptz,
    -- Whoever exchanges holds it until then.
    busy_until timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CALL isolate('platform_connections');

CREATE TABLE platform_flows (
    organisation_id uuid NOT NULL,
    id uuid NOT NULL,
    direction text NOT NULL CHECK (direction IN ('out', 'in')),
    -- Our name of what goes out; the platform gives it back.
    tracking_id uuid,
    -- The platform's name.
    flow_id text,
    -- What of: an invoice or one of its statuses that goes out; what came of one that came in.
    invoice_id uuid,
    received_invoice_id uuid,
    entry_id uuid,
    state text NOT NULL CHECK (state IN (
        -- Out: not handed over yet, handed over, taken, not taken, not wanted at all.
        'waiting', 'submitted', 'accepted', 'refused', 'failed',
        -- In.
        'received', 'unreadable', 'ignored')),
    attempts integer NOT NULL DEFAULT 0,
    problem text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT platform_flows_flow_unique UNIQUE (organisation_id, flow_id),
    CONSTRAINT platform_flows_tracking_unique UNIQUE (organisation_id, tracking_id),
    CONSTRAINT platform_flows_entry_unique UNIQUE (organisation_id, entry_id),
    CONSTRAINT platform_flows_tracking_check CHECK ((direction = 'out') = (tracking_id IS NOT NULL)),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id),
    FOREIGN KEY (organisation_id, received_invoice_id) REFERENCES received_invoices (organisation_id, id),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES life_cycle_entries (organisation_id, id)
);
-- An invoice is handed over once.
CREATE UNIQUE INDEX platform_flows_invoice ON platform_flows (organisation_id, invoice_id)
    WHERE direction = 'out' AND entry_id IS NULL;
CREATE INDEX platform_flows_state ON platform_flows (organisation_id, state, created_at, id)
    WHERE state IN ('waiting', 'submitted', 'refused', 'failed', 'unreadable');
CREATE INDEX platform_flows_received ON platform_flows (organisation_id, received_invoice_id)
    WHERE received_invoice_id IS NOT NULL;
CREATE INDEX platform_flows_by_time ON platform_flows (organisation_id, changed_at, id);
CALL isolate('platform_flows');

-- Switched off or not: what waits meanwhile goes when it is switched on again.
CREATE FUNCTION has_platform(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM platform_connections c WHERE c.organisation_id = wanted);
END $$;

-- What is issued between companies in France waits for the platform from its issue on.
CREATE FUNCTION await_invoice_flow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.marking = 'B2B' AND has_platform(NEW.organisation_id) THEN
        INSERT INTO platform_flows (organisation_id, id, direction, tracking_id, invoice_id, state,
            created_at, changed_at)
        SELECT NEW.organisation_id, gen_random_uuid(), 'out', gen_random_uuid(), NEW.invoice_id,
            'waiting', now(), now()
        FROM platform_connections c JOIN invoices i ON i.organisation_id = c.organisation_id
            AND i.id = NEW.invoice_id AND i.issued_on >= c.since
        WHERE c.organisation_id = NEW.organisation_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sent_life_cycles_await_flow AFTER INSERT ON sent_life_cycles
    FOR EACH ROW EXECUTE FUNCTION await_invoice_flow();

-- So does what is said here of an invoice: the treatment of one that the platform brought, the completion
-- and the receipts of one that goes there. What a message from elsewhere said is not said again.
CREATE FUNCTION await_status_flow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.message IS NULL AND NEW.status BETWEEN 204 AND 212
        AND (NEW.status IN (209, 212)) = (NEW.invoice_id IS NOT NULL)
        AND has_platform(NEW.organisation_id) THEN
        INSERT INTO platform_flows (organisation_id, id, direction, tracking_id, invoice_id,
            received_invoice_id, entry_id, state, created_at, changed_at)
        SELECT NEW.organisation_id, gen_random_uuid(), 'out', gen_random_uuid(), NEW.invoice_id,
            NEW.received_invoice_id, NEW.id, 'waiting', now(), now()
        WHERE EXISTS (SELECT FROM platform_flows f
                WHERE f.organisation_id = NEW.organisation_id AND f.invoice_id = NEW.invoice_id
                    AND f.direction = 'out' AND f.entry_id IS NULL)
            OR EXISTS (SELECT FROM received_invoices r
                WHERE r.organisation_id = NEW.organisation_id AND r.id = NEW.received_invoice_id
                    AND r.channel = 'platform')
            OR EXISTS (SELECT FROM platform_flows f
                WHERE f.organisation_id = NEW.organisation_id AND f.direction = 'in'
                    AND f.received_invoice_id = NEW.received_invoice_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER life_cycle_entries_await_flow AFTER INSERT ON life_cycle_entries
    FOR EACH ROW EXECUTE FUNCTION await_status_flow();
