"""Recomputes every imported document from the file of sales and compares it with what Comptoir
gives back: `recompute.py online_retail.csv[.xz] EXPORT.json`, EXPORT.json being the output of
`comptoir export documents --format json` (- for standard input). Shares no code with the program.
Exit code 0 when there is no difference."""

import collections
import csv
import io
import json
import lzma
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PENNY = Decimal("0.01")
SHOWN = 20

COUNTRIES = {
    "EIRE": "IE", "RSA": "ZA", "Channel Islands": "JE", "European Community": "EU",
    "Unspecified": "ZZ", "United Kingdom": "GB", "France": "FR", "USA": "US", "Germany": "DE",
}


def pence(quantity, price):
    """Rounded half away from zero, which is what ROUND_HALF_UP means here."""
    return int((quantity * price).quantize(PENNY, rounding=ROUND_HALF_UP) * 100)


def read_sales(path):
    opened = lzma.open(path, "rb") if path.endswith(".xz") else open(path, "rb")
    with opened as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        for row in csv.DictReader(text):
            quantity, price = Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
            yield row, quantity, price, pence(quantity, price)


def stands_on_a_document(row, quantity, price):
    number = row["InvoiceNo"]
    if number.startswith("A") or price < 0 or not row["Description"].strip():
        return False
    return quantity < 0 if number.startswith("C") else quantity > 0


def expected_documents(path, figures):
    documents = collections.OrderedDict()
    seen = set()
    for row, quantity, price, amount in read_sales(path):
        number = row["InvoiceNo"]
        seen.add(number)
        kept = stands_on_a_document(row, quantity, price)
        name = "imported" if kept else "refused"
        figures[f"{name} lines"] += 1
        figures[f"{name} pence"] += amount
        if not kept:
            continue
        document = documents.setdefault(number, {
            "kind": "credit_note" if number.startswith("C") else "invoice",
            "day": row["InvoiceDate"][:10],
            "client": str(int(Decimal(row["CustomerID"]))) if row["CustomerID"] else None,
            "country": row["Country"],
            "lines": [],
        })
        document["lines"].append((
            row["StockCode"], " ".join(row["Description"].split()), int(quantity * 10_000),
            int(price * 1_000_000), amount))
    figures["imported documents"] = len(documents)
    figures["refused documents"] = len(seen) - len(documents)
    return documents


def exported_documents(stream):
    """One document a line, inside one array."""
    for line in stream:
        text = line.strip().rstrip(",")
        if text not in ("[", "]", "[]", ""):
            document = json.loads(text)
            if document["origin"] == "import":
                yield document


def differences(expected, given):
    number = given["number"]
    total = sum(line[4] for line in expected["lines"])
    pairs = [
        ("kind", expected["kind"], given["kind"]),
        ("day", expected["day"], given["issued_on"]),
        ("currency", "GBP", given["currency"]),
        ("net", total, given["total_net"]),
        ("VAT", 0, given["total_vat"]),
        ("gross", total, given["total_gross"]),
        ("still open", 0, given["open_amount"]),
        ("lines", expected["lines"], [
            (line["reference"], line["label"], line["quantity"], line["unit_price"],
             line["net_amount"]) for line in given["lines"]]),
    ]
    if expected["client"] is not None:
        pairs.append(("client", expected["client"], given["client_number"]))
    if expected["country"] in COUNTRIES:
        pairs.append(("country", COUNTRIES[expected["country"]], given["country"]))
    for what, wanted, found in pairs:
        if wanted != found:
            yield f"{number}: {what} is {found!r}, the file says {wanted!r}"


def main(sales, export):
    if not Path(sales).exists():
        print(f"skipped: {sales} is absent.")
        return 0
    figures = collections.Counter()
    expected = expected_documents(sales, figures)
    found, without_client = [], set()
    waiting = set(expected)
    with (sys.stdin if export == "-" else open(export, encoding="utf-8")) as stream:
        for document in exported_documents(stream):
            number = document["number"]
            if number not in waiting:
                found.append(f"{number}: not expected, or there twice")
                continue
            waiting.remove(number)
            found += differences(expected[number], document)
            if expected[number]["client"] is None:
                without_client.add(document["client_number"])
    found += [f"{number}: missing" for number in sorted(waiting)]
    if len(without_client) > 1:
        found.append(f"documents without a customer went to several clients: {without_client}")
    for difference in found[:SHOWN]:
        print(difference)
    for unit in ("lines", "pence", "documents"):
        kept, refused = figures[f"imported {unit}"], figures[f"refused {unit}"]
        print(f"{unit}: {kept} imported + {refused} refused = {kept + refused}")
    print(f"{len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
