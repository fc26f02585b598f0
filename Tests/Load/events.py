"""500 open pages that hear of a mail, with the threads that the program has anyway."""

import json
import socket
import time
from datetime import date, timedelta

import records
from caller import Caller
from organisation import sign_in
from status import memory_bytes, thread_count
from visitor import Visitor

OPTIONS = ("--connections-per-address", "1000")
LISTENERS, OF_A_SESSION = 500, 8
PATIENCE_SECONDS = 10


def prove(program, client, check):
    api = Caller(program.port, records.token(program))
    sessions = [sign_in(program) for _ in range(-(-LISTENERS // OF_A_SESSION))]
    before = thread_count(program.process.pid), memory_bytes(program.process.pid)
    pages = [Listener(program.port, sessions[n // OF_A_SESSION]) for n in range(LISTENERS)]
    first = [page.event() for page in pages]
    check("events: every page hears how things are",
          all(event and event["counters"]["mails"]["text"] == "0" for event in first))
    began = time.monotonic()
    send_quote(api, client)
    heard = [page.event_with("mails", "1") for page in pages]
    seconds = time.monotonic() - began
    after = thread_count(program.process.pid), memory_bytes(program.process.pid)
    print(f"  {LISTENERS} pages heard of a mail {seconds * 1_000:.0f} ms after it was asked for; "
          f"{after[0]} threads, {before[0]} before; {(after[1] - before[1]) / 1e6:.1f} MB more")
    check("events: every page hears of a new mail", all(heard), f"{sum(heard)} of {LISTENERS}")
    check("events: no thread more", after[0] == before[0], f"{before[0]}, {after[0]}")
    status = Visitor(program.port, sessions[0]).get("/clients").status
    check("events: pages are served meanwhile", status == 200)
    check("events: one more of the same session is turned away",
          Listener(program.port, sessions[0]).status == "429")
    badge = 'data-counter="mails">1<'
    check("events: a page shows the number without a script",
          badge in Visitor(program.port, sessions[0]).get("/").text)
    visitor = Visitor(program.port, sessions[0])
    form = visitor.get("/").form("/sign-out")
    visitor.post("/sign-out", form)
    check("events: who signs out hears nothing more",
          all(page.is_over() for page in pages[:OF_A_SESSION]))
    send_quote(api, client)
    check("events: the others still do",
          all(page.event_with("mails", "2") for page in pages[OF_A_SESSION:]))
    began = time.monotonic()
    code = program.stop()
    check("events: the program ends while pages listen", code == 0,
          f"{time.monotonic() - began:.1f} s")
    check("events: and tells them so", all(page.is_over() for page in pages))


def send_quote(api, client):
    """Without a mail server the mail waits in the outbox, and counts."""
    today = date.today()
    quote = api.made("/quotes", {
        "client_id": client, "quoted_on": today.isoformat(),
        "valid_until": (today + timedelta(days=30)).isoformat(), "lines": [records.LINE]})
    api.made(f"/quotes/{quote['id']}/send", {
        "recipient": "compta@aubrac.example", "subject": "Devis", "body": "Bonjour"})


class Listener:
    def __init__(self, port, cookies):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        self.socket.sendall(
            f"GET /events HTTP/1.0\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
        self.text = ""
        head = self.until("\r\n\r\n") or ""
        self.status = head.split(" ")[1] if head else None

    def until(self, mark):
        """What comes up to a mark; None when the stream is over or nothing comes."""
        while mark not in self.text:
            try:
                piece = self.socket.recv(65_536).decode()
            except OSError:
                return None
            if not piece:
                return None
            self.text += piece
        before, self.text = self.text.split(mark, 1)
        return before

    def event(self):
        if self.until("data: ") is None:
            return None
        data = self.until("\n\n")
        return json.loads(data) if data else None

    def event_with(self, counter, text):
        """Whether such an event comes."""
        while event := self.event():
            if event["counters"][counter]["text"] == text:
                return True
        return False

    def is_over(self):
        while self.event():
            pass
        try:
            return self.socket.recv(1) == b""
        except OSError as error:
            return not isinstance(error, TimeoutError)
