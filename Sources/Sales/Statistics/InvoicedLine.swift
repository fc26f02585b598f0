import Basics
import Core
import Database
import HTTP

/// One line of an issued invoice; of a credit note it takes off.
struct InvoicedLine: Record, Sendable {
    var id: UniqueID
    var invoiceID: Invoice.ID
    var number: String
    var clientName: String
    var issuedOn: Day
    var label: String
    var quantity: Quantity
    var net: Amount
    var currency: Currency

    init(row: Row) throws {
        id = try row["id"]
        invoiceID = try row["invoice_id"]
        number = try row["number"]
        clientName = try row["client_name"]
        issuedOn = try row["issued_on"]
        label = try row["label"]
        quantity = try row["quantity"]
        net = try row["net"]
        currency = try row["currency"]
    }

    /// Of `invoices i` and `invoice_lines l`.
    static let signedNet: SQL =
        "CASE i.kind WHEN 'credit_note' THEN -l.net_amount ELSE l.net_amount END"
    static let signedQuantity: SQL =
        "CASE i.kind WHEN 'credit_note' THEN -l.quantity ELSE l.quantity END"

    static let columns: SQL = """
        l.id, l.invoice_id, i.number, c.name AS client_name, i.issued_on, l.label, i.currency,
        \(signedQuantity) AS quantity, \(signedNet) AS net
        """
}

/// Which invoiced lines are shown, from the address of the page.
struct InvoicedLineFilter: Sendable {
    static let path = "/statistics/lines"
    /// In place of an item: the lines that name none.
    static let withoutItem = "none"

    let item: Item.ID?
    let namesNoItem: Bool
    let from: Day?
    let to: Day?
    let withImported: Bool
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        item = query["item"].flatMap { Item.ID($0) }
        namesNoItem = query["item"] == Self.withoutItem
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
        withImported = query["imported"] == "yes"
        after = PagePosition(query["after"])
    }

    var address: ListAddress {
        ListAddress(Self.path, query, keeping: ["item", "from", "to", "imported"])
    }

    var conditions: SQL {
        var out: SQL = """
            AND \(Invoice.isRevenue) AND i.origin = ANY (\(StatisticsPeriod.origins(withImported)))
                AND l.kind = 'item'
            """
        if let item { out += " AND l.item_id = \(item)" }
        if namesNoItem { out += " AND l.item_id IS NULL" }
        if let from { out += " AND i.issued_on >= \(from)" }
        if let to { out += " AND i.issued_on <= \(to)" }
        return out
    }

    var position: SQL {
        guard let after, let day = Day(after.value) else { return "" }
        return " AND (i.issued_on, l.id) < (\(day), \(after.id))"
    }
}

extension Transaction {
    /// One page, the latest first.
    func invoicedLines(_ filter: InvoicedLineFilter) throws -> Listing<InvoicedLine> {
        let rows: [InvoicedLine] = try all(
            """
            \(invoicedLines(filter.conditions + filter.position))
            ORDER BY i.issued_on DESC, l.id DESC LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.issuedOn.iso, id: $0.id) }
    }

    func exportInvoicedLines(_ filter: InvoicedLineFilter, to file: TableFile) throws {
        try each(
            "\(invoicedLines(filter.conditions)) ORDER BY i.issued_on DESC, l.id DESC"
        ) { row in
            let line = try InvoicedLine(row: row)
            try file.add([
                .text(line.number), .day(line.issuedOn), .text(line.clientName), .text(line.label),
                .number(line.quantity.tenThousandths, decimals: Quantity.decimals),
                .amount(line.net, line.currency),
            ])
        }
    }

    private func invoicedLines(_ conditions: SQL) -> SQL {
        """
        SELECT \(InvoicedLine.columns) FROM invoices i
        JOIN invoice_lines l ON l.organisation_id = \(organisation) AND l.invoice_id = i.id
        JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
        WHERE i.organisation_id = \(organisation) \(conditions)
        """
    }

    func invoicedLinesTotal(_ filter: InvoicedLineFilter) throws -> Amount {
        try value(
            """
            SELECT coalesce(sum(\(InvoicedLine.signedNet)), 0)::bigint FROM invoices i
            JOIN invoice_lines l ON l.organisation_id = \(organisation) AND l.invoice_id = i.id
            WHERE i.organisation_id = \(organisation) \(filter.conditions)
            """) ?? .zero
    }
}
