"""The clock of the program jumps: back a day, over both changes of summer time, over the end of a
year, two years ahead, and back to the truth. libfaketime (Debian) moves it while the program runs:
the wall clock only, as a wrong battery or a server of time would; what counts seconds goes on.
PostgreSQL keeps the right time: no rule of Comptoir asks its clock."""

import ctypes
import os
import re
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import records
from caller import Caller
from kills import prove_mails, prove_whole, set_mail_up
from mail_sink import MailSink
from organisation import EMAIL, PASSWORD, set_up, sign_in
from program import Program
from visitor import Visitor
from work import Ledger, found, settle

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
PARIS = ZoneInfo("Europe/Paris")
PATIENCE_SECONDS = 30
GUESSES = 12
EACH = {False: 5, True: 2}


def moments(now):
    """Where the clock goes, one after the other; a few seconds before what is to be crossed."""
    year = now.year + 1
    yield "back a day", now - timedelta(days=1)
    yield "forward to today", now
    yield "summer begins", datetime(year, 3, 28, 0, 59, 56, tzinfo=timezone.utc)
    yield "summer ends", datetime(year, 10, 31, 0, 59, 56, tzinfo=timezone.utc)
    yield "the year ends in Paris", datetime(year, 12, 31, 22, 59, 56, tzinfo=timezone.utc)
    yield "two years ahead", now + timedelta(days=800)
    yield "back to the truth", None


def prove(check, small):
    faketime = Clock()
    if not LIBRARY.exists():
        raise RuntimeError("the Debian package faketime is missing")
    with Program(environment=faketime.environment) as program:
        client = set_up(program)
        sink = MailSink(program)
        set_mail_up(program, sink)
        scene = Scene(program, client, records.token(program), faketime)
        scene.subscribe()
        for name, moment in moments(datetime.now(timezone.utc)):
            if moment is None:
                guess(program)
            faketime.go(moment)
            scene.work(name, EACH[small])
        check("clock: guesses made while it was ahead lock nobody out", may_enter(program))
        scene.wait_until_sealed()
        settled = settle(program, False)
        report(check, program, scene)
        prove_mails(check, scene.ledger, sink, settled, "clock")
        prove_whole(check, program, "clock")
        sink.close()
    faketime.close()


