import Basics
import Core
import Database

extension OpenInvoice {
    static let headings = [
        Text("Facture", "Invoice"), Text("Client", "Client"), Text("Émise le", "Issued on"),
        Text("Échéance", "Due on"), Text("Total TTC", "Total"), Text("Reste dû", "Still due"),
    ]
}

extension Transaction {
    /// All open invoices of a filter, the oldest due first.
    func exportOpenInvoices(_ filter: OpenInvoiceFilter, to file: TableFile) throws {
        let currency = self.currency
        try each(
            """
            SELECT \(OpenInvoice.columns) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.open_amount > 0
                AND i.kind <> 'credit_note' \(filter.conditions(on: today))
            ORDER BY i.due_on, i.id
            """
        ) { row in
            let invoice = try OpenInvoice(row: row)
            try file.add([
                .text(invoice.number), .text(invoice.clientName), .day(invoice.issuedOn),
                .day(invoice.dueOn), .amount(invoice.totalGross, currency),
                .amount(invoice.openAmount, currency),
            ])
        }
    }
}
