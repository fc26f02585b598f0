"""One broken invoice for each rule that is implemented: what the official schematron says of it,
our check must say too."""

from lxml import etree

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
TERMS = "//ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradePaymentTerms"
SETTLEMENT = "//ram:ApplicableHeaderTradeSettlement"
AGREEMENT = "//ram:ApplicableHeaderTradeAgreement"
SELLER, BUYER = "//ram:SellerTradeParty", "//ram:BuyerTradeParty"
SUMS = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation"
LINE = "//ram:IncludedSupplyChainTradeLineItem[1]"
LINE_SETTLEMENT = LINE + "/ram:SpecifiedLineTradeSettlement"
LINE_SUM = LINE_SETTLEMENT + "/ram:SpecifiedTradeSettlementLineMonetarySummation"
LINE_TAX = LINE_SETTLEMENT + "/ram:ApplicableTradeTax"
TAX = SETTLEMENT + "/ram:ApplicableTradeTax[1]"
NET_PRICE = LINE + "//ram:NetPriceProductTradePrice/ram:ChargeAmount"
QUANTITY = LINE + "//ram:BilledQuantity"
DOCUMENT = "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument"
PROCESS = "//ram:BusinessProcessSpecifiedDocumentContextParameter"
MEANS = "//ram:SpecifiedTradeSettlementPaymentMeans"
TYPE = DOCUMENT + "/ram:TypeCode"


class Broken:
    """An invoice about to be broken; every edit answers it, so that they can be chained."""

    def __init__(self, xml):
        self.root = etree.fromstring(xml)

    @property
    def xml(self):
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def all(self, path):
        found = self.root.xpath(path, namespaces=NAMESPACES)
        if not found:
            raise AssertionError(f"nothing at {path}")
        return found

    def remove(self, *paths):
        for path in paths:
            for element in self.all(path):
                element.getparent().remove(element)
        return self

    def set(self, path, text):
        for element in self.all(path):
            element.text = text
        return self

    def attribute(self, path, name, value):
        for element in self.all(path):
            if value is None:
                element.attrib.pop(name, None)
            else:
                element.set(name, value)
        return self

    def before(self, path, *snippets):
        """New elements before the first of a path."""
        place = self.all(path)[0]
        for snippet in snippets:
            place.addprevious(parsed(snippet))
        return self

    def after(self, path, *snippets):
        place = self.all(path)[-1]
        for snippet in reversed(snippets):
            place.addnext(parsed(snippet))
        return self

    def inside(self, path, *snippets):
        for snippet in snippets:
            self.all(path)[0].append(parsed(snippet))
        return self


def parsed(snippet):
    declared = " ".join(f'xmlns:{key}="{uri}"' for key, uri in NAMESPACES.items())
    return etree.fromstring(f"<r {declared}>{snippet}</r>")[0]


def adjustment(charge, amount="1.00", base="", reason="<ram:Reason>R</ram:Reason>", tax=None,
               category="S", rate="20.00"):
    """An allowance or charge of the document; `tax` None writes one of the category."""
    percent = f"<ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent>" if rate else ""
    if tax is None:
        tax = (f"<ram:CategoryTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
               f"<ram:CategoryCode>{category}</ram:CategoryCode>{percent}</ram:CategoryTradeTax>")
    indicator = "true" if charge else "false"
    value = f"<ram:ActualAmount>{amount}</ram:ActualAmount>" if amount else ""
    return (f"<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{indicator}"
            f"</udt:Indicator></ram:ChargeIndicator>{base}{value}{reason}{tax}"
            f"</ram:SpecifiedTradeAllowanceCharge>")


def base_amount(amount):
    return f"<ram:BasisAmount>{amount}</ram:BasisAmount>"


def period(name, start, end):
    day = '<udt:DateTimeString format="102">{}</udt:DateTimeString>'
    start = f"<ram:StartDateTime>{day.format(start)}</ram:StartDateTime>" if start else ""
    end = f"<ram:EndDateTime>{day.format(end)}</ram:EndDateTime>" if end else ""
    return f"<ram:BillingSpecifiedPeriod>{start}{end}</ram:BillingSpecifiedPeriod>"


def vat_point(day):
    return (f'<ram:TaxPointDate><udt:DateString format="102">{day}</udt:DateString>'
            "</ram:TaxPointDate>")