class Clock:
    """The file that libfaketime reads whenever the program asks for the time.

    Its shared memory is made here: made by the library itself, it is named by a call of `setenv`,
    after which Swift no longer finds the arguments of the program beside the environment."""

    def __init__(self):
        name = f"comptoir-{os.getpid()}"
        self.path = Path(f"/tmp/{name}-clock")
        self.path.write_text("+0\n")
        self.ahead = timedelta(0)
        self.memory = Path(f"/dev/shm/{name}")
        self.memory.write_bytes(bytes(4096))
        self.library = ctypes.CDLL(None, use_errno=True)
        self.library.sem_open.restype = ctypes.c_void_p
        self.semaphore = f"/{name}-turn".encode()
        self.library.sem_open(self.semaphore, os.O_CREAT, 0o600, 1)
        self.environment = {
            "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_SHARED": f"{self.semaphore.decode()} /{name}",
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Waits that are counted by the clock that nobody sets stay as they are.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0"}

    @property
    def day(self):
        """In Paris, as the program sees it."""
        return (datetime.now(timezone.utc) + self.ahead).astimezone(PARIS).date().isoformat()

    def close(self):
        self.path.unlink()
        self.memory.unlink()
        self.library.sem_unlink(self.semaphore)

    def go(self, moment):
        """None: to the true time."""
        moment = moment or datetime.now(timezone.utc)
        seconds = (moment - datetime.now(timezone.utc)).total_seconds()
        self.ahead = timedelta(seconds=round(seconds))
        draft = self.path.with_suffix(".new")
        draft.write_text(f"{seconds:+.0f}\n")
        draft.replace(self.path)


def guess(program):
    """Somebody guesses at the owner's password until they must wait."""
    visitor = Visitor(program.port)
    for number in range(GUESSES):
        form = visitor.get("/sign-in").form("/sign-in")
        visitor.post("/sign-in", {**form, "email": EMAIL, "password": f"surely not {number}"})
    visitor.close()


def may_enter(program):
    try:
        return bool(sign_in(program))
    except AssertionError as error:
        print(f"  {error}")
        return False


class Scene:
    def __init__(self, program, client, token, faketime):
        self.faketime, self.earlier = faketime, 0
        self.program, self.client, self.ledger = program, client, Ledger()
        self.token, self.cookies = token, sign_in(program)
        self.refusals, self.days, self.sessions, self.tokens = [], {}, 0, 0

    def subscribe(self):
        """An invoice each month, from today on."""
        Caller(self.program.port, self.token).made("/recurring-invoices", {
            "client_id": self.client, "subject": "chaque mois", "frequency": "monthly",
            "starts_on": datetime.now(PARIS).date().isoformat(), "day_of_month": 31,
            "delivery": "draft", "lines": [records.LINE]})

    def work(self, name, each):
        """Sells, is paid and sends mails on both sides of the moment."""
        self.enter(name)
        for number in range(each):
            self.sell(f"{name} {number}")
            time.sleep(8 / each)
        self.enter(name + ", after")
        self.sell(f"{name} last")

    def enter(self, name):
        """The session and the token, or new ones where time has ended them."""
        page = Visitor(self.program.port, self.cookies).get("/clients")
        if page.status == 303:
            self.sessions += 1
            visitor = Visitor(self.program.port)
            answer = visitor.submit(
                visitor.get("/sign-in"), "/sign-in", email=EMAIL, password=PASSWORD)
            if answer.status != 200:
                self.refusals.append(f"{name}: sign-in {answer.status} {answer.complaint()}")
                return
            self.cookies = visitor.cookies
        elif page.status != 200:
            self.refusals.append(f"{name}: /clients {page.status}")
        api = Caller(self.program.port, self.token)
        if api.get("/clients").status == 401:
            self.tokens += 1
            self.token = records.token(self.program, name, self.cookies)

    def sell(self, name):
        api = Caller(self.program.port, self.token)
        made = api.post("/invoices", {
            "client_id": self.client, "subject": name, "lines": [records.LINE]})
        if made.status != 201:
            self.refusals.append(f"{name}: {made.status} {made.body[:200]!r}")
            return
        path = f"/invoices/{made.json['id']}"
        issued = api.post(path + "/issue", {"issued_on": self.faketime.day})
        if issued.status == 422 and self.days:
            # Numbers follow the days: a day before that of the last invoice is refused in words.
            self.earlier += 1
            issued = api.post(path + "/issue", {"issued_on": max(self.days.values())})
        if issued.status == 422 and self.faketime.day < max(self.days.values(), default=""):
            # Nothing can be issued before the day to which the wrong clock led the series.
            pass
        elif issued.status != 200:
            self.refusals.append(f"{name}: {issued.status} {issued.body[:300]!r}")
        if issued.status == 200:
            self.days[name] = issued.json["issued_on"]
            self.ledger.tell("invoices", name, issued.json["number"])
            api.post(path + "/send", {
                "recipient": "compta@aubrac.example", "subject": name, "body": "Bonjour."})
            self.ledger.tell("mails", name, name)
        paid = api.post("/payments", {
            "client_id": self.client, "paid_on": self.faketime.day, "amount": 100,
            "reference": name, "keep": True})
        if paid.status == 201:
            self.ledger.tell("payments", name, paid.json["id"])
        else:
            self.refusals.append(f"{name}: payment {paid.status} {paid.body[:200]!r}")

    def wait_until_sealed(self):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.unsealed() and time.monotonic() < deadline:
            time.sleep(0.2)

    def unsealed(self):
        return int(self.program.sql(
            "SELECT (SELECT count(*) FROM journal_entries) - "
            "(SELECT coalesce(sum(cardinality(entry_ids)), 0) FROM journal_batches)"))


def report(check, program, scene):
    lost, doubled = found(program, scene.ledger)
    numbers = [number for number in scene.ledger.told["invoices"].values()]
    years = {}
    for number in numbers:
        year, counter = re.fullmatch(r"\D*(\d{4})-(\d+)", number).groups()
        years.setdefault(year, []).append(int(counter))
    gaps = [f"{year}: {sorted(set(range(1, max(found) + 1)) - set(found))}"
            for year, found in years.items() if set(range(1, max(found) + 1)) != set(found)]
    wrong_year = [f"{number} on {scene.days[name]}"
                  for name, number in scene.ledger.told["invoices"].items()
                  if f"-{scene.days[name][:4]}-" not in number]
    periods = Counter(program.sql(
        "SELECT recurring_invoice_id || ' ' || period_on FROM recurring_invoice_periods"
    ).splitlines())
    print(f"  {len(numbers)} invoices in {dict((y, len(n)) for y, n in sorted(years.items()))}; "
          f"{scene.sessions} sessions and {scene.tokens} tokens ended with their time; "
          f"{len(periods)} monthly periods made; {scene.earlier} times a day "
          "before that of the last invoice was refused")
    for line in [*scene.refusals, *lost, *doubled, *program.faults()][:12]:
        print("  " + line[:300])
    check("clock: everybody could work at every moment", not scene.refusals, len(scene.refusals))
    check("clock: rows lost: 0", not lost, len(lost))
    check("clock: nothing is there twice",
          not doubled and not scene.ledger.faults and len(numbers) == len(set(numbers)))
    check("clock: numbers have no gap within a year, and are of the year of their day",
          not gaps and not wrong_year, gaps + wrong_year)
    check("clock: each month was invoiced once",
          periods and max(periods.values()) == 1, dict(list(periods.items())[:2]))
    check("clock: every entry of the journal is sealed", scene.unsealed() == 0,
          scene.unsealed())
    check("clock: the program found no fault of its own", not program.faults())
