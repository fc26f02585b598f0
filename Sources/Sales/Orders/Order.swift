import Basics
import Core
import Database

/// What a client ordered, and how far the work has come.
public struct Order: Record, Sendable {
    public typealias ID = Basics.ID<Order>

    public enum Priority: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case low, normal, high, urgent

        public var label: Text {
            switch self {
            case .low: Text("Basse", "Low")
            case .normal: Text("Normale", "Normal")
            case .high: Text("Haute", "High")
            case .urgent: Text("Urgente", "Urgent")
            }
        }
    }

    public var id: ID
    public var number: String
    public var clientName: String
    public var quoteID: Quote.ID?
    public var status: OrderStatus
    public var head: DocumentHead
    public var priority: Priority
    public var orderedOn: Day
    public var dueOn: Day?
    public var currency: Currency
    public var totalNet: Amount
    public var totalVAT: Amount
    public var totalGross: Amount
    public var completedAt: Instant?
    public var version: Int
    public var createdAt: Instant
    /// Who does the work.
    public var assignedTo: User.ID?
    public var assignee: String?

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        clientName = try row["client_name"]
        quoteID = try row["quote_id"]
        status = try row["status"]
        head = try DocumentHead(row: row)
        priority = try row["priority"]
        orderedOn = try row["ordered_on"]
        dueOn = try row["due_on"]
        currency = try row["currency"]
        totalNet = try row["total_net"]
        totalVAT = try row["total_vat"]
        totalGross = try row["total_gross"]
        completedAt = try row["completed_at"]
        version = try row["version"]
        createdAt = try row["created_at"]
        assignedTo = try row["assigned_to"]
        assignee = try row["assignee"]
    }

    public var path: String { "/orders/\(id)" }
    public var clientID: Client.ID { head.clientID }

    /// The day it was promised for is past, and it is not done.
    public func isLate(on today: Day) -> Bool {
        guard let dueOn else { return false }
        return dueOn < today && status.isUnderWay
    }
}