def note(code, text="texte"):
    return (f"<ram:IncludedNote><ram:Content>{text}</ram:Content>"
            f"<ram:SubjectCode>{code}</ram:SubjectCode></ram:IncludedNote>")


def representative(name="<ram:Name>R</ram:Name>", country="<ram:CountryID>FR</ram:CountryID>",
                   address=True, vat=True):
    place = f"<ram:PostalTradeAddress>{country}</ram:PostalTradeAddress>" if address else ""
    number = ('<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR44732829320</ram:ID>'
              '</ram:SpecifiedTaxRegistration>') if vat else ""
    return (f"<ram:SellerTaxRepresentativeTradeParty>{name}{place}{number}"
            f"</ram:SellerTaxRepresentativeTradeParty>")


def of_line(tag, text):
    """An allowance or charge of a line, without what is left out."""
    return adjustment(tag, reason="" if text is None else text, tax="")


NO_VAT = SELLER + "/ram:SpecifiedTaxRegistration"
CREDIT_NOTE = "credit note"


def cii_cases():
    """Code, which invoice is broken, and how."""
    yield from document_cases()
    yield from party_cases()
    yield from line_cases()
    yield from adjustment_cases()
    yield from total_cases()
    for prefix, category, base in (
            ("S", "S", "taxed"), ("Z", "Z", "zero"), ("E", "E", "exempt"),
            ("AE", "AE", "reverse"), ("IC", "K", "intra"), ("G", "G", "export"),
            ("O", "O", "outside")):
        yield from category_cases(prefix, category, base)
    yield from french_cases()
    yield from french_number_cases()


def document_cases():
    yield "BR-01", "taxed", lambda b: b.remove(
        "//ram:GuidelineSpecifiedDocumentContextParameter/ram:ID")
    yield "BR-02", "taxed", lambda b: b.remove(DOCUMENT + "/ram:ID")
    yield "BR-03", "taxed", lambda b: b.remove(DOCUMENT + "/ram:IssueDateTime")
    yield "BR-04", "taxed", lambda b: b.remove(TYPE)
    yield "BR-05", "taxed", lambda b: b.remove("//ram:InvoiceCurrencyCode")
    yield "BR-16", "taxed", lambda b: b.remove("//ram:IncludedSupplyChainTradeLineItem")
    yield "BR-29", "taxed", lambda b: b.before(TERMS, period("", "20261130", "20261101"))
    yield "BR-30", "taxed", lambda b: b.after(LINE_TAX, period("", "20261130", "20261101"))
    yield "BR-CO-19", "taxed", lambda b: b.before(TERMS, period("", None, None))
    yield "BR-CO-20", "taxed", lambda b: b.after(LINE_TAX, period("", None, None))
    yield "BR-CO-03", "taxed", lambda b: b.before(
        TAX + "/ram:RateApplicablePercent", vat_point("20261101"),
        "<ram:DueDateTypeCode>5</ram:DueDateTypeCode>")
    yield "BR-52", "taxed", lambda b: b.inside(
        AGREEMENT, "<ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode>"
        "</ram:AdditionalReferencedDocument>")
    yield "BR-55", CREDIT_NOTE, lambda b: b.set(
        "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID", "")
    yield "BR-57", "intra", lambda b: b.remove("//ram:ShipToTradeParty//ram:CountryID")
    yield "BR-53", "taxed", lambda b: b.before(
        "//ram:InvoiceCurrencyCode", "<ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode>")


