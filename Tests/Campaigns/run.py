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
    "smuggling", "hostile", "backups", "kills", "clock", "disk", "others", "wapiti", "sqlmap"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=CAMPAIGNS)
    parser.add_argument("--small", action="store_true", help="a few minutes instead of an hour")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    random.seed(options.seed)
    checks = []

    def check(name, holds, note=""):
        note = f" ({note})" if note not in ("", None, [], {}) else ""
        print(("passed: " if holds else "FAILED: ") + name + str(note)[:300], flush=True)
        checks.append(bool(holds))

    for name in CAMPAIGNS:
        if options.only not in (None, name):
            continue
        started = time.monotonic()
        print(f"-- {name}", flush=True)
        importlib.import_module(name).prove(check, options.small)
        print(f"-- {name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if checks and all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
