/// Writes an invoice in the syntax Cross Industry Invoice D22B of UN/CEFACT, bound to EN 16931 as
/// CEN/TS 16931-3-3 says. The same invoice gives the same bytes.
public enum CIIWriter {
    /// What the attached file of a Factur-X document is called.
    public static let fileName = "factur-x.xml"
    /// BT-24 of an invoice that holds to EN 16931 and nothing beyond it.
    public static let specification = "urn:cen.eu:en16931:2017"

    static let namespaces = [
        ("xmlns:rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
        (
            "xmlns:ram",
            "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
        ),
        ("xmlns:udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
        ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
    ]

    public static func xml(_ invoice: EInvoice) -> String {
        var writer = XMLWriter()
        writer.group("rsm:CrossIndustryInvoice", namespaces) { xml in
            xml.context(invoice)
            xml.document(invoice)
            xml.group("rsm:SupplyChainTradeTransaction") { xml in
                for line in invoice.lines { xml.line(line) }
                xml.agreement(invoice)
                xml.delivery(invoice)
                xml.settlement(invoice)
            }
        }
        return writer.text
    }
}

extension XMLWriter {
    /// Format 102 of UNTDID 2379: `20261121`.
    mutating func day(_ name: String, _ day: StatedDay?, type: String = "udt") {
        guard let day else { return }
        group(name) { $0.element("\(type):DateTimeString", day.text, [("format", "102")]) }
    }

    /// Amounts of money have two decimals.
    mutating func amount(_ name: String, _ amount: Numeral?, currency: String? = nil) {
        element(name, amount?.text(atLeast: 2), [("currencyID", currency)])
    }

    fileprivate mutating func context(_ invoice: EInvoice) {
        group("rsm:ExchangedDocumentContext") { xml in
            xml.group("ram:BusinessProcessSpecifiedDocumentContextParameter") {
                $0.element("ram:ID", invoice.process)
            }
            xml.group("ram:GuidelineSpecifiedDocumentContextParameter") {
                $0.element("ram:ID", invoice.specification)
            }
        }
    }

    fileprivate mutating func document(_ invoice: EInvoice) {
        group("rsm:ExchangedDocument") { xml in
            xml.element("ram:ID", invoice.number)
            xml.element("ram:TypeCode", invoice.typeCode)
            xml.day("ram:IssueDateTime", invoice.issuedOn)
            for note in invoice.notes {
                xml.group("ram:IncludedNote") {
                    $0.element("ram:Content", note.text)
                    $0.element("ram:SubjectCode", note.code)
                }
            }
        }
    }

    fileprivate mutating func line(_ line: EInvoice.Line) {
        group("ram:IncludedSupplyChainTradeLineItem") { xml in
            xml.group("ram:AssociatedDocumentLineDocument") { xml in
                xml.element("ram:LineID", line.id)
                xml.group("ram:IncludedNote") { $0.element("ram:Content", line.note) }
            }
            xml.product(line)
            xml.group("ram:SpecifiedLineTradeAgreement") { $0.price(line) }
            xml.group("ram:SpecifiedLineTradeDelivery") {
                $0.element(
                    "ram:BilledQuantity", line.quantity?.text(), [("unitCode", line.unit)])
            }
            xml.group("ram:SpecifiedLineTradeSettlement") { xml in
                xml.group("ram:ApplicableTradeTax") { $0.rate(line.vat) }
                xml.period(line.period)
                for allowance in line.allowances { xml.adjustment(allowance, isCharge: false) }
                for charge in line.charges { xml.adjustment(charge, isCharge: true) }
                xml.group("ram:SpecifiedTradeSettlementLineMonetarySummation") {
                    $0.amount("ram:LineTotalAmount", line.net)
                }
            }
        }
    }

    private mutating func product(_ line: EInvoice.Line) {
        group("ram:SpecifiedTradeProduct") { xml in
            xml.element(
                "ram:GlobalID", line.standardItem?.value, [("schemeID", line.standardItem?.scheme)])
            xml.element("ram:SellerAssignedID", line.sellerItem)
            xml.element("ram:Name", line.name)
            xml.element("ram:Description", line.description)
            for attribute in line.attributes {
                xml.group("ram:ApplicableProductCharacteristic") {
                    $0.element("ram:Description", attribute.name)
                    $0.element("ram:Value", attribute.value)
                }
            }
        }
    }

    private mutating func price(_ line: EInvoice.Line) {
        if let gross = line.grossPrice {
            group("ram:GrossPriceProductTradePrice") { xml in
                xml.element("ram:ChargeAmount", gross.text(atLeast: 2))
                guard let discount = line.priceDiscount else { return }
                xml.group("ram:AppliedTradeAllowanceCharge") {
                    $0.indicator(isCharge: false)
                    $0.element("ram:ActualAmount", discount.text(atLeast: 2))
                }
            }
        }
        group("ram:NetPriceProductTradePrice") { xml in
            xml.element("ram:ChargeAmount", line.price?.text(atLeast: 2))
            xml.element("ram:BasisQuantity", line.priceQuantity?.text(), [("unitCode", line.unit)])
        }
    }

    mutating func rate(_ vat: EInvoice.VAT) {
        element("ram:TypeCode", "VAT")
        element("ram:CategoryCode", vat.category)
        element("ram:RateApplicablePercent", vat.rate?.text(atLeast: 2))
    }

    mutating func indicator(isCharge: Bool) {
        group("ram:ChargeIndicator") { $0.element("udt:Indicator", isCharge ? "true" : "false") }
    }

    mutating func period(_ period: EInvoice.Period?) {
        group("ram:BillingSpecifiedPeriod") {
            $0.day("ram:StartDateTime", period?.from)
            $0.day("ram:EndDateTime", period?.until)
        }
    }

    mutating func adjustment(_ adjustment: EInvoice.Adjustment, isCharge: Bool) {
        group("ram:SpecifiedTradeAllowanceCharge") { xml in
            xml.indicator(isCharge: isCharge)
            xml.element("ram:CalculationPercent", adjustment.percentage?.text(atLeast: 2))
            xml.amount("ram:BasisAmount", adjustment.base)
            xml.amount("ram:ActualAmount", adjustment.amount)
            xml.element("ram:ReasonCode", adjustment.reasonCode)
            xml.element("ram:Reason", adjustment.reason)
            if adjustment.vat.category != nil {
                xml.group("ram:CategoryTradeTax") { $0.rate(adjustment.vat) }
            }
        }
    }
}
