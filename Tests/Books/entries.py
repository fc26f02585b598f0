"""Reads accounting entries files (FEC) as a tax inspector's program would, and proves them: 18
columns, entries that balance, numbers in sequence, days in order. Letters must add up to nothing
over all files given, since an invoice of one year may be paid in the next. With --invoices, a CSV
of the issued documents, the sales must be theirs to the cent.

usage: entries.py FILE… [--invoices FILE]    exit code 1 when something does not hold
"""

import csv
import datetime
import re
import sys
from collections import defaultdict
from decimal import Decimal

COLUMNS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib "
    "PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise "
    "Idevise").split()


def amount(text):
    assert re.fullmatch(r"[0-9]+(,[0-9]+)?", text), f"amount {text!r}"
    return Decimal(text.replace(",", "."))


def day(text):
    assert re.fullmatch(r"[0-9]{8}", text), f"day {text!r}"
    return datetime.datetime.strptime(text, "%Y%m%d").date()


def read(path):
    with open(path, "rb") as file:
        text = file.read().decode("iso8859-15")
    lines = text.split("\r\n")
    assert lines.pop() == "", "the last line does not end"
    separator = "|" if "|" in lines[0] else "\t"
    rows = [line.split(separator) for line in lines]
    assert rows[0] == COLUMNS, f"columns {rows[0]}"
    for row in rows[1:]:
        assert len(row) == len(COLUMNS), f"{len(row)} columns: {row}"
    return [dict(zip(COLUMNS, row)) for row in rows[1:]]


def prove(rows, letters):
    entries = defaultdict(list)
    before, last = 0, None
    for row in rows:
        number, on = int(row["EcritureNum"]), day(row["EcritureDate"])
        assert number in (before, before + 1), f"entry {number} after {before}"
        assert last is None or on >= last, f"entry {number} goes back to {on}"
        before, last = number, on
        debit, credit = amount(row["Debit"]), amount(row["Credit"])
        assert (debit == 0) != (credit == 0), f"entry {number}: debit {debit}, credit {credit}"
        assert row["PieceRef"] and row["EcritureLib"] and row["CompteNum"], f"entry {number}"
        assert day(row["ValidDate"]) >= on and day(row["PieceDate"]) <= on, f"entry {number}"
        assert bool(row["EcritureLet"]) == bool(row["DateLet"]), f"entry {number}: letter"
        if row["CompAuxNum"]:
            letters[row["CompAuxNum"], row["EcritureLet"]] += debit - credit
        entries[number].append((row, debit - credit))
    for number, lines in entries.items():
        assert len(lines) >= 2 and sum(line[1] for line in lines) == 0, f"entry {number} is off"
        assert len({(row["JournalCode"], row["PieceRef"], row["EcritureDate"])
                    for row, _ in lines}) == 1, f"entry {number} is of several pieces"
    return list(entries.values())


def compare(entries, path):
    """number, kind, net, vat, gross of each document, kinds as in the database."""
    stated = {}
    with open(path, newline="", encoding="utf-8") as file:
        for number, kind, net, vat, gross in csv.reader(file):
            sign = -1 if kind == "credit_note" else 1
            stated[number] = tuple(sign * Decimal(part) for part in (net, vat, gross))
    found = {}
    for lines in entries:
        if lines[0][0]["JournalCode"] != "VE":
            continue
        net = -sum(a for row, a in lines if row["CompteNum"][:2] in ("70", "41")
                   and not row["CompAuxNum"])
        vat = -sum(a for row, a in lines if row["CompteNum"].startswith("445"))
        gross = sum(a for row, a in lines if row["CompAuxNum"])
        found[lines[0][0]["PieceRef"]] = (net, vat, gross)
    wrong = {n: (stated.get(n), found.get(n)) for n in stated.keys() | found.keys()
             if stated.get(n) != found.get(n)}
    assert not wrong, f"{len(wrong)} documents differ: {dict(list(wrong.items())[:5])}"
    return len(stated)


def main():
    files = sys.argv[1:]
    invoices = None
    if "--invoices" in files:
        place = files.index("--invoices")
        invoices = files[place + 1]
        del files[place:place + 2]
    assert files, "no file"
    letters, entries, lines = defaultdict(Decimal), [], 0
    for path in files:
        rows = read(path)
        lines += len(rows)
        entries += prove(rows, letters)
    for (client, letter), rest in letters.items():
        assert not letter or rest == 0, f"letter {letter} of {client} leaves {rest}"
    print(f"{lines} lines, {len(entries)} entries, {len(letters)} letters")
    if invoices:
        print(f"{compare(entries, invoices)} documents agree to the cent")


if __name__ == "__main__":
    try:
        main()
    except AssertionError as fault:
        print(f"WRONG: {fault}")
        sys.exit(1)
