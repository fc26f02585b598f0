"""Files by others, which must be read, and files that nobody should send, which must be refused
with words that help, quickly, and without taking the machine's memory."""

import os
import resource
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

from issued import check_file
from program import BINARY
from validators import EN16931_CII, EN16931_UBL, Schematrons

MOST_SECONDS = 20
MOST_MEMORY = 1_500_000_000


def check_all(tally):
    shared = os.environ.get("COMPTOIR_SHARED")
    if shared:
        others(tally, Path(shared) / "data" / "e-invoices")
    else:
        print("skipped: ../shared is absent, and with it the files by others.")
    with tempfile.TemporaryDirectory(prefix="comptoir-bad-") as folder:
        for name, content in bad_files():
            path = Path(folder) / name
            path.write_bytes(content)
            tally.check(f"{name} is refused", refusal_faults(path))
        missing = Path(folder) / "missing.xml"
        tally.check("a missing file is refused", refusal_faults(missing))
        tally.check("a folder is refused", refusal_faults(Path(folder)))
    done = subprocess.run([BINARY, "invoice", "check"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    tally.check("no file at all is wrong usage", [] if done.returncode == 2 else [done])


def others(tally, folder):
    """Where the official schematron finds nothing, we find nothing."""
    schematrons = Schematrons()
    for kind, sheet in (("cii", EN16931_CII), ("ubl", EN16931_UBL)):
        for path in sorted((folder / kind).glob("*.xml")):
            official = [code for code in schematrons.broken(path.read_bytes(), sheet)
                        if code.startswith("BR-")]
            answer = check_file(path)
            ours = [f["code"] for f in answer["findings"] if not f["code"].startswith("BR-FR")]
            faults = [f"we say {ours}, the schematron {official}"]
            tally.check(f"{path.name} is read", faults if set(ours) != set(official) else [])
    for path in sorted((folder / "factur-x").glob("*.pdf")):
        answer = check_file(path)
        if "invalid-xml-encoding" in path.name:
            continue
        tally.check(f"{path.name} is read", [answer] if answer["error"] else [])


def refusal_faults(path):
    started = time.monotonic()
    done = subprocess.run(
        [BINARY, "invoice", "check", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        timeout=120, preexec_fn=limit_memory)
    faults = []
    if done.returncode != 1:
        faults.append(f"exit {done.returncode}: {done.stderr[-300:]!r}")
    if not done.stderr.strip() or done.stdout:
        faults.append(f"said {done.stdout!r} and {done.stderr!r}")
    if time.monotonic() - started > MOST_SECONDS:
        faults.append(f"took {time.monotonic() - started:.0f} s")
    return faults


def limit_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


def bad_files():
    cii = ('<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:'
           'CrossIndustryInvoice:100">')
    end = "</rsm:CrossIndustryInvoice>"
    yield "empty.xml", b""
    yield "empty.pdf", b""
    yield "words.pdf", b"This is no PDF at all. " * 100
    yield "cut.xml", (cii + "<rsm:ExchangedDocument>").encode()
    yield "another.xml", b"<html><body>Invoice</body></html>"
    yield "namespace.xml", b"<CrossIndustryInvoice/>"
    yield "order.xml", (
        b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>')
    bomb = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    yield "bomb.xml", (
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{bomb}]>{cii}&a9;{end}').encode()
    yield "outside.xml", (
        f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>{cii}&f;{end}').encode()
    yield "latin.xml", (
        '<?xml version="1.0" encoding="UTF-8"?>' + cii + "<n>é</n>" + end).encode("latin-1")
    yield "unknown.xml", b'<?xml version="1.0" encoding="X-KLINGON"?>' + (cii + end).encode()
    yield "sixteen.xml", b'<?xml version="1.0" encoding="UTF-16"?>' + (cii + end).encode()
    yield "deep.xml", (cii + "<a>" * 100_000 + "</a>" * 100_000 + end).encode()
    yield "many.xml", (cii + "<a/>" * 3_000_000 + end).encode()
    yield "large.xml", (cii + "<a>" + "x" * 50_000_000 + "</a>" + end).encode()
    yield "large.pdf", b"%PDF-1.7\n" + b"x" * 50_000_000
    yield "number.xml", (
        cii + '<SupplyChainTradeTransaction><ApplicableHeaderTradeSettlement>'
        '<SpecifiedTradeSettlementHeaderMonetarySummation><GrandTotalAmount>1e9'
        '</GrandTotalAmount></SpecifiedTradeSettlementHeaderMonetarySummation>'
        '</ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction>' + end).encode()
    yield "cut.pdf", pdf(b"x")[:200]
    yield "plain.pdf", pdf(None)
    yield "packed.pdf", pdf(zlib.compress(b"<a>" + b" " * 400_000_000, 9))
    yield "damaged.pdf", pdf(b"not deflated at all")


def pdf(attached):
    """A small document; with packed bytes attached as factur-x.xml, or nothing."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R %s >>" % (
        b"/Names << /EmbeddedFiles << /Names [(factur-x.xml) 4 0 R] >> >>" if attached else b""),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"]
    if attached:
        objects += [
            b"<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /EF << /F 5 0 R >> >>",
            b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
                len(attached), attached)]
    text, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return text + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" \
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(text))
