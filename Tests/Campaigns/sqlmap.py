"""sqlmap signed in as the owner of the demonstration: every parameter of every address, of pages
and of the API, every field of every form, and the ids within addresses."""

import base64
import concurrent.futures
import csv
import json
import re
import shutil
import time
import urllib.parse
from collections import Counter

import records
import surface
import tool
from visitor import Visitor
from weak import Weak

SQLMAP = "/usr/bin/sqlmap"
# As many at once as there are processors to share with the program.
SHARDS = 3
MOST_SECONDS = 2_400
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Only the plain parameters that `--small` leaves.
SMALL_TARGETS = 12


class Target:
    def __init__(self, name, method, path, body=None, headers=None):
        self.name, self.method, self.path, self.body = name, method, path, body
        self.headers = headers or {}

    def request(self, port, cookies):
        head = {"Host": f"127.0.0.1:{port}", **self.headers}
        if cookies and "Authorization" not in head:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if self.body is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        return "\n".join(lines) + "\n\n" + (self.body or "")


def prove(check, small):
    if small:
        print(f"  small: {SMALL_TARGETS} targets")
    with surface.demonstration_program() as program:
        cookies = surface.owner_session(program)
        prove_it_can_fail(program, check)
        site = surface.Site(program, cookies)
        everyday, last, strangers = targets(program, site, cookies)
        if small:
            everyday, last, strangers = everyday[:SMALL_TARGETS], [], strangers[:1]
        print(f"  {site.pages} pages read; {len(everyday) + len(last) + len(strangers)} targets")
        reached = answers(program, everyday + last, cookies)
        print("  first answers: " + ", ".join(f"{n} × {s}" for s, n in sorted(reached.items())))
        check("sqlmap: the campaign is let in everywhere",
              not reached[401] and not reached[403] and not reached[429], dict(reached))
        started = time.monotonic()
        shards = [everyday[n::SHARDS] for n in range(SHARDS)]
        work = [(shard, cookies) for shard in shards if shard]
        work += [(strangers, site.stranger_cookies)] if strangers else []
        with concurrent.futures.ThreadPoolExecutor(SHARDS) as pool:
            runs = list(pool.map(lambda w: attack(program, *w), work))
        still = Visitor(program.port, cookies).get("/").status
        runs += [attack(program, last, surface.owner_session(program))] if last else []
        report(check, runs, program, still, time.monotonic() - started)


def prove_it_can_fail(program, check):
    with Weak(program) as address:
        port = int(address.rsplit(":", 1)[1])
        weak = [Target("weak", "GET", "/who?name=Aubrac"),
                Target("weak", "POST", "/found", "reference=1&note=a")]
        runs = [Run(program, port, [target], {}) for target in weak]
        found = [row["Parameter"] for run in runs for row in run.findings]
    check("sqlmap: the same command finds both holes of a weak server",
          sorted(found) == ["name", "reference"], found)


def targets(program, site, cookies):
    """Those of every day, those that change the session, and those of strangers."""
    everyday, last, strangers = [], [], []
    for route, (path, given) in sorted(site.queries.items()):
        query = urllib.parse.urlencode({name: value or "1" for name, value in given.items()})
        everyday.append(Target(route, "GET", f"{path}?{query}"))
    for route, address in sorted(site.records.items()):
        path = address.split("?")[0]
        everyday.append(Target(route, "GET", AN_ID.sub(lambda found: found[0] + "*", path)))
    guards = False
    for route, form in sorted(site.forms.items()):
        if not surface.fields_of(form) or route == "/sign-out":
            continue
        # The guards are the same everywhere: they are attacked on the first form.
        fields = dict(form.fields)
        if guards:
            # Without it each request acts; with it only the first would.
            fields.pop("_submission", None)
        guards = True
        target = Target(route, "POST", form.action, urllib.parse.urlencode(fields))
        (last if route in surface.SHUTS_THE_DOOR else everyday).append(target)
    for route, form in sorted(site.strangers_forms.items()):
        strangers.append(
            Target(route, "POST", form.action, urllib.parse.urlencode(form.fields)))
    bearer = {"Authorization": f"Bearer {records.token(program, cookies=cookies)}"}
    for path, names in surface.api_queries(program).items():
        query = urllib.parse.urlencode({name: "1" for name in names})
        path = re.sub(r"\{[^}]*\}", "00000000-0000-0000-0000-000000000001", path)
        everyday.append(Target(path, "GET", f"/api/v1{path}?{query}", headers=bearer))
    return everyday, last, strangers


