"""Imports the half million lines of Online Retail with the release program, checks that every line,
penny and document is accounted for, and compares every document with a second arithmetic
(recompute.py). Then brings a newcomer's 100,000 clients in, twice."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "comptoir"
LINES, PENCE, DOCUMENTS = 541_909, 974_774_793, 25_900
MEMORY_LIMIT_KIB = 200 * 1024
# A statement that reads all lines for each of them takes hours; the time it does take is printed.
CLIENTS, CLIENT_SECONDS = 100_000, 240


def comptoir(data, *arguments, **options):
    environment = dict(os.environ, COMPTOIR_PASSWORD="correct horse battery")
    command = [PROGRAM, *arguments, "--data", data]
    return subprocess.run(command, env=environment, check=True, **options)


def check(name, holds):
    print(("passed: " if holds else "FAILED: ") + name)
    return holds


class Memory(threading.Thread):
    """The peak of one process, without the PostgreSQL that it starts and waits for."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status = Path(f"/proc/{pid}/status")
        self.kib = 0
        self.start()

    def run(self):
        while self.look():
            time.sleep(0.1)

    def look(self):
        try:
            lines = self.status.read_text().splitlines()
        except OSError:
            return False
        peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
        self.kib = max([self.kib, *peaks])
        return bool(peaks)

    def peak(self):
        self.join()
        return self.kib


def newcomer(folder, data):
    """Time and memory of many clients; the second time none of them is new."""
    comptoir(data, "user", "add", "owner@newcomer.example", "--name", "Owner",
             "--new-organisation", "Newcomer")
    file = Path(folder) / "clients.csv"
    with file.open("w") as out:
        out.write("Code client;Nom;E-mail;Téléphone;Adresse;Code postal;Ville;Pays;Notes\n")
        for number in range(CLIENTS):
            out.write(f"CU{number:06};Société numéro {number};c{number}@client.example;"
                      f"01 99 00 {number // 100 % 100:02} {number % 100:02};{number} rue Haute;"
                      f"69{number % 1000:03};Lyon;France;Ligne {number}\n")
    checks = []
    for turn, new in (("first", CLIENTS), ("second", 0)):
        started = time.monotonic()
        run = subprocess.Popen(
            [PROGRAM, "import", "clients", file, "--organisation", "newcomer", "--json",
             "--data", data], stdout=subprocess.PIPE)
        memory = Memory(run.pid)
        counts = json.loads(run.stdout.read())["counts"]
        run.wait()
        seconds = time.monotonic() - started
        print(f"{CLIENTS} clients, {turn} time: {seconds:.1f} s, {memory.peak() // 1024} MiB")
        checks += [
            check(f"{turn} time {new} new clients", counts["new"] == new),
            check(f"{turn} time no line is lost",
                  counts["new"] + counts["already_there"] == CLIENTS),
            check(f"{turn} time within {CLIENT_SECONDS} s", seconds < CLIENT_SECONDS),
            check(f"{turn} time memory is flat", 0 < memory.peak() < MEMORY_LIMIT_KIB),
        ]
    return checks


def main():
    source = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared"))
    file = source / "data" / "online-retail" / "online_retail.csv.xz"
    if not file.exists():
        print(f"skipped: {file.name} is absent, so the import is not proven on it.")
        print("0 passed, 0 failed")
        return 0
    with tempfile.TemporaryDirectory(prefix="comptoir-import-") as folder:
        # PostgreSQL runs as another user when this runs as root.
        os.chmod(folder, 0o755)
        data = Path(folder) / "data"
        comptoir(data, "user", "add", "owner@retail.example", "--name", "Owner",
                 "--new-organisation", "Online Retail", "--currency", "GBP")
        started = time.monotonic()
        imported = subprocess.Popen(
            [PROGRAM, "import", "sales", file, "--organisation", "online-retail", "--mapping",
             "online-retail", "--report", Path(folder) / "refused.csv", "--json", "--data", data],
            stdout=subprocess.PIPE)
        memory = Memory(imported.pid)
        result = json.loads(imported.stdout.read())
        imported.wait()
        seconds = time.monotonic() - started
        parts = [result["imported"], result["refused"]]
        refused = (Path(folder) / "refused.csv").read_text().splitlines()
        checks = [
            check("the import ends well", imported.returncode == 0),
            check(f"{LINES} lines", sum(part["lines"] for part in parts) == LINES),
            check(f"{PENCE} pence", sum(part["amount"] for part in parts) == PENCE),
            check(f"{DOCUMENTS} documents", sum(part["documents"] for part in parts) == DOCUMENTS),
            check("every refused line is in the report",
                  len(refused) - 1 == result["refused"]["lines"]),
            check(f"memory {memory.peak() // 1024} MiB", 0 < memory.peak() < MEMORY_LIMIT_KIB),
        ]
        print(f"import: {seconds:.1f} s")
        export = Path(folder) / "export.json"
        with export.open("wb") as out:
            comptoir(data, "export", "documents", "--organisation", "online-retail",
                     "--format", "json", stdout=out)
        compared = subprocess.run(
            [sys.executable, ROOT / "Tests" / "Import" / "recompute.py", file, export])
        checks.append(check("every document as the file has it", compared.returncode == 0))
        checks += newcomer(folder, data)
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
