-- The catalogue: services and products. Prices are millionths of the currency's unit.
CREATE TABLE items (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    id uuid NOT NULL,
    reference text NOT NULL CONSTRAINT items_reference_check CHECK (length(reference) BETWEEN 1 AND 40),
    kind text NOT NULL CHECK (kind IN ('service', 'product')),
    label text NOT NULL CONSTRAINT items_label_check CHECK (length(label) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT '',
    unit text NOT NULL DEFAULT 'unit',
    unit_price bigint NOT NULL CONSTRAINT items_unit_price_check CHECK (unit_price >= 0),
    vat_category text NOT NULL CHECK (vat_category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
    vat_rate integer NOT NULL CHECK (vat_rate BETWEEN 0 AND 10000),
    duration_minutes integer CHECK (duration_minutes BETWEEN 0 AND 100000),
    keeps_stock boolean NOT NULL DEFAULT false,
    stock_quantity bigint NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT true,
    -- The label as lists sort it; folded once here rather than at each page.
    sort_label text COLLATE "C" NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT items_reference_unique UNIQUE (organisation_id, reference)
);
CREATE INDEX items_by_label ON items (organisation_id, sort_label, id);
CALL isolate('items');

CREATE FUNCTION fold_item_label() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sort_label := folded(NEW.label);
    RETURN NEW;
END $$;
CREATE TRIGGER items_fold_label BEFORE INSERT OR UPDATE OF label ON items
    FOR EACH ROW EXECUTE FUNCTION fold_item_label();

CREATE FUNCTION index_item_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM write_search_entry(NEW.organisation_id, 'item', NEW.id, NEW.sort_label,
        search_terms(NEW.label, NEW.reference, NEW.category, NEW.description));
    RETURN NULL;
END $$;
CREATE TRIGGER items_are_searchable AFTER INSERT OR UPDATE OF label, reference, category, description
    ON items FOR EACH ROW EXECUTE FUNCTION index_item_row();
