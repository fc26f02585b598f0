// Who, where and how much: the three header groups of a Cross Industry Invoice.
extension XMLWriter {
    mutating func agreement(_ invoice: EInvoice) {
        let references = invoice.references
        group("ram:ApplicableHeaderTradeAgreement") { xml in
            xml.element("ram:BuyerReference", references.buyer)
            xml.party("ram:SellerTradeParty", invoice.seller)
            xml.party("ram:BuyerTradeParty", invoice.buyer)
            xml.party("ram:SellerTaxRepresentativeTradeParty", invoice.taxRepresentative)
            xml.reference("ram:SellerOrderReferencedDocument", references.salesOrder)
            xml.reference("ram:BuyerOrderReferencedDocument", references.order)
            xml.reference("ram:ContractReferencedDocument", references.contract)
            guard let project = references.project else { return }
            xml.group("ram:SpecifiedProcuringProject") {
                $0.element("ram:ID", project)
                $0.element("ram:Name", project)
            }
        }
    }

    private mutating func reference(_ name: String, _ number: String?) {
        group(name) { $0.element("ram:IssuerAssignedID", number) }
    }

    mutating func party(_ name: String, _ party: EInvoice.Party?) {
        guard let party else { return }
        group(name) { xml in
            for identifier in party.identifiers where identifier.scheme == nil {
                xml.element("ram:ID", identifier.value)
            }
            for identifier in party.identifiers where identifier.scheme != nil {
                xml.element("ram:GlobalID", identifier.value, [("schemeID", identifier.scheme)])
            }
            xml.element("ram:Name", party.name)
            xml.element("ram:Description", party.legalInformation)
            xml.group("ram:SpecifiedLegalOrganization") {
                $0.element("ram:ID", party.legalID?.value, [("schemeID", party.legalID?.scheme)])
                $0.element("ram:TradingBusinessName", party.tradingName)
            }
            xml.contact(party.contact)
            xml.address(party.address)
            xml.group("ram:URIUniversalCommunication") {
                $0.element(
                    "ram:URIID", party.electronicAddress?.value,
                    [("schemeID", party.electronicAddress?.scheme)])
            }
            xml.registration(party.vatID, scheme: "VA")
            xml.registration(party.taxID, scheme: "FC")
        }
    }

    private mutating func registration(_ number: String?, scheme: String) {
        group("ram:SpecifiedTaxRegistration") {
            $0.element("ram:ID", number, [("schemeID", scheme)])
        }
    }

    private mutating func contact(_ contact: EInvoice.Contact?) {
        guard let contact else { return }
        group("ram:DefinedTradeContact") { xml in
            xml.element("ram:PersonName", contact.name)
            xml.group("ram:TelephoneUniversalCommunication") {
                $0.element("ram:CompleteNumber", contact.phone)
            }
            xml.group("ram:EmailURIUniversalCommunication") {
                $0.element("ram:URIID", contact.email)
            }
        }
    }

    private mutating func address(_ address: EInvoice.Address?) {
        guard let address else { return }
        group("ram:PostalTradeAddress") { xml in
            xml.element("ram:PostcodeCode", address.postalCode)
            xml.element("ram:LineOne", address.line)
            xml.element("ram:LineTwo", address.lineMore)
            xml.element("ram:LineThree", address.lineThird)
            xml.element("ram:CityName", address.city)
            xml.element("ram:CountryID", address.country)
            xml.element("ram:CountrySubDivisionName", address.subdivision)
        }
    }

    mutating func delivery(_ invoice: EInvoice) {
        let delivery = invoice.delivery
        // Required by the schema, even when nothing is said of the delivery.
        required("ram:ApplicableHeaderTradeDelivery") { xml in
            xml.group("ram:ShipToTradeParty") { xml in
                xml.element("ram:ID", delivery.location?.value)
                xml.element("ram:Name", delivery.name)
                xml.address(delivery.address)
            }
            xml.group("ram:ActualDeliverySupplyChainEvent") {
                $0.day("ram:OccurrenceDateTime", delivery.deliveredOn)
            }
        }
    }

