"""What other tests hold already, at full size: schemathesis over the whole description of the API
with all its checks, and 2,000 idle and 200 dripping connections."""

import re
import subprocess
import sys

from program import ROOT

FUZZ_SECONDS = {False: 1_200, True: 30}


def prove(check, small):
    text = run("Tests/API/run.py", "--only", "fuzz", "--seconds", str(FUZZ_SECONDS[small]))
    found = re.search(r"Tested: (\d+)[\s\S]*?(\d+ generated, .*)", text)
    print(f"  schemathesis: {found[1]} operations, {found[2]}" if found else "  no count")
    check("schemathesis: every answer is as described, by all checks", passed(text), last(text))
    text = run("Tests/Load/run.py", "--only", "endurance")
    for line in re.findall(r"^  .*$", text, re.M):
        print(line)
    check("slow clients: users are served beside 2,000 idle and 200 dripping ones", passed(text),
          last(text))


def run(*command):
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, text=True, stdout=subprocess.PIPE)
    if not passed(done.stdout):
        print(done.stdout[-6_000:])
    return done.stdout


def last(text):
    return text.strip().splitlines()[-1] if text.strip() else "no output"


def passed(text):
    return bool(re.fullmatch(r"[1-9]\d* passed, 0 failed", last(text)))
