-- What changes the numbers that open pages show is told to the programs that show them, when it is
-- committed: `<organisation> <what>`. Equal words of one transaction are told once.
CREATE FUNCTION tell_mail_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('comptoir_live', NEW.organisation_id || ' mail.' || NEW.status);
    RETURN NULL;
END $$;
CREATE TRIGGER mails_tell_creation AFTER INSERT ON mails FOR EACH ROW
    EXECUTE FUNCTION tell_mail_change();
CREATE TRIGGER mails_tell_change AFTER UPDATE OF status ON mails FOR EACH ROW
    WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION tell_mail_change();

CREATE FUNCTION tell_job_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('comptoir_live', NEW.organisation_id || CASE
        WHEN NEW.finished_at IS NOT NULL THEN ' job.finished'
        WHEN NEW.failed_at IS NOT NULL THEN ' job.failed' ELSE ' job.due' END);
    RETURN NULL;
END $$;
CREATE TRIGGER jobs_tell_creation AFTER INSERT ON jobs FOR EACH ROW
    EXECUTE FUNCTION tell_job_change();
CREATE TRIGGER jobs_tell_change AFTER UPDATE OF finished_at, failed_at ON jobs FOR EACH ROW
    WHEN (NEW.finished_at IS DISTINCT FROM OLD.finished_at
        OR NEW.failed_at IS DISTINCT FROM OLD.failed_at)
    EXECUTE FUNCTION tell_job_change();

-- Finished jobs are kept for a month; those that are not are counted on every page.
CREATE INDEX jobs_unfinished ON jobs (organisation_id) WHERE finished_at IS NULL;

-- A session that ended, or whose role changed, hears nothing more.
CREATE FUNCTION tell_session_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('comptoir_live', 'sessions');
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_tell_end AFTER DELETE ON sessions FOR EACH ROW
    EXECUTE FUNCTION tell_session_change();
CREATE TRIGGER memberships_tell_change AFTER UPDATE OF role, archived_at OR DELETE ON memberships
    FOR EACH ROW EXECUTE FUNCTION tell_session_change();