def party_cases():
    yield "BR-06", "taxed", lambda b: b.remove(SELLER + "/ram:Name")
    yield "BR-07", "taxed", lambda b: b.remove(BUYER + "/ram:Name")
    yield "BR-08", "taxed", lambda b: b.remove(SELLER + "/ram:PostalTradeAddress")
    yield "BR-09", "taxed", lambda b: b.remove(SELLER + "//ram:CountryID")
    yield "BR-10", "taxed", lambda b: b.remove(BUYER + "/ram:PostalTradeAddress")
    yield "BR-11", "taxed", lambda b: b.remove(BUYER + "//ram:CountryID")
    yield "BR-17", "taxed", lambda b: b.before(
        MEANS, "<ram:PayeeTradeParty><ram:ID>1</ram:ID></ram:PayeeTradeParty>")
    yield "BR-18", "taxed", lambda b: b.after(BUYER, representative(name=""))
    yield "BR-19", "taxed", lambda b: b.after(BUYER, representative(address=False))
    yield "BR-20", "taxed", lambda b: b.after(BUYER, representative(country=""))
    yield "BR-56", "taxed", lambda b: b.after(BUYER, representative(vat=False))
    yield "BR-62", "taxed", lambda b: b.attribute(
        SELLER + "/ram:URIUniversalCommunication/ram:URIID", "schemeID", None)
    yield "BR-63", "taxed", lambda b: b.attribute(
        BUYER + "/ram:URIUniversalCommunication/ram:URIID", "schemeID", None)
    yield "BR-CO-09", "taxed", lambda b: b.set(
        SELLER + "//ram:ID[@schemeID='VA']", "QQ44732829320")
    yield "BR-CO-26", "taxed", lambda b: b.remove(
        SELLER + "/ram:SpecifiedLegalOrganization", NO_VAT,
        *([SELLER + "/ram:GlobalID"] if b.root.xpath(
            SELLER + "/ram:GlobalID", namespaces=NAMESPACES) else []))
    yield "BR-49", "taxed", lambda b: b.remove(MEANS + "/ram:TypeCode")
    for code in ("BR-50", "BR-61"):
        yield code, "taxed", lambda b: b.remove(MEANS + "//ram:IBANID")
    yield "BR-51", "taxed", lambda b: b.after(
        MEANS + "/ram:TypeCode", "<ram:ApplicableTradeSettlementFinancialCard>"
        "<ram:ID>4970100000000154</ram:ID></ram:ApplicableTradeSettlementFinancialCard>")


def line_cases():
    yield "BR-21", "taxed", lambda b: b.set(LINE + "//ram:LineID", "")
    yield "BR-22", "taxed", lambda b: b.remove(QUANTITY)
    yield "BR-23", "taxed", lambda b: b.attribute(QUANTITY, "unitCode", None)
    yield "BR-24", "taxed", lambda b: b.remove(LINE_SUM + "/ram:LineTotalAmount")
    yield "BR-25", "taxed", lambda b: b.set(LINE + "//ram:SpecifiedTradeProduct/ram:Name", "")
    yield "BR-26", "taxed", lambda b: b.remove(NET_PRICE)
    yield "BR-27", "taxed", lambda b: b.set(NET_PRICE, "-1.00")
    yield "BR-28", "taxed", lambda b: b.before(
        LINE + "//ram:NetPriceProductTradePrice", "<ram:GrossPriceProductTradePrice>"
        "<ram:ChargeAmount>-1.00</ram:ChargeAmount></ram:GrossPriceProductTradePrice>")
    product = LINE + "/ram:SpecifiedTradeProduct"
    yield "BR-54", "taxed", lambda b: b.inside(
        product, "<ram:ApplicableProductCharacteristic><ram:Description>c</ram:Description>"
        "</ram:ApplicableProductCharacteristic>")
    yield "BR-64", "taxed", lambda b: b.before(
        product + "/ram:Name", "<ram:GlobalID>3400000000000</ram:GlobalID>")
    yield "BR-65", "taxed", lambda b: b.inside(
        product, "<ram:DesignatedProductClassification><ram:ClassCode>1</ram:ClassCode>"
        "</ram:DesignatedProductClassification>")
    yield "BR-CO-04", "taxed", lambda b: b.remove(LINE_TAX + "/ram:CategoryCode")


def adjustment_cases():
    for charge, amount, category, reasons, decimals, base, total in (
            (False, "BR-31", "BR-32", ("BR-33", "BR-CO-21"), "BR-DEC-01", "BR-DEC-02", "BR-CO-11"),
            (True, "BR-36", "BR-37", ("BR-38", "BR-CO-22"), "BR-DEC-05", "BR-DEC-06", "BR-CO-12")):
        def add(*snippets):
            return lambda b: b.before(TERMS, *snippets)
        yield amount, "taxed", add(adjustment(charge, amount=""))
        yield category, "taxed", add(adjustment(charge, tax=""))
        for reason in reasons:
            yield reason, "taxed", add(adjustment(charge, reason=""))
        yield decimals, "taxed", add(adjustment(charge, amount="1.001"))
        yield base, "taxed", add(adjustment(charge, base=base_amount("1.001")))
        yield total, "taxed", add(adjustment(charge))
    for charge, amount, reasons, decimals, base in (
            (False, "BR-41", ("BR-42", "BR-CO-23"), "BR-DEC-24", "BR-DEC-25"),
            (True, "BR-43", ("BR-44", "BR-CO-24"), "BR-DEC-27", "BR-DEC-28")):
        def put(snippet):
            return lambda b: b.before(LINE_SUM, snippet)
        yield amount, "taxed", put(adjustment(charge, amount="", tax=""))
        for reason in reasons:
            yield reason, "taxed", put(adjustment(charge, reason="", tax=""))
        yield decimals, "taxed", put(adjustment(charge, amount="1.001", tax=""))
        yield base, "taxed", put(adjustment(charge, base=base_amount("1.001"), tax=""))


