import Basics
import Core
import Database

/// An offer to a client. Accepted, it becomes an order.
public struct Quote: Record, Sendable {
    public typealias ID = Basics.ID<Quote>

    public enum Status: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case draft, sent, accepted, refused, expired

        public var label: Text {
            switch self {
            case .draft: Text("Brouillon", "Draft")
            case .sent: Text("Envoyé", "Sent")
            case .accepted: Text("Accepté", "Accepted")
            case .refused: Text("Refusé", "Refused")
            case .expired: Text("Expiré", "Expired")
            }
        }
    }

    public var id: ID
    public var number: String
    public var clientName: String
    public var status: Status
    public var head: DocumentHead
    public var quotedOn: Day
    public var validUntil: Day
    /// Of the total, asked for once it is accepted; zero for none.
    public var depositPercentage: Percentage
    public var currency: Currency
    public var totalNet: Amount
    public var totalVAT: Amount
    public var totalGross: Amount
    public var sentAt: Instant?
    /// When it was accepted or refused.
    public var decidedAt: Instant?
    public var decisionNote: String
    public var version: Int
    public var createdAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        clientName = try row["client_name"]
        status = try row["status"]
        head = try DocumentHead(row: row)
        quotedOn = try row["quoted_on"]
        validUntil = try row["valid_until"]
        depositPercentage = try row["deposit_percentage"]
        currency = try row["currency"]
        totalNet = try row["total_net"]
        totalVAT = try row["total_vat"]
        totalGross = try row["total_gross"]
        sentAt = try row["sent_at"]
        decidedAt = try row["decided_at"]
        decisionNote = try row["decision_note"]
        version = try row["version"]
        createdAt = try row["created_at"]
    }

    /// What is asked for once it is accepted, VAT included.
    public var depositAmount: Amount { totalGross.share(depositPercentage) }
    public var path: String { "/quotes/\(id)" }
    public var clientID: Client.ID { head.clientID }

    /// The status as it is today: a quote whose validity is over has expired, even before the daily
    /// job has noted it.
    public func status(on today: Day) -> Status {
        status == .sent && validUntil < today ? .expired : status
    }
}
