import Basics
import Core
import Database
import HTTP

/// How long clients took to pay: the days from the invoice to each payment, weighed by its amount.
struct PaymentDelay: Record, Sendable, Equatable {
    /// Settled of invoices by payments.
    var settled: Amount
    /// The mean in tenths of a day; nil where nothing was settled.
    var tenthsOfDays: Int?

    init(row: Row) throws {
        settled = try row["settled"]
        tenthsOfDays = try row["mean_tenths"]
    }

    func text(_ say: Language) -> String {
        guard let tenthsOfDays else { return "–" }
        return say.decimal(tenthsOfDays, decimals: 1) + "\u{A0}" + say("jours", "days")
    }
}

/// A part of an invoice that a payment settled.
struct Settlement: Record, Sendable {
    var id: UniqueID
    var paidOn: Day
    var paymentID: Payment.ID
    var paymentNumber: String
    var invoiceID: Invoice.ID
    var invoiceNumber: String
    var clientName: String
    var amount: Amount
    /// From the invoice's day to the payment's.
    var days: Int

    init(row: Row) throws {
        id = try row["id"]
        paidOn = try row["paid_on"]
        paymentID = try row["payment_id"]
        paymentNumber = try row["payment_number"]
        invoiceID = try row["invoice_id"]
        invoiceNumber = try row["invoice_number"]
        clientName = try row["client_name"]
        amount = try row["amount"]
        days = try row["days"]
    }
}

/// Which settlements are shown, from the address of the page.
struct SettlementFilter: Sendable {
    static let path = "/statistics/settlements"

    let from: Day?
    let to: Day?
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        after = PagePosition(query["after"])
    }

    var address: ListAddress { ListAddress(Self.path, query, keeping: ["from", "to"]) }

    var conditions: SQL {
        var out: SQL = ""
        if let from { out += " AND p.paid_on >= \(from)" }
        if let to { out += " AND p.paid_on <= \(to)" }
        return out
    }

    var position: SQL {
        guard let after, let day = Day(after.value) else { return "" }
        return " AND (p.paid_on, a.id) < (\(day), \(after.id))"
    }
}

extension Transaction {
    func paymentDelay(in days: ClosedRange<Day>) throws -> PaymentDelay {
        try one(
            """
            SELECT coalesce(sum(settled), 0)::bigint AS settled,
                round(sum(settled_days) * 10 / nullif(sum(settled), 0))::bigint AS mean_tenths
            FROM daily_payments
            WHERE organisation_id = \(organisation)
                AND day BETWEEN \(days.lowerBound) AND \(days.upperBound)
            """)
    }

    /// The same from the rows that a list shows.
    func paymentDelay(_ filter: SettlementFilter) throws -> PaymentDelay {
        try one(
            """
            SELECT coalesce(sum(a.amount), 0)::bigint AS settled,
                round(sum(a.amount::numeric * (p.paid_on - i.issued_on)) * 10
                    / nullif(sum(a.amount), 0))::bigint AS mean_tenths
            \(settlements(filter.conditions))
            """)
    }

    /// One page, the latest payments first.
    func settlements(_ filter: SettlementFilter) throws -> Listing<Settlement> {
        let rows: [Settlement] = try all(
            """
            SELECT \(columns) \(settlements(filter.conditions + filter.position))
            ORDER BY p.paid_on DESC, a.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.paidOn.iso, id: $0.id) }
    }

    func exportSettlements(_ filter: SettlementFilter, to file: TableFile) throws {
        let currency = self.currency
        try each(
            """
            SELECT \(columns) \(settlements(filter.conditions))
            ORDER BY p.paid_on DESC, a.id DESC
            """
        ) { row in
            let part = try Settlement(row: row)
            try file.add([
                .day(part.paidOn), .text(part.paymentNumber), .text(part.invoiceNumber),
                .text(part.clientName), .amount(part.amount, currency), .count(part.days),
            ])
        }
    }

    private var columns: SQL {
        """
        a.id, p.paid_on, p.id AS payment_id, p.number AS payment_number, i.id AS invoice_id,
        i.number AS invoice_number, c.name AS client_name, a.amount,
        (p.paid_on - i.issued_on)::bigint AS days
        """
    }

    private func settlements(_ conditions: SQL) -> SQL {
        """
        FROM payments p
        JOIN allocations a ON a.organisation_id = \(organisation) AND a.payment_id = p.id
        JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = a.invoice_id
        JOIN clients c ON c.organisation_id = \(organisation) AND c.id = p.client_id
        WHERE p.organisation_id = \(organisation) \(conditions)
        """
    }
}