def total_cases():
    yield "BR-12", "taxed", lambda b: b.remove(SUMS + "/ram:LineTotalAmount")
    yield "BR-13", "taxed", lambda b: b.remove(SUMS + "/ram:TaxBasisTotalAmount")
    yield "BR-14", "taxed", lambda b: b.remove(SUMS + "/ram:GrandTotalAmount")
    yield "BR-15", "taxed", lambda b: b.remove(SUMS + "/ram:DuePayableAmount")
    yield "BR-CO-10", "taxed", lambda b: b.set(SUMS + "/ram:LineTotalAmount", "1.23")
    yield "BR-CO-13", "taxed", lambda b: b.set(SUMS + "/ram:TaxBasisTotalAmount", "1.23")
    yield "BR-CO-14", "taxed", lambda b: b.set(SUMS + "/ram:TaxTotalAmount", "1.23")
    yield "BR-CO-15", "taxed", lambda b: b.set(SUMS + "/ram:GrandTotalAmount", "1.23")
    yield "BR-CO-16", "taxed", lambda b: b.set(SUMS + "/ram:DuePayableAmount", "1.23")
    yield "BR-CO-17", "taxed", lambda b: b.set(TAX + "/ram:CalculatedAmount", "99.99")
    yield "BR-CO-18", "taxed", lambda b: b.remove(SETTLEMENT + "/ram:ApplicableTradeTax")
    yield "BR-45", "taxed", lambda b: b.remove(TAX + "/ram:BasisAmount")
    yield "BR-46", "taxed", lambda b: b.remove(TAX + "/ram:CalculatedAmount")
    yield "BR-47", "taxed", lambda b: b.remove(TAX + "/ram:CategoryCode")
    yield "BR-48", "taxed", lambda b: b.remove(TAX + "/ram:RateApplicablePercent")
    long = "1.234"
    for code, name in (
            ("BR-DEC-09", "LineTotalAmount"), ("BR-DEC-12", "TaxBasisTotalAmount"),
            ("BR-DEC-13", "TaxTotalAmount"), ("BR-DEC-14", "GrandTotalAmount"),
            ("BR-DEC-18", "DuePayableAmount")):
        yield code, "taxed", lambda b, name=name: b.set(f"{SUMS}/ram:{name}", long)
    for code, name in (
            ("BR-DEC-10", "AllowanceTotalAmount"), ("BR-DEC-11", "ChargeTotalAmount"),
            ("BR-DEC-16", "TotalPrepaidAmount"), ("BR-DEC-17", "RoundingAmount")):
        yield code, "taxed", lambda b, name=name: b.inside(SUMS, f"<ram:{name}>{long}</ram:{name}>")
    accounted = f'<ram:TaxTotalAmount currencyID="USD">{long}</ram:TaxTotalAmount>'
    yield "BR-DEC-15", "taxed", lambda b: b.before(
        "//ram:InvoiceCurrencyCode", "<ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode>").after(
        SUMS + "/ram:TaxTotalAmount", accounted)
    yield "BR-DEC-19", "taxed", lambda b: b.set(TAX + "/ram:BasisAmount", long)
    yield "BR-DEC-20", "taxed", lambda b: b.set(TAX + "/ram:CalculatedAmount", long)
    yield "BR-DEC-23", "taxed", lambda b: b.set(LINE_SUM + "/ram:LineTotalAmount", long)