def answers(program, wanted, cookies):
    """How often which status answers addresses as they are: whether the attack gets through."""
    visitor, counts = Visitor(program.port, cookies), Counter()
    for target in wanted:
        if target.method == "GET" and not target.headers:
            counts[visitor.get(target.path.replace("*", "")).status] += 1
    visitor.close()
    return counts


def attack(program, wanted, cookies):
    return Run(program, program.port, wanted, cookies)


class Run:
    """One sqlmap over some targets: `findings` and what it counted."""

    def __init__(self, program, port, wanted, cookies):
        self.folder = program.folder / f"sqlmap-{id(self)}"
        self.folder.mkdir()
        items = "\n".join(
            f"<item><port>{port}</port><request base64=\"true\"><![CDATA["
            f"{base64.b64encode(t.request(port, cookies).encode()).decode()}"
            "]]></request></item>" for t in wanted)
        (self.folder / "requests.xml").write_text(f"<items>{items}</items>")
        self.log, results = self.folder / "log", self.folder / "results.csv"
        self.done = tool.run(
            [SQLMAP, "-l", self.folder / "requests.xml", "--batch", "--disable-coloring",
             "--results-file", results, "--output-dir", self.folder / "output",
             "--dbms", "PostgreSQL", "--level", "1", "--risk", "1", "--technique", "BEUST",
             "--time-sec", "2", "--skip-waf", "--ignore-redirects", "--ignore-code", "*",
             "--tamper", "xforwardedfor", "--retries", "1", "--ignore-stdin", "-v", "3"],
            self.folder, self.log, MOST_SECONDS)
        text = self.log.read_text(errors="replace")
        self.payloads = text.count("[PAYLOAD]")
        self.tested = len(re.findall(r"parameter '.*?' does not seem to be injectable", text))
        self.criticals = Counter(re.findall(r"\[CRITICAL\] (.{0,60})", text))
        self.findings = []
        if results.exists():
            self.findings = [row for row in csv.DictReader(results.open()) if row["Technique(s)"]]
        self.targets = len(wanted)


def report(check, runs, program, still, seconds):
    payloads, tested = sum(run.payloads for run in runs), sum(run.tested for run in runs)
    print(f"  {sum(run.targets for run in runs)} targets, {tested} parameters, {payloads} payloads "
          f"in {seconds:.0f} s")
    for run in runs:
        for text, count in run.criticals.items():
            if not text.startswith("all tested parameters"):
                print(f"  {count} × {text}")
    findings = [row for run in runs for row in run.findings]
    for row in findings:
        print("  " + json.dumps(row))
    check("sqlmap: every run came to its end", all(run.done == 0 for run in runs),
          [run.done for run in runs])
    check("sqlmap: it attacked", payloads > 20 * tested > 0, f"{tested} parameters")
    check("sqlmap: nothing is injectable", not findings, f"{len(findings)} findings")
    check("sqlmap: the owner is still signed in", still == 200, still)
    faults = program.faults()
    for fault in faults[:5]:
        print("  " + fault[:600])
    # A payload that reaches a statement as text would be wrong SQL, which the log shows.
    check("sqlmap: no payload made wrong SQL or another fault", not faults, len(faults))
    for run in runs:
        shutil.rmtree(run.folder, ignore_errors=True)
