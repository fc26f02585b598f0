-- How an organisation's documents look: blocks, columns, words and texts as data. Without a row they look
-- as the program brings them.
CREATE TABLE document_layouts (
    organisation_id uuid NOT NULL PRIMARY KEY REFERENCES organisations (id),
    content jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT document_layouts_content_check CHECK (jsonb_typeof(content) = 'object')
);
CALL isolate('document_layouts');
