-- The document of an issued invoice as it left the house: a PDF/A-3, and inside it the same invoice for
-- programs. Made once, then given out for ever, byte by byte (docs/decisions/0011).
CREATE TABLE kept_documents (
    organisation_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    sha256 text NOT NULL,
    content bytea NOT NULL,
    -- The Cross Industry Invoice that stands in it; NULL where it holds none.
    cii text,
    -- The editions of the rules that it was checked against; empty without one.
    rules text NOT NULL DEFAULT '',
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, invoice_id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoices (organisation_id, id),
    CONSTRAINT kept_documents_sha256_check CHECK (sha256 = encode(sha256(content), 'hex')),
    CONSTRAINT kept_documents_cii_check CHECK ((cii IS NULL) = (rules = ''))
);
-- A PDF is compressed already.
ALTER TABLE kept_documents ALTER COLUMN content SET STORAGE EXTERNAL;
CALL isolate('kept_documents');
CREATE TRIGGER kept_documents_are_kept BEFORE UPDATE OR DELETE ON kept_documents
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept_documents_are_not_emptied BEFORE TRUNCATE ON kept_documents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
