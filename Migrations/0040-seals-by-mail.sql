-- The fingerprints of the chains go to the owners each month, where an organisation wants it: kept outside,
-- they prove later what stood here.
ALTER TABLE organisations ADD COLUMN mails_seals boolean NOT NULL DEFAULT false;

ALTER TABLE account_mails
    DROP CONSTRAINT account_mails_kind_check,
    ADD CONSTRAINT account_mails_kind_check CHECK (
        kind IN ('invitation', 'password_reset', 'new_device', 'changed', 'seals'));
