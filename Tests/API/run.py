"""Proves the API on the release program: its description is valid, it answers whatever schemathesis
makes up as described, the examples of docs/api do what they say, and a request sent many times
under one Idempotency-Key while the program is killed happens once.

    run.py [--seconds 60] [--seed 1] [--kills 2] [--only description|fuzz|examples|again]
"""

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Races"))

import again
import examples
import fuzz
import records
from caller import Caller
from organisation import set_up
from program import Program

# The limit of requests has tests of its own; here it would only slow the others.
NO_LIMIT = (
    "--api-requests-per-minute", "1000000", "--visitor-requests-per-minute", "1000000")


def main():
    options = arguments()
    print(f"seed {options.seed}", flush=True)
    checks = []

    def wanted(name):
        return options.only in (None, name)

    def check(name, holds, faults=()):
        for fault in faults:
            print("  " + str(fault)[:400])
        print(("passed: " if holds else "FAILED: ") + name, flush=True)
        checks.append(bool(holds))

    with Program(*NO_LIMIT) as program:
        client = set_up(program)
        token = records.token(program)
        if wanted("description"):
            check("the description is valid OpenAPI 3.1", fuzz.is_valid_description(program))
        if wanted("examples"):
            faults = examples.faults(program, token)
            check("every example of docs/api does what it says", not faults, faults)
        if wanted("again"):
            dice = random.Random(options.seed)
            faults = again.makes_one_invoice(program, token, client, options.kills, dice)
            check("one key makes one invoice, whoever is killed", not faults, faults)
        if wanted("fuzz"):
            ids = records.fill(Caller(program.port, token), examples.today())
            check("answers are as described, whatever is sent",
                  fuzz.holds(program, token, ids, options.seed, options.seconds))
        check("it stops when it is told to", program.stop() == 0)
        faults = program.faults()
        check("the program found no fault of its own", not faults, faults[:10])
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60, help="how long schemathesis tries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--only", choices=["description", "fuzz", "examples", "again"])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
