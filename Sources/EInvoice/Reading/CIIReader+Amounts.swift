// The settlement and the lines of a Cross Industry Invoice.
extension CIIReader {
    func readSettlement(into invoice: inout EInvoice) throws(EInvoiceFault) {
        guard let settlement else { return }
        invoice.currency = settlement.text("InvoiceCurrencyCode")
        invoice.vatCurrency = settlement.text("TaxCurrencyCode")
        invoice.remittance = settlement.text("PaymentReference")
        invoice.creditorIdentifier = settlement.text("CreditorReferenceID")
        invoice.period = settlement["BillingSpecifiedPeriod"].map(Self.period)
        let terms = settlement["SpecifiedTradePaymentTerms"]
        invoice.paymentTerms = terms?.text("Description")
        invoice.dueOn = Self.day(terms?["DueDateDateTime"])
        invoice.paymentMeans = settlement.all("SpecifiedTradeSettlementPaymentMeans").map {
            Self.means($0, mandate: terms?.text("DirectDebitMandateID"))
        }
        (invoice.allowances, invoice.charges) = try Self.adjustments(in: settlement)
        let taxes = settlement.all("ApplicableTradeTax")
        invoice.vatBreakdown = try settlement.each("ApplicableTradeTax", Self.breakdown)
        invoice.vatDueOn = Self.day(taxes.compactMap { $0["TaxPointDate"] }.first)
        invoice.vatDueCode = taxes.compactMap { $0.text("DueDateTypeCode") }.first
        invoice.precedingInvoices = settlement.all("InvoiceReferencedDocument").map {
            EInvoice.PrecedingInvoice(
                $0.text("IssuerAssignedID"), issuedOn: Self.day($0["FormattedIssueDateTime"]))
        }
        if let sums = settlement["SpecifiedTradeSettlementHeaderMonetarySummation"] {
            invoice.totals = try totals(sums, in: invoice)
        }
    }

    private func totals(_ sums: XMLElement, in invoice: EInvoice) throws(EInvoiceFault)
        -> EInvoice.Totals
    {
        var totals = EInvoice.Totals()
        totals.lines = try sums.number("LineTotalAmount")
        totals.allowances = try sums.number("AllowanceTotalAmount")
        totals.charges = try sums.number("ChargeTotalAmount")
        totals.net = try sums.number("TaxBasisTotalAmount")
        for tax in sums.all("TaxTotalAmount") {
            let currency = tax.attributes["currencyID"]
            if totals.vat == nil, currency == nil || currency == invoice.currency {
                totals.vat = try tax.number()
            } else {
                totals.vatAccounted = try tax.number()
            }
        }
        totals.gross = try sums.number("GrandTotalAmount")
        totals.prepaid = try sums.number("TotalPrepaidAmount")
        totals.rounding = try sums.number("RoundingAmount")
        totals.due = try sums.number("DuePayableAmount")
        return totals
    }

    private static func breakdown(_ tax: XMLElement) throws(EInvoiceFault)
        -> EInvoice.VATBreakdown
    {
        var row = EInvoice.VATBreakdown(
            try rate(tax), base: try tax.number("BasisAmount"),
            amount: try tax.number("CalculatedAmount"))
        row.exemptionReason = tax.text("ExemptionReason")
        row.exemptionCode = tax.text("ExemptionReasonCode")
        return row
    }

    private static func rate(_ tax: XMLElement?) throws(EInvoiceFault) -> EInvoice.VAT {
        EInvoice.VAT(
            tax?.text("CategoryCode"), rate: try tax?.number("RateApplicablePercent"))
    }

    private static func period(_ element: XMLElement) -> EInvoice.Period {
        EInvoice.Period(from: day(element["StartDateTime"]), until: day(element["EndDateTime"]))
    }

    private static func means(_ element: XMLElement, mandate: String?) -> EInvoice.PaymentMeans {
        var means = EInvoice.PaymentMeans()
        means.code = element.text("TypeCode")
        means.name = element.text("Information")
        let account = element["PayeePartyCreditorFinancialAccount"]
        means.hasAccount = account != nil
        means.account = account?.text("IBANID") ?? account?.text("ProprietaryID")
        means.accountName = account?.text("AccountName")
        means.bank = element.text("PayeeSpecifiedCreditorFinancialInstitution", "BICID")
        means.card = element.text("ApplicableTradeSettlementFinancialCard", "ID")
        means.debitedAccount = element.text("PayerPartyDebtorFinancialAccount", "IBANID")
        means.mandate = mandate
        return means
    }

    private static func adjustments(in element: XMLElement) throws(EInvoiceFault)
        -> (allowances: [EInvoice.Adjustment], charges: [EInvoice.Adjustment])
    {
        var (allowances, charges): ([EInvoice.Adjustment], [EInvoice.Adjustment]) = ([], [])
        for child in element.all("SpecifiedTradeAllowanceCharge") {
            var read = EInvoice.Adjustment(
                amount: try child.number("ActualAmount"), reason: child.text("Reason"),
                reasonCode: child.text("ReasonCode"))
            read.base = try child.number("BasisAmount")
            read.percentage = try child.number("CalculationPercent")
            read.vat = try rate(child["CategoryTradeTax"])
            if child.text("ChargeIndicator", "Indicator") == "true" {
                charges.append(read)
            } else {
                allowances.append(read)
            }
        }
        return (allowances, charges)
    }

    static func line(_ element: XMLElement) throws(EInvoiceFault) -> EInvoice.Line {
        var line = EInvoice.Line()
        let document = element["AssociatedDocumentLineDocument"]
        line.id = document?.text("LineID")
        line.note = document?.text("IncludedNote", "Content")
        try readProduct(element["SpecifiedTradeProduct"], into: &line)
        let prices = element["SpecifiedLineTradeAgreement"]
        line.price = try prices?.number("NetPriceProductTradePrice", "ChargeAmount")
        line.grossPrice = try prices?.number("GrossPriceProductTradePrice", "ChargeAmount")
        line.priceDiscount = try prices?.number(
            "GrossPriceProductTradePrice", "AppliedTradeAllowanceCharge", "ActualAmount")
        line.priceQuantity = try prices?.number("NetPriceProductTradePrice", "BasisQuantity")
        if line.priceQuantity == nil {
            line.priceQuantity =
                try prices?.number("GrossPriceProductTradePrice", "BasisQuantity")
        }
        let quantity = element.at("SpecifiedLineTradeDelivery", "BilledQuantity")
        line.quantity = try quantity?.number()
        line.unit = quantity?.attributes["unitCode"]
        if let settlement = element["SpecifiedLineTradeSettlement"] {
            line.vat = try rate(settlement["ApplicableTradeTax"])
            line.period = settlement["BillingSpecifiedPeriod"].map(period)
            (line.allowances, line.charges) = try adjustments(in: settlement)
            line.net = try settlement.number(
                "SpecifiedTradeSettlementLineMonetarySummation", "LineTotalAmount")
        }
        return line
    }

    private static func readProduct(_ product: XMLElement?, into line: inout EInvoice.Line)
        throws(EInvoiceFault)
    {
        guard let product else { return }
        line.name = product.text("Name")
        line.description = product.text("Description")
        line.sellerItem = product.text("SellerAssignedID")
        line.standardItem = product["GlobalID"]?.identifier()
        line.classifications = product.all("DesignatedProductClassification").compactMap {
            $0["ClassCode"]?.identifier("listID")
        }
        line.attributes = product.all("ApplicableProductCharacteristic").map {
            EInvoice.ItemAttribute(name: $0.text("Description"), value: $0.text("Value"))
        }
    }
}
