import Basics
import Core
import Database

/// Money received from a client or paid back. Never changed: a mistake is undone by its opposite.
public struct Payment: Record, Sendable {
    public typealias ID = Basics.ID<Payment>

    public enum Direction: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case received = "in"
        case paidBack = "out"

        public var label: Text {
            switch self {
            case .received: Text("Reçu", "Received")
            case .paidBack: Text("Versé", "Paid out")
            }
        }
        var opposite: Direction { self == .received ? .paidBack : .received }
    }

    public enum Method: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case transfer, card, cheque, cash, other

        public var label: Text {
            switch self {
            case .transfer: Text("Virement", "Bank transfer")
            case .card: Text("Carte bancaire", "Card")
            case .cheque: Text("Chèque", "Cheque")
            case .cash: Text("Espèces", "Cash")
            case .other: Text("Autre", "Other")
            }
        }
        var icon: StaticString {
            switch self {
            case .transfer: "landmark"
            case .card: "credit-card"
            case .cheque: "file-check"
            case .cash: "banknote"
            case .other: "coins"
            }
        }
    }

    /// What it is in the client's account.
    public enum Role: Sendable {
        case receipt, refund
        /// The opposite of another one.
        case reversal

        public var label: Text {
            switch self {
            case .receipt: Text("Paiement", "Payment")
            case .refund: Text("Remboursement", "Refund")
            case .reversal: Text("Annulation", "Reversal")
            }
        }
    }

    public var id: ID
    public var number: String
    public var clientID: Client.ID
    public var clientName: String
    public var direction: Direction
    public var method: Method
    public var paidOn: Day
    public var amount: Amount
    public var currency: Currency
    public var reference: String
    public var notes: String
    public var reversedPaymentID: ID?
    public var allocatedAmount: Amount
    public var isReversed: Bool
    /// Received and not yet allocated: the client's credit.
    public var openAmount: Amount
    public var createdAt: Instant
    public var createdByName: String

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        clientID = try row["client_id"]
        clientName = try row["client_name"]
        direction = try row["direction"]
        method = try row["method"]
        paidOn = try row["paid_on"]
        amount = try row["amount"]
        currency = try row["currency"]
        reference = try row["reference"]
        notes = try row["notes"]
        reversedPaymentID = try row["reversed_payment_id"]
        allocatedAmount = try row["allocated_amount"]
        isReversed = try row["is_reversed"]
        openAmount = try row["open_amount"]
        createdAt = try row["created_at"]
        createdByName = try row["created_by_name"] ?? ""
    }

    public var path: String { "/payments/\(id)" }
    public var role: Role {
        if reversedPaymentID != nil { return .reversal }
        return direction == .received ? .receipt : .refund
    }
    /// With the sign that it has in the till.
    var signedAmount: Amount { direction == .received ? amount : -amount }
    var isUndoable: Bool { !isReversed && reversedPaymentID == nil }

    func title(in say: Language) -> String { "\(say(role.label))\u{A0}\(number)" }
}
