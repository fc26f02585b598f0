"""Proves on the release program that what it issues is a valid e-invoice: varied invoices and
credit notes, made through the API, go through validators that nobody here wrote; each rule has a
broken invoice that both they and `comptoir invoice check` refuse; files by others and bad files are
read or refused; and it prints how many invoices a second of computing makes.

    run.py [--seed 1] [--only rules|invoices|broken|files|speed]
"""

import argparse
import random
import sys
import zoneinfo
from datetime import datetime
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "Races"), str(TESTS / "API")]

import broken
import company
import files
import issued
import rules
import speed
from caller import Caller
from invoices import Books, franchise_cases, look_cases, make_all
from organisation import set_up
from program import Program
from records import token
from validators import Schematrons

NO_LIMIT = ("--api-requests-per-minute", "1000000")
LEAST_INVOICES = 60


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, faults):
        for fault in list(faults)[:10]:
            print("  " + str(fault)[:500])
        print(("FAILED: " if faults else "passed: ") + name, flush=True)
        if faults:
            self.failed += 1
        else:
            self.passed += 1


def main():
    options = arguments()
    print(f"seed {options.seed}", flush=True)
    dice = random.Random(options.seed)
    tally, schematrons = Tally(), Schematrons()

    def wanted(name):
        return options.only in (None, name)

    if wanted("rules"):
        tally.check("docs/invoice-rules.md lists every rule, and says what is so", rules.faults())
    if wanted("files"):
        files.check_all(tally)
    if wanted("invoices") or wanted("broken") or wanted("speed"):
        with Program(*NO_LIMIT) as program:
            set_up(program)
            company.complete(program)
            api = Caller(program.port, token(program))
            if wanted("invoices") or wanted("broken"):
                books = Books(api, today())
                make_all(books, dice)
                company.stop_charging_vat(program)
                for name, client, lines in franchise_cases():
                    books.attempt(name, client, lines)
                company.charge_vat(program)
                for name, fields in company.LOOKS.items():
                    company.look(program, fields)
                    for lines in look_cases():
                        books.attempt(f"{name}, {len(lines)} lines", "french", lines)
                company.look(program, company.USUAL_LOOK)
                if wanted("invoices"):
                    few = len(books.made) < LEAST_INVOICES
                    tally.check(f"{len(books.made)} documents were made",
                                books.refused + ["too few"] * few)
                    issued.check_all(tally, api, books, schematrons)
                if wanted("broken"):
                    broken.check_all(tally, api, books, schematrons)
            if wanted("speed"):
                speed.measure(tally, program, api, today())
            faults = program.faults()
            tally.check("the program found no fault of its own", faults)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


def today():
    """Of the company, which is in Paris."""
    return datetime.now(zoneinfo.ZoneInfo("Europe/Paris")).date()


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("rules", "invoices", "broken", "files", "speed"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