def category_cases(prefix, category, base):
    def code(number):
        return f"BR-{prefix}-{number}"

    wrong_rate = {"S": "0.00", "O": "20.00"}.get(category, "20.00")
    right_rate = {"S": "20.00", "O": None}.get(category, "0.00")
    row = f"{SETTLEMENT}/ram:ApplicableTradeTax[ram:CategoryCode='{category}']"
    line = f"{LINE_SETTLEMENT}/ram:ApplicableTradeTax[ram:CategoryCode='{category}']"

    def without_row(b):
        return b.set(row + "/ram:CategoryCode", "E" if category != "E" else "Z")

    def with_numbers(b):
        """Numbers as the category wants them, made wrong."""
        if category == "O":
            return b.attribute(SELLER + "/ram:SpecifiedTaxRegistration/ram:ID", "schemeID", "VA")
        return b.remove(NO_VAT)

    def adjusted(charge, rate):
        return lambda b: b.before(
            TERMS, adjustment(charge, category=category, rate=rate))

    if category == "O":
        yield code("01"), base, lambda b: b.after(row, etree.tostring(b.all(row)[0]).decode())
    else:
        yield code("01"), base, without_row
    yield code("02"), base, with_numbers
    yield code("03"), base, lambda b: adjusted(False, right_rate)(with_numbers(b))
    yield code("04"), base, lambda b: adjusted(True, right_rate)(with_numbers(b))
    if category == "O":
        percent = "<ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>"
        yield code("05"), base, lambda b: b.inside(line, percent)
    else:
        yield code("05"), base, lambda b: b.set(line + "/ram:RateApplicablePercent", wrong_rate)
    yield code("06"), base, adjusted(False, wrong_rate)
    yield code("07"), base, adjusted(True, wrong_rate)
    yield code("08"), base, lambda b: b.set(row + "/ram:BasisAmount", "12345.00")
    yield code("09"), base, lambda b: b.set(row + "/ram:CalculatedAmount", "77.77")
    if category in ("S", "Z"):
        reason = "<ram:ExemptionReason>r</ram:ExemptionReason>"
        yield code("10"), base, lambda b: b.before(row + "/ram:BasisAmount", reason)
    else:
        def unexplained(b):
            for name in ("ExemptionReason", "ExemptionReasonCode"):
                found = b.root.xpath(f"{row}/ram:{name}", namespaces=NAMESPACES)
                for element in found:
                    element.getparent().remove(element)
            return b
        yield code("10"), base, unexplained
    if category == "K":
        yield "BR-IC-11", base, lambda b: b.remove("//ram:ActualDeliverySupplyChainEvent")
        yield "BR-IC-12", base, lambda b: b.remove("//ram:ShipToTradeParty")
    if category == "O":
        exempt = ("<ram:ApplicableTradeTax><ram:CalculatedAmount>0.00</ram:CalculatedAmount>"
                  "<ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>0.00</ram:BasisAmount>"
                  "<ram:CategoryCode>E</ram:CategoryCode></ram:ApplicableTradeTax>")
        yield code("11"), base, lambda b: b.after(row, exempt)
        yield code("12"), base, lambda b: b.set(LINE_TAX + "/ram:CategoryCode", "E")
        yield code("13"), base, lambda b: b.before(TERMS, adjustment(False, category="S"))
        yield code("14"), base, lambda b: b.before(TERMS, adjustment(True, category="S"))


