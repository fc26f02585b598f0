"""Every way by which a file comes in gets every hostile file. Each answer comes within seconds,
memory stays bounded, no file appears anywhere, and what was taken is what it says it is and is
handed out so that no browser runs it."""

import base64
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

import hostile_files
import records
from caller import Caller
from organisation import set_up, sign_in
from program import ROOT, Program
from status import memory_bytes
from visitor import Visitor

MOST_SECONDS = 10
# Of the program itself, beyond what it takes at rest; and of a reader in a process of its own.
MOST_GROWTH, MOST_READER = 300_000_000, 700_000_000
# Where a file would appear if a name were believed.
PLACES = [Path("/tmp"), Path("/"), Path("/root"), Path("/etc"), Path("/var/tmp"), ROOT]
PAGES = {"logo": "/settings/logo", "clients": "/imports", "contacts": "/imports",
         "invoice": "/received-invoices"}
FORMS = {"logo": "/settings/logo", "clients": "/imports/new", "contacts": "/imports/new",
         "invoice": "/received-invoices/new"}


def prove(check, small):
    with Program("--api-requests-per-minute", "1000000") as program:
        set_up(program)
        door = Door(program)
        polyglots, bombs = list(hostile_files.polyglots()), list(hostile_files.bombs())
        names = list(hostile_files.names())
        if small:
            polyglots, bombs, names = polyglots[::3], bombs[::4], names[::3]
        for name, content in polyglots + bombs:
            door.try_everywhere(name, content)
        for number, name in enumerate(names):
            text = hostile_files.CII + b"<!-- %d --></rsm:CrossIndustryInvoice>" % number
            door.try_everywhere(name, text)
        door.watch.close()
        report(check, program, door, (len(polyglots), len(bombs), len(names)))


class Door:
    """Everywhere that files come in, and what came of it."""

    def __init__(self, program):
        self.program, self.answers, self.slow, self.wrong = program, Counter(), [], []
        self.visitor = Visitor(program.port, sign_in(program))
        self.token, self.tried = records.token(program), 0
        self.seen = Counter()
        self.watch = Watch(program.process.pid)

    def try_everywhere(self, name, content):
        for way in (*PAGES, "API"):
            self.tried += 1
            began = time.monotonic()
            try:
                status, location = self.send(way, name, content)
            except Exception as error:
                self.wrong.append(f"{way} {name!r}: {type(error).__name__} {error}")
                continue
            seconds = time.monotonic() - began
            self.answers[status] += 1
            if seconds > MOST_SECONDS:
                self.slow.append(f"{way} {name!r}: {seconds:.1f} s")
            if status >= 500 or status == 401:
                self.wrong.append(f"{way} {name!r}: answered {status}")
            if status in (201, 303):
                self.look_at(way, name, location)

    def send(self, way, name, content):
        if way == "API":
            api = Caller(self.program.port, self.token)
            answer = api.post("/received-invoices", {
                "file_name": name, "content": base64.b64encode(content).decode()})
            api.close()
            path = answer.json["id"] if answer.status == 201 else None
            return answer.status, path and f"/received-invoices/{path}"
        form = {**self.visitor.get(FORMS[way]).form(PAGES[way]), "kind": way}
        field_name = "logo" if way == "logo" else "file"
        answer = self.visitor.send_file(
            PAGES[way], form, field_name, (name, "text/html", content))
        return answer.status, answer.location

    def look_at(self, way, name, location):
        """Pages show it without running it; files go out as what they are, and are not opened."""
        page = self.visitor.get(location)
        if hostile_files.MARK.decode() in page.text or "<img src=x" in page.text:
            self.wrong.append(f"{way} {name!r}: its page holds its script")
        files = {"logo": ["/logo"], "API": ["file", "xml"], "invoice": ["file", "xml"]}.get(way, [])
        for file in files:
            address = file if file.startswith("/") else f"{location}/{file}"
            answer = self.visitor.get(address)
            kind = answer.headers.get("Content-Type", "")
            told = answer.headers.get("Content-Disposition", "")
            if answer.status == 404:
                continue
            self.seen[way] += 1
            if answer.headers.get("X-Content-Type-Options") != "nosniff":
                self.wrong.append(f"{address} of {name!r} may be taken for something else")
            if "X-Intruder" in answer.headers or "\n" in told or "intruder-1/" in told:
                self.wrong.append(f"{address} of {name!r}: {told}")
            if way == "logo":
                is_right = kind == "image/png" and answer.body.startswith(hostile_files.PNG)
            else:
                is_right = told.startswith("attachment") and not kind.startswith("text/html")
            if not is_right:
                self.wrong.append(f"{address} of {name!r} is {kind}, {told}")


