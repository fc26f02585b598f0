import Basics
import Core
import Database

/// An invoice, a deposit invoice, a credit note, or a balance taken over from another program. A draft has no number;
/// issued, only what happens to it afterwards changes: settlement and sending.
public struct Invoice: Record, Sendable {
    public typealias ID = Basics.ID<Invoice>

    public enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case invoice
        /// Of a deposit on an order, deducted from the invoices of that order.
        case deposit
        case creditNote = "credit_note"
        case openingBalance = "opening_balance"

        public var label: Text {
            switch self {
            case .invoice: Text("Facture", "Invoice")
            case .deposit: Text("Facture d’acompte", "Deposit invoice")
            case .creditNote: Text("Avoir", "Credit note")
            case .openingBalance: Text("Solde de départ", "Opening balance")
            }
        }
    }

    /// Imported documents are history: outside receivables, under their own numbers.
    public enum Origin: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case comptoir
        case imported = "import"
    }

    public enum Status: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case draft, issued
    }

    public var id: ID
    public var kind: Kind
    public var origin: Origin
    public var status: Status
    public var number: String?
    public var clientID: Client.ID
    public var clientName: String
    /// Of a draft: who at the client it is for.
    public var contactID: Contact.ID?
    /// Of a draft: one of the client’s other addresses.
    public var deliveryAddressID: Address.ID?
    public var orderID: Order.ID?
    public var correctedInvoiceID: ID?
    /// Of a corrective invoice: the one that it replaces.
    public var replacedInvoiceID: ID?
    /// Whether it takes back an invoice that another one replaces: it stays in the house.
    public var isReversal: Bool
    /// Of a deposit invoice: the request that it answers, if there was one.
    public var depositRequestID: DepositRequest.ID?
    public var issuedOn: Day?
    public var dueOn: Day?
    /// When the service was rendered or the goods delivered, where that is another day.
    public var serviceOn: Day?
    public var subject: String
    /// What the client calls it: their order number.
    public var reference: String
    /// For the client; printed.
    public var message: String
    /// For colleagues; never printed.
    public var notes: String
    public var terms: PaymentTerms
    /// Why its exempt lines are; `general` is what the organisation says.
    public var exemption: VATExemption
    public var language: Language
    public var currency: Currency
    public var totalNet: Amount
    public var totalVAT: Amount
    public var totalGross: Amount
    /// For a credit note: refunded.
    public var paidAmount: Amount
    /// For a credit note: used on invoices.
    public var creditedAmount: Amount
    public var openAmount: Amount
    public var seller: JSON?
    public var buyer: JSON?
    public var mentions: JSON?
    public var issuedAt: Instant?
    public var sentAt: Instant?
    public var version: Int
    public var createdAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        origin = try row["origin"]
        status = try row["status"]
        number = try row["number"]
        clientID = try row["client_id"]
        clientName = try row["client_name"]
        contactID = try row["contact_id"]
        deliveryAddressID = try row["delivery_address_id"]
        orderID = try row["order_id"]
        correctedInvoiceID = try row["corrected_invoice_id"]
        replacedInvoiceID = try row["replaced_invoice_id"]
        isReversal = try row["is_reversal"]
        depositRequestID = try row["deposit_request_id"]
        issuedOn = try row["issued_on"]
        dueOn = try row["due_on"]
        serviceOn = try row["service_on"]
        subject = try row["subject"]
        reference = try row["reference"]
        message = try row["message"]
        notes = try row["notes"]
        terms = PaymentTerms(
            days: try row["payment_days"], endOfMonth: try row["payment_end_of_month"])
        exemption = try row["vat_exemption"]
        language = try row["language"]
        currency = try row["currency"]
        totalNet = try row["total_net"]
        totalVAT = try row["total_vat"]
        totalGross = try row["total_gross"]
        paidAmount = try row["paid_amount"]
        creditedAmount = try row["credited_amount"]
        openAmount = try row["open_amount"]
        seller = try row["seller"]
        buyer = try row["buyer"]
        mentions = try row["mentions"]
        issuedAt = try row["issued_at"]
        sentAt = try row["sent_at"]
        version = try row["version"]
        createdAt = try row["created_at"]
    }

    public var path: String { "/invoices/\(id)" }
    /// The cents that no net price gives where prices include VAT (BT-114).
    public var totalRounding: Amount { totalGross - totalNet - totalVAT }
    /// What follows the sentences of the journal, which say themselves that it is an invoice.
    public var journalLabel: String { number ?? clientName }
    public var isDraft: Bool { status == .draft }
    /// Whether credit notes can take it back.
    public var isCreditable: Bool { isLive && (kind == .invoice || kind == .deposit) }
    /// Issued by Comptoir: it can be paid, sent, credited.
    public var isLive: Bool { status == .issued && origin == .comptoir }

    /// Whether its client gets it: what was taken over from another program, and what takes back a
    /// replaced invoice, stay here.
    public var goesToClient: Bool { isLive && kind != .openingBalance && !isReversal }

    /// A deposit that was invoiced when its money came: nothing of it is due.
    public var isReceivedDeposit: Bool { kind == .deposit && serviceOn != nil }

    /// `Facture FACT-2026-001`, `Brouillon de facture`
    public func title(in say: Language) -> String {
        if let number { return "\(say(label))\u{A0}\(number)" }
        return replacedInvoiceID == nil
            ? kind.draftTitle(in: say)
            : say("Brouillon de facture rectificative", "Draft corrective invoice")
    }

    public var label: Text {
        if isReversal { return Text("Annulation", "Reversal") }
        return replacedInvoiceID == nil
            ? kind.label : Text("Facture rectificative", "Corrective invoice")
    }

    /// What EN 16931 calls it (BT-3, UNTDID 1001); nil for what is no invoice of ours.
    public var typeCode: Int? { replacedInvoiceID == nil ? kind.typeCode : 384 }

    /// The series that its number comes from.
    var numbers: NumberSeries {
        isReversal ? .reversal : kind == .creditNote ? .creditNote : .invoice
    }
}

extension Invoice.Kind {
    fileprivate var typeCode: Int? {
        switch self {
        case .invoice: 380
        case .deposit: 386
        case .creditNote: 381
        case .openingBalance: nil
        }
    }

    func draftTitle(in say: Language) -> String {
        self == .creditNote
            ? say("Brouillon d’avoir", "Draft credit note")
            : say("Brouillon de facture", "Draft invoice")
    }
}
