"""Attacks and faults, tried on the release program for as long as it takes: `bin/ci --long` runs
all.

    run.py [--only NAME] [--small] [--seed N]

Each campaign prints its figures. What it promises is checked; the last line counts the checks."""

import argparse
import importlib
import random
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(TESTS / folder) for folder in ("Races", "API", "Load", "Browser")]

CAMPAIGNS = [
    "smuggling", "hostile", "backups", "kills", "races", "clock", "disk", "others", "wapiti",
    "sqlmap"]


class Checks:
    """What was promised, and whether it held. What could not be tried is counted apart."""

    def __init__(self):
        self.passed, self.failed, self.skipped = 0, 0, 0

    def __call__(self, name, holds, note=""):
        note = f" ({note})" if note not in ("", None, [], {}) else ""
        print(("passed: " if holds else "FAILED: ") + name + str(note)[:300], flush=True)
        if holds:
            self.passed += 1
        else:
            self.failed += 1

    def skip(self, name, reason):
        print(f"skipped: {name}: {reason}", flush=True)
        self.skipped += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=CAMPAIGNS)
    parser.add_argument("--small", action="store_true", help="a few minutes instead of an hour")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    random.seed(options.seed)
    checks = Checks()
    for name in CAMPAIGNS:
        if options.only not in (None, name):
            continue
        started = time.monotonic()
        print(f"-- {name}", flush=True)
        importlib.import_module(name).prove(checks, options.small)
        print(f"-- {name}: {time.monotonic() - started:.0f} s", flush=True)
    if checks.skipped:
        print(f"{checks.skipped} skipped: not tried, so neither passed nor failed")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 0 if checks.passed and not checks.failed else 1


if __name__ == "__main__":
    sys.exit(main())
