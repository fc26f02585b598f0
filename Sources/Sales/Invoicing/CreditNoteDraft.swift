import Basics
import Core
import Database

/// What a person asks to take back of an invoice.
public struct CreditNoteDraft: Sendable {
    /// By line of the invoice; nil takes back everything that is left.
    public var quantities: [DocumentLine.ID: Quantity]?
    /// Why; printed.
    public var reason: String

    public init(quantities: [DocumentLine.ID: Quantity]? = nil, reason: String = "") {
        self.quantities = quantities
        self.reason = reason
    }
}

/// One line of an invoice with what can still be taken back of it.
struct CreditableLine: Sendable {
    var line: DocumentLine
    /// What earlier credit notes took back.
    var creditedQuantity: Quantity
    var creditedDiscount: Amount

    var leftQuantity: Quantity { line.quantity - creditedQuantity }

    /// The line of a credit note for so much of it. A discount in money is taken back in proportion,
    /// and what is left of it with the last of the quantity.
    func credit(_ quantity: Quantity, id: DocumentLine.ID, in currency: Currency) -> DocumentLine {
        var credit = line
        credit.id = id
        credit.quantity = quantity
        if case .amount(let whole) = line.discount {
            let left = whole - creditedDiscount
            let part = Amount(
                roundedQuotient(
                    Int128(whole.minorUnits) * Int128(quantity.tenThousandths),
                    Int128(max(1, line.quantity.tenThousandths))))
            let discount = quantity == leftQuantity ? left : min(part, left)
            let most = credit.grossAmount(in: currency)
            credit.discount = discount > .zero ? .amount(min(discount, most)) : .none
        }
        return credit
    }
}

extension Transaction {
    /// The lines of an invoice with what earlier credit notes left of each.
    func creditableLines(of invoice: Invoice.ID) throws -> [CreditableLine] {
        let credited: [CreditedPart] = try all(
            """
            SELECT l.corrected_line_id, sum(l.quantity)::bigint AS quantity,
                sum(CASE WHEN l.discount_kind = 'amount' THEN l.discount_value ELSE 0 END)::bigint
                    AS discount
            FROM invoice_lines l
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE l.organisation_id = \(organisation) AND i.corrected_invoice_id = \(invoice)
                AND i.status = 'issued' AND l.corrected_line_id IS NOT NULL
            GROUP BY l.corrected_line_id
            """)
        let parts = Dictionary(uniqueKeysWithValues: credited.map { ($0.lineID, $0) })
        return try lines(of: .invoice, invoice.value).map { line in
            CreditableLine(
                line: line, creditedQuantity: parts[line.id]?.quantity ?? .zero,
                creditedDiscount: parts[line.id]?.discount ?? .zero)
        }
    }

    /// What credit notes may still take back of an invoice, VAT included.
    func creditableAmount(of invoice: Invoice) throws -> Amount {
        let credited: Amount? = try value(
            """
            SELECT coalesce(sum(total_gross), 0)::bigint FROM invoices
            WHERE organisation_id = \(organisation) AND corrected_invoice_id = \(invoice.id)
                AND status = 'issued'
            """)
        return invoice.totalGross - (credited ?? .zero)
    }
}

private struct CreditedPart: Record {
    var lineID: DocumentLine.ID
    var quantity: Quantity
    var discount: Amount

    init(row: Row) throws {
        lineID = try row["corrected_line_id"]
        quantity = try row["quantity"]
        discount = try row["discount"]
    }
}
