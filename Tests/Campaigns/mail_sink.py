"""The mail server of the Swift tests, for campaigns."""

import json
import subprocess
import sys
from collections import Counter

from program import ROOT

SINK = ROOT / "Tests" / "Support" / "smtp_sink.py"


class MailSink:
    """A mail server of this machine; `ids` counts what came, by Message-ID and subject."""

    def __init__(self, program):
        self.file = program.folder / "sink.jsonl"
        self.process = subprocess.Popen(
            [sys.executable, SINK, "--file", self.file], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def ids(self):
        if not self.file.exists():
            return Counter()
        found = Counter()
        for line in self.file.read_text().splitlines():
            headers = {name.lower(): value for name, value in
                       json.loads(line)["parsed"]["headers"]}
            found[headers["subject"], headers["message-id"]] += 1
        return found
