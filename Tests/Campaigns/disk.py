"""The data folder on a small disk of its own (tmpfs) that runs full while people work. Everybody
reads what is wrong, nothing that was confirmed is lost, and when there is room again it goes on by
itself. Mounting takes root."""

import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time

import records
from kills import prove_whole
from organisation import set_up
from program import Program
from visitor import NoAnswer, Visitor
from work import Crew, found, settle

DISK_BYTES = 420_000_000
# What is left when the filling begins, and how much goes at a time.
PIECE = 2_000_000
FULL_SECONDS = {False: 40, True: 15}
ROUNDS = {False: 3, True: 1}
BACK_SECONDS = 90
CLEAR = {503, 507}
LIMITS = ("--api-requests-per-minute", "1000000", "--visitor-requests-per-minute", "1000000")


def prove(check, small):
    if os.geteuid() != 0:
        return check.skip("disk full", "mounting a small disk takes root")
    with Disk() as folder, Program(*LIMITS, folder=folder) as program:
        client = set_up(program)
        token = records.token(program)
        ledgers, back, starts = [], [], program.postgres_id()
        for _ in range(ROUNDS[small]):
            filler = Filler(program.folder / "filler")
            with Crew(program, token, client, gives_up=True) as crew:
                wait(lambda: all(crew.ledger.told.values()) or crew.ledger.faults, BACK_SECONDS)
                filler.fill()
                other = Others(program, crew.cookies)
                other.work(FULL_SECONDS[small], filler)
                filler.empty()
                began = time.monotonic()
                count = crew.ledger.count
                wait(lambda: program.is_healthy() and crew.ledger.count > count + 20, BACK_SECONDS)
                back.append(time.monotonic() - began)
                wait(lambda: False, random.uniform(1, 3))
            ledgers.append((crew.ledger, other))
        check("disk full: every job comes to its end", settle(program, small))
        report(check, program, ledgers, back, starts)
        prove_whole(check, program, "disk full")


class Disk:
    """A file system of a few hundred megabytes."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="comptoir-disk-")
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=755", "tmpfs", self.folder],
            check=True)
        return self.folder

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.folder], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Filler:
    """A file that takes whatever is left, to the last byte, as often as something is freed."""

    def __init__(self, path):
        self.path = path

    def fill(self):
        with self.path.open("ab", buffering=0) as file:
            size = PIECE
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def empty(self):
        self.path.unlink()


class Others:
    """What else is asked of the program on a full disk: pages, PDF, a logo, a backup, its
    health."""

    def __init__(self, program, cookies):
        self.program, self.visitor = program, Visitor(program.port, cookies)
        self.statuses, self.texts, self.backups, self.seconds = {}, {}, [], []

    def work(self, seconds, filler):
        until, turn = time.monotonic() + seconds, 0
        invoices = [path for path in self.links("/invoices") if re.search(r"[0-9a-f-]{36}$", path)]
        while time.monotonic() < until:
            turn += 1
            filler.fill()
            for path in ("/", "/clients", "/health", *(i + "/pdf" for i in invoices[:1])):
                self.ask(path.split("/")[-1] if "pdf" in path else path,
                         lambda path=path: self.visitor.get(path))
            self.ask("upload", self.upload)
            if turn % 10 == 1:
                done = self.program.run("backup", str(self.program.folder / f"backup-{turn}"))
                self.backups.append(done.returncode)
            time.sleep(0.1)

    def links(self, path):
        try:
            return re.findall(r'href="(/invoices/[^"?#]+)"', self.visitor.get(path).text)
        except NoAnswer:
            return []

    def upload(self):
        """Large, so that the program puts it on the disk while it comes."""
        return self.visitor.send_file(
            "/settings/logo", {"_token": "0"}, "logo", ("a.png", "image/png", bytes(5_000_000)))

    def ask(self, name, ask):
        began = time.monotonic()
        try:
            answer = ask()
            status, text = answer.status, answer.body[:60_000].decode(errors="replace")
        except NoAnswer:
            status, text = 0, ""
        self.seconds.append(time.monotonic() - began)
        counts = self.statuses.setdefault(name, {})
        counts[status] = counts.get(status, 0) + 1
        if status >= 400:
            self.texts.setdefault((name, status), text)


def wait(until, seconds):
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not until() and time.monotonic() < deadline:
        pause.wait(0.1)


def report(check, program, ledgers, back, first_postgres):
    told = sum(ledger.count for ledger, _ in ledgers)
    lost, doubled, faults, statuses, unclear = [], [], [], {}, []
    for ledger, other in ledgers:
        there = found(program, ledger)
        lost, doubled = lost + there[0], doubled + there[1]
        faults += ledger.faults
        for status, count in ledger.answers.items():
            statuses[status] = statuses.get(status, 0) + count
        texts = {**other.texts, **{("work", s): text for s, text in ledger.texts.items()}}
        for (name, status), text in texts.items():
            if status in CLEAR and "disque" not in text and "disk" not in text:
                unclear.append(f"{name} {status}: {words(text)}")
        print(f"  beside: {other.statuses}; backups ended with {other.backups}")
    print(f"  {len(ledgers)} times full; answers to work {statuses}; confirmed {told}; PostgreSQL "
          f"{'the same' if program.postgres_id() == first_postgres else 'another'}; back within "
          f"{max(back):.1f} s of room; slowest answer "
          f"{max(max(other.seconds) for _, other in ledgers):.1f} s")
    for line in [*faults, *lost, *doubled, *unclear, *program.faults()][:12]:
        print("  " + line[:300])
    others = [status for _, other in ledgers for counts in other.statuses.values()
              for status in counts]
    bad = [s for s in [*statuses, *others] if s >= 500 and s not in CLEAR]
    check("disk full: it was felt", any(s in CLEAR for s in statuses), statuses)
    check("disk full: everybody is answered, and never by a fault",
          not bad and 0 not in others, bad)
    check("disk full: refusals speak of the disk", not unclear, len(unclear))
    check("disk full: pages can still be read",
          all(o.statuses["/clients"].get(200) for _, o in ledgers))
    check("disk full: a backup that has no room says so and leaves nothing",
          all(code != 0 for _, o in ledgers for code in o.backups)
          and not list(program.folder.glob("backup-*")))
    check("disk full: rows lost: 0", not lost, len(lost))
    check("disk full: nothing is there twice", not doubled, len(doubled))
    check("disk full: it goes on by itself when there is room",
          max(back) < BACK_SECONDS and not faults, f"{max(back):.1f} s")


def words(text):
    return " ".join(re.sub(r"<[^>]*>", " ", text[text.find("<h1"):]).split())[:200]
