import Basics
import Core
import Database

extension Transaction {
    /// A draft with what is left to invoice of an order. What it takes counts as invoiced at once, so
    /// that a second draft cannot take it too; deleting the draft gives it back.
    public func draftInvoice(from order: Order.ID) throws -> Invoice {
        // Locked, so that two drafts of one order are made one after the other.
        let order = try lockedOrder(order)
        var draft = InvoiceDraft(for: order.clientID, lines: try linesToInvoice(of: order))
        draft.contact = order.head.contactID
        draft.subject = order.head.subject
        draft.reference = order.head.reference
        draft.message = order.head.message
        return try insertDraft(
            draft, for: try client(order.clientID), orders: [order], currency: order.currency)
    }

    /// The same over several orders of one client, each under a section of its own.
    public func draftInvoice(from orders: [Order.ID]) throws -> Invoice {
        guard orders.count != 1 else { return try draftInvoice(from: orders[0]) }
        guard !orders.isEmpty else { throw Problem.noOrders }
        // In one order for everybody, so that two people cannot wait for each other.
        let locked = try Set(orders.map(\.value)).sorted().map { try lockedOrder(ID($0)) }
            .sorted { ($0.orderedOn, $0.number) < ($1.orderedOn, $1.number) }
        guard Set(locked.map(\.clientID)).count == 1, Set(locked.map(\.currency)).count == 1 else {
            throw Problem.ordersOfSeveral
        }
        let lines = try locked.flatMap { order -> [DocumentLine] in
            let title = [order.number, order.head.subject].filter { !$0.isEmpty }
                .joined(separator: " — ")
            let section = DocumentLine(id: newID(), kind: .section, label: title)
            return [section]
                + (try linesToInvoice(of: order)).withFixedAdjustments(in: order.currency)
        }
        let draft = InvoiceDraft(for: locked[0].clientID, lines: lines)
        return try insertDraft(
            draft, for: try client(draft.client), orders: locked, currency: locked[0].currency)
    }

    private func linesToInvoice(of order: Order) throws -> [DocumentLine] {
        guard order.status.canBeInvoiced else { throw Problem.orderIsNotConfirmed(order) }
        let lines = try linesLeft(of: order)
        guard lines.holdsItems else {
            throw Problem.conflict(
                Text(
                    "Tout est déjà facturé dans la commande \(order.number).",
                    "Everything in order \(order.number) is already invoiced."))
        }
        return lines
    }

    /// A draft that no order stands behind.
    public func draftInvoice(_ draft: InvoiceDraft) throws -> Invoice {
        let client = try checkParty(draft.head, isNew: true)
        var draft = draft
        for index in draft.lines.indices { draft.lines[index].orderLineID = nil }
        return try insertDraft(draft, for: client, currency: currency)
    }

    /// An empty draft for a client.
    public func draftInvoice(for client: Client.ID) throws -> Invoice {
        try draftInvoice(InvoiceDraft(for: try self.client(client).id))
    }

    /// `orders`, locked, are those that it invoices: their deposits are taken off.
    func insertDraft(
        _ draft: InvoiceDraft, for client: Client, orders: [Order] = [], currency: Currency
    ) throws -> Invoice {
        let order = orders.count == 1 ? orders[0] : nil
        let id: Invoice.ID = newID()
        let terms = draft.terms ?? PaymentTerms(of: client, in: scope.organisation)
        try check(draft.delivery, of: client.id)
        var lines = try newLines(draft.lines)
        lines += try deductions(
            of: orders.map(\.id), from: lines, in: currency,
            say: draft.language ?? client.language)
        let totals = DocumentTotals(lines, in: currency)
        try runLater(
            """
            INSERT INTO invoices (organisation_id, id, kind, client_id, contact_id, order_id,
                service_on, subject, reference, message, notes, payment_days,
                payment_end_of_month, vat_exemption, delivery_address_id, language, currency,
                total_net, total_vat, total_gross, created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), 'invoice', \(client.id), \(draft.contact),
                \(order?.id), \(draft.serviceOn), \(draft.subject), \(draft.reference),
                \(draft.message), \(draft.notes), \(terms.days), \(terms.endOfMonth),
                \(draft.exemption), \(draft.delivery), \(draft.language ?? client.language),
                \(currency), \(totals.net), \(totals.vat), \(totals.gross), \(now), \(scope.user?.id), \(now))
            """)
        try insertLines(of: .invoice, id.value, lines, in: currency)
        try record(
            .invoiceDrafted, .invoice, id.value, label: client.name,
            details: ["order": JSON(order?.number), "total": JSON(totals.gross)])
        return try invoice(id)
    }
}

extension Problem {
    static func orderIsNotConfirmed(_ order: Order) -> Problem {
        .conflict(
            Text(
                "Confirmez la commande \(order.number) avant de la facturer.",
                "Confirm order \(order.number) before invoicing it."))
    }
}
