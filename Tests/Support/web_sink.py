"""A real HTTP server on a free port of 127.0.0.1, for tests of what is sent to other programs.

It prints its port, then appends each POST it takes to a file, as one line of JSON. The first part
of the path says how it answers: /200, /500 and so on with that status, /410, /302 with a Location,
/large with a megabyte, /slow never. /first-500 answers 500 once, then 200; /dies notes the request
and closes the connection without an answer. It
ends when its standard input does.
"""

import argparse
import http.server
import json
import threading

from serving import serve


class Handler(http.server.BaseHTTPRequestHandler):
    seen: set = set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kind = self.path.split("?")[0].split("/")[1]
        is_first = kind not in self.seen
        self.seen.add(kind)
        note(self.path, dict(self.headers.items()), body)
        if kind == "slow":
            threading.Event().wait()
        if kind == "dies":
            self.close_connection = True
            self.connection.close()
            return
        status = int(kind) if kind.isdigit() else 200
        if kind == "first-500" and is_first:
            status = 500
        answer = b"x" * 1_000_000 if kind == "large" else b"answer \x00<b>" + str(status).encode()
        self.send_response(status)
        if status // 100 == 3:
            self.send_header("Location", "/200/redirected")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer)
        except OSError:
            pass

    def log_message(self, *arguments):
        pass


def note(path: str, headers: dict, body: bytes):
    line = {
        "path": path,
        "headers": {name.lower(): value for name, value in headers.items()},
        "body": body.decode(),
    }
    with open(options.file, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


parser = argparse.ArgumentParser()
parser.add_argument("--file", required=True)
options = parser.parse_args()
serve(Handler)
