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
            draft, for: try client(order.clientID), order: order, currency: order.currency)
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
            return [section] + (try linesToInvoice(of: order))
        }
        let draft = InvoiceDraft(for: locked[0].clientID, lines: lines)
        return try insertDraft(
            draft, for: try client(draft.client), order: nil, currency: locked[0].currency)
    }

    private func linesToInvoice(of order: Order) throws -> [DocumentLine] {
        guard order.status.canBeInvoiced else {
            throw Problem.conflict(
                Text(
                    "Confirmez la commande \(order.number) avant de la facturer.",
                    "Confirm order \(order.number) before invoicing it."))
        }
        let lines = leftToInvoice(
            try lines(of: .order, order.id.value),
            settledDiscounts: try settledDiscounts(of: order.id), in: order.currency)
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
        return try insertDraft(draft, for: client, order: nil, currency: currency)
    }

    /// An empty draft for a client.
    public func draftInvoice(for client: Client.ID) throws -> Invoice {
        try draftInvoice(InvoiceDraft(for: try self.client(client).id))
    }

    func insertDraft(
        _ draft: InvoiceDraft, for client: Client, order: Order?, currency: Currency
    ) throws -> Invoice {
        let id: Invoice.ID = newID()
        let terms = draft.terms ?? PaymentTerms(of: client, in: scope.organisation)
        let lines = try newLines(draft.lines)
        let totals = DocumentTotals(lines, in: currency)
        try runLater(
            """
            INSERT INTO invoices (organisation_id, id, kind, client_id, contact_id, order_id,
                service_on, subject, reference, message, notes, payment_days,
                payment_end_of_month, language, currency, total_net, total_vat, total_gross,
                created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), 'invoice', \(client.id), \(draft.contact),
                \(order?.id), \(draft.serviceOn), \(draft.subject), \(draft.reference),
                \(draft.message), \(draft.notes), \(terms.days), \(terms.endOfMonth),
                \(draft.language ?? client.language), \(currency), \(totals.net),
                \(totals.vat), \(totals.gross), \(now), \(scope.user?.id), \(now))
            """)
        try insertLines(of: .invoice, id.value, lines, in: currency)
        try record(
            .invoiceDrafted, .invoice, id.value, label: client.name,
            details: ["order": JSON(order?.number), "total": JSON(totals.gross)])
        return try invoice(id)
    }
}

extension Transaction {
    /// By line of the order: the discount amounts that its invoices have granted so far, less what
    /// credit notes took back.
    private func settledDiscounts(of order: Order.ID) throws -> [DocumentLine.ID: Amount] {
        let rows: [SettledDiscount] = try all(
            """
            SELECT o.id AS line_id, sum(CASE WHEN i.kind = 'invoice' THEN l.discount_value
                WHEN i.status = 'issued' THEN -l.discount_value ELSE 0 END)::bigint AS discount
            FROM order_lines o
            JOIN invoice_lines l
                ON l.organisation_id = \(organisation) AND l.order_line_id = o.id
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE o.organisation_id = \(organisation) AND o.order_id = \(order)
                AND l.discount_kind = 'amount'
            GROUP BY o.id
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.lineID, $0.discount) })
    }

    /// Lines for a new invoice: the quantities not invoiced yet, and the sections and texts that go
    /// with them. A discount in money is granted once over all invoices of the line: each takes what
    /// the others have left of it.
    private func leftToInvoice(
        _ lines: [DocumentLine], settledDiscounts: [DocumentLine.ID: Amount],
        in currency: Currency
    ) -> [DocumentLine] {
        let isFirst = lines.allSatisfy { $0.invoicedQuantity == .zero }
        return groups(of: lines).flatMap { group -> [DocumentLine] in
            let isLeft = group.contains {
                $0.kind == .item && $0.invoicedQuantity < $0.quantity
            }
            let isTextOnly = group.allSatisfy { $0.kind != .item }
            guard isLeft || (isTextOnly && isFirst) else { return [] }
            return group.compactMap { line in
                left(of: line, settledDiscount: settledDiscounts[line.id] ?? .zero, in: currency)
            }
        }
    }

    private func left(
        of line: DocumentLine, settledDiscount: Amount, in currency: Currency
    ) -> DocumentLine? {
        var left = line
        left.id = newID()
        left.invoicedQuantity = .zero
        guard line.kind == .item else { return left }
        left.orderLineID = line.id
        left.quantity = line.quantity - line.invoicedQuantity
        guard left.quantity > .zero else { return nil }
        if case .amount(let whole) = line.discount {
            let rest = min(whole - settledDiscount, left.grossAmount(in: currency))
            left.discount = rest > .zero ? .amount(rest) : .none
        }
        return left
    }

    /// A section with the lines under it; the lines above the first section are a group too.
    private func groups(of lines: [DocumentLine]) -> [[DocumentLine]] {
        lines.reduce(into: [[]]) { groups, line in
            if line.kind == .section { groups.append([]) }
            groups[groups.count - 1].append(line)
        }
    }
}

private struct SettledDiscount: Record {
    var lineID: DocumentLine.ID
    var discount: Amount

    init(row: Row) throws {
        lineID = try row["line_id"]
        discount = try row["discount"]
    }
}