    mutating func settlement(_ invoice: EInvoice) {
        group("ram:ApplicableHeaderTradeSettlement") { xml in
            xml.element("ram:CreditorReferenceID", invoice.creditorIdentifier)
            xml.element("ram:PaymentReference", invoice.remittance)
            xml.element("ram:TaxCurrencyCode", invoice.vatCurrency)
            xml.element("ram:InvoiceCurrencyCode", invoice.currency)
            xml.party("ram:PayeeTradeParty", invoice.payee)
            for means in invoice.paymentMeans { xml.means(means) }
            for row in invoice.vatBreakdown { xml.breakdown(row, of: invoice) }
            xml.period(invoice.period)
            for allowance in invoice.allowances { xml.adjustment(allowance, isCharge: false) }
            for charge in invoice.charges { xml.adjustment(charge, isCharge: true) }
            xml.group("ram:SpecifiedTradePaymentTerms") {
                $0.element("ram:Description", invoice.paymentTerms)
                $0.day("ram:DueDateDateTime", invoice.dueOn)
            }
            xml.totals(invoice)
            for preceding in invoice.precedingInvoices {
                xml.group("ram:InvoiceReferencedDocument") {
                    $0.element("ram:IssuerAssignedID", preceding.number)
                    $0.day("ram:FormattedIssueDateTime", preceding.issuedOn, type: "qdt")
                }
            }
        }
    }

    private mutating func means(_ means: EInvoice.PaymentMeans) {
        group("ram:SpecifiedTradeSettlementPaymentMeans") { xml in
            xml.element("ram:TypeCode", means.code)
            xml.element("ram:Information", means.name)
            xml.group("ram:PayeePartyCreditorFinancialAccount") {
                $0.element("ram:IBANID", means.account)
                $0.element("ram:AccountName", means.accountName)
            }
            xml.group("ram:PayeeSpecifiedCreditorFinancialInstitution") {
                $0.element("ram:BICID", means.bank)
            }
        }
    }

    private mutating func breakdown(_ row: EInvoice.VATBreakdown, of invoice: EInvoice) {
        group("ram:ApplicableTradeTax") { xml in
            xml.amount("ram:CalculatedAmount", row.amount)
            xml.element("ram:TypeCode", "VAT")
            xml.element("ram:ExemptionReason", row.exemptionReason)
            xml.amount("ram:BasisAmount", row.base)
            xml.element("ram:CategoryCode", row.vat.category)
            xml.element("ram:ExemptionReasonCode", row.exemptionCode)
            xml.element("ram:DueDateTypeCode", invoice.vatDueCode)
            xml.element("ram:RateApplicablePercent", row.vat.rate?.text(atLeast: 2))
        }
    }

    private mutating func totals(_ invoice: EInvoice) {
        guard let totals = invoice.totals else { return }
        group("ram:SpecifiedTradeSettlementHeaderMonetarySummation") { xml in
            xml.amount("ram:LineTotalAmount", totals.lines)
            xml.amount("ram:ChargeTotalAmount", totals.charges)
            xml.amount("ram:AllowanceTotalAmount", totals.allowances)
            xml.amount("ram:TaxBasisTotalAmount", totals.net)
            xml.amount("ram:TaxTotalAmount", totals.vat, currency: invoice.currency)
            xml.amount("ram:TaxTotalAmount", totals.vatAccounted, currency: invoice.vatCurrency)
            xml.amount("ram:RoundingAmount", totals.rounding)
            xml.amount("ram:GrandTotalAmount", totals.gross)
            xml.amount("ram:TotalPrepaidAmount", totals.prepaid)
            xml.amount("ram:DuePayableAmount", totals.due)
        }
    }
}
