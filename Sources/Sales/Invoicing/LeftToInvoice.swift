import Basics
import Core
import Database

extension Transaction {
    /// Lines for an invoice of what no draft and no invoice took of an order yet.
    func linesLeft(of order: Order) throws -> [DocumentLine] {
        leftToInvoice(
            try lines(of: .order, order.id.value),
            settledDiscounts: try settledDiscounts(of: order.id), in: order.currency)
    }

    /// The same as if there were no drafts.
    func linesNotIssued(of order: Order) throws -> [DocumentLine] {
        let issued = try issuedQuantities(of: order.id)
        let lines = try lines(of: .order, order.id.value).map { line in
            var line = line
            line.invoicedQuantity = issued[line.id] ?? .zero
            return line
        }
        return leftToInvoice(
            lines, settledDiscounts: try settledDiscounts(of: order.id, withDrafts: false),
            in: order.currency)
    }

    /// What brings the lines of an order up to some quantity of each.
    func lines(of order: Order, reaching quantities: [DocumentLine.ID: Quantity]) throws
        -> [DocumentLine]
    {
        leftToInvoice(
            try lines(of: .order, order.id.value),
            settledDiscounts: try settledDiscounts(of: order.id), in: order.currency
        ) { quantities[$0.id] ?? $0.invoicedQuantity }
    }

    private func issuedQuantities(of order: Order.ID) throws -> [DocumentLine.ID: Quantity] {
        var out: [DocumentLine.ID: Quantity] = [:]
        try each(
            """
            SELECT o.id, sum(CASE i.kind WHEN 'invoice' THEN l.quantity ELSE -l.quantity END)::bigint
                AS quantity
            FROM order_lines o
            JOIN invoice_lines l
                ON l.organisation_id = \(organisation) AND l.order_line_id = o.id
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE o.organisation_id = \(organisation) AND o.order_id = \(order)
                AND i.status = 'issued'
            GROUP BY o.id
            """
        ) { row in out[try row["id"]] = try row["quantity"] }
        return out
    }

    /// By line of the order: the discount amounts that its invoices have granted so far, less what
    /// credit notes took back.
    private func settledDiscounts(
        of order: Order.ID, withDrafts: Bool = true
    ) throws -> [DocumentLine.ID: Amount] {
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
                AND (\(withDrafts) OR i.status = 'issued')
            GROUP BY o.id
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.lineID, $0.discount) })
    }

    /// Lines for a new invoice: the quantities not invoiced yet, or those up to which an invoice is to
    /// reach, and the sections and texts that go
    /// with them. A discount in money is granted once over all invoices of the line: each takes what
    /// the others have left of it.
    private func leftToInvoice(
        _ lines: [DocumentLine], settledDiscounts: [DocumentLine.ID: Amount],
        in currency: Currency, reaching: (DocumentLine) -> Quantity = \.quantity
    ) -> [DocumentLine] {
        let isFirst = lines.allSatisfy { $0.invoicedQuantity == .zero }
        let adjustments = lines.filter(\.isAdjustment).compactMap { line in
            left(of: line, upTo: reaching(line), settledDiscount: .zero, in: currency)
        }
        let others = lines.filter { !$0.isAdjustment }
        let rest = groups(of: others).flatMap { group -> [DocumentLine] in
            let isLeft = group.contains {
                $0.kind == .item && $0.invoicedQuantity < reaching($0)
            }
            let isTextOnly = group.allSatisfy { $0.kind != .item }
            guard isLeft || (isTextOnly && isFirst) else { return [] }
            return group.compactMap { line in
                left(
                    of: line, upTo: reaching(line),
                    settledDiscount: settledDiscounts[line.id] ?? .zero, in: currency)
            }
        }
        // Per cent go with every invoice of the order; an amount is taken off or added once.
        return rest.holdsItems ? rest + adjustments : rest
    }

    private func left(
        of line: DocumentLine, upTo reached: Quantity, settledDiscount: Amount,
        in currency: Currency
    ) -> DocumentLine? {
        var left = line
        left.id = newID()
        left.invoicedQuantity = .zero
        guard line.isCounted else { return left }
        left.orderLineID = line.id
        left.quantity = reached - line.invoicedQuantity
        guard left.quantity > .zero else { return nil }
        if case .amount(let whole) = line.discount {
            let granted = Amount(
                roundedQuotient(
                    Int128(whole.minorUnits) * Int128(reached.tenThousandths),
                    Int128(max(1, line.quantity.tenThousandths))))
            let rest = min(granted - settledDiscount, left.grossAmount(in: currency))
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
