"""Data folders with many years of sales, made once and kept in .comptoir/bench."""

import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path

from program import ROOT, Program, comptoir, doctor

FOLDER = Path(os.environ.get("COMPTOIR_BENCH", ROOT / ".comptoir" / "bench"))
ORGANISATION = "01900000-0000-7000-8000-00000000be9c"
ATTEMPTS = 3
SEED = Path(__file__).with_name("seed.sql")


class Seed:
    def __init__(self, invoices):
        self.invoices = invoices
        self.clients = invoices // 10
        self.folder = FOLDER / str(invoices)
        self.data = self.folder / "data"
        self.secrets = self.folder / "secrets"

    def make(self):
        """Nothing to do when it was made before. Newer migrations run when the program starts."""
        stamp, wanted = self.folder / "stamp", fingerprint()
        if stamp.exists() and wanted.startswith(stamp.read_text()):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        started = time.monotonic()
        print(f"Seeding {self.clients:,} clients and {self.invoices:,} invoices", flush=True)
        comptoir(self.data, "demo")
        self.secrets.write_text(f"{secrets.token_hex(32)}\nct_{secrets.token_hex(24)}\n")
        with Program(self.data) as program:
            self.fill(program)
            for statement in ("VACUUM ANALYZE", "CHECKPOINT"):
                program.sql_alone(statement)
            wrong = program.sql(UNLIKE_THE_TRIGGERS, organisation=ORGANISATION)
        written = time.monotonic() - started
        report = doctor(self.data)
        findings = [f"{check['check']}: {one}" for check in report["checks"]
                    for one in check["findings"]]
        if not report["healthy"] or wrong != "0":
            raise RuntimeError("the seed is not as it must be: " + "; ".join(findings + [wrong]))
        size = sum(file.stat().st_size for file in self.data.rglob("*") if file.is_file())
        print(f"  {written:.0f} s, examined in {time.monotonic() - started - written:.0f} s, "
              f"{size / 1e9:.1f} GB", flush=True)
        stamp.write_text(wanted)

    def fill(self, program):
        """Once the program has sealed the demonstration: it and what drops indexes would meet."""
        wait_until_sealed(program)
        for attempt in reversed(range(ATTEMPTS)):
            try:
                return program.sql(
                    SEED.read_text(), organisation=ORGANISATION, clients=self.clients,
                    invoices=self.invoices, session=self.session, token=self.token)
            except subprocess.CalledProcessError:
                # The program's own jobs may hold what is to be dropped: each waits for the other.
                if not attempt:
                    raise

    @property
    def session(self):
        return self.secrets.read_text().splitlines()[0]

    @property
    def token(self):
        return self.secrets.read_text().splitlines()[1]

    def copy(self):
        """The same data for one run to change; the seed stays as it is."""
        place = FOLDER / "run" / "data"
        shutil.rmtree(place.parent, ignore_errors=True)
        place.parent.mkdir(parents=True)
        subprocess.run(["cp", "-a", self.data, place], check=True)
        return place


def wait_until_sealed(program):
    while program.sql(NEW_ENTRIES) != "0":
        time.sleep(0.2)


def record_id(kind, number):
    """As seed.sql makes them."""
    return f"0190{number >> 16 & 0xffff:04x}-{number & 0xffff:04x}-7{kind:03x}-8000-000000000000"


CLIENT, INVOICE = 1, 7

# What followers of the journal have still to deal with.
NEW_ENTRIES = """
    SELECT count(*) FROM journal_followers f, journal_after(f.transaction_id, f.entry_id, 1)
"""

# A sample of the search entries that the triggers would have written otherwise.
UNLIKE_THE_TRIGGERS = """
    SELECT count(*) FROM (
        SELECT id, 'invoice' AS kind, document_terms(organisation_id, client_id, number, subject,
            reference, currency, total_net, total_gross) AS terms
        FROM invoices WHERE organisation_id = :'organisation' AND number LIKE '%7'
            AND client_id IN (SELECT id FROM clients WHERE number LIKE '%07')
        UNION ALL
        SELECT id, 'payment', document_terms(organisation_id, client_id, number, '', reference,
            currency, amount, amount)
        FROM payments WHERE organisation_id = :'organisation' AND number LIKE '%7'
            AND client_id IN (SELECT id FROM clients WHERE number LIKE '%07')
    ) d
    LEFT JOIN search_entries s ON s.organisation_id = :'organisation'
        AND s.kind = d.kind AND s.record_id = d.id
    WHERE s.terms IS DISTINCT FROM keyed_terms(:'organisation', d.kind, d.terms)
"""


def fingerprint():
    files = [SEED, *sorted((ROOT / "Migrations").glob("*.sql"))]
    digests = subprocess.run(
        ["sha256sum", *files], cwd=ROOT, text=True, check=True, stdout=subprocess.PIPE).stdout
    return "".join(line.split()[0] + "\n" for line in digests.splitlines())
