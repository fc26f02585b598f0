-- Corrective invoices (UNTDID 1001: 384) replace one that was issued. The one that is replaced is taken back in
-- full by a reversal, which has numbers of its own and never leaves the house: so every total, tax and account
-- follows from documents as they stand, and nothing counts twice.
ALTER TABLE invoices
    ADD COLUMN replaced_invoice_id uuid,
    ADD CONSTRAINT invoices_replaced_check CHECK (replaced_invoice_id IS NULL OR kind = 'invoice'),
    ADD FOREIGN KEY (organisation_id, replaced_invoice_id) REFERENCES invoices (organisation_id, id);
CREATE UNIQUE INDEX invoices_replaced_once ON invoices (organisation_id, replaced_invoice_id)
    WHERE replaced_invoice_id IS NOT NULL;

ALTER TABLE number_series DROP CONSTRAINT number_series_series_check;
ALTER TABLE number_series ADD CONSTRAINT number_series_series_check CHECK (series IN
    ('client', 'quote', 'order', 'invoice', 'credit_note', 'reversal', 'payment', 'deposit_request',
    'recurring_invoice'));
