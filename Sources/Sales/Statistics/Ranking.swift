import Basics
import Core
import Database

/// What one client bought in a period, net.
struct RankedClient: Record, Sendable, Equatable {
    var id: Client.ID
    var name: String
    var net: Amount
    /// Invoices and credit notes.
    var count: Int

    init(row: Row) throws {
        id = try row["id"]
        name = try row["name"]
        net = try row["net"]
        count = try row["document_count"]
    }
}

/// What was sold of one item in a period, net. Lines that name no item stand together.
struct RankedItem: Record, Sendable, Equatable {
    var id: Item.ID?
    var label: String?
    var net: Amount
    var quantity: Quantity
    var count: Int

    init(row: Row) throws {
        id = try row["id"]
        label = try row["label"]
        net = try row["net"]
        quantity = try row["quantity"]
        count = try row["line_count"]
    }

    func label(_ say: Language) -> String {
        label ?? say("Lignes sans article", "Lines without an item")
    }
}

/// Months that lie wholly in some days come from the summaries, the days at both ends from the documents.
struct WholeMonths: Sendable {
    let days: ClosedRange<Day>
    /// The first day of the first whole month, and the first day behind the last one.
    let start: Day
    let end: Day

    init(in days: ClosedRange<Day>) {
        self.days = days
        let first = days.lowerBound.firstOfMonth
        let from = first == days.lowerBound ? first : first.adding(months: 1)
        let to = days.upperBound.adding(days: 1).firstOfMonth
        // Where there is none, every day is at an end.
        (start, end) = from < to ? (from, to) : (days.lowerBound, days.lowerBound)
    }

    /// A condition on `invoices i`: issued on a day at an end.
    var ends: SQL {
        """
        (i.issued_on BETWEEN \(days.lowerBound) AND \(start.adding(days: -1))
            OR i.issued_on BETWEEN \(end) AND \(days.upperBound))
        """
    }

    /// A condition on a summary `r` by month.
    var months: SQL { "r.month >= \(start) AND r.month < \(end)" }
}

extension Transaction {
    static let mostRanked = 10

    /// Those who bought most, best first.
    func bestClients(
        in days: ClosedRange<Day>, origins: [String], most: Int = mostRanked
    ) throws -> [RankedClient] {
        let parts = WholeMonths(in: days)
        return try all(
            """
            SELECT c.id, c.name, sum(s.net)::bigint AS net, sum(s.n)::bigint AS document_count
            FROM (
                SELECT r.client_id, r.net, r.document_count AS n FROM client_revenue r
                WHERE r.organisation_id = \(organisation) AND r.origin = ANY (\(origins))
                    AND \(parts.months)
                UNION ALL
                SELECT i.client_id, \(Invoice.signedNet), 1 FROM invoices i
                WHERE i.organisation_id = \(organisation) AND i.origin = ANY (\(origins))
                    AND \(Invoice.isRevenue) AND \(parts.ends)
            ) s
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = s.client_id
            GROUP BY c.id, c.name ORDER BY net DESC, c.name, c.id LIMIT \(most)
            """)
    }

    /// What sold best, best first.
    func bestItems(
        in days: ClosedRange<Day>, origins: [String], most: Int = mostRanked
    ) throws -> [RankedItem] {
        let parts = WholeMonths(in: days)
        return try all(
            """
            SELECT s.item_id AS id, t.label, sum(s.net)::bigint AS net,
                sum(s.quantity)::bigint AS quantity, sum(s.n)::bigint AS line_count
            FROM (
                SELECT r.item_id, r.net, r.quantity, r.line_count AS n FROM item_revenue r
                WHERE r.organisation_id = \(organisation) AND r.origin = ANY (\(origins))
                    AND \(parts.months)
                UNION ALL
                SELECT l.item_id, \(InvoicedLine.signedNet), \(InvoicedLine.signedQuantity), 1
                FROM invoices i
                JOIN invoice_lines l ON l.organisation_id = \(organisation)
                    AND l.invoice_id = i.id AND l.kind = 'item'
                WHERE i.organisation_id = \(organisation) AND i.origin = ANY (\(origins))
                    AND \(Invoice.isRevenue) AND \(parts.ends)
            ) s
            LEFT JOIN items t ON t.organisation_id = \(organisation) AND t.id = s.item_id
            GROUP BY s.item_id, t.label ORDER BY net DESC, t.label, s.item_id LIMIT \(most)
            """)
    }
}

extension Invoice {
    /// Of `invoices i`: a credit note takes off.
    static let signedNet: SQL =
        "CASE i.kind WHEN 'credit_note' THEN -i.total_net ELSE i.total_net END"
    /// Opening balances are sales of an older program.
    static let isRevenue: SQL = "i.status = 'issued' AND i.kind <> 'opening_balance'"
}
