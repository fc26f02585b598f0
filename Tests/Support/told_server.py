"""A server of the web on a free port of 127.0.0.1 that answers as it is told.

It prints its port. PUT /tell takes {"path": answer, …}: what GET and POST of these paths answer
from then on, as JSON with status 200; other paths answer 404. GET /asked answers what was asked so
far.
It ends when its standard input does.
"""

import http.server
import json

from serving import serve

answers: dict = {}
asked: list = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        answers.update(json.loads(self.content()))
        self.reply(200, {})

    def do_GET(self):
        self.answer("")

    def do_POST(self):
        self.answer(self.content().decode())

    def content(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def answer(self, body: str):
        path = self.path.split("?")[0]
        if path == "/asked":
            return self.reply(200, asked)
        asked.append({"path": path, "body": body})
        self.reply(200 if path in answers else 404, answers.get(path))

    def reply(self, status: int, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


serve(Handler)