class Watch(threading.Thread):
    """The most memory that the program took, and that a process which it started took."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.over = process, threading.Event()
        self.first = self.most = memory_bytes(process)
        self.most_reader = 0
        self.start()

    def run(self):
        while not self.over.wait(0.02):
            self.most = max(self.most, memory_bytes(self.process))
            for child in children(self.process):
                try:
                    name = Path(f"/proc/{child}/comm").read_text()
                    if "postgres" not in name:
                        memory = memory_bytes(child)
                        self.most_reader = max(self.most_reader, memory)
                except (OSError, TypeError):
                    pass

    def close(self):
        self.over.set()
        self.join()


def children(process):
    found = []
    for task in os.listdir(f"/proc/{process}/task"):
        try:
            found += Path(f"/proc/{process}/task/{task}/children").read_text().split()
        except OSError:
            pass
    return found


def stored_otherwise(program):
    """Files whose type in the database is not that of their bytes."""
    return program.sql(
        "SELECT r.file_name, r.media_type, encode(substr(f.content, 1, 8), 'escape') "
        "FROM received_invoices r JOIN received_files f ON f.received_invoice_id = r.id "
        "WHERE CASE r.media_type WHEN 'application/pdf' THEN "
        "substr(f.content, 1, 1024)::text NOT LIKE '%255044462d%' "
        "ELSE ltrim(encode(substr(f.content, 1, 4), 'escape'), '\\357\\273\\277 ') NOT LIKE '<%' "
        "END").splitlines()


def report(check, program, door, counts):
    intruders = [str(path) for place in PLACES for path in place.glob("*intruder*")]
    intruders += [str(path) for path in program.folder.rglob("*intruder*")]
    polyglots, bombs, names = counts
    watch = door.watch
    print(f"  {polyglots} files that are two things, {bombs} bombs, {names} names; {door.tried} "
          f"uploads; answers {dict(sorted(door.answers.items()))}")
    print(f"  memory: program {watch.first / 1e6:.0f} MB, {watch.most / 1e6:.0f} MB at most; a "
          f"reader of its own {watch.most_reader / 1e6:.0f} MB at most")
    for line in [*door.wrong, *door.slow][:10]:
        print("  " + line[:300])
    faults, other = program.faults(), stored_otherwise(program)
    for line in faults[:5] + other[:5]:
        print("  " + line[:400])
    check("hostile files: each was tried at each door", door.tried == 5 * sum(counts), door.tried)
    check("hostile files: what was taken was looked at, of each door that hands files out",
          all(door.seen[way] for way in ("logo", "invoice", "API")), dict(door.seen))
    check("hostile files: every answer is a clear one", not door.wrong, len(door.wrong))
    check(f"hostile files: no answer took {MOST_SECONDS} s", not door.slow, len(door.slow))
    check("hostile files: the program's memory is bounded",
          watch.most - watch.first < MOST_GROWTH, f"{(watch.most - watch.first) / 1e6:.0f} MB")
    check("hostile files: so is that of a reader", watch.most_reader < MOST_READER,
          f"{watch.most_reader / 1e6:.0f} MB")
    check("hostile files: none is kept as what it is not", not other, other[:2])
    check("hostile files: no file appeared where a name said", not intruders, intruders[:3])
    check("hostile files: the program found no fault of its own", not faults, len(faults))
    doctor = json.loads(program.run("doctor", "--json").stdout.splitlines()[-1])
    check("hostile files: the doctor has no complaint", doctor["healthy"])
