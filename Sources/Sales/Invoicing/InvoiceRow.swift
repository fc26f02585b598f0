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

    /// All invoices of a filter, one line each, with a heading.
    func invoicesAsCSV(_ filter: InvoiceFilter, _ say: Language) throws -> String {
        let organisation = self.organisation
        var text = "\u{FEFF}" + CSV.line(InvoiceRow.headings(say))
        try each(
            """
            SELECT \(InvoiceRow.columns(sort: filter.sortColumn)) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) \(filter.conditions)
            ORDER BY \(filter.sorting)
            """
        ) { row in
            text += CSV.line(try InvoiceRow(row: row).cells(say, on: filter.today))
        }
        return text
    }
}

extension InvoiceRow {
    fileprivate static func headings(_ say: Language) -> [String] {
        [
            say("Numéro", "Number"), say("Type", "Kind"), say("État", "Status"),
            say("N° client", "Client no."), say("Client", "Client"), say("Objet", "Subject"),
            say("Référence", "Reference"), say("Émise le", "Issued on"),
            say("Échéance", "Due on"), say("Total HT", "Net"), say("TVA", "VAT"),
            say("Total TTC", "Total"), say("Encaissé", "Paid"), say("Avoirs", "Credited"),
            say("Reste dû", "Open"), say("Devise", "Currency"),
        ]
    }

    fileprivate func cells(_ say: Language, on today: Day) -> [String] {
        func plain(_ amount: Amount) -> String { say.cell(signed(amount), currency) }
        let states = InvoiceState.states(of: self, on: today).map { say($0.label) }
        return [
            number ?? "", say(kind.label), states.joined(separator: ", "), clientNumber,
            clientName, subject, reference, issuedOn?.iso ?? "", dueOn?.iso ?? "",
            plain(totalNet), plain(totalVAT), plain(totalGross), plain(paidAmount),
            plain(creditedAmount), plain(openAmount), currency.code,
        ]
    }
}
