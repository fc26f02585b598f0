"""Whether a million journal entries are proved in ten seconds and a changed one is named, and how
long readers of full tables wait while a database of release 0.2 is brought up to date.

    verify.py [--entries 1000000] [--clients 100000] [--only verify|locks]
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time

from processes import tree_cpu_seconds
from program import BINARY, ROOT, Program
from seed import ORGANISATION, Seed, wait_until_sealed

MOST_SECONDS = 10
MOST_WAIT_SECONDS = 1
RELEASE = ROOT / "Tests" / "Fixtures" / "release-0.2.dump.xz"
TABLES = ["journal_entries", "clients", "invoices", "users"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=100_000)
    parser.add_argument("--only", choices=["verify", "locks"])
    options = parser.parse_args()
    seed = Seed(10_000)
    seed.make()
    checks = []
    with Program(seed.copy()) as program:
        if options.only != "locks":
            checks += verify(program, options.entries)
        if options.only != "verify":
            checks += locks(program, options.entries, options.clients)
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


def check(name, holds):
    print(("passed: " if holds else "FAILED: ") + name, flush=True)
    return bool(holds)


# MARK: a million entries

FILL = """
    SET session_replication_role = replica;
    WITH author AS (
        SELECT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.organisation_id = :'organisation' LIMIT 1
    ), entries AS (
        INSERT INTO journal_entries (organisation_id, recorded_at, actor_id, actor_name, action,
            subject_kind, subject_id, subject_label, address, commitment)
        SELECT :'organisation', now(), a.id, a.name, 'invoice.issued', 'invoice',
            gen_random_uuid(), 'Facture FACT-2026-' || n, '192.0.2.' || n % 250,
            sha256('\\x00'::bytea || '{}'::bytea)
        FROM generate_series(1, :entries::bigint) n, author a
        RETURNING organisation_id, id
    )
    INSERT INTO journal_details (organisation_id, entry_id, salt, details)
    SELECT organisation_id, id, '\\x00', '{}' FROM entries;
"""
COUNT = "SELECT count(*) FROM journal_entries WHERE organisation_id = :'organisation'"
MIDDLE = """
    SELECT id FROM journal_entries WHERE organisation_id = :'organisation' ORDER BY id
    OFFSET :'place' LIMIT 1
"""
CHANGE = """
    SET session_replication_role = replica;
    UPDATE journal_entries SET actor_name = 'Somebody else'
    WHERE organisation_id = :'organisation' AND id = :'entry';
"""


def verify(program, wanted):
    there = int(program.sql(COUNT, organisation=ORGANISATION))
    started = time.monotonic()
    program.sql(FILL, organisation=ORGANISATION, entries=wanted - there)
    wait_until_sealed(program)
    program.sql_alone("VACUUM ANALYZE journal_entries")
    program.sql_alone("CHECKPOINT")
    print(f"{wanted:,} entries written and sealed in {time.monotonic() - started:.0f} s",
          flush=True)
    before = tree_cpu_seconds(program.postgres)
    seconds, intact, _ = proved(program)
    worked = tree_cpu_seconds(program.postgres) - before
    entry = program.sql(MIDDLE, organisation=ORGANISATION, place=wanted // 2)
    program.sql(CHANGE, organisation=ORGANISATION, entry=entry)
    again, still_intact, findings = proved(program)
    print(f"figure: verify: {wanted:,} entries in {seconds:.1f} s ({worked:.1f} s of CPU in "
          f"PostgreSQL, load {os.getloadavg()[0]:.1f}), with one changed in {again:.1f} s; "
          f"findings {findings}", flush=True)
    return [
        check("the journal is sealed and intact", intact),
        check(f"a million entries are proved in {MOST_SECONDS} s",
              max(seconds, again) < MOST_SECONDS),
        check("an entry that was changed by direct SQL is named, and no other",
              not still_intact and len(findings) == 1 and f"ntry {entry} " in findings[0]),
    ]


def proved(program):
    """Seconds of the whole command, whether all is well, and what is not."""
    started = time.monotonic()
    done = subprocess.run(
        [BINARY, "verify", "--organisation", "bench", "--json", "--data", program.data],
        cwd=ROOT, text=True, capture_output=True, check=False)
    seconds = time.monotonic() - started
    chains = json.loads(done.stdout)
    waiting = sum(chain["waiting"] for chain in chains)
    findings = [finding["english"] for chain in chains for finding in chain["findings"]]
    return seconds, done.returncode == 0 and not waiting, findings


# MARK: waiting for migrations

# As release 0.2 kept them, many times over.
OLD = """
    SET session_replication_role = replica;
    INSERT INTO journal_entries (organisation_id, id, transaction_id, recorded_at, actor_name,
        action, subject_kind, subject_id, subject_label, address, commitment)
    OVERRIDING SYSTEM VALUE
    SELECT e.organisation_id, e.id + n * 1000000::bigint, e.transaction_id, e.recorded_at,
        e.actor_name, e.action, e.subject_kind, e.subject_id, e.subject_label, e.address,
        e.commitment
    FROM journal_entries e,
        generate_series(1, :entries / (SELECT count(*) FROM journal_entries) + 1) n;
    CREATE TEMPORARY TABLE more AS
    SELECT c.*, n FROM clients c,
        generate_series(1, :clients / (SELECT count(*) FROM clients) + 1) n;
    UPDATE more SET id = gen_random_uuid(), number = number || '-' || n;
    ALTER TABLE more DROP COLUMN n;
    INSERT INTO clients SELECT * FROM more;
    ANALYZE;
    SELECT (SELECT count(*) FROM journal_entries) || ' ' || (SELECT count(*) FROM clients);
