"""People and programs at work all at once: they sell, are paid, send mails, hand over files and
bring clients in, and note what they were told. What was told must be there afterwards, once."""

import base64
import itertools
import re
import threading
import time
from collections import Counter
from datetime import datetime, timezone

import caller
import visitor
from organisation import sign_in
from records import EMPTY_INVOICE, LINE

# Tried again while the program is away; when it says so, people try again too.
AGAIN = {409, 429, 503, 507}
PATIENCE_SECONDS, GIVE_UP_SECONDS = 0.2, 180
IMPORTED_LINES = 20
# A lease is five minutes, and an attempt that failed is made again a minute later.
SETTLE_SECONDS, HURRY_SECONDS = 600, 15


class Refused(Exception):
    """The program said no: status and words."""


class Ledger:
    """What everybody was told, by kind: {our name of it: what the program called it}."""

    def __init__(self):
        self.lock, self.faults = threading.Lock(), []
        self.told = {kind: {} for kind in ("invoices", "payments", "mails", "files", "imports")}
        self.answers, self.texts, self.retries = Counter(), {}, 0

    def tell(self, kind, ours, theirs):
        with self.lock:
            if self.told[kind].setdefault(ours, theirs) != theirs:
                self.faults.append(f"{kind} {ours} was {self.told[kind][ours]}, now {theirs}")

    def heard(self, status, text):
        with self.lock:
            self.answers[status] += 1
            if status >= 400:
                self.texts.setdefault(status, text)

    @property
    def count(self):
        with self.lock:
            return sum(map(len, self.told.values()))


class Worker(threading.Thread):
    """Does one kind of work again and again until it is told to stop. `gives_up`: a refusal ends
    one piece of work rather than being waited out."""

    def __init__(self, kind, number, crew):
        super().__init__(daemon=True)
        self.kind, self.number, self.crew, self.turn = kind, number, crew, 0
        self.api = caller.Caller(crew.program.port, crew.token)
        self.browser = visitor.Visitor(crew.program.port, crew.cookies)

    def run(self):
        work = getattr(self, self.kind)
        while not self.crew.is_over.is_set():
            self.turn += 1
            try:
                work(f"{self.kind}-{self.crew.number}{self.number}-{self.turn}")
            except Refused:
                time.sleep(PATIENCE_SECONDS)
            except Exception as error:
                self.crew.ledger.faults.append(f"{self.kind}: {type(error).__name__}: {error}")
                break
        self.api.close()
        self.browser.close()

    def sell(self, name):
        lines = [{**LINE, "label": name}]
        invoice = self.post("/invoices", {
            "client_id": self.crew.client, "subject": name, "lines": lines}, name)
        issued = self.post(
            f"/invoices/{invoice['id']}/issue", {"issued_on": self.crew.day}, name + "-issue")
        self.crew.ledger.tell("invoices", name, issued["number"])

    def pay(self, name):
        paid = self.post("/payments", {
            "client_id": self.crew.client, "paid_on": self.crew.day, "amount": 1234,
            "reference": name, "keep": True}, name)
        self.crew.ledger.tell("payments", name, paid["id"])

    def mail(self, name):
        self.post(f"/invoices/{self.crew.invoice}/send", {
            "recipient": "compta@aubrac.example", "subject": name, "body": "Bonjour."}, name)
        self.crew.ledger.tell("mails", name, name)

    def upload(self, name):
        content = f"{EMPTY_INVOICE}<!-- {name} -->".encode()
        made = self.post("/received-invoices", {
            "file_name": f"{name}.xml", "content": base64.b64encode(content).decode()}, name)
        self.crew.ledger.tell("files", name, made["id"])

    def bring(self, name):
        """A file of clients, its columns as they were recognised, checked and started."""
        rows = "".join(f"{name}-{n};{name}-{n}@import.example\n" for n in range(IMPORTED_LINES))
        form = self.page("/imports/new").form("/imports")
        form["kind"] = "clients"
        answer = self.sure(lambda: self.browser.send_file(
            "/imports", form, "file", (name + ".csv", "text/csv", f"Nom;E-mail\n{rows}".encode())))
        path = answer.location
        if path.endswith("/mapping"):
            mapping = self.page(path)
            path = self.sure(lambda: self.browser.post(path, mapping.form(path))).location
        while f'action="{path}/start"' not in (page := self.page(path)).text:
            if "finished" in page.text or self.crew.is_over.is_set():
                return
            time.sleep(0.05)
        started = self.sure(lambda: self.browser.post(path + "/start", page.form(path + "/start")))
        if started.status in (303, 409):
            self.crew.ledger.tell("imports", name, path)

    def page(self, path):
        return self.sure(lambda: self.browser.get(path))

    def post(self, path, body, key):
        return self.sure(
            lambda: self.api.post(path, body, **{"Idempotency-Key": key})).json

    def sure(self, ask):
        """Asks until the program answers for good; the same request is the same all along."""
        began, ledger = time.monotonic(), self.crew.ledger
        while True:
            try:
                answer = ask()
                ledger.heard(answer.status, answer.body[:60_000].decode(errors="replace"))
                if answer.status < 400 or answer.status == 409 and self.kind == "bring":
                    return answer
                if answer.status not in AGAIN:
                    raise AssertionError(f"{answer.status} {answer.body[:300]!r}")
                if self.crew.gives_up:
                    raise Refused
            except (caller.NoAnswer, visitor.NoAnswer):
                if self.crew.gives_up:
                    raise Refused from None
            ledger.retries += 1
            if time.monotonic() - began > GIVE_UP_SECONDS:
                raise AssertionError(f"no answer for {GIVE_UP_SECONDS} s")
            time.sleep(PATIENCE_SECONDS * (self.number % 3 + 1) / 3)


