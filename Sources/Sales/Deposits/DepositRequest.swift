import Basics
import Core
import Database

/// Asks a client for money before the work is done. It is no invoice: the deposit invoice follows from
/// the receipt, or is issued first.
public struct DepositRequest: Record, Sendable {
    public typealias ID = Basics.ID<DepositRequest>

    public enum Status: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case requested, paid, cancelled

        public var label: Text {
            switch self {
            case .requested: Text("Demandé", "Requested")
            case .paid: Text("Payé", "Paid")
            case .cancelled: Text("Annulé", "Cancelled")
            }
        }
    }

    public var id: ID
    public var number: String
    public var orderID: Order.ID
    public var orderNumber: String
    public var orderSubject: String
    public var clientID: Client.ID
    public var clientName: String
    public var status: Status
    /// Of the order's total; zero when an amount was asked for.
    public var percentage: Percentage
    /// VAT included.
    public var amount: Amount
    public var currency: Currency
    public var requestedOn: Day
    public var dueOn: Day
    /// For the client; printed.
    public var message: String
    /// What deposit invoices were issued for it, less their credit notes.
    public var invoicedAmount: Amount
    /// What was paid of them.
    public var paidAmount: Amount
    public var sentAt: Instant?
    public var version: Int
    public var createdAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        orderID = try row["order_id"]
        orderNumber = try row["order_number"]
        orderSubject = try row["order_subject"]
        clientID = try row["client_id"]
        clientName = try row["client_name"]
        status = try row["status"]
        percentage = try row["percentage"]
        amount = try row["amount"]
        currency = try row["currency"]
        requestedOn = try row["requested_on"]
        dueOn = try row["due_on"]
        message = try row["message"]
        invoicedAmount = try row["invoiced_amount"]
        paidAmount = try row["paid_amount"]
        sentAt = try row["sent_at"]
        version = try row["version"]
        createdAt = try row["created_at"]
    }

    public var path: String { "/deposit-requests/\(id)" }
    /// What is still expected; nothing once it is cancelled.
    public var openAmount: Amount {
        status == .requested ? max(amount - paidAmount, .zero) : .zero
    }
    /// What no deposit invoice stands for yet.
    public var leftToInvoice: Amount { status == .requested ? amount - invoicedAmount : .zero }

    public func isLate(on today: Day) -> Bool { status == .requested && dueOn < today }
}
