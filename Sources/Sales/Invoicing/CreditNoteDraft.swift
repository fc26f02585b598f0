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

    /// Whether nothing is left of any line of the invoice afterwards.
    func takesEverything(_ parts: [CreditableLine]) -> Bool {
        guard let quantities else { return true }
        return parts.allSatisfy { part in
            part.line.kind != .item || part.line.deduction != nil
                || quantities[part.line.id] ?? .zero == part.leftQuantity
        }
    }
}

extension Transaction {
    /// The lines of an invoice with what earlier credit notes left of each.
    func creditableLines(of invoice: Invoice) throws -> [CreditableLine] {
        let credited: [CreditedPart] = try all(
            """
            SELECT l.corrected_line_id, sum(l.quantity)::bigint AS quantity,
                sum(CASE WHEN l.discount_kind = 'amount' THEN l.discount_value ELSE 0 END)::bigint
                    AS discount,
                sum(l.net_amount)::bigint AS net
            FROM invoice_lines l
            JOIN invoices i ON i.organisation_id = \(organisation) AND i.id = l.invoice_id
            WHERE l.organisation_id = \(organisation) AND i.corrected_invoice_id = \(invoice.id)
                AND i.status = 'issued' AND l.corrected_line_id IS NOT NULL
            GROUP BY l.corrected_line_id
            """)
        let parts = Dictionary(uniqueKeysWithValues: credited.map { ($0.lineID, $0) })
        return try lines(of: .invoice, invoice.id.value).map { line in
            CreditableLine(
                line: line.pricedWithoutVAT(in: invoice.currency),
                creditedQuantity: parts[line.id]?.quantity ?? .zero,
                creditedDiscount: parts[line.id]?.discount ?? .zero,
                creditedNet: parts[line.id]?.net ?? .zero)
        }
    }

    /// What the credit notes of an invoice took back so far, VAT included, by rate.
    func creditedVATRows(of invoice: Invoice.ID) throws -> [VATRow] {
        let rows: [StoredVATRow] = try all(
            """
            SELECT v.vat_category, v.vat_rate, sum(v.base_amount)::bigint AS base_amount,
                sum(v.vat_amount)::bigint AS vat_amount
            FROM invoices i
            JOIN invoice_vat_rows v
                ON v.organisation_id = \(organisation) AND v.invoice_id = i.id
            WHERE i.organisation_id = \(organisation) AND i.corrected_invoice_id = \(invoice)
                AND i.status = 'issued'
            GROUP BY v.vat_category, v.vat_rate
            """)
        return rows.map(\.row)
    }
}

private struct CreditedPart: Record {
    var lineID: DocumentLine.ID
    var quantity: Quantity
    var discount: Amount
    var net: Amount

    init(row: Row) throws {
        lineID = try row["corrected_line_id"]
        quantity = try row["quantity"]
        discount = try row["discount"]
        net = try row["net"]
    }
}