class Crew:
    """`with Crew(program, token, client) as crew`: everybody works until it ends."""

    numbers = itertools.count(1)

    def __init__(self, program, token, client, each=2, gives_up=False):
        # Another crew on the same data does other work.
        self.number = next(self.numbers)
        self.program, self.token, self.client, self.gives_up = program, token, client, gives_up
        self.ledger, self.is_over = Ledger(), threading.Event()
        self.cookies = sign_in(program)
        self.day = datetime.now(timezone.utc).date().isoformat()
        self.invoice = self.issued_invoice()
        self.workers = [Worker(kind, n, self) for n in range(each)
                        for kind in ("sell", "pay", "mail", "upload", "bring")]

    def issued_invoice(self):
        api = caller.Caller(self.program.port, self.token)
        made = api.made("/invoices", {"client_id": self.client, "lines": [LINE]})
        api.made(f"/invoices/{made['id']}/issue", {"issued_on": self.day})
        api.close()
        return made["id"]

    def __enter__(self):
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for worker in self.workers:
            worker.join(GIVE_UP_SECONDS)


def settle(program, small):
    """Until every job is done; whether that came about. What a killed program had in hand waits
    until its lease ends: `small` lets that time pass at once."""
    deadline = time.monotonic() + SETTLE_SECONDS
    hurry = time.monotonic() + HURRY_SECONDS
    # What is planned for another day is no work left undone.
    unfinished = ("FROM jobs WHERE finished_at IS NULL "
                  "AND (attempts > 0 OR run_at < now() + interval '1 hour')")
    while int(program.sql(f"SELECT count(*) {unfinished}")):
        if time.monotonic() > deadline:
            print("  " + program.sql(
                f"SELECT kind, attempts, run_at, leased_until, failed_at, last_error {unfinished}"))
            return False
        if small and time.monotonic() > hurry:
            hurry += HURRY_SECONDS
            program.sql("UPDATE jobs SET leased_until = NULL, run_at = created_at "
                        "WHERE finished_at IS NULL AND failed_at IS NULL")
        time.sleep(0.2)
    return True


def found(program, ledger):
    """What of what was told is lost, and what is there twice: names by kind."""
    lost, doubled = [], []
    places = {
        "invoices": "SELECT subject, number FROM invoices WHERE status = 'issued'",
        "payments": "SELECT reference, id FROM payments",
        "mails": "SELECT subject, subject FROM mails",
        "files": "SELECT file_name, id FROM received_invoices",
    }
    for kind, statement in places.items():
        rows = [line.split("|") for line in program.sql(statement).splitlines()]
        counts = Counter(row[0].removesuffix(".xml") for row in rows)
        there = {row[0].removesuffix(".xml"): row[1] for row in rows if len(row) > 1}
        for ours, theirs in ledger.told[kind].items():
            if there.get(ours) != theirs:
                lost.append(f"{kind} {ours} {theirs} is {there.get(ours)}")
        doubled += [f"{kind} {name} {n} times" for name, n in counts.items()
                    if n > 1 and re.fullmatch(r"[a-z]+-\d+-\d+", name)]
    clients = Counter(program.sql("SELECT name FROM clients").splitlines())
    for name in ledger.told["imports"]:
        lost += [f"client {name}-{n}" for n in range(IMPORTED_LINES)
                 if not clients[f"{name}-{n}"]]
    doubled += [f"client {name} {n} times" for name, n in clients.items() if n > 1]
    return lost, doubled
