"""64 people issue 20,000 invoices at once while the program and its PostgreSQL are killed twenty
times: no number may be missing, taken twice, or other than the one a person was told."""

import random
import re
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).resolve().parents[1] / "Races" / "run.py"
SIZES = {False: (20_000, 20), True: (300, 2)}
FIGURE = re.compile(r" +(\S.*\S) +(\S+)")


def prove(check, small):
    invoices, kills = SIZES[small]
    done = subprocess.run(
        [sys.executable, RUN, "--invoices", str(invoices), "--kills", str(kills),
         "--seed", str(random.randrange(1_000_000))], text=True, capture_output=True, check=False)
    lines = done.stdout.splitlines()
    figures = [f"{match[1]} {match[2]}" for line in lines if (match := FIGURE.fullmatch(line))]
    print("figure: races: " + ", ".join(figures), flush=True)
    verdicts = [line.split(": ", 1) for line in lines if line.startswith(("passed: ", "FAILED: "))]
    if done.returncode or len(verdicts) < 2:
        print(done.stdout[-3000:] + done.stderr[-2000:], flush=True)
    for verdict, name in verdicts:
        check(f"races: {name}", verdict == "passed")
    check("races: it came to its end", len(verdicts) > 1)
