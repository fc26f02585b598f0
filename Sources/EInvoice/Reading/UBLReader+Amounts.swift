// Amounts, means of payment and lines of a UBL document.
extension UBLReader {
    func readAmounts(into invoice: inout EInvoice) throws(EInvoiceFault) {
        invoice.paymentMeans = root.all("PaymentMeans").map(Self.means)
        (invoice.allowances, invoice.charges) = try Self.adjustments(in: root)
        if let sums = root["LegalMonetaryTotal"] {
            invoice.totals = try totals(sums, in: invoice)
        }
        for tax in root.all("TaxTotal") {
            invoice.vatBreakdown += try tax.each("TaxSubtotal", Self.breakdown)
        }
        invoice.lines =
            try root.each("InvoiceLine", Self.line) + root.each("CreditNoteLine", Self.line)
    }

    private func totals(_ sums: XMLElement, in invoice: EInvoice) throws(EInvoiceFault)
        -> EInvoice.Totals
    {
        var totals = EInvoice.Totals()
        totals.lines = try sums.number("LineExtensionAmount")
        totals.net = try sums.number("TaxExclusiveAmount")
        totals.gross = try sums.number("TaxInclusiveAmount")
        totals.allowances = try sums.number("AllowanceTotalAmount")
        totals.charges = try sums.number("ChargeTotalAmount")
        totals.prepaid = try sums.number("PrepaidAmount")
        totals.rounding = try sums.number("PayableRoundingAmount")
        totals.due = try sums.number("PayableAmount")
        for tax in root.all("TaxTotal") {
            let amount = tax["TaxAmount"]
            let currency = amount?.attributes["currencyID"]
            if totals.vat == nil, currency == nil || currency == invoice.currency {
                totals.vat = try amount?.number()
            } else {
                totals.vatAccounted = try amount?.number()
            }
        }
        return totals
    }

    private static func breakdown(_ element: XMLElement) throws(EInvoiceFault)
        -> EInvoice.VATBreakdown
    {
        let category = element["TaxCategory"]
        var row = EInvoice.VATBreakdown(
            try rate(category), base: try element.number("TaxableAmount"),
            amount: try element.number("TaxAmount"))
        row.exemptionReason = category?.text("TaxExemptionReason")
        row.exemptionCode = category?.text("TaxExemptionReasonCode")
        return row
    }

    private static func rate(_ element: XMLElement?) throws(EInvoiceFault) -> EInvoice.VAT {
        EInvoice.VAT(element?.text("ID"), rate: try element?.number("Percent"))
    }

    private static func means(_ element: XMLElement) -> EInvoice.PaymentMeans {
        var means = EInvoice.PaymentMeans()
        means.code = element.text("PaymentMeansCode")
        means.name = element["PaymentMeansCode"]?.attributes["name"]
        let account = element["PayeeFinancialAccount"]
        means.hasAccount = account != nil
        means.account = account?.text("ID")
        means.accountName = account?.text("Name")
        means.bank = account?.text("FinancialInstitutionBranch", "ID")
        means.card = element.text("CardAccount", "PrimaryAccountNumberID")
        means.mandate = element.text("PaymentMandate", "ID")
        means.debitedAccount = element.text("PaymentMandate", "PayerFinancialAccount", "ID")
        return means
    }

    private static func adjustments(in element: XMLElement) throws(EInvoiceFault)
        -> (allowances: [EInvoice.Adjustment], charges: [EInvoice.Adjustment])
    {
        var (allowances, charges): ([EInvoice.Adjustment], [EInvoice.Adjustment]) = ([], [])
        for child in element.all("AllowanceCharge") {
            var read = EInvoice.Adjustment(
                amount: try child.number("Amount"), reason: child.text("AllowanceChargeReason"),
                reasonCode: child.text("AllowanceChargeReasonCode"))
            read.base = try child.number("BaseAmount")
            read.percentage = try child.number("MultiplierFactorNumeric")
            read.vat = try rate(child["TaxCategory"])
            if child.text("ChargeIndicator") == "true" {
                charges.append(read)
            } else {
                allowances.append(read)
            }
        }
        return (allowances, charges)
    }

    private static func line(_ element: XMLElement) throws(EInvoiceFault) -> EInvoice.Line {
        var line = EInvoice.Line()
        line.id = element.text("ID")
        line.note = element.text("Note")
        let quantity = element["InvoicedQuantity"] ?? element["CreditedQuantity"]
        line.quantity = try quantity?.number()
        line.unit = quantity?.attributes["unitCode"]
        line.net = try element.number("LineExtensionAmount")
        line.period = element["InvoicePeriod"].map(period)
        (line.allowances, line.charges) = try adjustments(in: element)
        let price = element["Price"]
        line.price = try price?.number("PriceAmount")
        line.priceQuantity = try price?.number("BaseQuantity")
        line.priceDiscount = try price?.number("AllowanceCharge", "Amount")
        line.grossPrice = try price?.number("AllowanceCharge", "BaseAmount")
        if let item = element["Item"] {
            line.name = item.text("Name")
            line.description = item.text("Description")
            line.sellerItem = item.text("SellersItemIdentification", "ID")
            line.standardItem = item.at("StandardItemIdentification", "ID")?.identifier()
            line.classifications = item.all("CommodityClassification").compactMap {
                $0["ItemClassificationCode"]?.identifier("listID")
            }
            line.attributes = item.all("AdditionalItemProperty").map {
                EInvoice.ItemAttribute(name: $0.text("Name"), value: $0.text("Value"))
            }
            line.vat = try rate(item["ClassifiedTaxCategory"])
        }
        return line
    }
}
