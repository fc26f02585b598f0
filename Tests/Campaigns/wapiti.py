"""wapiti signed in as the owner of the demonstration: it crawls by itself and tries what each of
its modules knows. Whatever it asks a server outside to say, a server of the campaign says."""

import json
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import surface
import tool
from visitor import Visitor
from weak import Weak

# Of Debian, whose packages hold wapiti.
PYTHON = "/usr/bin/python3"
STARTED = Path(__file__).with_name("wapiti_started.py")
MODULES = ["backup", "blindsql", "cookieflags", "crlf", "csp", "exec", "file", "htaccess",
           "http_headers", "methods", "permanentxss", "redirect", "shellshock", "sql", "ssrf",
           "xss", "xxe"]
MOST_SECONDS = {False: 2_400, True: 450}
CRAWL_SECONDS = {False: 180, True: 45}
# Of each module: those that try hundreds of payloads everywhere are cut short, which is counted.
ATTACK_SECONDS = {False: 90, True: 12}
# On the weak server each module comes to its end.
PROOF_SECONDS = 30
# What it must find on the weak server.
HOLES = {"Command execution", "Path Traversal", "Open Redirect", "SQL Injection",
         "Cross Site Scripting"}
# What it says of any program that is tried like this: a header that browsers have given up, and
# cookies that are Secure where the program is reached over TLS, as SecurityHeaderTests prove.
EXPECTED = [
    ("HTTP Secure Headers", r"^X-XSS-Protection is not set$"),
    ("Secure Flag cookie", r"^Secure flag is not set in the cookie : comptoir_"),
]


def prove(check, small):
    with surface.demonstration_program() as program, Endpoint() as endpoint:
        prove_it_can_fail(program, endpoint, check)
        cookies = surface.owner_session(program)
        run = Run(program, f"http://127.0.0.1:{program.port}/", endpoint.address, small, cookies)
        ended = program.process.poll()
        if ended is not None:
            print(program.log.read_text(errors="replace")[-3_000:])
            return check("wapiti: the program is still there", False, f"it ended with {ended}")
        still = Visitor(program.port, cookies).get("/").status
        print(f"  {run.crawled} addresses and forms, attacked by {len(MODULES)} modules; "
              f"{sum(run.statuses.values())} requests, by status: {run.statuses}; "
              f"{run.cut} modules were cut short")
        expected = 0
        for name, pattern in EXPECTED:
            before = run.found.get(name, [])
            run.found[name] = [one for one in before
                               if not re.search(pattern, str(one.get("info", "")).strip())]
            expected += len(before) - len(run.found[name])
        run.found = {name: found for name, found in run.found.items() if found}
        print(f"  {expected} findings that are known: {', '.join(name for name, _ in EXPECTED)}")
        for name, found in run.found.items():
            for one in found[:5]:
                print(f"  {name}: {one.get('method')} {one.get('path')} {one.get('info')}"[:300])
        check("wapiti: it came to its end", run.done == 0, run.done)
        check("wapiti: it saw the program as its owner", run.crawled > (10 if small else 100),
              run.crawled)
        check("wapiti: it has no finding", not run.found,
              {name: len(found) for name, found in run.found.items()})
        check("wapiti: the program asked no address that the attack named", not endpoint.asked,
              endpoint.asked[:3])
        check("wapiti: the owner is still signed in", still == 200, still)
        faults = program.faults()
        for fault in faults[:5]:
            print("  " + fault[:600])
        check("wapiti: the program found no fault of its own", not faults, len(faults))


def prove_it_can_fail(program, endpoint, check):
    with Weak(program) as address:
        run = Run(program, address + "/", endpoint.address, True, {}, PROOF_SECONDS)
    missed = HOLES - set(run.found)
    check("wapiti: the same command finds the holes of a weak server", not missed,
          f"{sum(map(len, run.found.values()))} findings" + (f", not {missed}" if missed else ""))


class Run:
    """`found`: findings by category. `crawled`: how many addresses and forms it attacked."""

    def __init__(self, program, address, endpoint, small, cookies, attack_seconds=None):
        folder = program.folder / f"wapiti-{id(self)}"
        folder.mkdir()
        report, jar = folder / "report.json", folder / "cookies.json"
        jar.write_text(json.dumps({"127.0.0.1": {"/": {
            name: {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
            for name, value in cookies.items() if value}}}))
        kept_from = [route for route in surface.posted_routes()
                     if surface.is_destructive(route) or route in surface.SHUTS_THE_DOOR]
        excluded = [part for route in kept_from
                    for part in ("-x", address.rstrip("/") + re.sub(r":\w+", "*", route))]
        command = [
            PYTHON, STARTED, "-u", address, "--scope", "domain", "-m", ",".join(MODULES), "-c", jar,
            "-f", "json", "-o", report, "--flush-session", "--store-session", folder,
            "--store-config", folder / "config", "--endpoint", endpoint, "--no-bugreport",
            "--max-scan-time", str(CRAWL_SECONDS[small]), "--max-attack-time",
            str(attack_seconds or ATTACK_SECONDS[small]), "--max-links-per-page", "60",
            "--max-files-per-dir", "40", "--skip", "_token", "-d", "6", "-v", "1",
            "-H", "X-Forwarded-Proto: https",
            *excluded]
        log = folder / "log"
        self.done = tool.run(command, folder, log, MOST_SECONDS[small])
        text = log.read_text(errors="replace")
        said = json.loads(report.read_text()) if report.exists() else {}
        self.found = {
            name: found for kind in ("vulnerabilities", "anomalies")
            for name, found in said.get(kind, {}).items() if found}
        attacked = text.split("[*] Launching module")[0]
        self.crawled = attacked.count("[+] ")
        self.statuses = json.loads((re.findall(r"^requests (.*)$", text, re.M) or ["{}"])[-1])
        self.text, self.cut = text, text.count("Max attack time was reached")
        shutil.rmtree(folder, ignore_errors=True)


class Endpoint:
    """Where the attacks say that the program should ask, or send what it reads: notes who does."""

    def __init__(self):
        self.asked = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def handler(endpoint):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                # wapiti itself asks for what came.
                if not self.path.startswith(("/get_ssrf.php", "/get_xxe.php")):
                    endpoint.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"{}")

            do_POST = do_GET

        return Handler
