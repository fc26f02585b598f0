"""The release program on a data folder, its PostgreSQL, and how to ask both."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("COMPTOIR", ROOT / ".build" / "release" / "comptoir"))
START_SECONDS = 60
STOP_SECONDS = 600
# As PostgreSQL writes statements when it is told to.
QUERY = re.compile(r"LOG:  (?:statement|execute [^:]*): (.*)")


class Program:
    def __init__(self, data):
        self.data = Path(data)
        self.port = free_port()
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Answers how many seconds it took until it answered."""
        started = time.monotonic()
        with (self.data.parent / "serve.log").open("wb") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--data", self.data, "--port", str(self.port),
                 "--api-requests-per-minute", "1000000",
                 "--visitor-requests-per-minute", "1000000"],
                cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        while not self.is_healthy():
            if self.process.poll() is not None or time.monotonic() - started > START_SECONDS:
                log = self.data.parent / "serve.log"
                raise RuntimeError(f"comptoir serve did not start; see {log}")
            time.sleep(0.005)
        return time.monotonic() - started

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            # A database of millions of rows writes for minutes before it stops.
            self.process.wait(STOP_SECONDS)

    def is_healthy(self):
        try:
            return self.ask("GET", "/health")[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, headers=None):
        """The status, the address it leads to, and the text of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location"), answer.read()
        finally:
            connection.close()

    @property
    def postgres(self):
        """The id of PostgreSQL's main process."""
        return int(self.postmaster_lines()[0])

    def postmaster_lines(self):
        return (self.data / "postgres" / "data" / "postmaster.pid").read_text().splitlines()

    def sql(self, text, database="comptoir", **variables):
        """Runs SQL as the superuser of the cluster, and answers what it printed."""
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-1", "-f", "-"]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        return subprocess.run(
            [*command, *self.reach(), database], input=text, text=True, check=True,
            stdout=subprocess.PIPE).stdout.strip()

    def sql_alone(self, statement, database="comptoir"):
        """Runs one statement that refuses to be part of a transaction."""
        subprocess.run(
            ["psql", "-X", "-q", *self.reach(), "-c", statement, database], check=True,
            stdout=subprocess.DEVNULL)

    @contextmanager
    def counting_queries(self):
        """Within it the server notes each statement; what it gives answers how many came since it
        was asked last, without the begin and end of transactions."""
        log = (self.data / "postgres" / "postgres.log").open("rb")

        def count():
            lines = log.read().decode(errors="replace").splitlines()
            found = [match[1] for line in lines if (match := QUERY.search(line))]
            return sum(not text.startswith(("BEGIN", "COMMIT", "ROLLBACK")) for text in found)

        self.sql_alone("ALTER SYSTEM SET log_statement = 'all'")
        self.sql_alone("SELECT pg_reload_conf()")
        log.seek(0, os.SEEK_END)
        while not count():
            # Until a server process that starts now has read the setting, none has.
            self.sql_alone("SELECT 1")
        try:
            yield count
        finally:
            self.sql_alone("ALTER SYSTEM RESET log_statement")
            self.sql_alone("SELECT pg_reload_conf()")
            log.close()

    def reach(self):
        """The options by which PostgreSQL's own programs find the cluster."""
        return ["-h", self.postmaster_lines()[4], "-p", "5432", "-U", "comptoir_superuser"]


def comptoir(data, *arguments):
    """Another command of the program; answers what it printed."""
    return subprocess.run(
        [BINARY, *arguments, "--data", data], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        check=False).stdout


def doctor(data):
    """What the program itself finds wrong with its data."""
    return json.loads(comptoir(data, "doctor", "--json").splitlines()[-1])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
