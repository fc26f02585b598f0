import Basics
import Core
import Database

/// What was sold and what was received in some days. Net of VAT: issued invoices less credit notes.
/// Received is with VAT, refunds and what was undone taken off.
struct Revenue: Record, Sendable, Equatable {
    var days: ClosedRange<Day>
    var net: Amount
    /// Documents: invoices and credit notes.
    var count: Int
    var received: Amount

    init(row: Row) throws {
        days = try row["first"]...row["last"]
        net = try row["net"]
        count = try row["document_count"]
        received = try row["received"]
    }
}

extension Transaction {
    /// Of each of these stretches, in their order.
    func revenue(in stretches: [ClosedRange<Day>], origins: [String]) throws -> [Revenue] {
        let rows = stretches.enumerated().map { index, days -> SQL in
            "(\(index)::bigint, \(days.lowerBound)::date, \(days.upperBound)::date)"
        }
        return try all(
            """
            SELECT s.first, s.last, coalesce((
                SELECT sum(r.net) FROM daily_revenue r
                WHERE r.organisation_id = \(organisation) AND r.origin = ANY (\(origins))
                    AND r.day BETWEEN s.first AND s.last), 0)::bigint AS net,
                coalesce((
                SELECT sum(r.invoice_count + r.credit_note_count) FROM daily_revenue r
                WHERE r.organisation_id = \(organisation) AND r.origin = ANY (\(origins))
                    AND r.day BETWEEN s.first AND s.last), 0)::bigint AS document_count,
                coalesce((
                SELECT sum(p.received - p.paid_back) FROM daily_payments p
                WHERE p.organisation_id = \(organisation)
                    AND p.day BETWEEN s.first AND s.last), 0)::bigint AS received
            FROM (VALUES \(SQL.joined(rows, separator: ", "))) AS s (position, first, last)
            ORDER BY s.position
            """)
    }
}

/// This month, this year and the last twelve months up to today, each with as many days before.
struct Headline: Sendable {
    enum Stretch: CaseIterable {
        case month, year, twelveMonths

        var label: Text {
            switch self {
            case .month: Text("Ce mois-ci", "This month")
            case .year: Text("Cette année", "This year")
            case .twelveMonths: Text("Douze derniers mois", "Last twelve months")
            }
        }

        func days(_ today: Day) -> ClosedRange<Day> {
            switch self {
            case .month: today.firstOfMonth...today
            case .year: today.firstOfYear...today
            case .twelveMonths: today.adding(months: -12).adding(days: 1)...today
            }
        }

        /// The same days of the month or year before.
        func before(_ today: Day) -> ClosedRange<Day> {
            let months = self == .month ? -1 : -12
            let days = days(today)
            let last = today.adding(months: months)
            return min(days.lowerBound.adding(months: months), last)...last
        }
    }

    let now: [Stretch: Revenue]
    let before: [Stretch: Revenue]

    init(_ transaction: Transaction, origins: [String]) throws {
        let today = transaction.today
        let all = try transaction.revenue(
            in: Stretch.allCases.map { $0.days(today) }
                + Stretch.allCases.map { $0.before(today) }, origins: origins)
        let count = Stretch.allCases.count
        now = Dictionary(uniqueKeysWithValues: zip(Stretch.allCases, all.prefix(count)))
        before = Dictionary(uniqueKeysWithValues: zip(Stretch.allCases, all.suffix(count)))
    }
}