"""


def locks(program, entries, clients):
    program.sql_alone("CREATE DATABASE locks OWNER comptoir_owner", "postgres")
    with (program.data.parent / "old.dump").open("wb") as file:
        subprocess.run(["xzcat", RELEASE], stdout=file, check=True)
    host, dump = program.reach()[1], program.data.parent / "old.dump"
    subprocess.run(
        ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-comments",
         "-h", host, "-p", "5432", "-U", "comptoir_owner", "-d", "locks", dump], check=True)
    entries, clients = map(int, program.sql(
        OLD, "locks", entries=entries, clients=clients).split())
    program.sql_alone("CHECKPOINT")

    def address(role):
        return f"host='{host}' port=5432 user={role} dbname=locks"
    reader = Reader(program)
    started = time.monotonic()
    with reader:
        done = subprocess.run(
            [BINARY, "migrate", "--data", program.data, "--database-url", address("comptoir")],
            cwd=ROOT, text=True, capture_output=True, check=False,
            env={"PATH": "/usr/bin:/bin",
                 "COMPTOIR_MIGRATION_DATABASE_URL": address("comptoir_owner")})
    seconds = time.monotonic() - started
    if done.returncode:
        print(done.stdout[-500:] + done.stderr[-2000:])
    wait, table, at = max(reader.waits, default=(0, "", 0))
    during = program.sql(
        "SELECT number || ' ' || name FROM schema_migrations "
        f"WHERE applied_at >= to_timestamp({at}) ORDER BY applied_at LIMIT 1", "locks")
    print(f"figure: migrations: {entries:,} entries and {clients:,} clients of 0.2 brought up to "
          f"date in {seconds:.1f} s; a reader waited {wait:.2f} s at most ({table}, {during})",
          flush=True)
    return [
        check("a full database of 0.2 is brought up to date", done.returncode == 0),
        check("readers were there all the while", len(reader.waits) > 100),
        check(f"nobody waits {MOST_WAIT_SECONDS} s", wait < MOST_WAIT_SECONDS),
    ]


class Reader:
    """Reads one row of each full table, again and again, and notes how long each took."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            ["psql", "-X", "-q", "-A", "-t", *program.reach(), "locks"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.waits = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.read)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.process.communicate()

    def read(self):
        while not self.over.is_set():
            for table in TABLES:
                began, at = time.monotonic(), time.time()
                print(f"SELECT count(*) FROM (SELECT FROM {table} LIMIT 1) one;",
                      file=self.process.stdin, flush=True)
                self.process.stdout.readline()
                self.waits.append((time.monotonic() - began, table, at))


if __name__ == "__main__":
    sys.exit(main())
