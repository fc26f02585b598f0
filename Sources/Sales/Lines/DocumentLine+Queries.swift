import Basics
import Core
import Database

/// The documents that have lines, each in a table of its own.
public enum LineOwner: Sendable {
    case quote, order, invoice, recurringInvoice

    /// Lines that one statement writes. Each number of them is a statement of its own, which the
    /// database keeps prepared.
    static let linesAtOnce = 20
}

extension Transaction {
    /// The lines of one document in their order.
    public func lines(of owner: LineOwner, _ id: UniqueID) throws -> [DocumentLine] {
        switch owner {
        case .quote:
            try all(
                """
                SELECT id, kind, item_id, label, description, quantity, unit, unit_price,
                    discount_kind, discount_value, vat_category, vat_rate, vat_is_spread,
                    gross_amount IS NOT NULL AS includes_vat, net_amount,
                    NULL::uuid AS order_line_id, 0::bigint AS invoiced_quantity,
                    NULL::uuid AS deposit_invoice_id, NULL::bigint AS deposit_vat_amount
                FROM quote_lines WHERE organisation_id = \(organisation) AND quote_id = \(id)
                ORDER BY position
                """)
        case .order:
            try all(
                """
                SELECT id, kind, item_id, label, description, quantity, unit, unit_price,
                    discount_kind, discount_value, vat_category, vat_rate, vat_is_spread,
                    gross_amount IS NOT NULL AS includes_vat, net_amount,
                    NULL::uuid AS order_line_id, invoiced_quantity,
                    NULL::uuid AS deposit_invoice_id, NULL::bigint AS deposit_vat_amount
                FROM order_lines WHERE organisation_id = \(organisation) AND order_id = \(id)
                ORDER BY position
                """)
        case .invoice:
            try all(
                """
                SELECT id, kind, item_id, label, description, quantity, unit, unit_price,
                    discount_kind, discount_value, vat_category, vat_rate, vat_is_spread,
                    gross_amount IS NOT NULL AS includes_vat, net_amount, order_line_id,
                    0::bigint AS invoiced_quantity, deposit_invoice_id, deposit_vat_amount
                FROM invoice_lines WHERE organisation_id = \(organisation) AND invoice_id = \(id)
                ORDER BY position
                """)
        case .recurringInvoice:
            try all(
                """
                SELECT id, kind, item_id, label, description, quantity, unit, unit_price,
                    discount_kind, discount_value, vat_category, vat_rate, vat_is_spread,
                    gross_amount IS NOT NULL AS includes_vat, net_amount,
                    NULL::uuid AS order_line_id, 0::bigint AS invoiced_quantity,
                    NULL::uuid AS deposit_invoice_id, NULL::bigint AS deposit_vat_amount
                FROM recurring_invoice_lines
                WHERE organisation_id = \(organisation) AND recurring_invoice_id = \(id)
                ORDER BY position
                """)
        }
    }

    /// Makes the lines of a document those given, in one round trip: lines keep their ids, so that what
    /// refers to one of them still does. A line that an invoice refers to cannot be removed.
    public func replaceLines(
        of owner: LineOwner, _ id: UniqueID, with lines: [DocumentLine], in currency: Currency
    ) throws {
        let kept = lines.map(\.id)
        try runLater(deletion(of: owner, id, except: kept))
        // One by one: where a form names a line twice, the last one counts.
        for row in rows(lines, in: currency) { try runLater(insertion(of: owner, id, [row])) }
    }

    /// The lines of a document that had none, with ids of their own.
    func insertLines(
        of owner: LineOwner, _ id: UniqueID, _ lines: [DocumentLine], in currency: Currency
    ) throws {
        var rest = rows(lines, in: currency)[...]
        while !rest.isEmpty {
            try runLater(insertion(of: owner, id, rest.prefix(LineOwner.linesAtOnce)))
            rest = rest.dropFirst(LineOwner.linesAtOnce)
        }
    }

    private func rows(_ lines: [DocumentLine], in currency: Currency) -> [LineRow] {
        let parts = DocumentParts(lines, in: currency).parts
        return lines.settled(in: currency).enumerated().map { index, line in
            LineRow(line, position: index + 1, parts.filter { $0.index == index }, currency)
        }
    }

    private func deletion(of owner: LineOwner, _ id: UniqueID, except kept: [DocumentLine.ID])
        -> SQL
    {
        switch owner {
        case .quote:
            """
            DELETE FROM quote_lines WHERE organisation_id = \(organisation) AND quote_id = \(id)
                AND NOT id = ANY (\(kept))
            """
        case .order:
            """
            DELETE FROM order_lines WHERE organisation_id = \(organisation) AND order_id = \(id)
                AND NOT id = ANY (\(kept))
            """
        case .invoice:
            """
            DELETE FROM invoice_lines WHERE organisation_id = \(organisation) AND invoice_id = \(id)
                AND NOT id = ANY (\(kept))
            """
        case .recurringInvoice:
            """
            DELETE FROM recurring_invoice_lines
            WHERE organisation_id = \(organisation) AND recurring_invoice_id = \(id)
                AND NOT id = ANY (\(kept))
            """
        }
    }

