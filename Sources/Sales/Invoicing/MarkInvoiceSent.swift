import Basics
import Core
import Database

extension Transaction {
    /// Notes that an issued document went to its client by another way than Comptoir's mail: by
    /// post, by hand, over a platform. The first sending counts.
    public func markInvoiceSent(_ id: Invoice.ID) throws -> Invoice {
        let invoice = try lockedInvoice(id)
        guard invoice.goesToClient else {
            throw Problem.onlyIssuedIsSent
        }
        guard invoice.sentAt == nil else { return invoice }
        try noteSending(of: invoice)
        try record(
            .invoiceMarkedSent, .invoice, id.value,
            label: invoice.journalLabel)
        return try self.invoice(id)
    }

    func noteSending(of invoice: Invoice) throws {
        try run(
            """
            UPDATE invoices SET sent_at = coalesce(sent_at, \(now)), updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(invoice.id)
            """)
    }
}

extension Problem {
    static let onlyIssuedIsSent = Problem.conflict(
        Text(
            "Seule une facture émise dans Comptoir s’envoie.",
            "Only an invoice issued here can be sent."))
}
