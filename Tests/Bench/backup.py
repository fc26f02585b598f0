"""How long an encrypted backup of many invoices takes while people work, and its restore; whether
all that was confirmed before it began is in it.

    backup.py [--invoices 100000] [--people 4]

Half of the people record payments, the others read.
"""

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import threading
import time

from program import BINARY, ROOT, Program, doctor
from seed import FOLDER, ORGANISATION, Seed, wait_until_sealed
from tasks import Tasks

# Confirmed before the backup begins, so that there is something to lose.
FIRST_PAYMENTS = 20
COUNTED = ["clients", "quotes", "orders", "invoices", "payments", "allocations",
           "journal_entries", "seals"]
PAGES = ["/", "/invoices", "/clients", "/orders", "/payments", "/receivables"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=4)
    options = parser.parse_args()
    seed = Seed(options.invoices)
    seed.make()
    folder = FOLDER / "backup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data, other = seed.copy(), folder / "restored"
    key, saved = folder / "key.pem", folder / "copy.backup"
    command(data, "key", "recipient", "--create", key)
    with Program(data) as program:
        wait_until_sealed(program)
        with People(program, seed, options.people) as people:
            people.wait_for(FIRST_PAYMENTS)
            before, confirmed = counts(program), list(people.payments)
            seconds = command(data, "backup", saved)
        during = len(people.payments) - len(confirmed)
    print(f"backup: {seconds:.1f} s", flush=True)
    alone = command(other, "restore", saved, "--key", key)
    print(f"{options.invoices} invoices: backup {seconds:.1f} s, "
          f"{saved.stat().st_size / 1e6:.0f} MB, encrypted, while {options.people} people opened "
          f"{len(people.waits)} pages (p50 {people.quantile(50):.1f} ms, "
          f"p99 {people.quantile(99):.1f} ms) and recorded {during} payments, "
          f"{people.failures} failed; restore with all its proofs {alone:.1f} s")
    checks = [check("nobody was refused", people.failures == 0),
              check("payments were recorded meanwhile", during > 0),
              *restored(other, before, confirmed)]
    shutil.rmtree(folder)
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


def restored(data, before, confirmed):
    """What the place says of itself, and whether it holds what was confirmed."""
    healthy = doctor(data)["healthy"]
    try:
        command(data, "verify")
        intact = True
    except RuntimeError as error:
        print(str(error)[:500])
        intact = False
    with Program(data) as program:
        after = counts(program)
        there = set(program.sql(
            "SELECT id FROM payments WHERE organisation_id = :'organisation'",
            organisation=ORGANISATION).split())
    fewer = {name: (before[name], after[name]) for name in before if after[name] < before[name]}
    lost = set(confirmed) - there
    print(f"figure: backup: {len(confirmed)} payments confirmed before it began, lost {len(lost)}; "
          f"rows before {sum(before.values()):,}, restored {sum(after.values()):,}; fewer {fewer}")
    return [check("the doctor finds nothing in the restored place", healthy),
            check("documents, payments and journal of the restored place verify", intact),
            check("no payment confirmed before the backup is lost", confirmed and not lost),
            check("no table has fewer rows than before the backup", not fewer)]


def counts(program):
    queries = [f"SELECT '{table}', count(*) FROM {table} WHERE organisation_id = :'organisation'"
               for table in COUNTED]
    rows = program.sql(" UNION ALL ".join(queries), organisation=ORGANISATION).splitlines()
    return {name: int(count) for name, count in (row.split("|") for row in rows)}


def check(name, holds):
    print(("passed: " if holds else "FAILED: ") + name, flush=True)
    return bool(holds)


def command(data, *words):
    """Seconds that a command of the program took; when it fails, what it says is in the error."""
    started = time.monotonic()
    done = subprocess.run([BINARY, *map(str, words), "--data", data], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
    return time.monotonic() - started


class People:
    """Record payments, or open one page after the other, until they are told to stop."""

    def __init__(self, program, seed, count):
        self.program = program
        self.cookie = {"Cookie": f"comptoir_session={seed.session}"}
        self.waits, self.payments, self.failures = [], [], 0
        self.over = threading.Event()
        # Small parts of large invoices: enough is open for all, however often they come round.
        self.requests = itertools.cycle(Tasks(program, seed).payment().requests)
        self.lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self.pay if number % 2 else self.read, args=(number,))
            for number in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, payments):
        while len(self.payments) < payments and not self.failures:
            time.sleep(0.02)

    def pay(self, _):
        while not self.over.is_set():
            with self.lock:
                request = next(self.requests)
            try:
                status, _, body = self.program.ask(
                    request.method, request.path, request.body, request.headers)
            except OSError:
                status = 0
            if status == 201:
                self.payments.append(json.loads(body)["id"])
            else:
                self.failures += 1

    def read(self, number):
        while not self.over.is_set():
            path = PAGES[number % len(PAGES)]
            number += 1
            started = time.monotonic()
            try:
                status = self.program.ask("GET", path, headers=self.cookie)[0]
            except OSError:
                status = 0
            self.waits.append((time.monotonic() - started) * 1000)
            self.failures += status != 200

    def quantile(self, percent):
        return statistics.quantiles(self.waits, n=100)[percent - 1]


if __name__ == "__main__":
    sys.exit(main())