def french_cases():
    long = "F" * 36
    yield "BR-FR-01_BT-1", "taxed", lambda b: b.set(DOCUMENT + "/ram:ID", long)
    yield "BR-FR-02_BT-1", "taxed", lambda b: b.set(DOCUMENT + "/ram:ID", "FA 1")
    reference = "//ram:InvoiceReferencedDocument/ram:IssuerAssignedID"
    yield "BR-FR-01_BT-25", CREDIT_NOTE, lambda b: b.set(reference, long)
    yield "BR-FR-02_BT-25", CREDIT_NOTE, lambda b: b.set(reference, "FA.1")
    wrong = "20261131"
    yield "BR-FR-03_BT-2", "taxed", lambda b: b.set(DOCUMENT + "/ram:IssueDateTime/*", wrong)
    yield "BR-FR-03_BT-7", "taxed", lambda b: b.before(
        TAX + "/ram:RateApplicablePercent", vat_point(wrong))
    yield "BR-FR-03_BT-9", "taxed", lambda b: b.set(TERMS + "/ram:DueDateDateTime/*", wrong)
    yield "BR-FR-03_BT-26", CREDIT_NOTE, lambda b: b.set("//ram:FormattedIssueDateTime/*", wrong)
    yield "BR-FR-03_BT-72", "taxed", lambda b: b.set("//ram:OccurrenceDateTime/*", "19990101")
    yield "BR-FR-03_BT-73", "taxed", lambda b: b.before(TERMS, period("", wrong, "20261231"))
    yield "BR-FR-03_BT-74", "taxed", lambda b: b.before(TERMS, period("", "20260101", wrong))
    yield "BR-FR-04_BT-3", "taxed", lambda b: b.set(TYPE, "326")
    for code in ("PMT", "PMD", "AAB"):
        own = f"{DOCUMENT}/ram:IncludedNote[ram:SubjectCode='{code}']"
        yield f"BR-FR-05_BT-22_{code}", "taxed", lambda b, own=own: b.remove(own)
        yield f"BR-FR-06_BT-21_{code}", "taxed", lambda b, code=code: b.inside(
            DOCUMENT, note(code))
    yield "BR-FR-06_BT-21_TXD", "taxed", lambda b: b.inside(DOCUMENT, note("TXD"), note("TXD"))
    yield "BR-FR-08_BT-23", "taxed", lambda b: b.set(PROCESS + "/ram:ID", "A1")
    other = "//ram:IncludedNote[ram:SubjectCode='BAR']/ram:Content"
    yield "BR-FR-20_BT-21", "taxed", lambda b: b.set(other, "B2X")
    yield "BR-FR-31_BT-21", "taxed", lambda b: b.inside(DOCUMENT, note("BAR", "B2C"))
    yield "BR-FR-CO-03_BT-3", "taxed", lambda b: b.set(TYPE, "262")
    yield "BR-FR-CO-04_BT-4", "taxed", lambda b: b.set(TYPE, "384")
    yield "BR-FR-CO-05_BT-3", "taxed", lambda b: b.set(TYPE, "381")
    yield "BR-FR-CO-07_BT-9", "taxed", lambda b: b.set(
        TERMS + "/ram:DueDateDateTime/*", "20200101")
    yield "BR-FR-CO-08_BT-23", "taxed", lambda b: b.set(TYPE, "386").set(PROCESS + "/ram:ID", "S4")
    for number in ("1", "2"):
        yield f"BR-FR-CO-09_BT-23-{number}", "taxed", lambda b: b.set(PROCESS + "/ram:ID", "S2")
    yield "BR-FR-CO-09_BT-23-3", "taxed", lambda b: b.set(PROCESS + "/ram:ID", "S2").remove(
        TERMS + "/ram:DueDateDateTime")
    yield "BR-FR-CO-12_BT-5", "taxed", lambda b: b.set(
        "//ram:InvoiceCurrencyCode", "USD").attribute(
        SUMS + "/ram:TaxTotalAmount", "currencyID", "USD")


