"""What can be sent to the program: every page that links lead to, and from these the parameters of
addresses and the fields of forms; from the description of the API what its addresses take."""

import html
import json
import os
import re
import tempfile
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import demonstration
import fuzz
import pages
from program import Program
from visitor import Visitor

# The campaigns come from this machine, as a proxy does: each request names an address of its own,
# so that what slows guessing down does not answer in place of the program.
OPTIONS = ("--trusted-proxy", "127.0.0.1", "--api-requests-per-minute", "1000000",
           "--visitor-requests-per-minute", "1000000")
# Ends the session of the campaign, or locks its account.
ENDS_THE_SESSION = {
    "/sign-out", "/account/password", "/account/organisation", "/account/second-factor",
    "/account/passkeys/challenge", "/account/passkeys/:id/delete",
    "/account/sessions/:id/delete", "/account/sessions/delete-others",
    "/settings/colleagues/:id/archive", "/settings/colleagues/:id/password-reset"}
# What asks the owner for another proof from then on, or ends the session: attacked alone, at last,
# or not at all.
SHUTS_THE_DOOR = {"/account/password", "/settings/security", "/account/second-factor",
                  "/account/second-factor/confirm", "/settings/company-sign-in"}
# Pages that only somebody without a session sees.
ENTRANCES = ["/sign-in", "/password-reset/new", "/sign-in/company", "/invitation"]
HIDDEN = {"_token", "_submission"}


def demonstration_program():
    """In memory where there is room: nothing is killed here, and a disk would only slow it down."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(
        prefix="comptoir-attacked-", dir=memory if os.access(memory, os.W_OK) else None)
    return Program(*OPTIONS, demonstration=True, folder=folder)


def owner_session(program):
    """The cookies of the owner, signed in."""
    visitor = Visitor(program.port)
    page = visitor.submit(
        visitor.get("/sign-in"), "/sign-in", email=demonstration.OWNER,
        password=demonstration.PASSWORD)
    if page.status != 200:
        raise AssertionError(f"the owner cannot sign in: {page.status} {page.complaint()}")
    visitor.close()
    return visitor.cookies


class Reader:
    """Answers `pages.crawl` as a page of a browser would, and keeps what it read."""

    def __init__(self, visitor):
        self.request, self.visitor, self.read = self, visitor, []

    def get(self, address, max_redirects=0):
        answer = self.visitor.get(address)
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html"):
            self.read.append((address, answer.text))
        return Read(answer.status, {"content-type": kind}, answer.body)


class Read:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def text(self):
        return self.body.decode()


class Form:
    def __init__(self, attributes, address):
        self.action = attributes.get("action") or urllib.parse.urlsplit(address).path
        self.is_post = attributes.get("method", "get").lower() == "post"
        self.takes_files = "multipart" in attributes.get("enctype", "")
        self.fields = {}


class FormsReader(HTMLParser):
    """Every form of a page with every field, whether or not a browser would send it just now: boxes
    that are not ticked and buttons too."""

    def __init__(self, address):
        super().__init__()
        self.address, self.forms, self.form, self.select, self.area = address, [], None, None, None

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(attributes, self.address)
            self.forms.append(self.form)
        name = attributes.get("name")
        if self.form is None or not name and tag != "option":
            return
        fields = self.form.fields
        if tag in ("input", "button") and attributes.get("type") != "file":
            fields.setdefault(name, attributes.get("value", ""))
        elif tag == "textarea":
            self.area = name
            fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in attributes or self.select not in fields:
                fields[self.select] = attributes.get("value", "")

    def handle_data(self, text):
        if self.area:
            self.form.fields[self.area] += text

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


class Site:
    """`queries`: by route, the address and what it takes. `forms`: by route, the fullest form that
    posts there. `records`: by route with a changing part, an address."""

    def __init__(self, program, cookies):
        reader = Reader(Visitor(program.port, cookies))
        found, files, self.broken = pages.crawl(reader)
        known, posts = pages.routes(), posted_routes()
        stranger = Reader(Visitor(program.port))
        for address in ENTRANCES:
            stranger.get(address)
        self.queries, self.forms, self.strangers_forms = {}, {}, {}
        self.pages = len(found)
        self.records = {route: address for route, address in {**found, **files}.items()
                        if ":" in route}
        for address, text in reader.read:
            for link in (address, *pages.links(text)):
                self.add_query(known, html.unescape(link))
            for form in self.forms_in(address, text):
                if form.is_post:
                    add(self.forms, pages.route_of(form.action, posts), form)
                else:
                    query = urllib.parse.urlencode(form.fields)
                    self.add_query(known, f"{form.action.split('?')[0]}?{query}")
        for address, text in stranger.read:
            for form in self.forms_in(address, text):
                if form.is_post:
                    add(self.strangers_forms, pages.route_of(form.action, posts), form)
                else:
                    query = urllib.parse.urlencode(form.fields)
                    self.add_query(known, f"{form.action}?{query}")
        self.stranger_cookies = stranger.visitor.cookies
        reader.visitor.close()
        stranger.visitor.close()

    def forms_in(self, address, text):
        reader = FormsReader(address)
        reader.feed(text)
        return reader.forms

    def add_query(self, known, link):
        parts = urllib.parse.urlsplit(link)
        route = pages.route_of(link, known)
        fields = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        if route and fields:
            _, before = self.queries.get(route, (None, {}))
            self.queries[route] = parts.path, {**before, **fields}


def add(forms, route, form):
    """Keeps the fullest of the forms that go to one route."""
    if route is None:
        raise AssertionError(f"a form goes to {form.action}, which has no route")
    if len(form.fields) > len(forms[route].fields if route in forms else ()):
        forms[route] = form


def posted_routes():
    text = (pages.REPOSITORY / "Tests/Snapshots/roles-and-routes.txt").read_text()
    return [line.split()[1].removesuffix(":") for line in text.splitlines()
            if line.startswith("POST ")]


def api_queries(program):
    """What the addresses of the API take: by path the names of parameters in the query."""
    found = {}
    for path, item in json.loads(fuzz.document(program))["paths"].items():
        shared = item.get("parameters", [])
        names = [p["name"] for p in shared + item.get("get", {}).get("parameters", [])
                 if p.get("in") == "query"]
        if "get" in item and names:
            found[path] = names
    return found


def fields_of(form):
    """What of a form is worth attacking: the hidden guards are attacked once, elsewhere."""
    return [name for name in form.fields if name not in HIDDEN]


def is_destructive(route):
    return route in ENDS_THE_SESSION or bool(re.search(r"/(delete|revoke)(-others)?$", route))
