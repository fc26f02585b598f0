"""Somebody in front of the program: one connection, the cookies of one session, forms of pages."""

import http.client
import http.cookies
import re
import urllib.parse
from html.parser import HTMLParser

TIMEOUT_SECONDS = 30


class NoAnswer(Exception):
    """The program was away, or went away: whether it did what was asked, nobody knows."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers = status, headers
        self.location = headers.get("Location")
        self.set_cookies = headers.get_all("Set-Cookie") or []
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    def complaint(self):
        """What the page says is wrong, without its markup."""
        start = max(0, self.text.find('role="alert"'))
        return " ".join(re.sub(r"<[^>]*>", " ", self.text[start:]).split())[:300]

    def form(self, action):
        """The fields of the form that goes to `action`, as they stand in the page."""
        reader = FormReader(action)
        reader.feed(self.text)
        if reader.fields is None:
            raise AssertionError(f"the page has no form that goes to {action}")
        return reader.fields


class Visitor:
    def __init__(self, port, cookies=None):
        self.port = port
        self.cookies = dict(cookies or {})
        self.connection = None
        # Of the API, for what a program reads.
        self.token = None

    def get(self, path):
        self.ask("GET", path, None)
        return self.answer()

    def post(self, path, fields):
        self.begin_post(path, fields)
        return self.answer()

    def begin_post(self, path, fields):
        """Sends a form without waiting for the answer, which `answer` then reads."""
        self.ask("POST", path, urllib.parse.urlencode(fields))

    def send_file(self, path, fields, field, file):
        """Sends a form with a file, given by its name, its type and its bytes."""
        name, kind, content = file
        parts = [
            b'--XX\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (key.encode(), value.encode()) for key, value in fields.items()]
        parts.append(
            b'--XX\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
            b"Content-Type: %s\r\n\r\n%s\r\n--XX--\r\n"
            % (field.encode(), name if isinstance(name, bytes) else name.encode(),
               kind.encode(), content))
        self.ask("POST", path, b"".join(parts), "multipart/form-data; boundary=XX")
        return self.answer()

    def submit(self, page, action, **changes):
        """Fills in a form of the page and sends it; follows where it leads."""
        return self.follow(self.post(action, {**page.form(action), **changes}))

    def follow(self, answer):
        while answer.status == 303:
            answer = self.get(answer.location)
        return answer

    def ask(self, method, path, body, kind="application/x-www-form-urlencoded"):
        headers = {"Cookie": self.cookie_header()}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if body is not None:
            headers["Content-Type"] = kind
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
            self.connection.request(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.lose(error)

    def answer(self):
        try:
            response = self.connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            self.lose(error)
        for line in answer.set_cookies:
            for name, cookie in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        return answer

    def lose(self, error):
        self.close()
        raise NoAnswer() from error

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def cookie_header(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items() if value)


class FormReader(HTMLParser):
    """Fields of one form: boxes that are not ticked and buttons are left out, as browsers do."""

    def __init__(self, action):
        super().__init__()
        self.action = action
        self.fields = None
        self.is_inside = False
        self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.is_inside = attributes.get("action", "").split("?")[0] == self.action
            if self.is_inside:
                self.fields = {}
        if not self.is_inside:
            return
        name = attributes.get("name")
        if tag == "input" and name:
            is_box = attributes.get("type") in ("checkbox", "radio")
            if attributes.get("type") != "file" and (not is_box or "checked" in attributes):
                self.fields[name] = attributes.get("value", "on" if is_box else "")
        elif tag == "textarea" and name:
            self.textarea = name
            self.fields[name] = ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in attributes or self.select not in self.fields:
                self.fields[self.select] = attributes.get("value", "")

    def handle_data(self, text):
        if self.textarea:
            self.fields[self.textarea] += text

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None
