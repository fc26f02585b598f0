"""Every issued document in front of every validator."""

import json
import tempfile
from decimal import Decimal

import company
from lxml import etree
from mutations import NAMESPACES
from program import BINARY
from validators import EN16931_CII, FRENCH_CII, pdf_faults, run, schema_faults

# Invoices, corrective and deposit invoices are paid.
PAID_KINDS = ("380", "384", "386")
# What a payment code may ask for, by its standard (EPC069-12).
MOST_PAID = Decimal("999999999.99")


def check_all(tally, api, books, schematrons):
    for name, record in books.made:
        tally.check(f"{record['number']}, {name}", faults(api, record, schematrons))


def faults(api, record, schematrons):
    pdf = api.get(f"/invoices/{record['id']}/pdf")
    xml = api.get(f"/invoices/{record['id']}/factur-x.xml")
    if (pdf.status, xml.status) != (200, 200):
        return [f"the PDF answers {pdf.status}, the XML {xml.status}: {xml.body[:200]}"]
    found = schema_faults(xml.body)
    broken = schematrons.broken(xml.body, EN16931_CII, FRENCH_CII)
    found += [f"{code}: {text}" for code, text in broken.items()]
    found += pdf_faults(pdf.body, xml.body, payment_code(xml.body))
    if api.get(f"/invoices/{record['id']}/pdf").body != pdf.body:
        found.append("the second download has other bytes than the first")
    for suffix, content in ((".pdf", pdf.body), (".xml", xml.body)):
        answer = check(content, suffix)
        if not answer["valid"]:
            found.append(f"our own check of the {suffix}: {answer}")
    return found


def check(content, suffix=".xml"):
    """What `comptoir invoice check` says of a file."""
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(content)
        file.flush()
        return check_file(file.name)


def check_file(path):
    done = run(BINARY, "invoice", "check", path, "--json")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise AssertionError(f"{path}: {done.returncode} {done.stdout[-500:]!r}")
    if (done.returncode == 0) != answer["valid"] or done.returncode not in (0, 1):
        raise AssertionError(f"{path}: exit {done.returncode}, but valid is {answer['valid']}")
    return answer


def payment_code(xml):
    """What the code on the paper holds, as the invoice itself says it; None for a credit note, for
    a deposit that was received, or for more than a bank would take."""
    root = etree.fromstring(xml)

    def text(path):
        return root.findtext(path, namespaces=NAMESPACES)

    due = root.find(".//ram:DuePayableAmount", NAMESPACES).text
    kind = text("rsm:ExchangedDocument/ram:TypeCode")
    if kind not in PAID_KINDS or not 0 < Decimal(due) <= MOST_PAID:
        return None
    return ["BCD", "002", "1", "SCT", company.BIC, company.NAME, company.IBAN, "EUR" + due, "", "",
            text("rsm:ExchangedDocument/ram:ID")]