    private func insertion(
        of owner: LineOwner, _ id: UniqueID, _ rows: some Collection<LineRow>
    ) -> SQL {
        let values = SQL.joined(
            rows.map { row in
                let line = row.line
                let columns: SQL = """
                    (\(line.id), \(id), \(row.position), \(line.kind), \(line.itemID), \(line.label), \(line.description), \(line.quantity),
                    \(line.unit), \(line.unitPrice), \(line.discount.kind), \(line.discount.value),
                    \(line.vat.category), \(line.vat.percentage), \(row.net), \(line.vatIsSpread),
                    \(row.gross), \(row.shares)
                    """
                guard owner == .invoice else { return "\(columns))" }
                return """
                    \(columns), \(line.orderLineID), \(line.deduction?.invoiceID),
                    \(line.deduction?.vat))
                    """
            }, separator: ", ")
        // The owner stands in the condition of the update: an id of another document's line, slipped
        // into a form, changes nothing there.
        let update: SQL = """
            position = excluded.position, kind = excluded.kind, item_id = excluded.item_id,
            label = excluded.label, description = excluded.description,
            quantity = excluded.quantity, unit = excluded.unit, unit_price = excluded.unit_price,
            discount_kind = excluded.discount_kind, discount_value = excluded.discount_value,
            vat_category = excluded.vat_category, vat_rate = excluded.vat_rate,
            net_amount = excluded.net_amount, vat_is_spread = excluded.vat_is_spread,
            gross_amount = excluded.gross_amount, vat_shares = excluded.vat_shares
            """
        let columns: SQL = """
            position, kind, item_id, label, description, quantity, unit, unit_price,
            discount_kind, discount_value, vat_category, vat_rate, net_amount, vat_is_spread,
            gross_amount, vat_shares
            """
        return switch owner {
        case .quote:
            """
            INSERT INTO quote_lines (organisation_id, id, quote_id, \(columns))
            SELECT \(organisation), line.* FROM (VALUES \(values)) line
            ON CONFLICT (organisation_id, id) DO UPDATE SET \(update)
            WHERE quote_lines.organisation_id = excluded.organisation_id
                AND quote_lines.quote_id = excluded.quote_id
            """
        case .order:
            """
            INSERT INTO order_lines (organisation_id, id, order_id, \(columns))
            SELECT \(organisation), line.* FROM (VALUES \(values)) line
            ON CONFLICT (organisation_id, id) DO UPDATE SET \(update)
            WHERE order_lines.organisation_id = excluded.organisation_id
                AND order_lines.order_id = excluded.order_id
            """
        case .invoice:
            """
            INSERT INTO invoice_lines (organisation_id, id, invoice_id, \(columns), order_line_id,
                deposit_invoice_id, deposit_vat_amount)
            SELECT \(organisation), line.* FROM (VALUES \(values)) line
            ON CONFLICT (organisation_id, id) DO UPDATE SET \(update)
            WHERE invoice_lines.organisation_id = excluded.organisation_id
                AND invoice_lines.invoice_id = excluded.invoice_id
            """
        case .recurringInvoice:
            """
            INSERT INTO recurring_invoice_lines
                (organisation_id, id, recurring_invoice_id, \(columns))
            SELECT \(organisation), line.* FROM (VALUES \(values)) line
            ON CONFLICT (organisation_id, id) DO UPDATE SET \(update)
            WHERE recurring_invoice_lines.organisation_id = excluded.organisation_id
                AND recurring_invoice_lines.recurring_invoice_id = excluded.recurring_invoice_id
            """
        }
    }
}

/// A line with what is stored beside it.
private struct LineRow {
    var line: DocumentLine
    var position: Int
    var net: Amount
    /// Where its price includes VAT.
    var gross: Amount?
    /// Of an allowance or a charge.
    var shares: JSON?

    init(
        _ line: DocumentLine, position: Int, _ parts: [DocumentPart], _ currency: Currency
    ) {
        self.line = line
        self.position = position
        net = line.netAmount(in: currency)
        if line.includesVAT { gross = parts.map(\.typed).sum() }
        guard line.isAdjustment else { return }
        shares = .array(
            parts.map { part in
                [
                    "category": .string(part.rate.category.rawValue),
                    "rate": .int(part.rate.percentage.hundredths),
                    "net": .int(part.net.minorUnits),
                    "gross": part.includesVAT ? .int(part.typed.minorUnits) : .null,
                ]
            })
    }
}
