import Basics
import Core
import Database
import HTTP

/// When VAT falls due: when a document is issued, or when money comes.
enum VATBasis: String, CaseIterable, Sendable {
    case receipts, debits

    var label: Text {
        switch self {
        case .receipts: Text("Encaissements", "Receipts")
        case .debits: Text("Débits", "Invoicing")
        }
    }
}

/// What the VAT report is about, from the address of the page.
struct VATFilter: Sendable {
    let basis: VATBasis
    let period: StatisticsPeriod
    let category: VATCategory?
    let percentage: Percentage?
    let after: PagePosition?
    let query: Fields

    /// The basis is the organisation's option, this month the period, unless the address says otherwise.
    init(_ query: Fields, _ organisation: Organisation, today: Day) {
        self.query = query
        let usual: VATBasis = organisation.vatOnDebits ? .debits : .receipts
        basis = query["basis"].flatMap(VATBasis.init) ?? usual
        let isOpen = ["period", "from", "to"].allSatisfy { (query[$0] ?? "").isEmpty }
        period = StatisticsPeriod(
            isOpen ? Fields([.init(name: "period", value: "month")]) : query, today: today)
        category = query["category"].flatMap(VATCategory.init)
        percentage = query["rate"].flatMap { Int($0) }
            .flatMap { (0...10_000).contains($0) ? Percentage(hundredths: $0) : nil }
        after = PagePosition(query["after"])
    }

    static let names = ["basis", "period", "on", "from", "to"]

    var address: ListAddress { ListAddress("/books/vat", query, keeping: Self.names) }
    var rowsAddress: ListAddress {
        ListAddress("/books/vat/rows", query, keeping: Self.names + ["category", "rate"])
    }

    var conditions: SQL {
        var out: SQL = "TRUE"
        if let category { out += " AND r.vat_category = \(category)" }
        if let percentage { out += " AND r.vat_rate = \(percentage)" }
        return out
    }
}

/// One document or receipt behind a figure of the VAT report.
struct VATReportRow: Record, Sendable {
    /// A place in the list: of the document or receipt together with the rate.
    var id: UniqueID
    var day: Day
    var number: String
    /// What it belongs to: the payment of an invoice; empty on debits.
    var payment: String
    var invoiceID: Invoice.ID
    var clientName: String
    var rate: ClosedVATRow

    init(row: Row) throws {
        id = try row["id"]
        day = try row["day"]
        number = try row["number"]
        payment = try row["payment"]
        invoiceID = try row["invoice_id"]
        clientName = try row["client_name"]
        rate = try ClosedVATRow(row: row)
    }
}

/// The VAT of a period by category and rate.
struct VATReport: Sendable {
    var basis: VATBasis
    var days: ClosedRange<Day>
    var rates: [ClosedVATRow]

    var base: Amount { rates.map(\.base).sum() }
    var vat: Amount { rates.map(\.vat).sum() }
}

extension VATReport: APIRecord {
    static let schemaName = "VATReport"
    static let members: [Member<VATReport>] = [
        .choice("basis") { $0.basis }, .day("from") { $0.days.lowerBound },
        .day("to") { $0.days.upperBound }, .amount("base_amount") { $0.base },
        .amount("vat_amount") { $0.vat }, .list("rates") { $0.rates },
    ]
}

extension VATFilter {
    static let parameters: [Property] =
        [Property("basis", .choice(of: VATBasis.self))] + StatisticsPeriod.parameters
}

extension Transaction {
    func vatReport(_ filter: VATFilter) throws -> VATReport {
        VATReport(
            basis: filter.basis, days: filter.period.days,
            rates: try all(
                """
                SELECT r.vat_category, r.vat_rate, sum(r.base_amount)::bigint AS base_amount,
                    sum(r.vat_amount)::bigint AS vat_amount
                FROM (\(vatRows(filter))) r WHERE \(filter.conditions)
                GROUP BY r.vat_category, r.vat_rate
                HAVING sum(r.base_amount) <> 0 OR sum(r.vat_amount) <> 0
                ORDER BY r.vat_category, r.vat_rate DESC
                """))
    }

    func vatReportRows(_ filter: VATFilter) throws -> Listing<VATReportRow> {
        let behind: SQL =
            filter.after.flatMap { after in
                Day(after.value).map { "AND (r.day, r.id) > (\($0), \(after.id))" }
            } ?? ""
        return Listing(
            try all(
                """
                SELECT * FROM (\(vatRows(filter))) r WHERE \(filter.conditions) \(behind)
                ORDER BY r.day, r.id, r.vat_category, r.vat_rate
                LIMIT \(PagePosition.rowsPerPage + 1)
                """)
        ) { PagePosition(value: $0.day.iso, id: $0.id) }
    }

