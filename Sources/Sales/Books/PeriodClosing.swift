import Basics
import Core
import Database

/// A month or a year that is closed: its totals, frozen, and those of everything since the first day.
/// No document and no payment can be dated in it any more, nor before it.
public struct PeriodClosing: Record, Sendable {
    public typealias ID = Basics.ID<PeriodClosing>

    public enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case month, year

        public var label: Text {
            switch self {
            case .month: Text("Mois", "Month")
            case .year: Text("Année", "Year")
            }
        }

        /// The last day of the period that begins on a day.
        func end(of start: Day) -> Day {
            self == .month ? start.endOfMonth : start.adding(months: 11).endOfMonth
        }

        /// The first day of the period that a day is in.
        func start(of day: Day) -> Day { self == .month ? day.firstOfMonth : day.firstOfYear }
    }

    public var id: ID
    public var kind: Kind
    public var startsOn: Day
    public var endsOn: Day
    public var currency: Currency
    public var totals: PeriodTotals
    public var closedAt: Instant
    public var closedByName: String

    public init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        startsOn = try row["starts_on"]
        endsOn = try row["ends_on"]
        currency = try row["currency"]
        totals = try PeriodTotals(row: row)
        closedAt = try row["closed_at"]
        closedByName = try row["closed_by_name"]
    }

    static let columns: SQL = """
        c.id, c.kind, c.starts_on, c.ends_on, c.currency, c.invoice_count, c.credit_note_count,
        c.total_net, c.total_vat, c.total_gross, c.payment_count, c.received_amount,
        c.refunded_amount, c.perpetual_gross, c.perpetual_received, c.closed_at, c.closed_by_name
        """

    public var path: String { "/books/closings/\(id)" }

    /// `octobre 2026`, `2026`
    public func title(_ say: Language) -> String { Self.title(kind, startsOn, say) }
    static func title(_ kind: Kind, _ start: Day, _ say: Language) -> String {
        kind == .year ? String(start.year) : "\(say.month(start.month)) \(start.year)"
    }
}

/// What was issued and received in a period. Credit notes count against invoices.
public struct PeriodTotals: Record, Sendable, Equatable {
    public var invoices: Int
    public var creditNotes: Int
    public var net: Amount
    public var vat: Amount
    public var gross: Amount
    public var payments: Int
    public var received: Amount
    public var refunded: Amount
    /// Of everything up to the last day of the period.
    public var perpetualGross: Amount
    public var perpetualReceived: Amount

    public init(row: Row) throws {
        invoices = try row["invoice_count"]
        creditNotes = try row["credit_note_count"]
        net = try row["total_net"]
        vat = try row["total_vat"]
        gross = try row["total_gross"]
        payments = try row["payment_count"]
        received = try row["received_amount"]
        refunded = try row["refunded_amount"]
        perpetualGross = try row["perpetual_gross"]
        perpetualReceived = try row["perpetual_received"]
    }
}

/// A closing with its VAT by rate.
struct PeriodClosingDetails: Sendable {
    var closing: PeriodClosing
    var vatRows: [ClosedVATRow]
}

/// The VAT of one category and rate, of a period.
struct ClosedVATRow: Record, Sendable {
    var category: VATCategory
    var percentage: Percentage
    var base: Amount
    var vat: Amount

    init(row: Row) throws {
        category = try row["vat_category"]
        percentage = try row["vat_rate"]
        base = try row["base_amount"]
        vat = try row["vat_amount"]
    }

    func label(_ say: Language) -> String {
        category == .standard ? say.percentage(percentage) : say(category.label)
    }
}

extension PeriodClosing: APIRecord {
    public static let schemaName = "PeriodClosingSummary"
    public static let members: [Member<PeriodClosing>] = [
        .id { $0.id }, .choice("kind") { $0.kind }, .day("starts_on") { $0.startsOn },
        .day("ends_on") { $0.endsOn }, .currency { $0.currency },
        .integer("invoice_count") { $0.totals.invoices },
        .integer("credit_note_count") { $0.totals.creditNotes },
        .amount("total_net") { $0.totals.net }, .amount("total_vat") { $0.totals.vat },
        .amount("total_gross") { $0.totals.gross },
        .integer("payment_count") { $0.totals.payments },
        .amount("received_amount") { $0.totals.received },
        .amount("refunded_amount") { $0.totals.refunded },
        .amount("perpetual_gross") { $0.totals.perpetualGross },
        .amount("perpetual_received") { $0.totals.perpetualReceived },
        .instant("closed_at") { $0.closedAt }, .text("closed_by_name") { $0.closedByName },
    ]
}

extension PeriodClosingDetails: APIRecord {
    static let schemaName = "PeriodClosing"
    static let members: [Member<PeriodClosingDetails>] =
        Member.all { $0.closing } + [.list("vat_rows") { $0.vatRows }]
}

extension ClosedVATRow: APIRecord {
    static let schemaName = "ClosedVATRow"
    static let members: [Member<ClosedVATRow>] = [
        .choice("vat_category") { $0.category }, .percentage("vat_rate") { $0.percentage },
        .amount("base_amount") { $0.base }, .amount("vat_amount") { $0.vat },
    ]
}
