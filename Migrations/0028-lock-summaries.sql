-- Whoever adds the summaries up anew keeps writers away meanwhile. Six tables are not locked at once: a writer
-- that holds one of them and wants another would wait for ever, and one of the two would be stopped. So this one
-- waits a moment only, lets go of what it has, and tries again.
CREATE FUNCTION lock_summaries() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    usual text := current_setting('lock_timeout');
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    FOR attempt IN 1..300 LOOP
        BEGIN
            LOCK TABLE daily_revenue, client_revenue, item_revenue, daily_payments, daily_quotes, daily_orders
                IN SHARE ROW EXCLUSIVE MODE;
            PERFORM set_config('lock_timeout', usual, true);
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(random() * 0.1);
        END;
    END LOOP;
    RAISE EXCEPTION 'the summaries are too busy to be added up anew' USING ERRCODE = 'lock_not_available';
END $$;
