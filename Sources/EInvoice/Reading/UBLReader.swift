/// Reads a UBL 2.1 invoice or credit note (CEN/TS 16931-3-2).
struct UBLReader {
    static let invoiceNamespace = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    static let creditNoteNamespace = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

    let root: XMLElement
    private var isCreditNote: Bool { root.name == "CreditNote" }

    init(_ root: XMLElement) { self.root = root }

    func invoice() throws(EInvoiceFault) -> EInvoice {
        var invoice = EInvoice()
        readDocument(into: &invoice)
        invoice.references = references
        invoice.seller = root.at("AccountingSupplierParty", "Party").map(Self.party)
        invoice.buyer = root.at("AccountingCustomerParty", "Party").map(Self.party)
        invoice.payee = root["PayeeParty"].map(Self.party)
        invoice.taxRepresentative = root["TaxRepresentativeParty"].map(Self.party)
        invoice.delivery = delivery
        try readAmounts(into: &invoice)
        return invoice
    }

    private func readDocument(into invoice: inout EInvoice) {
        invoice.specification = root.text("CustomizationID")
        invoice.process = root.text("ProfileID")
        invoice.number = root.text("ID")
        invoice.issuedOn = Self.day(root["IssueDate"])
        invoice.typeCode = root.text(isCreditNote ? "CreditNoteTypeCode" : "InvoiceTypeCode")
        invoice.currency = root.text("DocumentCurrencyCode")
        invoice.vatCurrency = root.text("TaxCurrencyCode")
        invoice.vatDueOn = Self.day(root["TaxPointDate"])
        invoice.dueOn = Self.day(root["DueDate"] ?? root.at("PaymentMeans", "PaymentDueDate"))
        invoice.notes = root.all("Note").map { Self.note($0.text) }
        let period = root["InvoicePeriod"]
        invoice.vatDueCode = period?.text("DescriptionCode")
        if let period,
            period["StartDate"] != nil || period["EndDate"] != nil
                || invoice.vatDueCode == nil
        {
            invoice.period = Self.period(period)
        }
        invoice.paymentTerms = root.text("PaymentTerms", "Note")
        invoice.remittance = root.text("PaymentMeans", "PaymentID")
        invoice.precedingInvoices = root.all("BillingReference").compactMap {
            $0["InvoiceDocumentReference"].map {
                EInvoice.PrecedingInvoice($0.text("ID"), issuedOn: Self.day($0["IssueDate"]))
            }
        }
        invoice.attachments = root.all("AdditionalDocumentReference")
            .filter { $0.text("DocumentTypeCode") == nil }.map {
                EInvoice.Attachment(
                    reference: $0.text("ID"), description: $0.text("DocumentDescription"),
                    mimeType: $0.at("Attachment", "EmbeddedDocumentBinaryObject")?
                        .attributes["mimeCode"])
            }
    }

    /// UBL has no field for the subject of a note: it stands before the text, as `#AAB#`.
    private static func note(_ text: String) -> EInvoice.Note {
        let parts = text.split(separator: "#", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[1].count == 3 else {
            return EInvoice.Note(text)
        }
        return EInvoice.Note(String(parts[2]), code: String(parts[1]))
    }

    private var references: EInvoice.References {
        var references = EInvoice.References()
        references.buyer = root.text("BuyerReference")
        references.project = root.text("ProjectReference", "ID")
        references.contract = root.text("ContractDocumentReference", "ID")
        references.order = root.text("OrderReference", "ID")
        references.salesOrder = root.text("OrderReference", "SalesOrderID")
        references.receivingAdvice = root.text("ReceiptDocumentReference", "ID")
        references.despatchAdvice = root.text("DespatchDocumentReference", "ID")
        references.tender = root.text("OriginatorDocumentReference", "ID")
        references.invoicedObject =
            root.all("AdditionalDocumentReference")
            .first { $0.text("DocumentTypeCode") == "130" }?["ID"]?.identifier()
        references.buyerAccount = root.text("AccountingCost")
        return references
    }

    private var delivery: EInvoice.Delivery {
        var delivery = EInvoice.Delivery()
        guard let element = root["Delivery"] else { return delivery }
        delivery.deliveredOn = Self.day(element["ActualDeliveryDate"])
        delivery.name = element.text("DeliveryParty", "PartyName", "Name")
        delivery.location = element.at("DeliveryLocation", "ID")?.identifier()
        delivery.address = element.at("DeliveryLocation", "Address").map(Self.address)
        return delivery
    }

    static func day(_ element: XMLElement?) -> StatedDay? {
        guard let text = element?.text, !text.isEmpty else { return nil }
        return StatedDay(text)
    }

    static func period(_ element: XMLElement) -> EInvoice.Period {
        EInvoice.Period(from: day(element["StartDate"]), until: day(element["EndDate"]))
    }

    static func party(_ element: XMLElement) -> EInvoice.Party {
        var party = EInvoice.Party()
        let legal = element["PartyLegalEntity"]
        party.tradingName = element.text("PartyName", "Name")
        party.name = legal?.text("RegistrationName") ?? party.tradingName
        party.identifiers = element.all("PartyIdentification").compactMap {
            $0["ID"]?.identifier()
        }
        party.legalID = legal?["CompanyID"]?.identifier()
        party.legalInformation = legal?.text("CompanyLegalForm")
        party.electronicAddress = element["EndpointID"]?.identifier()
        for scheme in element.all("PartyTaxScheme") {
            let number = scheme.text("CompanyID")
            if scheme.text("TaxScheme", "ID") == "VAT" {
                party.vatID = number
            } else {
                party.taxID = number
            }
        }
        party.address = element["PostalAddress"].map(address)
        if let contact = element["Contact"] {
            var read = EInvoice.Contact()
            read.name = contact.text("Name")
            read.phone = contact.text("Telephone")
            read.email = contact.text("ElectronicMail")
            party.contact = read
        }
        return party
    }

    private static func address(_ element: XMLElement) -> EInvoice.Address {
        var address = EInvoice.Address()
        address.line = element.text("StreetName")
        address.lineMore = element.text("AdditionalStreetName")
        address.lineThird = element.text("AddressLine", "Line")
        address.city = element.text("CityName")
        address.postalCode = element.text("PostalZone")
        address.subdivision = element.text("CountrySubentity")
        address.country = element.text("Country", "IdentificationCode")
        return address
    }
}
