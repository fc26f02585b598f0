import Basics
import Core

extension Invoicing {
    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .invoice, Section.invoices.label, icon: "receipt-euro", .readInvoices,
                list: "/invoices"
            ) { transaction, ids, say in
                try transaction.invoices(withIDs: ids).map { invoice in
                    let states = InvoiceState.states(of: invoice, on: transaction.today)
                    return SearchRow(
                        id: invoice.id.value,
                        title: invoice.number ?? invoice.kind.draftTitle(in: say),
                        note: ([invoice.clientName, invoice.subject] + states.map { say($0.label) })
                            .filter { !$0.isEmpty }.joined(separator: ", "),
                        amount: invoice.signed(invoice.totalGross))
                }
            }
        ]
    }
}

extension Transaction {
    func invoices(withIDs ids: [UniqueID]) throws -> [InvoiceRow] {
        try all(
            """
            SELECT \(InvoiceRow.columns(sort: "coalesce(i.issued_on, 'infinity')")) FROM invoices i
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = i.client_id
            WHERE i.organisation_id = \(organisation) AND i.id = ANY (\(ids))
            """)
    }
}
