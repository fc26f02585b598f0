"""Serves users while thousands of connections idle and drip, takes large uploads, tells hundreds of
open pages what happens, and stands behind nginx: with the release program.

    run.py [--only endurance|uploads|events|proxy]
"""

import argparse
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(TESTS / "Races"), str(TESTS / "API")]

import endurance
import events
import proxy
import uploads
from organisation import set_up
from program import Program

PARTS = {"endurance": endurance, "uploads": uploads, "events": events, "proxy": proxy}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=PARTS)
    wanted = parser.parse_args().only
    checks = []

    def check(name, holds, note=""):
        print(("passed: " if holds else "FAILED: ") + name + (f" ({note})" if note else ""),
              flush=True)
        checks.append(bool(holds))

    for name, part in PARTS.items():
        if wanted not in (None, name):
            continue
        with Program(*part.OPTIONS) as program:
            client = set_up(program)
            part.prove(program, client, check)
            faults = program.faults()
            for fault in faults[:5]:
                print("  " + fault[:400])
            check(f"{name}: the program found no fault of its own", not faults)
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
