"""Loads the program with wrk and reads from /proc what that took."""

import json
import re
import subprocess
import tempfile
import uuid
from pathlib import Path

from processes import cpu_seconds, tree_cpu_seconds

LUA = Path(__file__).with_name("load.lua")


class Request:
    """One request of many that are alike."""

    def __init__(self, path, method="GET", body=None, headers=None, unique=False):
        self.path = path
        self.method = method
        self.body = body
        self.headers = headers or {}
        self.unique = unique

    def lua(self):
        headers = ", ".join(f"[{text(k)}] = {text(v)}" for k, v in self.headers.items())
        body = f"body = {text(self.body)}, " if self.body is not None else ""
        unique = "unique = true, " if self.unique else ""
        return (f"{{method = {text(self.method)}, path = {text(self.path)}, {body}{unique}"
                f"headers = {{{headers}}}}}")


class Task:
    """What is measured: requests, taken in turn, and the status that says one did its work."""

    def __init__(self, name, requests, status=200, once=False):
        self.name = name
        self.requests = requests
        self.status = status
        # Each of these requests works one time only: an invoice is issued once.
        self.once = once
        self.used = 0

    def check(self, program):
        """One of them, to see that it does its work: wrk counts a page of errors too."""
        first = self.requests[self.used]
        body = first.body.replace("{unique}", str(uuid.uuid4())) if first.body else None
        status, _, text_of_answer = program.ask(first.method, first.path, body, first.headers)
        if self.once:
            self.used += 1
        if status != self.status:
            raise RuntimeError(f"{self.name}: {status} rather than {self.status}: "
                               f"{text_of_answer[:300].decode(errors='replace')}")


    def queries(self, program, times=5):
        """How many queries one of them asks. Jobs look at the database each second: the fewest
        counts."""
        counts = []
        with program.counting_queries() as count:
            for _ in range(times):
                count()
                self.check(program)
                counts.append(count())
        return min(counts)


def measure(task, program, connections, seconds):
    """One row of the table: rates, latencies in milliseconds, CPU milliseconds a request. None when
    nothing is left to ask for."""
    if task.once and len(task.requests) - task.used <= connections:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        rows = task.requests[task.used:] if task.once else task.requests
        file.write("return {\n" + ",\n".join(request.lua() for request in rows) + "\n}\n")
        file.flush()
        before = cpu_of(program)
        mode = "once" if task.once else ""
        result = wrk(program.port, connections, seconds, [LUA, "--", file.name, mode])
        after = cpu_of(program)
    count = max(1, result["requests"])
    if task.once:
        task.used += count + connections
    own, database = ((after[n] - before[n]) * 1000 / count for n in (0, 1))
    return {
        "task": task.name, "connections": connections, "requests": result["requests"],
        "per_second": round(result["requests"] * 1e6 / result["microseconds"], 1),
        "errors": result["refused"] + result["failed"],
        "cpu_ms": round(own + database, 3), "cpu_program_ms": round(own, 3),
        "cpu_postgres_ms": round(database, 3),
        **{name: round(result[name] / 1000, 2) for name in ("p50", "p95", "p99")},
    }


def cpu_of(program):
    return cpu_seconds(program.process.pid), tree_cpu_seconds(program.postgres)


def wrk(port, connections, seconds, script, path="/"):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
               f"http://127.0.0.1:{port}{path}", "-s", *map(str, script)]
    out = subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(re.findall(r"^\{.*\}$", out, re.M)[-1])


def text(value):
    """As Lua writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