    func eachVATReportRow(_ filter: VATFilter, _ body: (VATReportRow) throws -> Void) throws {
        try each(
            """
            SELECT * FROM (\(vatRows(filter))) r WHERE \(filter.conditions)
            ORDER BY r.day, r.id, r.vat_category, r.vat_rate
            """
        ) { try body(VATReportRow(row: $0)) }
    }

    private func vatRows(_ filter: VATFilter) -> SQL {
        let days = filter.period.days
        switch filter.basis {
        case .debits: return vatOnDebits(days)
        case .receipts:
            return """
                SELECT * FROM (\(vatOnReceipts)) t
                WHERE t.day BETWEEN \(days.lowerBound) AND \(days.upperBound)
                """
        }
    }

    private func vatOnDebits(_ days: ClosedRange<Day>) -> SQL {
        """
        SELECT md5(concat_ws(' ', i.id, v.vat_category, v.vat_rate))::uuid AS id, i.issued_on AS day,
            i.number, '' AS payment, i.id AS invoice_id,
            c.name AS client_name, v.vat_category, v.vat_rate,
            v.base_amount * CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS base_amount,
            v.vat_amount * CASE i.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS vat_amount
        FROM invoices i
        JOIN invoice_vat_rows v ON v.organisation_id = \(organisation) AND v.invoice_id = i.id
        JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
        WHERE i.organisation_id = \(organisation) AND \(Invoice.isIssuedHere)
            AND i.issued_on BETWEEN \(days.lowerBound) AND \(days.upperBound)
        """
    }

    /// The VAT that is within money received for invoices, and within what was paid back of credit
    /// notes. Of an invoice that is paid in parts each takes what it adds to the rounded total, so that
    /// they end at its VAT. What was recorded with its payment is of that day; what was allocated or
    /// undone later, of the day it was. Credit of one invoice that settles another moves the money from
    /// the rates of the one to those of the other.
    private var vatOnReceipts: SQL {
        let zone = scope.organisation.timeZone
        return """
            SELECT md5(concat_ws(' ', s.id, i.id, v.vat_category, v.vat_rate))::uuid AS id, s.day, i.number,
                s.payment, i.id AS invoice_id, c.name AS client_name,
                v.vat_category, v.vat_rate,
                (s.sign * (round(v.base_amount::numeric * s.reached / i.total_gross)
                    - round(v.base_amount::numeric * (s.reached - s.amount) / i.total_gross)))::bigint
                    AS base_amount,
                (s.sign * (round(v.vat_amount::numeric * s.reached / i.total_gross)
                    - round(v.vat_amount::numeric * (s.reached - s.amount) / i.total_gross)))::bigint
                    AS vat_amount
            FROM (
                SELECT m.*, sum(m.amount) OVER (PARTITION BY m.document_id
                    ORDER BY m.created_at, m.id) AS reached
                FROM (
                    SELECT a.id, a.amount, a.created_at, p.number AS payment,
                        coalesce(a.credit_note_id, a.invoice_id) AS document_id,
                        CASE WHEN a.credit_note_id IS NULL THEN 1 ELSE -1 END AS sign,
                        CASE WHEN a.amount > 0 AND a.created_at = p.created_at THEN p.paid_on
                            ELSE (a.created_at AT TIME ZONE \(zone))::date END AS day
                    FROM allocations a
                    JOIN payments p ON p.organisation_id = \(organisation)
                        AND p.id = coalesce(a.refund_id, a.payment_id)
                    WHERE a.organisation_id = \(organisation)
                        AND (a.payment_id IS NOT NULL AND a.invoice_id IS NOT NULL
                            OR a.credit_note_id IS NOT NULL AND a.refund_id IS NOT NULL)
                    UNION ALL
                    SELECT a.id, a.amount, a.created_at, n.number, d.id, d.sign,
                        (a.created_at AT TIME ZONE \(zone))::date
                    FROM allocations a
                    JOIN invoices n ON n.organisation_id = \(organisation)
                        AND n.id = a.credit_note_id AND n.corrected_invoice_id <> a.invoice_id
                    CROSS JOIN LATERAL (
                        VALUES (a.credit_note_id, -1), (a.invoice_id, 1)) d (id, sign)
                    WHERE a.organisation_id = \(organisation) AND a.invoice_id IS NOT NULL
                ) m
            ) s
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = s.document_id
                AND i.total_gross > 0
            JOIN invoice_vat_rows v ON v.organisation_id = \(organisation) AND v.invoice_id = i.id
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            """
    }
}
