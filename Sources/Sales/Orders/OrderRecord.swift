import Basics
import Core

/// An order with what its page shows.
struct OrderRecord: Sendable {
    var order: Order
    var lines: [DocumentLine]
    var quote: Quote?
    var contact: Contact?
    var invoices: [Invoice]
    var depositRequests: [DepositRequest]
    /// Deposits, VAT included, that no issued invoice has deducted.
    var depositsHeld: Amount
    var history: DocumentHistory
    /// Who may do the work.
    var team: [TeamMember]

    var totals: DocumentTotals { DocumentTotals(lines, in: order.currency) }

    /// Lines that are neither invoiced nor in a draft invoice.
    var isLeftToInvoice: Bool {
        lines.contains { $0.kind == .item && $0.invoicedQuantity < $0.quantity }
    }
}

extension Transaction {
    func orderRecord(_ id: Order.ID) throws -> OrderRecord {
        let order = try order(id)
        return OrderRecord(
            order: order, lines: try lines(of: .order, id.value),
            quote: try order.quoteID.map { try quote($0) },
            contact: try contacts(of: order.clientID).first { $0.id == order.head.contactID },
            invoices: try invoices(ofOrder: id), depositRequests: try depositRequests(of: id),
            depositsHeld: try depositsHeld(on: id).map { $0.base + $0.vat }.sum(),
            history: try history(of: .order, id.value),
            team: scope.role.allows(.writeOrders) ? try team() : [])
    }

    func orderSectors() throws -> [String] {
        try valuesInUse(of: "sector", in: "orders", most: 200)
    }
}
