/// Reads a Cross Industry Invoice (CEN/TS 16931-3-3).
struct CIIReader {
    static let namespace = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"

    private let root: XMLElement
    let agreement: XMLElement?
    let delivery: XMLElement?
    let settlement: XMLElement?
    private let transaction: XMLElement?

    init(_ root: XMLElement) {
        self.root = root
        transaction = root["SupplyChainTradeTransaction"]
        agreement = transaction?["ApplicableHeaderTradeAgreement"]
        delivery = transaction?["ApplicableHeaderTradeDelivery"]
        settlement = transaction?["ApplicableHeaderTradeSettlement"]
    }

    func invoice() throws(EInvoiceFault) -> EInvoice {
        var invoice = EInvoice()
        readDocument(into: &invoice)
        invoice.references = references
        invoice.seller = agreement?["SellerTradeParty"].map(Self.party)
        invoice.buyer = agreement?["BuyerTradeParty"].map(Self.party)
        invoice.taxRepresentative =
            agreement?["SellerTaxRepresentativeTradeParty"].map(Self.party)
        invoice.payee = settlement?["PayeeTradeParty"].map(Self.party)
        invoice.delivery = deliveryFacts
        invoice.attachments = (agreement?.all("AdditionalReferencedDocument") ?? [])
            .filter { $0.text("TypeCode") == "916" }.map(Self.attachment)
        try readSettlement(into: &invoice)
        invoice.lines =
            try transaction?.each("IncludedSupplyChainTradeLineItem", Self.line) ?? []
        return invoice
    }

    private func readDocument(into invoice: inout EInvoice) {
        let context = root["ExchangedDocumentContext"]
        invoice.process = context?.text("BusinessProcessSpecifiedDocumentContextParameter", "ID")
        invoice.specification = context?.text("GuidelineSpecifiedDocumentContextParameter", "ID")
        guard let document = root["ExchangedDocument"] else { return }
        invoice.number = document.text("ID")
        invoice.typeCode = document.text("TypeCode")
        invoice.issuedOn = Self.day(document["IssueDateTime"])
        invoice.notes = document.all("IncludedNote").map {
            EInvoice.Note($0.text("Content"), code: $0.text("SubjectCode"))
        }
    }

    private var references: EInvoice.References {
        var references = EInvoice.References()
        guard let agreement else { return references }
        func number(_ name: String, in group: XMLElement?) -> String? {
            group?.text(name, "IssuerAssignedID")
        }
        references.buyer = agreement.text("BuyerReference")
        references.project = agreement.text("SpecifiedProcuringProject", "ID")
        references.contract = number("ContractReferencedDocument", in: agreement)
        references.order = number("BuyerOrderReferencedDocument", in: agreement)
        references.salesOrder = number("SellerOrderReferencedDocument", in: agreement)
        references.receivingAdvice = number("ReceivingAdviceReferencedDocument", in: delivery)
        references.despatchAdvice = number("DespatchAdviceReferencedDocument", in: delivery)
        let others = agreement.all("AdditionalReferencedDocument")
        references.tender =
            others.first { $0.text("TypeCode") == "50" }?.text("IssuerAssignedID")
        references.invoicedObject = others.first { $0.text("TypeCode") == "130" }.flatMap {
            guard let number = $0.text("IssuerAssignedID") else { return nil }
            return EInvoice.Identifier(number, scheme: $0.text("ReferenceTypeCode"))
        }
        references.buyerAccount =
            settlement?.text("ReceivableSpecifiedTradeAccountingAccount", "ID")
        return references
    }

    private static func attachment(_ element: XMLElement) -> EInvoice.Attachment {
        EInvoice.Attachment(
            reference: element.text("IssuerAssignedID"), description: element.text("Name"),
            mimeType: element["AttachmentBinaryObject"]?.attributes["mimeCode"])
    }

    private var deliveryFacts: EInvoice.Delivery {
        var facts = EInvoice.Delivery()
        let place = delivery?["ShipToTradeParty"]
        facts.name = place?.text("Name")
        facts.location = place?["GlobalID"]?.identifier() ?? place?["ID"]?.identifier()
        facts.address = place?["PostalTradeAddress"].map(Self.address)
        facts.deliveredOn =
            Self.day(delivery?.at("ActualDeliverySupplyChainEvent", "OccurrenceDateTime"))
        return facts
    }

    /// The first child holds the date; its format is 102.
    static func day(_ element: XMLElement?) -> StatedDay? {
        guard let text = element?.children.first?.text, !text.isEmpty else { return nil }
        return StatedDay(text)
    }

    static func party(_ element: XMLElement) -> EInvoice.Party {
        var party = EInvoice.Party()
        party.name = element.text("Name")
        party.identifiers =
            element.all("ID").compactMap { $0.identifier() }
            + element.all("GlobalID").compactMap { $0.identifier() }
        party.legalInformation = element.text("Description")
        let organisation = element["SpecifiedLegalOrganization"]
        party.legalID = organisation?["ID"]?.identifier()
        party.tradingName = organisation?.text("TradingBusinessName")
        party.electronicAddress = element.at("URIUniversalCommunication", "URIID")?.identifier()
        let numbers = element.all("SpecifiedTaxRegistration").compactMap {
            $0["ID"]?.identifier()
        }
        party.vatID = numbers.first { $0.scheme == "VA" }?.value
        party.taxID = numbers.first { $0.scheme == "FC" }?.value
        party.address = element["PostalTradeAddress"].map(address)
        party.contact = element["DefinedTradeContact"].map(contact)
        return party
    }

    static func address(_ element: XMLElement) -> EInvoice.Address {
        var address = EInvoice.Address()
        address.line = element.text("LineOne")
        address.lineMore = element.text("LineTwo")
        address.lineThird = element.text("LineThree")
        address.city = element.text("CityName")
        address.postalCode = element.text("PostcodeCode")
        address.subdivision = element.text("CountrySubDivisionName")
        address.country = element.text("CountryID")
        return address
    }

    private static func contact(_ element: XMLElement) -> EInvoice.Contact {
        var contact = EInvoice.Contact()
        contact.name = element.text("PersonName") ?? element.text("DepartmentName")
        contact.phone = element.text("TelephoneUniversalCommunication", "CompleteNumber")
        contact.email = element.text("EmailURIUniversalCommunication", "URIID")
        return contact
    }
}
