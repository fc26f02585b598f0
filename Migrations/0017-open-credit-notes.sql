-- What a client has left of credit notes, read on each client's page: few of all invoices.
CREATE INDEX invoices_open_credit_notes ON invoices (organisation_id, client_id) INCLUDE (open_amount)
    WHERE kind = 'credit_note' AND open_amount > 0;
