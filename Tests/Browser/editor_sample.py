"""A page with the markup of docs/interface.md's line editor, and a server that answers its form as
the program does: the whole page again, after the operation. For the tests of app.js alone."""

import html
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from browser import REPOSITORY

ASSETS = REPOSITORY / ".assets"
ITEMS = {"Drone film": "450.00", "Drone photo": "120.00", "Day <of> filming": "900.00"}
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}


@contextmanager
def sample():
    """Yields the server; its `forms` are the forms it was sent, oldest first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.forms = []
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path.startswith("/assets/"):
            name = path.removeprefix("/assets/")
            self.answer((ASSETS / "static" / name).read_bytes(), TYPES[name.split(".")[-1]])
        elif path == "/suggest":
            self.answer(suggestions(query["q"]))
        else:
            self.answer(page([("Drone film", "2", "450.00"), ("Drone photo", "1", "120.00")]))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        self.server.forms.append(form)
        self.answer(page(*operated(form)))

    def answer(self, content, type="text/html; charset=utf-8"):
        content = content if isinstance(content, bytes) else content.encode()
        self.send_response(200)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        try:
            self.wfile.write(content)
        except BrokenPipeError:
            pass  # The browser went to another page meanwhile.

    def log_message(self, *_):
        pass


def operated(form):
    """The lines of the form after its operation, and the index of the line that gets the focus."""
    count = len([name for name in form if re.fullmatch(r"lines\[\d+\]\[label\]", name)])
    lines = [tuple(form[f"lines[{n}][{key}]"] for key in ("label", "quantity", "price"))
             for n in sorted(range(count), key=lambda n: int(form[f"lines[{n}][position]"]))]
    operation, _, at = form.get("op", "").partition(":")
    at = int(at or 0)
    if operation == "up":
        lines.insert(at - 1, lines.pop(at))
        return lines, at - 1
    if operation == "dup":
        lines.insert(at, lines[at])
        return lines, at + 1
    if operation == "delete":
        lines.pop(at)
        return lines, None
    if operation in ("add", "enter"):
        label = form.get("new[label]", "")
        at = int(form.get("at", count - 1)) + 1
        lines.insert(at, (label, "1", ITEMS.get(label, "0")))
        return lines, at
    return lines, None


def suggestions(text):
    found = [name for name in ITEMS if text.lower() in name.lower()]
    options = "".join(
        f"""<li class="opt" role="option" data-value="{html.escape(name)}"
        data-fill='{{"price":"{ITEMS[name]}"}}'><span><b>{html.escape(name)}</b></span></li>"""
        for name in found)
    return f'<ul role="listbox" aria-label="Items">{options}</ul>'


def page(lines, focus=None):
    names = dict(line.split() for line in (ASSETS / "manifest.txt").read_text().splitlines())
    rows = "".join(row(n, line, n == focus) for n, line in enumerate(lines))
    total = sum(amount(line) for line in lines)
    return f"""<!doctype html><html lang="en"><head><title>Sample</title>
<link rel="stylesheet" href="/assets/{names['app.css']}">
<link rel="icon" href="/assets/{names['favicon.svg']}">
<script src="/assets/{names['app.js']}" defer></script></head>
<body class="plain"><main class="page">
<h1>Quote</h1><form method="post" action="/quote" data-guard data-preview="/quote/preview">
<button class="sr" name="op" value="enter" tabindex="-1" aria-hidden="true"></button>
<section id="lines" data-region><table class="lg"><tbody>{rows}</tbody></table>
<div class="add"><div class="q has-ta"><label for="new">New</label><input class="in" id="new"
name="new[label]" data-suggest="/suggest" data-then="#add"></div>
<button class="btn" id="add" name="op" value="add">Add</button></div></section>
<output id="totals" data-region data-live>{total:.2f}</output>
<button class="btn p" name="op" value="save">Save</button></form></main></body></html>"""


def row(n, line, focused):
    label, quantity, price = (html.escape(part) for part in line)
    field = f"name=\"lines[{n}]"
    return f"""<tr class="ln"><th class="hc"><span class="grip" draggable="true">::</span>
<button class="mini" name="op" value="up:{n}" {'disabled' if n == 0 else ''}>up {n}</button>
<button class="mini" name="op" value="dup:{n}">copy {n}</button>
<button class="mini" name="op" value="delete:{n}" data-confirm="Delete?">delete {n}</button>
<input type="hidden" {field}[position]" value="{n + 1}"></th>
<td class="d has-ta"><input class="lc d" aria-label="Label {n}" {field}[label]" value="{label}"
data-suggest="/suggest" {'autofocus' if focused else ''}></td>
<td><input class="lc n" aria-label="Quantity {n}" {field}[quantity]" value="{quantity}"></td>
<td><input class="lc n" aria-label="Price {n}" {field}[price]" value="{price}"></td>
<td><span id="net-{n}" data-live>{amount(line):.2f}</span></td></tr>"""


def amount(line):
    try:
        return float(line[1]) * float(line[2])
    except ValueError:
        return 0.0
