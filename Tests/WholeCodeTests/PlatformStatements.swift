@testable import Core

/// The statements that reach rows of every organisation, and why each may. Whoever adds one says why here.
enum PlatformStatements {
    /// By their first words, which none of the others shares.
    static let all: [(begins: String, why: String)] = [
        (
            "SELECT u.id, u.email, u.password_hash, u.totp_confirmed_at IS NOT NULL",
            "Signing in: the address says who it is, and from that follows the organisation."
        ),
        (
            "SELECT u.id AS user_id, u.email AS user_email, u.name AS user_name, u.language AS "
                + "user_language, u.theme, u.totp_confirmed_at IS NOT NULL AS has_second_factor, EXISTS "
                + "(SELECT FROM passkeys p WHERE p.user_id = u.id) AS has_passkey, o.id",
            "A page is asked for: the cookie's token says who in which organisation."
        ),
        (
            "UPDATE access_tokens SET last_used_at = $1 WHERE id = $2",
            "A program calls: the token that its secret names was used."
        ),
        (
            "SELECT o.id, o.name, m.role, r.id AS role_id, r.name AS role_name, r.permissions AS role_permissions FROM memberships m",
            "Where somebody may go: the organisations that this person belongs to."
        ),
        (
            "SELECT encode(s.token_hash, 'hex') AS session, m.role, r.id AS role_id, r.name AS role_name, r.permissions AS role_permissions FROM sessions s",
            "Open pages listen: whose session is over, in any organisation, hears nothing more."
        ),
        (
            "SELECT u.id, u.email, u.name, m.organisation_id FROM password_resets r",
            "A new password is chosen: the link says whose it is, and from that follows where."
        ),
        (
            "SELECT EXISTS (SELECT FROM passkeys p JOIN users u ON u.id = p.user_id",
            "A password was right: whether any organisation of this person asks for their passkey."
        ),
        (
            "SELECT EXISTS (SELECT FROM memberships m JOIN organisations o ON o.id = m.organisation_id "
                + "WHERE m.user_id = $1",
            "A passkey answers: whether owners of this person's organisations sign in at that address."
        ),
        (
            "UPDATE sessions SET passkey_id = $1 WHERE token_hash = $2",
            "A passkey is added or removed: the session that the cookie's token names notes it."
        ),
        (
            "SELECT count(*) FROM memberships WHERE user_id = $1 AND archived_at IS NULL",
            "An owner helps somebody in: only who works nowhere else may be helped from here."
        ),
        (
            "SELECT s.id, o.name AS organisation_name, s.created_at, s.last_seen_at, s.address",
            "One's own page: where this person is signed in, in any organisation."
        ),
        (
            "DELETE FROM sessions WHERE user_id = $1 AND id = $2",
            "A person ends one of their own sessions, wherever it is."
        ),
        (
            "DELETE FROM sessions s WHERE s.user_id = $1",
            "A password that was replaced ends all sessions of its person."
        ),
        (
            "DELETE FROM sessions WHERE token_hash = $1",
            "Signing out ends the session that the cookie's token names."
        ),
        (
            "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2",
            "A new password ends the person's other sessions, wherever they are."
        ),
        (
            "UPDATE sessions SET last_seen_at = $1, expires_at = least($2::timestamptz, "
                + "created_at + make_interval(secs => $3)) WHERE token_hash = $4",
            "A visit keeps the session that the cookie's token names."
        ),
        (
            "DELETE FROM sessions WHERE expires_at < $1",
            "Sessions that are over are forgotten for everybody at once."
        ),
        (
            "UPDATE jobs SET attempts = attempts + 1, leased_until = $1 WHERE id = ( SELECT id",
            "A runner takes the next job of any organisation."
        ),
        (
            "UPDATE jobs SET finished_at = $1, leased_until = NULL, last_error = '' WHERE id = $2",
            "The runner that holds a job notes its end."
        ),
        (
            "UPDATE jobs SET run_at = $1, leased_until = NULL, last_error = $2 WHERE id = $3",
            "The runner that holds a job notes when to try again."
        ),
        (
            "SELECT EXISTS (SELECT FROM journal_followers f, journal_after(",
            "A follower of the journal asks whether any organisation has something new."
        ),
        (
            "INSERT INTO journal_followers (name)",
            "A follower notes where it begins."
        ),
        (
            "SELECT j.* FROM (SELECT transaction_id, entry_id FROM journal_followers",
            "A follower reads what is new in every organisation, and acts for each in turn."
        ),
        (
            "UPDATE journal_followers SET transaction_id = $1::text::xid8",
            "A follower notes how far it has read."
        ),
        (
            "SELECT kind, count(*) FILTER (WHERE failed_at IS NULL) AS waiting",
            "Measurements: how many jobs wait in the whole installation, by kind, and no more."
        ),
        (
            "SELECT count(*) FROM sessions WHERE expires_at < $1",
            "Tidying up: how many sessions are over."
        ),
        (
            "SELECT count(*) FROM jobs WHERE finished_at < $1",
            "Tidying up: how many jobs were finished long ago."
        ),
        (
            "DELETE FROM jobs WHERE finished_at < $1",
            "Tidying up: jobs that were finished long ago leave for everybody at once."
        ),
        (
            everyOrganisation,
            "Tidying up, checking and mending go through the organisations in turn, each in a "
                + "transaction of its own."
        ),
    ]

    private static let everyOrganisation: String = {
        let columns = Organisation.columns.text.split { $0.isWhitespace }.joined(separator: " ")
        return "SELECT \(columns) FROM organisations o ORDER BY o.slug"
    }()
}
