"""The release program on a data folder of its own, killed and started again on purpose."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("COMPTOIR", ROOT / ".build" / "release" / "comptoir"))
START_SECONDS = 60
STOP_SECONDS = 60


class Program:
    def __init__(self, *options, demonstration=False, folder=None, environment=None):
        self.options = options
        self.is_demonstration = demonstration
        # Of the program alone: PostgreSQL gets an environment of its own.
        self.environment = {**os.environ, **(environment or {})}
        # Short, because a socket's path ends at 107 bytes.
        self.folder = Path(folder or tempfile.mkdtemp(prefix="comptoir-races-"))
        # PostgreSQL runs as another user when this runs as root.
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.postgres_file = self.data / "postgres" / "data" / "postmaster.pid"
        self.port = free_port()
        self.process = None
        self.starts = 0
        self.killed_postgres = None
        # Clients wait for it while the program is away.
        self.is_up = threading.Event()

    def __enter__(self):
        if self.is_demonstration and self.run("demo").returncode != 0:
            raise RuntimeError("comptoir demo failed")
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        if self.postgres_file.exists():
            # Any command adopts what a killed program left behind, and stops it when it is done.
            self.run("doctor")
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Answers how many seconds it took until the program answered."""
        started = time.monotonic()
        self.starts += 1
        self.log = self.folder / f"serve-{self.starts}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--data", self.data, "--port", str(self.port),
                 *self.options],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT)
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - started > START_SECONDS:
                raise RuntimeError("comptoir serve did not start:\n" + self.log.read_text()[-2000:])
            time.sleep(0.02)
        self.is_up.set()
        return time.monotonic() - started

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5):
                return b"Comptoir" in self.log.read_bytes()
        except OSError:
            return False

    def kill(self):
        self.is_up.clear()
        self.process.kill()
        self.process.wait()

    def kill_postgres(self):
        """The main process only: its children must notice by themselves."""
        self.killed_postgres = self.postgres_id()
        os.kill(self.killed_postgres, signal.SIGKILL)

    def postgres_id(self):
        """Of the main process; None while there is none."""
        try:
            return int(self.postgres_file.read_text().splitlines()[0])
        except (OSError, IndexError, ValueError):
            return None

    def wait_until_healthy(self):
        deadline = time.monotonic() + START_SECONDS
        while self.postgres_id() == self.killed_postgres or not self.is_healthy():
            if time.monotonic() > deadline:
                raise RuntimeError("not healthy again:\n" + self.log.read_text()[-2000:])
            time.sleep(0.02)

    def is_healthy(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                return True
        except OSError:
            return False

    def stop(self):
        """As a person would; answers the exit code."""
        self.is_up.clear()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def run(self, *arguments):
        """Another command of the program on the same data."""
        return subprocess.run(
            [BINARY, *arguments, "--data", self.data], cwd=ROOT, text=True, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def sql(self, text, may_fail=False):
        """Runs SQL as the superuser of the cluster; answers what it printed, complaints too."""
        folder = self.postgres_file.read_text().splitlines()[4]
        return subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-h", folder, "-p", "5432", "-U",
             "comptoir_superuser", "-c", text, "comptoir"],
            text=True, errors="replace", check=not may_fail, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.strip()

    def first_start_path(self):
        """Where the first account is made, with the code that only the terminal shows."""
        return re.search(r"http://[^/\s]+(/welcome\S+)", self.log.read_text())[1]

    def faults(self):
        """What the program itself holds for a fault of its own, in its logs."""
        lines = [
            line for log in sorted(self.folder.glob("serve-*.log"))
            for line in log.read_text(errors="replace").splitlines()]
        return [line for line in lines if '"level":"error"' in line or "Fatal error" in line]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
