import Basics
import Core
import Database

/// One month as a bar of the chart.
struct MonthlyRevenue: Record, Sendable, Equatable {
    /// Its first day.
    var month: Day
    var net: Amount
    var invoices: Int
    var creditNotes: Int
    var received: Amount

    var days: ClosedRange<Day> { month...month.endOfMonth }

    init(_ month: Day) {
        self.month = month
        (net, invoices, creditNotes, received) = (.zero, 0, 0, .zero)
    }

    init(row: Row) throws {
        month = try row["month"]
        net = try row["net"]
        invoices = try row["invoice_count"]
        creditNotes = try row["credit_note_count"]
        received = try row["received"]
    }
}

extension Transaction {
    /// Every month from that of the first day to that of the last, those without anything too. Of
    /// months that begin or end outside these days, what lies within them counts.
    func monthlyRevenue(in days: ClosedRange<Day>, origins: [String]) throws -> [MonthlyRevenue] {
        let (first, last) = (days.lowerBound, days.upperBound)
        let found: [MonthlyRevenue] = try all(
            """
            SELECT date_trunc('month', s.day)::date AS month, sum(s.net)::bigint AS net,
                sum(s.invoices)::bigint AS invoice_count,
                sum(s.credit_notes)::bigint AS credit_note_count,
                sum(s.received)::bigint AS received
            FROM (
                SELECT day, net, invoice_count AS invoices, credit_note_count AS credit_notes,
                    0::bigint AS received
                FROM daily_revenue
                WHERE organisation_id = \(organisation) AND origin = ANY (\(origins))
                    AND day BETWEEN \(first) AND \(last)
                UNION ALL
                SELECT day, 0, 0, 0, received - paid_back FROM daily_payments
                WHERE organisation_id = \(organisation) AND day BETWEEN \(first) AND \(last)
            ) s GROUP BY 1 ORDER BY 1
            """)
        var months: [MonthlyRevenue] = []
        var month = first.firstOfMonth
        while month <= last {
            months.append(found.first { $0.month == month } ?? MonthlyRevenue(month))
            month = month.adding(months: 1)
        }
        return months
    }
}
