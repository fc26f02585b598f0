import Basics
import Core
import Database

/// An invoice as a list shows it.
struct InvoiceRow: Record, Sendable, InvoiceStanding {
    var id: Invoice.ID
    var kind: Invoice.Kind
    var origin: Invoice.Origin
    var status: Invoice.Status
    var number: String?
    var clientID: Client.ID
    var clientNumber: String
    var clientName: String
    var subject: String
    var reference: String
    var issuedOn: Day?
    var dueOn: Day?
    var sentAt: Instant?
    var currency: Currency
    var totalNet: Amount
    var totalVAT: Amount
    var totalGross: Amount
    var paidAmount: Amount
    var creditedAmount: Amount
    var openAmount: Amount
    var createdAt: Instant
    var sortValue: String

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        origin = try row["origin"]
        status = try row["status"]
        number = try row["number"]
        clientID = try row["client_id"]
        clientNumber = try row["client_number"]
        clientName = try row["client_name"]
        subject = try row["subject"]
        reference = try row["reference"]
        issuedOn = try row["issued_on"]
        dueOn = try row["due_on"]
        sentAt = try row["sent_at"]
        currency = try row["currency"]
        totalNet = try row["total_net"]
        totalVAT = try row["total_vat"]
        totalGross = try row["total_gross"]
        paidAmount = try row["paid_amount"]
        creditedAmount = try row["credited_amount"]
        openAmount = try row["open_amount"]
        createdAt = try row["created_at"]
        sortValue = try row["sort_value"]
    }

    static func columns(sort: SQL) -> SQL {
        """
        i.id, i.kind, i.origin, i.status, i.number, i.client_id, c.number AS client_number,
        c.name AS client_name, i.subject, i.reference, i.issued_on, i.due_on, i.sent_at,
        i.currency, i.total_net, i.total_vat, i.total_gross, i.paid_amount, i.credited_amount,
        i.open_amount, i.created_at, \(sort)::text AS sort_value
        """
    }

    var path: String { "/invoices/\(id)" }

}

extension Transaction {
    /// One page of invoices, one row more than a page when there is a next one.
    func invoices(_ filter: InvoiceFilter) throws -> Listing<InvoiceRow> {
        let rows: [InvoiceRow] = try all(
            """
            SELECT \(InvoiceRow.columns(sort: filter.sortColumn)) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) \(filter.conditions) \(filter.position)
            ORDER BY \(filter.sorting) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.sortValue, id: $0.id.value) }
    }

    /// Drafts and the latest of a client; imported ones where there are not enough of ours.
    func invoices(of client: Client.ID, most: Int) throws -> [InvoiceRow] {
        try all(
            """
            SELECT \(InvoiceRow.columns(sort: "coalesce(i.issued_on, 'infinity')")) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.client_id = \(client)
            ORDER BY i.origin = 'import', i.issued_on DESC, i.id DESC LIMIT \(most)
            """)
    }

    /// All invoices of a filter, one line each.
    func exportInvoices(_ filter: InvoiceFilter, to file: TableFile, _ say: Language) throws {
        let organisation = self.organisation
        try each(
            """
            SELECT \(InvoiceRow.columns(sort: filter.sortColumn)) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) \(filter.conditions)
            ORDER BY \(filter.sorting)
            """
        ) { row in
            try file.add(InvoiceRow(row: row).cells(say, on: filter.today))
        }
    }
}

extension InvoiceRow {
    static let headings = [
        Text("Numéro", "Number"), Text("Type", "Kind"), Text("État", "Status"),
        Text("N° client", "Client no."), Text("Client", "Client"), Text("Objet", "Subject"),
        Text("Référence", "Reference"), Text("Émise le", "Issued on"),
        Text("Échéance", "Due on"), Text("Total HT", "Net"), Text("TVA", "VAT"),
        Text("Total TTC", "Total"), Text("Encaissé", "Paid"), Text("Avoirs", "Credited"),
        Text("Reste dû", "Open"), Text("Devise", "Currency"),
    ]

    fileprivate func cells(_ say: Language, on today: Day) -> [TableCell] {
        func plain(_ amount: Amount) -> TableCell { .amount(signed(amount), currency) }
        let states = InvoiceState.states(of: self, on: today).map { say($0.label) }
        return [
            .text(number ?? ""), .text(say(kind.label)), .text(states.joined(separator: ", ")),
            .text(clientNumber), .text(clientName), .text(subject), .text(reference),
            .day(issuedOn), .day(dueOn), plain(totalNet), plain(totalVAT), plain(totalGross),
            plain(paidAmount), plain(creditedAmount), plain(openAmount), .text(currency.code),
        ]
    }
}
