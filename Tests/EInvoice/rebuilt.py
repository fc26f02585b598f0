"""Rebuilds every document of Online Retail at 20 %, by the program's own arithmetic, as a Cross
Industry Invoice, and recomputes each from the file of sales with `decimal`: BR-CO-10, 13, 14, 15,
16 and 17 to the cent. Shares no code with the program. Also says how many documents VAT rounded on
each line would get wrong.

    rebuilt.py [--build]    a Swift test writes the documents; --build compiles it first

The last line is "N passed, N failed"."""

import collections
import lzma
import os
import subprocess
import sys
import tempfile
import threading
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests" / "Import"))

import recompute
from mutations import NAMESPACES

PENNY, RATE = Decimal("0.01"), Decimal("0.20")
SHOWN = 20


def rounded(amount):
    return amount.quantize(PENNY, rounding=ROUND_HALF_UP)


def main():
    sales = Path(os.environ.get("COMPTOIR_SHARED", ROOT.parent / "shared"))
    sales = sales / "data" / "online-retail" / "online_retail.csv.xz"
    if not sales.exists():
        print(f"skipped: {sales.name} is absent.\n0 passed, 0 failed")
        return 0
    expected = recompute.expected_documents(str(sales), collections.Counter())
    faults, per_line, seen = [], 0, set()
    for root in written(sales):
        number = root.findtext("rsm:ExchangedDocument/ram:ID", namespaces=NAMESPACES)
        lines = [Decimal(abs(line[4])) / 100 for line in expected[number]["lines"]]
        seen.add(number)
        faults += differences(number, root, lines)
        per_line += sum(rounded(net * RATE) for net in lines) != rounded(sum(lines) * RATE)
    faults += [f"{number}: missing" for number in sorted(set(expected) - seen)]
    for fault in faults[:SHOWN]:
        print(fault)
    print(f"{len(seen)} documents, {len(faults)} differences; VAT rounded on each line would be "
          f"wrong in {per_line} of them")
    print(f"{int(not faults)} passed, {int(bool(faults))} failed")
    return 1 if faults else 0


def differences(number, root, lines):
    def amounts(path):
        return [Decimal(e.text) for e in root.iterfind(".//ram:" + path, NAMESPACES)]

    def amount(name):
        return amounts(f"SpecifiedTradeSettlementHeaderMonetarySummation/ram:{name}")[0]

    net = sum(lines)
    vat = rounded(net * RATE)
    stated = amounts("SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount")
    taxes = amounts("ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:CalculatedAmount")
    bases = amounts("ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax/ram:BasisAmount")
    for rule, found, wanted in (
            ("BT-131", stated, lines), ("BR-CO-10", amount("LineTotalAmount"), net),
            ("BR-CO-13", amount("TaxBasisTotalAmount"), net),
            ("BR-CO-14", amount("TaxTotalAmount"), sum(taxes)),
            ("BR-CO-15", amount("GrandTotalAmount"), net + vat),
            ("BR-CO-16", amount("DuePayableAmount"), net + vat),
            ("BR-CO-17", taxes, [vat]), ("BT-116", bases, [net])):
        if found != wanted:
            yield f"{number}: {rule} is {found}, the file of sales says {wanted}"


def written(sales):
    """Each document as the program writes it, through a pipe: together they are half a gigabyte."""
    if "--build" in sys.argv:
        subprocess.run(["swift", "build", "--build-tests"], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="comptoir-rebuilt-") as folder:
        plain, pipe = Path(folder) / "sales.csv", Path(folder) / "documents"
        with lzma.open(sales) as packed:
            plain.write_bytes(packed.read())
        os.mkfifo(pipe)
        test = subprocess.Popen(
            ["swift", "test", "--skip-build", "--filter", "RebuiltSalesTests"], cwd=ROOT,
            env={**os.environ, "COMPTOIR_REBUILD_FROM": str(plain),
                 "COMPTOIR_REBUILD_TO": str(pipe)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        # A test that ends before it writes would leave the reader waiting.
        threading.Thread(target=release, args=(test, pipe), daemon=True).start()
        with pipe.open("rb") as documents:
            for document in documents:
                if document.strip():
                    yield etree.fromstring(document)
        output = test.communicate()[0]
        if test.returncode != 0:
            raise RuntimeError(output.decode()[-2000:])


def release(test, pipe):
    test.wait()
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        pass


if __name__ == "__main__":
    sys.exit(main())
