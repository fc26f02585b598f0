import Basics
import Core
import Database

/// What an invoice holds that comes back by itself, and when.
public struct RecurringInvoice: Record, Sendable {
    public typealias ID = Basics.ID<RecurringInvoice>

    public enum Status: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case active, paused, ended

        public var label: Text {
            switch self {
            case .active: Text("Actif", "Active")
            case .paused: Text("En pause", "Paused")
            case .ended: Text("Terminé", "Ended")
            }
        }
    }

    /// How far the program goes by itself.
    public enum Delivery: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case draft, issue, send

        public var label: Text {
            switch self {
            case .draft: Text("Préparer un brouillon", "Draft it")
            case .issue: Text("Émettre", "Issue it")
            case .send: Text("Émettre et envoyer", "Issue and send it")
            }
        }
    }

    public var id: ID
    public var number: String
    public var clientName: String
    public var status: Status
    public var schedule: RecurringSchedule
    public var delivery: Delivery
    /// The period whose invoice comes next.
    public var nextOn: Day?
    /// Why the program paused it; empty otherwise.
    public var problem: String
    public var head: DocumentHead
    public var currency: Currency
    public var totalNet: Amount
    public var totalVAT: Amount
    public var totalGross: Amount
    public var version: Int
    public var createdAt: Instant

    public init(row: Row) throws {
        id = try row["id"]
        number = try row["number"]
        clientName = try row["client_name"]
        status = try row["status"]
        schedule = RecurringSchedule(
            try row["frequency"], from: try row["starts_on"], to: try row["ends_on"],
            dayOfMonth: try row["day_of_month"])
        delivery = try row["delivery"]
        nextOn = try row["next_on"]
        problem = try row["problem"]
        head = try DocumentHead(row: row)
        currency = try row["currency"]
        totalNet = try row["total_net"]
        totalVAT = try row["total_vat"]
        totalGross = try row["total_gross"]
        version = try row["version"]
        createdAt = try row["created_at"]
    }

    public var path: String { "/recurring-invoices/\(id)" }
    public var clientID: Client.ID { head.clientID }
}

/// What became of one period.
struct RecurringPeriod: Record, Sendable {
    var periodOn: Day
    /// Nil when its draft was deleted.
    var invoiceID: Invoice.ID?
    var invoiceNumber: String?
    var invoiceStatus: Invoice.Status?
    var totalGross: Amount?
    var problem: String

    init(row: Row) throws {
        periodOn = try row["period_on"]
        invoiceID = try row["invoice_id"]
        invoiceNumber = try row["invoice_number"]
        invoiceStatus = try row["invoice_status"]
        totalGross = try row["total_gross"]
        problem = try row["problem"]
    }
}
