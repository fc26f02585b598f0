"""How long an encrypted backup of many invoices takes while people work, and its restore.

    backup.py [--invoices 100000] [--people 4]
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import threading
import time

from program import BINARY, ROOT, Program
from seed import FOLDER, Seed, wait_until_sealed

PAGES = ["/", "/invoices", "/clients", "/orders", "/payments", "/receivables"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=4)
    options = parser.parse_args()
    seed = Seed(options.invoices)
    seed.make()
    folder = FOLDER / "backup"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data, other = seed.copy(), folder / "restored"
    key, saved = folder / "key.pem", folder / "copy.backup"
    command(data, "key", "recipient", "--create", key)
    with Program(data) as program:
        wait_until_sealed(program)
        with People(program, seed, options.people) as people:
            seconds = command(data, "backup", saved)
    print(f"backup: {seconds:.1f} s", flush=True)
    alone = command(other, "restore", saved, "--key", key)
    print(f"{options.invoices} invoices: backup {seconds:.1f} s, "
          f"{saved.stat().st_size / 1e6:.0f} MB, encrypted, while {options.people} people opened "
          f"{len(people.waits)} pages (p50 {people.quantile(50):.1f} ms, "
          f"p99 {people.quantile(99):.1f} ms, {people.failures} failed); "
          f"restore with all its proofs {alone:.1f} s")
    shutil.rmtree(folder)
    return 1 if people.failures else 0


def command(data, *words):
    """Seconds that a command of the program took. What it says stands on the terminal when it fails."""
    started = time.monotonic()
    done = subprocess.run([BINARY, *map(str, words), "--data", data], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
    return time.monotonic() - started


class People:
    """Open one page after the other until they are told to stop."""

    def __init__(self, program, seed, count):
        self.program = program
        self.cookie = {"Cookie": f"comptoir_session={seed.session}"}
        self.waits, self.failures = [], 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(number,))
                        for number in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def work(self, number):
        while not self.over.is_set():
            path = PAGES[number % len(PAGES)]
            number += 1
            started = time.monotonic()
            try:
                status = self.program.ask("GET", path, headers=self.cookie)[0]
            except OSError:
                status = 0
            self.waits.append((time.monotonic() - started) * 1000)
            self.failures += status != 200

    def quantile(self, percent):
        return statistics.quantiles(self.waits, n=100)[percent - 1]


if __name__ == "__main__":
    sys.exit(main())