def french_number_cases():
    for term, party in (("29", SELLER), ("46", BUYER)):
        yield f"BR-FR-09_BT-{term}", "taxed", lambda b, party=party: b.set(
            party + "/ram:GlobalID[@schemeID='0009']", "12345678900001")
        for code, value in (("24", "a b"), ("26", "a" * 101)):
            private = f'<ram:GlobalID schemeID="0224">{value}</ram:GlobalID>'
            yield f"BR-FR-{code}_BT-{term}", "taxed", lambda b, p=party, s=private: b.before(
                p + "/ram:Name", s)
    legal = "/ram:SpecifiedLegalOrganization/ram:ID"
    yield "BR-FR-10_BT-30", "taxed", lambda b: b.remove(SELLER + legal)
    yield "BR-FR-11_BT-47", "taxed", lambda b: b.remove(BUYER + legal)
    yield "BR-FR-32-LEGALID", "taxed", lambda b: b.set(BUYER + legal, "12345")
    address = "/ram:URIUniversalCommunication/ram:URIID"
    yield "BR-FR-12_BT-49", "taxed", lambda b: b.remove(BUYER + "/ram:URIUniversalCommunication")
    yield "BR-FR-13_BT-34", "taxed", lambda b: b.remove(SELLER + "/ram:URIUniversalCommunication")
    yield "BR-FR-21_BT-49", "taxed", lambda b: b.set(BUYER + address, "732829320")
    yield "BR-FR-22_BT-34", "taxed", lambda b: b.set(TYPE, "389").set(SELLER + address, "552100554")
    for term, party in (("34", SELLER), ("49", BUYER)):
        yield f"BR-FR-23_BT-{term}", "taxed", lambda b, p=party: b.set(p + address, "552100554 ;")
        yield f"BR-FR-25_BT-{term}", "taxed", lambda b, p=party: b.set(p + address, "5" * 126)
    yield "BR-FR-15_BT-95_BT-118", "taxed", lambda b: b.set(TAX + "/ram:CategoryCode", "L")
    yield "BR-FR-15_BT-95_BT-151", "taxed", lambda b: b.set(LINE_TAX + "/ram:CategoryCode", "M")
    yield "BR-FR-16_BT-119", "taxed", lambda b: b.set(TAX + "/ram:RateApplicablePercent", "19.00")
    yield "BR-FR-16_BT-152", "taxed", lambda b: b.set(
        LINE_TAX + "/ram:RateApplicablePercent", "19.00")
    yield "BR-FR-DEC-02_BT-129", "taxed", lambda b: b.set(QUANTITY, "1.00001")
    yield "BR-FR-DEC-03_BT-146", "taxed", lambda b: b.set(NET_PRICE, "1.0000001")
    long = "1.234"
    yield "BR-FR-DEC-01_BT-131", "taxed", lambda b: b.set(LINE_SUM + "/ram:LineTotalAmount", long)
    yield "BR-FR-DEC-01_BT-116", "taxed", lambda b: b.set(TAX + "/ram:BasisAmount", long)
    yield "BR-FR-DEC-01_BT-117", "taxed", lambda b: b.set(TAX + "/ram:CalculatedAmount", long)
    yield "BR-FR-DEC-01_BT-136_BT-141", "taxed", lambda b: b.before(
        LINE_SUM, adjustment(False, amount=long, tax=""))
    yield "BR-FR-DEC-01_BT-137_BT-142", "taxed", lambda b: b.before(
        LINE_SUM, adjustment(False, base=base_amount(long), tax=""))
    for term, name in (
            ("106", "LineTotalAmount"), ("109", "TaxBasisTotalAmount"), ("110", "TaxTotalAmount"),
            ("112", "GrandTotalAmount"), ("115", "DuePayableAmount")):
        yield f"BR-FR-DEC-01_BT-{term}", "taxed", lambda b, n=name: b.set(f"{SUMS}/ram:{n}", long)
    for term, name in (
            ("107", "AllowanceTotalAmount"), ("108", "ChargeTotalAmount"),
            ("113", "TotalPrepaidAmount"), ("114", "RoundingAmount")):
        yield f"BR-FR-DEC-01_BT-{term}", "taxed", lambda b, n=name: b.inside(
            SUMS, f"<ram:{n}>{long}</ram:{n}>")


def ubl_cases():
    """The rules on code lists have these names in the schematron for UBL only."""
    tax = "//cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
    yield "BR-CL-01", lambda b: b.set("//cbc:InvoiceTypeCode", "999")
    yield "BR-CL-04", lambda b: b.set("//cbc:DocumentCurrencyCode", "EEE")
    yield "BR-CL-05", lambda b: b.after(
        "//cbc:DocumentCurrencyCode", "<cbc:TaxCurrencyCode>EEE</cbc:TaxCurrencyCode>")
    yield "BR-CL-06", lambda b: b.before(
        "//cac:AccountingSupplierParty",
        "<cac:InvoicePeriod><cbc:DescriptionCode>7</cbc:DescriptionCode></cac:InvoicePeriod>")
    yield "BR-CL-14", lambda b: b.set(
        "//cac:AccountingCustomerParty//cac:Country/cbc:IdentificationCode", "QQ")
    yield "BR-CL-16", lambda b: b.set("//cbc:PaymentMeansCode", "999")
    yield "BR-CL-17", lambda b: b.set(tax + "/cbc:ID", "X")
    yield "BR-CL-18", lambda b: b.set("//cac:ClassifiedTaxCategory/cbc:ID", "X")
    yield "BR-CL-19", lambda b: b.before(
        "//cac:TaxTotal", "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReasonCode>999</cbc:AllowanceChargeReasonCode>"
        '<cbc:Amount currencyID="EUR">1.00</cbc:Amount></cac:AllowanceCharge>')
    yield "BR-CL-22", lambda b: b.after(
        tax + "/cbc:Percent",
        "<cbc:TaxExemptionReasonCode>VATEX-XX</cbc:TaxExemptionReasonCode>")
    yield "BR-CL-24", lambda b: b.before(
        "//cac:AccountingSupplierParty", "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID>"
        '<cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode="text/html" filename="a">AA=='
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>")
    yield "BR-CL-25", lambda b: b.before(
        "//cac:AccountingCustomerParty/cac:Party/*[1]",
        '<cbc:EndpointID schemeID="XX">1</cbc:EndpointID>')
