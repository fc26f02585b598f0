"""docs/invoice-rules.md against the schematrons and the program: no rule is missing, and none that
is said to be implemented is not.

    rules.py --write   writes the page anew, keeping what it says of rules that are not implemented
"""

import json
import re
import subprocess
import sys

from program import BINARY, ROOT
from validators import EN16931_CII, EN16931_UBL, FRENCH_CII, codes

PAGE = ROOT / "docs" / "invoice-rules.md"
IMPLEMENTED, UNREACHABLE, NOT_APPLICABLE = "implemented", "unreachable", "not applicable"
STATES = (IMPLEMENTED, UNREACHABLE, NOT_APPLICABLE)
ROW = re.compile(r"^\| `([^`]+)` \| ([a-z ]+) \| (.*) \|$", re.M)


def implemented():
    listed = subprocess.run([BINARY, "invoice", "rules", "--json"], check=True,
                            stdout=subprocess.PIPE).stdout
    return {rule["code"] for rule in json.loads(listed)}


def official():
    """Every rule of the schematrons that what we issue goes through, and those on code lists, which
    have names of their own in the one for UBL only."""
    lists = [code for code in codes(EN16931_UBL) if code.startswith("BR-CL-")]
    return list(dict.fromkeys(codes(EN16931_CII) + lists + codes(FRENCH_CII)))


def faults():
    page = {code: state for code, state, _ in ROW.findall(PAGE.read_text())}
    ours, theirs = implemented(), official()
    found = [f"{code} is not on the page" for code in [*theirs, *sorted(ours)] if code not in page]
    found += [f"{code} is on the page and in no schematron" for code in page
              if code not in theirs and code not in ours]
    found += [f"{code}: there is no state “{state}”" for code, state in page.items()
              if state not in STATES]
    found += [f"{code} is said to be {state}" for code, state in page.items()
              if (state == IMPLEMENTED) != (code in ours)]
    return found


def write():
    text = PAGE.read_text()
    known = {code: (state, note) for code, state, note in ROW.findall(text)}
    ours, theirs = implemented(), official()
    own = [code for code in sorted(ours) if code not in theirs]
    head = text[:text.index("\n## Rules")]
    rows = [row(code, ours, known) for code in [*theirs, *own]]
    PAGE.write_text("\n".join(
        [head, "## Rules", "", "| Rule | State | Why |", "| --- | --- | --- |", *rows, ""]))


def row(code, ours, known):
    if code in ours:
        return f"| `{code}` | {IMPLEMENTED} | |".replace("| |", "|  |")
    state, note = known.get(code, guess(code))
    if state == IMPLEMENTED:
        state, note = guess(code)
    return f"| `{code}` | {state} | {note} |"


def guess(code):
    for pattern, state, note in REASONS:
        if re.search(pattern, code):
            return state, note
    return UNREACHABLE, "the writer never makes it so"


# Why a rule is not implemented, by what its code looks like; the first that fits.
REASONS = (
    (r"^FX-SCH-", UNREACHABLE,
     "shape of the XML: the writer makes each element once, in its place, with codes of its lists"),
    (r"^CII-(SR|DT)-", UNREACHABLE, "elements beyond EN 16931, which the writer never makes"),
    (r"^PEPPOL-", UNREACHABLE, "the writer leaves out elements without content"),
    (r"_LM$", UNREACHABLE, "no category L or M is offered; BR-FR-15 refuses them as well"),
    (r"BR-FR-CO-10_BT-(29|46)|GLOBALID", UNREACHABLE,
     "a party has one identifier, a SIRET with its scheme"),
    (r"^BR-(AF|AG)-", NOT_APPLICABLE, "taxes of the Canaries, Ceuta and Melilla"),
    (r"^BR-B-", NOT_APPLICABLE, "Italian split payment"),
    (r"^BR-CO-0[5-8]$", NOT_APPLICABLE, "always true: no program can compare a code with words"),
    (r"^BR-CL-(03)$", UNREACHABLE, "amounts have the currency of the invoice"),
    (r"^BR-CL-23$", UNREACHABLE, "units come from a table of eleven, each tried by the tests"),
    (r"^BR-CL-", UNREACHABLE, "what we issue has one code of this list, or none"),
    (r"EXT-FR-FE|BR-FR-MV|BR-FR-BD", NOT_APPLICABLE,
     "profile EXTENDED-CTC-FR: several sellers, groups of lines, third parties"),
    (r"BT-60|BT-71", UNREACHABLE, "no payee and no delivery location are stated"),
    (r"BR-FR-CO-1[45]", NOT_APPLICABLE, "members of a single taxable person (scheme 0231)"),
    (r"BR-FR-1[78]|BR-FR-29|BR-FR-30|BR-FR-27|BR-FR-28", UNREACHABLE,
     "no attachments, objects or attributes are stated"),
    (r"BT-9[25]|BT-96|BT-93|BT-147|BT-148|BT-149|BT-111", UNREACHABLE,
     "no allowance on the whole document, gross price or other currency is stated"),
    (r"DEC-04", UNREACHABLE, "rates have two decimals"),
)


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    for fault in faults():
        print(fault)
