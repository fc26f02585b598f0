/// What a platform or a client says of invoices: a Cross Domain Acknowledgement and Response (CDAR, UN/CEFACT
/// D22B), as the French reform uses it for the life cycle of invoices.
public struct LifeCycleMessage: Sendable, Hashable {
    static let root = "CrossDomainAcknowledgementAndResponse"
    static let namespace =
        "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"

    /// One status of one invoice.
    public struct Statement: Sendable, Hashable {
        /// The number of the invoice (MDT-87).
        public var number: String
        /// The date of the invoice, where it is stated.
        public var issuedOn: StatedDay?
        /// `200` … `213` (MDT-105).
        public var status: String
        /// MDT-113, of the list BR-FR-CDV-CL-09.
        public var reasonCode: String
        /// MDT-114
        public var reason: String

        public init(
            number: String, issuedOn: StatedDay?, status: String, reasonCode: String, reason: String
        ) {
            self.number = number
            self.issuedOn = issuedOn
            self.status = status
            self.reasonCode = reasonCode
            self.reason = reason
        }
    }

    public var id: String
    /// Who says it, by name or else by number.
    public var issuer: String
    /// `20261121093000`, format 204 in UTC; empty where it is not stated.
    public var sentAt: String
    public var statements: [Statement]

    public init(id: String, issuer: String, sentAt: String, statements: [Statement]) {
        self.id = id
        self.issuer = issuer
        self.sentAt = sentAt
        self.statements = statements
    }

    /// Whether a file begins as such a message does.
    public static func isLikely(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(4096).firstRange(of: Array(root.utf8)) != nil
    }

    /// - Throws: `EInvoiceFault` when it is no message that could be read.
    public static func read(_ xml: [UInt8]) throws(EInvoiceFault) -> LifeCycleMessage {
        let element = try XMLReader.read(xml)
        guard element.name == root, element.namespace == namespace else {
            throw .notAnInvoice(root: element.name)
        }
        let document = element["ExchangedDocument"]
        let party = document?["IssuerTradeParty"] ?? document?["SenderTradeParty"]
        return LifeCycleMessage(
            id: document?.text("ID") ?? "",
            issuer: party?.text("Name") ?? party?.text("GlobalID") ?? "",
            sentAt: document?.text("IssueDateTime", "DateTimeString") ?? "",
            statements: element.all("AcknowledgementDocument")
                .flatMap { $0.all("ReferenceReferencedDocument") }.map(statement))
    }

    private static func statement(_ reference: XMLElement) -> Statement {
        let status = reference["SpecifiedDocumentStatus"]
        return Statement(
            number: reference.text("IssuerAssignedID") ?? "",
            issuedOn: CIIReader.day(reference["FormattedIssueDateTime"]),
            status: reference.text("ProcessConditionCode")
                ?? status?.text("ProcessConditionCode") ?? "",
            reasonCode: status?.text("ReasonCode") ?? "",
            reason: status?.text("Reason") ?? "")
    }
}
