import Basics
import Core
import Database

/// How many documents of one status, and their net.
struct StatusCount<Status: SQLDecodable & Sendable>: Record, Sendable {
    var status: Status
    var count: Int
    var net: Amount

    init(_ status: Status, count: Int = 0, net: Amount = .zero) {
        self.status = status
        self.count = count
        self.net = net
    }

    init(row: Row) throws {
        status = try row["status"]
        count = try row["document_count"]
        net = try row["net"]
    }
}

/// How the quotes of a period went. A quote whose validity is over is lost, noted or not.
struct QuoteCounts: Sendable {
    /// In the order of a quote's life, those without any too.
    let all: [StatusCount<Quote.Status>]

    init(_ transaction: Transaction, in days: ClosedRange<Day>) throws {
        let found: [StatusCount<Quote.Status>] = try transaction.all(
            """
            SELECT s.status, sum(s.n)::bigint AS document_count, sum(s.net)::bigint AS net
            FROM (
                SELECT status, document_count AS n, net FROM daily_quotes
                WHERE organisation_id = \(transaction.organisation)
                    AND day BETWEEN \(days.lowerBound) AND \(days.upperBound)
                UNION ALL
                SELECT late.status, late.sign * q.n, late.sign * q.net
                FROM (
                    SELECT count(*)::bigint AS n, coalesce(sum(total_net), 0)::bigint AS net
                    FROM quotes
                    WHERE organisation_id = \(transaction.organisation) AND status = 'sent'
                        AND valid_until < \(transaction.today)
                        AND quoted_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
                ) q, (VALUES ('sent', -1), ('expired', 1)) AS late (status, sign)
            ) s GROUP BY s.status
            """)
        all = Quote.Status.allCases.map { status in
            found.first { $0.status == status } ?? StatusCount(status)
        }
    }

    subscript(_ status: Quote.Status) -> StatusCount<Quote.Status> {
        all.first { $0.status == status } ?? StatusCount(status)
    }
    var won: StatusCount<Quote.Status> { self[.accepted] }
    /// Refused and expired.
    var lost: (count: Int, net: Amount) {
        (self[.refused].count + self[.expired].count, self[.refused].net + self[.expired].net)
    }
    var decided: (count: Int, net: Amount) { (won.count + lost.count, won.net + lost.net) }
    /// Won of what was decided, by number.
    var rate: Percentage? {
        guard decided.count > 0 else { return nil }
        return Percentage(
            hundredths: roundedQuotient(Int128(won.count) * 10_000, Int128(decided.count)))
    }
}

extension Transaction {
    /// The orders of a period, every status once.
    func orderCounts(in days: ClosedRange<Day>) throws -> [StatusCount<OrderStatus>] {
        let found: [StatusCount<OrderStatus>] = try all(
            """
            SELECT status, sum(document_count)::bigint AS document_count, sum(net)::bigint AS net
            FROM daily_orders
            WHERE organisation_id = \(organisation)
                AND day BETWEEN \(days.lowerBound) AND \(days.upperBound)
            GROUP BY status
            """)
        return OrderStatus.allCases.map { status in
            found.first { $0.status == status } ?? StatusCount(status)
        }
    }
}
