"""Invoices that were issued, each broken in one way."""

import os
from pathlib import Path

import rules
from issued import check
from mutations import Broken, cii_cases, ubl_cases
from validators import EN16931_CII, EN16931_UBL, FRENCH_CII

# What each kind of broken invoice is made from, by the name under which it was issued.
BASES = {
    "taxed": "one line", "exempt": "293 B, company", "reverse": "reverse charge",
    "intra": "intra-Community", "export": "export", "outside": "outside VAT",
    "credit note": "credited whole",
}
# Rules of our own: no official schematron speaks of them.
OWN = {"CPT-01", "CPT-02", "CPT-03", "CPT-04"}


def check_all(tally, api, books, schematrons):
    invoices = bases(api, books)
    tried = set()
    for code, base, edit in cii_cases():
        tried.add(code)
        invoice = Broken(invoices[base])
        tally.check(f"{code} is broken by an invoice, {base}",
                    faults(code, edit(invoice).xml, schematrons, EN16931_CII, FRENCH_CII))
    shared = os.environ.get("COMPTOIR_SHARED")
    if shared:
        sample = Path(shared) / "data" / "e-invoices" / "ubl" / "ubl-tc434-example1.xml"
        for code, edit in ubl_cases():
            tried.add(code)
            invoice = Broken(sample.read_bytes())
            tally.check(f"{code} is broken by a UBL invoice",
                        faults(code, edit(invoice).xml, schematrons, EN16931_UBL))
    else:
        print("skipped: ../shared is absent, and with it the UBL invoice to break.")
        tried |= {code for code, _ in ubl_cases()}
    untried = sorted(rules.implemented() - tried - OWN)
    tally.check("each implemented rule has a broken invoice", untried)


def bases(api, books):
    found = {}
    for base, name in BASES.items():
        record = next(record for made, record in books.made if made == name)
        found[base] = api.get(f"/invoices/{record['id']}/factur-x.xml").body
    # Nobody in France charges a rate of zero, and the category exists all the same.
    zero = Broken(found["exempt"])
    zero.set("//ram:CategoryCode", "Z").remove("//ram:ExemptionReason")
    zero.remove("//ram:ExemptionReasonCode")
    return {**found, "zero": zero.xml}


def faults(code, xml, schematrons, *sheets):
    official = schematrons.broken(xml, *sheets)
    answer = check(xml)
    ours = [finding["code"] for finding in answer["findings"]]
    found = []
    if code not in official:
        found.append(f"the official schematron says {sorted(official)}")
    if code not in ours:
        found.append(f"our check says {ours or answer['error']}")
    return found
