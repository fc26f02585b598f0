"""A program in front of the API: one connection, one access token."""

import http.client
import json

TIMEOUT_SECONDS = 30


class NoAnswer(Exception):
    """The program was away, or went away: whether it did what was asked, nobody knows."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


class Caller:
    def __init__(self, port, token):
        self.port, self.token = port, token
        self.connection = None

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, body, headers)

    def made(self, path, body=None):
        """Posts what must succeed; answers the record."""
        answer = self.post(path, body)
        if answer.status not in (200, 201):
            raise AssertionError(f"POST {path}: {answer.status} {answer.body[:500]!r}")
        return answer.json

    def call(self, method, path, body=None, headers=None):
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
            self.connection.request(method, "/api/v1" + path, body, headers)
            response = self.connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer() from error

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None
