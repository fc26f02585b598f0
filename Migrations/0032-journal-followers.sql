-- Followers read a few entries behind a position, by the index that has them in that order. Planned without knowing
-- how many are wanted, the whole journal was read and sorted instead, for each look at it.
CREATE OR REPLACE FUNCTION journal_after(after_transaction xid8, after_entry bigint, most integer)
RETURNS TABLE (
    transaction_id xid8, entry_id bigint, organisation_id uuid, action text, subject_kind text,
    subject_id uuid
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    RETURN QUERY
        SELECT e.transaction_id, e.id, e.organisation_id, e.action, e.subject_kind, e.subject_id
        FROM journal_entries e
        WHERE (e.transaction_id, e.id) > (after_transaction, after_entry)
            AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY e.transaction_id, e.id
        LIMIT least(most, 1000);
END $$;
