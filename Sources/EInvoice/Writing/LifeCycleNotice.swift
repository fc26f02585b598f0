/// What a company says of an invoice that it received or sent: written as a Cross Domain Acknowledgement and
/// Response (CDAR, UN/CEFACT D22B), as the French reform uses it (XP Z12-012, annex on life cycles). The
/// numbers MDT-… are those of that annex.
public struct LifeCycleNotice: Sendable, Hashable {
    /// Who says something, or hears it.
    public struct Party: Sendable, Hashable {
        public enum Role: String, Sendable {
            case seller = "SE"
            case buyer = "BY"
        }

        public var siren: String
        public var name: String
        public var role: Role

        public init(siren: String, name: String, role: Role) {
            self.siren = siren
            self.name = name
            self.role = role
        }
    }

    /// What was received at one rate of VAT, VAT included.
    public struct Receipt: Sendable, Hashable {
        /// Per cent, such as `20.00`.
        public var rate: String
        /// In major units, such as `120.00`; negative when it was given back.
        public var amount: String

        public init(rate: String, amount: String) {
            self.rate = rate
            self.amount = amount
        }
    }

    /// The sender's own name of the message (MDT-4).
    public var id: String
    /// `20261121093000`, in UTC (MDT-8 and MDT-78).
    public var sentAt: String
    public var issuer: Party
    public var recipient: Party
    /// Of the invoice: number, type (UNTDID 1001) and date, as eight digits.
    public var number: String
    public var typeCode: String
    public var issuedOn: String
    /// When the invoice came in, for who received it; 14 digits.
    public var receivedAt: String?
    /// `204` … `212` (MDT-105).
    public var status: String
    /// Of the list BR-FR-CDV-CL-09 (MDT-113), and in words (MDT-114).
    public var reasonCode = ""
    public var reason = ""
    /// What a person wrote beside it (MDT-126).
    public var comment = ""
    /// Of status 212; with the currency and the day, eight digits.
    public var receipts: [Receipt] = []
    public var currency = "EUR"
    public var receivedOn = ""

    public init(
        id: String, sentAt: String, issuer: Party, recipient: Party, number: String,
        typeCode: String, issuedOn: String, status: String
    ) {
        self.id = id
        self.sentAt = sentAt
        self.issuer = issuer
        self.recipient = recipient
        self.number = number
        self.typeCode = typeCode
        self.issuedOn = issuedOn
        self.status = status
    }

    public var xml: [UInt8] {
        var writer = XMLWriter()
        writer.group("rsm:" + LifeCycleMessage.root, Self.namespaces) { root in
            root.group("rsm:ExchangedDocumentContext", [], context)
            root.group("rsm:ExchangedDocument", [], exchangedDocument)
            root.group("rsm:AcknowledgementDocument", [], acknowledgement)
        }
        return Array(writer.text.utf8)
    }

    private static let standard = "urn:un:unece:uncefact:data:standard:"
    private static let namespaces = [
        ("xmlns:rsm", LifeCycleMessage.namespace),
        ("xmlns:ram", standard + "ReusableAggregateBusinessInformationEntity:100"),
        ("xmlns:qdt", standard + "QualifiedDataType:100"),
        ("xmlns:udt", standard + "UnqualifiedDataType:100"),
    ]

    private func context(_ writer: inout XMLWriter) {
        writer.group("ram:BusinessProcessSpecifiedDocumentContextParameter") {
            $0.element("ram:ID", "REGULATED")
        }
        writer.group("ram:GuidelineSpecifiedDocumentContextParameter") {
            $0.element("ram:ID", "urn.cpro.gouv.fr:1p0:CDV:invoice")
        }
    }

    private func exchangedDocument(_ writer: inout XMLWriter) {
        writer.element("ram:ID", id)
        writer.element("ram:Name", Self.names[status])
        writer.moment("ram:IssueDateTime", sentAt)
        writer.group("ram:SenderTradeParty") { $0.element("ram:RoleCode", issuer.role.rawValue) }
        writer.party("ram:IssuerTradeParty", issuer)
        writer.party("ram:RecipientTradeParty", recipient)
    }

    private func acknowledgement(_ writer: inout XMLWriter) {
        writer.group("ram:MultipleReferencesIndicator") { $0.element("udt:Indicator", "false") }
        // 23: a status of the phase of treatment, said by a company.
        writer.element("ram:TypeCode", "23")
        writer.moment("ram:IssueDateTime", sentAt)
        writer.group("ram:ReferenceReferencedDocument", [], reference)
    }

    private func reference(_ writer: inout XMLWriter) {
        writer.element("ram:IssuerAssignedID", number)
        writer.element("ram:StatusCode", Self.statusCodes[status])
        writer.element("ram:TypeCode", typeCode)
        if let receivedAt { writer.moment("ram:ReceiptDateTime", receivedAt) }
        writer.group("ram:FormattedIssueDateTime") {
            $0.element("qdt:DateTimeString", issuedOn, [("format", "102")])
        }
        writer.element("ram:ProcessConditionCode", status)
        writer.element("ram:ProcessCondition", Self.names[status])
        let seller = issuer.role == .seller ? issuer : recipient
        writer.group("ram:IssuerTradeParty") {
            $0.element("ram:GlobalID", seller.siren, [("schemeID", "0002")])
        }
        writer.group("ram:SpecifiedDocumentStatus") { status in
            status.element("ram:ReasonCode", reasonCode)
            status.element("ram:Reason", reason)
            status.group("ram:IncludedNote") { $0.element("ram:Content", comment) }
            for receipt in receipts { characteristic(receipt, &status) }
        }
    }

    /// `MEN`: an amount that was received (MDT-207, MDT-224, MDT-215, MDT-219).
    private func characteristic(_ receipt: Receipt, _ writer: inout XMLWriter) {
        writer.group("ram:SpecifiedDocumentCharacteristic") {
            $0.element("ram:TypeCode", "MEN")
            $0.element("ram:ValuePercent", receipt.rate)
            $0.element("ram:ValueAmount", receipt.amount, [("currencyID", currency)])
            $0.group("ram:ValueDateTime") {
                $0.element("udt:DateTimeString", receivedOn, [("format", "102")])
            }
        }
    }

    /// MDT-106, as the annex writes them.
    private static let names = [
        "204": "Prise_en_charge", "205": "Approuvée", "206": "Approuvée_Partiellement",
        "207": "En_litige", "208": "Suspendue", "209": "Complétée", "210": "Refusée",
        "211": "Paiement_transmis", "212": "Encaissée",
    ]
    /// MDT-88 (UNTDID 1373), where the annex gives one.
    private static let statusCodes = [
        "204": "45", "205": "1", "206": "49", "207": "46", "208": "39", "210": "50", "211": "47",
        "212": "47",
    ]
}

extension XMLWriter {
    /// Fourteen digits, in UTC.
    fileprivate mutating func moment(_ name: String, _ digits: String) {
        group(name) { $0.element("udt:DateTimeString", digits, [("format", "204")]) }
    }

    fileprivate mutating func party(_ name: String, _ party: LifeCycleNotice.Party) {
        group(name) {
            $0.element("ram:GlobalID", party.siren, [("schemeID", "0002")])
            $0.element("ram:Name", party.name)
            $0.element("ram:RoleCode", party.role.rawValue)
        }
    }
}
