"""Runs the examples of docs/api: each ```http block is a request line, headers, an empty line and a
body, with the expected status after an arrow and what to keep of the answer.

    POST /api/v1/clients → 201 keep client=id
    {"name": "Menuiserie Aubrac"}

`{client}` stands for what was kept, in addresses, headers and bodies; `{today}`, `{later}` and
`{latest}` for days. The blocks of one page run in order; each page starts with nothing kept."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from caller import Caller
from program import ROOT

PAGES = ROOT / "docs" / "api"
BLOCK = re.compile(r"```http\n(.*?)```", re.DOTALL)
DAYS = {"today": 0, "later": 30, "latest": 60}
FIRST = re.compile(r"([A-Z]+) /api/v1(\S*) → (\d{3})((?: keep \w+=\S+)*)")


def today():
    """The organisation's day: some documents bear it whatever the example says."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def faults(program, token):
    found, count = [], 0
    for page in sorted(PAGES.glob("*.md")):
        kept = {
            name: (today() + timedelta(days=days)).isoformat() for name, days in DAYS.items()}
        for block in BLOCK.findall(page.read_text()):
            count += 1
            fault = run(block, kept, Caller(program.port, token))
            if fault:
                found.append(f"{page.name}: {fault}")
                break
    if count < 30:
        found.append(f"only {count} examples in {PAGES}")
    return found


def run(block, kept, caller):
    """None when the answer has the status that the example shows."""
    block = re.sub(r"\{(\w+)\}", lambda m: kept.get(m[1], m[0]), block)
    head, _, body = block.partition("\n\n")
    lines = head.strip().splitlines()
    first = FIRST.fullmatch(lines[0])
    if not first:
        return f"not an example: {lines[0]}"
    method, path, status, keeps = first.groups()
    headers = dict(line.split(": ", 1) for line in lines[1:])
    answer = caller.call(method, path, body.strip().encode() or None, headers)
    caller.close()
    if answer.status != int(status):
        return f"{lines[0]} answered {answer.status}: {answer.body[:300]!r}"
    for name, place in re.findall(r"keep (\w+)=(\S+)", keeps):
        kept[name] = value(answer, place)
    return None


def value(answer, place):
    """`id`, `lines.0.id`, or the header `ETag`."""
    if place in answer.headers:
        return answer.headers[place]
    found = json.loads(answer.body)
    for step in place.split("."):
        found = found[int(step) if step.isdigit() else step]
    return str(found)
