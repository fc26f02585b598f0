import Basics
import Core
import Database
import Markup

// Received invoices elsewhere: home, search and what the doctor proves.

extension ReceivedInvoices {
    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .receivedInvoice, Text("Factures reçues", "Received invoices"), icon: "inbox",
                .readPurchases, list: "/received-invoices"
            ) { transaction, ids, say in
                try transaction.receivedInvoices(withIDs: ids).map { invoice in
                    SearchRow(
                        id: invoice.id.value, title: invoice.title(in: say),
                        note: [invoice.sender, say(invoice.status.label)].joined(separator: ", "))
                }
            }
        ]
    }

    private static let mostOnHome = 4

    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readPurchases) else { return }
        let waiting = try transaction.receivedInvoicesToHandle(most: 100)
        guard !waiting.isEmpty else { return }
        let isAnyLate = waiting.contains { $0.isLate(on: request.today) }
        home.toDo.append(
            ToDoGroup(
                Text("Factures reçues à traiter", "Received invoices to handle"), icon: "inbox",
                tone: isAnyLate ? .warn : .info, count: waiting.count,
                address: "/received-invoices?view=open",
                items: waiting.prefix(mostOnHome).map { invoice in
                    ToDoItem(
                        invoice.sender, address: invoice.path,
                        note:
                            "\(invoice.title(in: request.say)) · \(invoice.grossText(in: request.say))",
                        action: request.may(.writePurchases) ? Text("Ouvrir", "Open") : nil)
                }))
    }
}

extension ReceivedInvoices {
    public static let checks: [Check] = [.organisation("received_invoices.files", files)]

    /// Most findings of one check that are worth reading.
    private static let mostFindings = 20

    /// What came is there, and is what its digest says.
    static func files(_ transaction: Transaction) throws -> [Finding] {
        let changed: [UniqueID] = try transaction.values(
            """
            SELECT r.id FROM received_invoices r
            LEFT JOIN received_files f ON f.organisation_id = \(transaction.organisation)
                AND f.received_invoice_id = r.id
            WHERE r.organisation_id = \(transaction.organisation)
                AND r.sha256 IS DISTINCT FROM encode(sha256(f.content), 'hex')
            ORDER BY r.id LIMIT \(mostFindings)
            """)
        return changed.map { Finding("the file of the received invoice \($0) is not what came") }
    }
}

extension Transaction {
    /// Those that wait for somebody, the first due on top.
    func receivedInvoicesToHandle(most: Int) throws -> [ReceivedInvoice] {
        try all(
            """
            SELECT \(ReceivedInvoice.columns) FROM received_invoices r
            LEFT JOIN suppliers s ON s.organisation_id = \(organisation) AND s.id = r.supplier_id
            WHERE r.organisation_id = \(organisation)
                AND r.status = ANY (\(ReceivedInvoiceFilter.open))
            ORDER BY r.due_on NULLS LAST, r.id LIMIT \(most)
            """)
    }
}
