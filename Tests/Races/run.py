"""64 people issue invoices at once while the program and its PostgreSQL are killed at random
moments. Then no number may be missing, taken twice, or other than the one a person was told.

    run.py [--invoices 2000] [--kills 5] [--clients 64] [--seed N]
"""

import argparse
import json
import re
import random
import sys
import time
from urllib.parse import quote

from clerk import Clerk, Tally
from organisation import set_up, sign_in
from program import Program
from visitor import Visitor

# Signing in is slow on purpose; each session serves several connections, as a browser's does.
SESSIONS = 8
# The program alone, its PostgreSQL alone, or both: each occurs when there are three kills.
VICTIMS = ["program", "both", "PostgreSQL"]


def main():
    options = arguments()
    dice = random.Random(options.seed)
    print(f"seed {options.seed}", flush=True)
    with Program() as program:
        client = set_up(program)
        sessions = [sign_in(program) for _ in range(SESSIONS)]
        tally = Tally(options.invoices)
        clerks = [
            Clerk(program, tally, client, sessions[n % SESSIONS], random.Random(dice.random()))
            for n in range(options.clients)]
        started = time.monotonic()
        for clerk in clerks:
            clerk.start()
        kills = kill_at_random(program, tally, options, dice)
        for clerk in clerks:
            clerk.join()
        seconds = time.monotonic() - started
        invoices = listed(program, sessions[0])
        doctor = json.loads(program.run("doctor", "--json").stdout.splitlines()[-1])
        code = program.stop()
        return report(options, tally, kills, seconds, invoices, doctor, code, program.faults())


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--invoices", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    return parser.parse_args()


def kill_at_random(program, tally, options, dice):
    """Answers what was killed, after how many invoices, and how long it took to come back."""
    moments = sorted(dice.sample(range(1, options.invoices * 9 // 10), options.kills))
    victims = [VICTIMS[n % len(VICTIMS)] for n in range(options.kills)]
    dice.shuffle(victims)
    kills = []
    for moment, victim in zip(moments, victims):
        if not tally.wait_for(moment):
            break
        time.sleep(dice.uniform(0, 0.05))
        killed = time.monotonic()
        if victim != "PostgreSQL":
            program.kill()
        if victim != "program":
            program.kill_postgres()
        if victim != "PostgreSQL":
            program.start()
        program.wait_until_healthy()
        kills.append((victim, moment, time.monotonic() - killed))
    return kills


def listed(program, cookies):
    """Every invoice that the list shows, drafts too, page after page."""
    visitor, rows, after = Visitor(program.port, cookies), [], ""
    form = visitor.get("/account/tokens").form("/account/tokens")
    made = visitor.post("/account/tokens", {**form, "name": "Races", "scope": "invoices:read"})
    visitor.token = re.search(r'value="(ct_[0-9a-f]+)"', made.text)[1]
    while after is not None:
        page = json.loads(visitor.get(f"/api/v1/invoices?sort=number{after}").body)
        rows += page["data"]
        after = page["next_cursor"] and "&after=" + quote(page["next_cursor"])
    visitor.close()
    return rows


def report(options, tally, kills, seconds, invoices, doctor, code, faults):
    issued = [invoice for invoice in invoices if invoice["status"] == "issued"]
    numbers = [invoice["number"] for invoice in issued]
    counters = sorted(int(number.rsplit("-", 1)[1]) for number in set(numbers))
    gaps = sorted(set(range(1, max(counters, default=0) + 1)) - set(counters))
    doubles = len(numbers) - len(set(numbers))
    known = {"/invoices/" + invoice["id"]: invoice["number"] for invoice in issued}
    lost = [path for path, number in tally.numbers.items() if known.get(path) != number]
    findings = [f for check in doctor["checks"] for f in check["findings"]]
    rows = [
        ("people at once", options.clients), ("acknowledged", len(tally.numbers)),
        ("issued", len(issued)), ("killed", len(kills)), *tally.counts.items(),
        ("gaps", len(gaps)), ("doubles", doubles), ("lost", len(lost)),
        ("seconds", f"{seconds:.1f}"), ("issues/s", f"{len(issued) / seconds:.1f}"),
    ]
    for name, figure in rows:
        print(f"{name:>16} {figure:>8}")
    for victim, moment, away in kills:
        print(f"killed {victim} after {moment} invoices, back in {away:.1f} s")
    for line in [*tally.faults, *findings, *faults][:10]:
        print("  " + line[:400])
    checks = [
        check("every person's invoices were acknowledged",
              len(tally.numbers) == options.invoices and not tally.faults),
        check("the program was killed as often as was asked", len(kills) == options.kills),
        check("no number is missing", bool(counters) and not gaps),
        check("no number was given twice", doubles == 0),
        check("every invoice has the number that was told", not lost),
        check("nothing was drafted or issued that nobody heard of",
              len(invoices) == len(tally.numbers)),
        check("the doctor has no complaint", doctor["healthy"]),
        check("the program found no fault of its own", not faults),
        check("it stops when it is told to", code == 0),
    ]
    print(f"{checks.count(True)} passed, {checks.count(False)} failed")
    return 0 if all(checks) else 1


def check(name, holds):
    print(("passed: " if holds else "FAILED: ") + name)
    return bool(holds)


if __name__ == "__main__":
    sys.exit(main())
