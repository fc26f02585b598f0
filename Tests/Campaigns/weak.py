"""A small server with the holes that the tools look for, over the PostgreSQL of the program under
test: what finds nothing here would find nothing there either."""

import html
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INDEX = """<!DOCTYPE html><html><head><title>Weak</title></head><body>
<a href="/greet?name=Camille">greet</a>
<a href="/file?path=/etc/hostname">file</a> <a href="/go?to=/greet?name=Camille">go</a>
<a href="/run?host=localhost">run</a> <a href="/who?name=Aubrac">who</a>
<form method="post" action="/found"><input name="reference" value="1"><input name="note" value="a">
<button>Find</button></form></body></html>"""


class Weak:
    """`with Weak(program) as address`: the program gives the database."""

    def __init__(self, program):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(program))
        self.server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def handler(program):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            # What cannot be an argument of a program would end its thread, and the answer with it.
            parts = urllib.parse.urlsplit(self.path.replace("%00", ""))
            given = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
            if parts.path == "/":
                self.say(INDEX)
            elif parts.path == "/who":
                # Shows what the database says, errors too.
                self.say("PostgreSQL says " + ask(
                    program, "SELECT 'found' FROM pg_catalog.pg_roles WHERE rolname = '"
                    + given.get("name", "") + "'"))
            elif parts.path == "/greet":
                self.say("Bonjour " + given.get("name", ""))
            elif parts.path == "/file":
                self.say(contents(given.get("path", "")))
            elif parts.path == "/go":
                self.send_response(302)
                self.send_header(
                    "Location", urllib.parse.quote(given.get("to", "/"), safe=":/?=&%"))
                self.end_headers()
            elif parts.path == "/run":
                done = subprocess.run(
                    "echo " + given.get("host", ""), shell=True, text=True, timeout=20,
                    cwd=program.folder,
                    errors="replace",
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                self.say(html.escape(done.stdout))
            else:
                self.send_error(404)

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode(errors="replace")
            given = dict(urllib.parse.parse_qsl(body.replace("%00", ""), keep_blank_values=True))
            # Says only whether there is one: the blind kind.
            found = ask(program, "SELECT 'found' FROM pg_catalog.generate_series(1, 3) AS n "
                        "WHERE n = " + given.get("reference", "0"))
            self.say("yes" if found.startswith("found") else "no")

        def say(self, text):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

    return Handler


def ask(program, statement):
    return program.sql(statement, may_fail=True)


def contents(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(10_000)
    except (OSError, ValueError) as error:
        return f"Warning: {error}"
