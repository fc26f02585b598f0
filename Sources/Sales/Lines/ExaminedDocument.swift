import Basics
import Core
import Database

/// A document with its lines and what it states, so that the arithmetic is done once more.
struct ExaminedDocument {
    var id: UniqueID
    /// Its number; of a draft, its id.
    var name: String
    var currency: Currency
    var net: Amount
    var vat: Amount
    var gross: Amount
    /// As they were settled at issue; nil where a document keeps none.
    var settledRows: [VATRow]?
    /// Of a credit note: its VAT is rounded together with that of the others of the same invoice.
    var correctedID: UniqueID?
    /// Its VAT is the part of an amount that includes it.
    var isDeposit = false
    var lines: [DocumentLine] = []

    /// What does not add up, in words; nil when everything does.
    var fault: String? {
        if zip(lines, lines.settled(in: currency)).contains(where: { kept, computed in
            kept.settledNet != computed.netAmount(in: currency)
        }) {
            return "a line does not come to its amount"
        }
        let totals = DocumentTotals(lines, in: currency)
        guard net == totals.net else { return "the net total is not that of its lines" }
        guard gross == net + vat + rounding(totals) else {
            return "net and VAT do not add up to the total"
        }
        if let settledRows {
            guard Set(settledRows.map(\.rate)) == Set(totals.vatRows.map(\.rate)) else {
                return "its VAT is not by the rates of its lines"
            }
            for row in totals.vatRows {
                let settled = settledRows.first { $0.rate == row.rate }
                guard settled?.base == row.base,
                    correctedID != nil || isDeposit || settled?.vat == row.vat
                else { return "the VAT of \(row.rate.code) is not that of its lines" }
            }
            guard vat == settledRows.map(\.vat).sum() else {
                return "the VAT total is not that of its rates"
            }
        } else if vat != totals.vat {
            return "the VAT total is not that of its lines"
        }
        return nil
    }
}

extension ExaminedDocument {
    /// A credit note takes back the rounding of its invoice; the database knows that one.
    private func rounding(_ totals: DocumentTotals) -> Amount {
        correctedID == nil ? totals.rounding : gross - net - vat
    }

    init(row: Row) throws {
        id = try row["document_id"]
        name = try row["document_name"]
        currency = try row["currency"]
        net = try row["total_net"]
        vat = try row["total_vat"]
        gross = try row["total_gross"]
        correctedID = try row["corrected_invoice_id"]
        isDeposit = try row["is_deposit"]
        guard try row["is_issued"] else { return }
        let categories: [VATCategory] = try row["vat_categories"]
        let rates: [Percentage] = try row["vat_rates"]
        let bases: [Amount] = try row["vat_bases"]
        let amounts: [Amount] = try row["vat_amounts"]
        settledRows = categories.indices.map {
            VATRow(rate: VATRate(categories[$0], rates[$0]), base: bases[$0], vat: amounts[$0])
        }
    }

    /// Reads the columns of one line beside those of its document; a document without lines has none.
    mutating func takeLine(_ row: Row) throws {
        guard let _: UniqueID = try row["id"] else { return }
        lines.append(try DocumentLine(row: row))
    }
}

extension Transaction {
    /// Calls `body` with each document of a kind, opening balances aside; documents are not held longer.
    func eachExamined(_ owner: LineOwner, _ body: (ExaminedDocument) -> Void) throws {
        var current: ExaminedDocument?
        try each(examination(of: owner)) { row in
            let id: UniqueID = try row["document_id"]
            if current?.id != id {
                if let current { body(current) }
                current = try ExaminedDocument(row: row)
            }
            try current?.takeLine(row)
        }
        if let current { body(current) }
    }

    private func examination(of owner: LineOwner) -> SQL {
        switch owner {
        case .quote:
            """
            SELECT d.id AS document_id, d.number AS document_name, d.currency, d.total_net,
                d.total_vat, d.total_gross, false AS is_issued,
                NULL::uuid AS corrected_invoice_id, NULL::uuid AS order_line_id,
                false AS is_deposit, 0::bigint AS invoiced_quantity, \(noDeduction),
                \(examinedColumns)
            FROM quotes d
            LEFT JOIN quote_lines l
                ON l.organisation_id = \(organisation) AND l.quote_id = d.id
            WHERE d.organisation_id = \(organisation) ORDER BY d.id, l.position
            """
        case .order:
            """
            SELECT d.id AS document_id, d.number AS document_name, d.currency, d.total_net,
                d.total_vat, d.total_gross, false AS is_issued,
                NULL::uuid AS corrected_invoice_id, NULL::uuid AS order_line_id,
                false AS is_deposit, l.invoiced_quantity, \(noDeduction), \(examinedColumns)
            FROM orders d
            LEFT JOIN order_lines l
                ON l.organisation_id = \(organisation) AND l.order_id = d.id
            WHERE d.organisation_id = \(organisation) ORDER BY d.id, l.position
            """
        case .recurringInvoice:
            """
            SELECT d.id AS document_id, d.number AS document_name, d.currency, d.total_net,
                d.total_vat, d.total_gross, false AS is_issued,
                NULL::uuid AS corrected_invoice_id, NULL::uuid AS order_line_id,
                false AS is_deposit, 0::bigint AS invoiced_quantity, \(noDeduction),
                \(examinedColumns)
            FROM recurring_invoices d
            LEFT JOIN recurring_invoice_lines l
                ON l.organisation_id = \(organisation) AND l.recurring_invoice_id = d.id
            WHERE d.organisation_id = \(organisation) ORDER BY d.id, l.position
            """
        case .invoice:
            """
            SELECT d.id AS document_id, coalesce(d.number, d.id::text) AS document_name,
                d.currency, d.total_net, d.total_vat, d.total_gross,
                d.status = 'issued' AS is_issued, d.corrected_invoice_id, l.order_line_id,
                d.kind = 'deposit' AS is_deposit, 0::bigint AS invoiced_quantity,
                l.deposit_invoice_id, l.deposit_vat_amount, \(examinedColumns),
                coalesce(v.categories, '{}') AS vat_categories, coalesce(v.rates, '{}') AS vat_rates,
                coalesce(v.bases, '{}') AS vat_bases, coalesce(v.amounts, '{}') AS vat_amounts
            FROM invoices d
            LEFT JOIN invoice_lines l
                ON l.organisation_id = \(organisation) AND l.invoice_id = d.id
            LEFT JOIN (
                SELECT invoice_id, array_agg(vat_category) AS categories,
                    array_agg(vat_rate) AS rates, array_agg(base_amount) AS bases,
                    array_agg(vat_amount) AS amounts
                FROM invoice_vat_rows WHERE organisation_id = \(organisation)
                GROUP BY invoice_id
            ) v ON v.invoice_id = d.id
            WHERE d.organisation_id = \(organisation) AND d.kind <> 'opening_balance'
            ORDER BY d.id, l.position
            """
        }
    }

    private var noDeduction: SQL {
        "NULL::uuid AS deposit_invoice_id, NULL::bigint AS deposit_vat_amount"
    }

    private var examinedColumns: SQL {
        """
        l.id, l.kind, l.item_id, l.label, l.description, l.quantity, l.unit, l.unit_price,
        l.discount_kind, l.discount_value, l.vat_category, l.vat_rate, l.vat_is_spread,
        l.gross_amount IS NOT NULL AS includes_vat, l.net_amount
        """
    }
}
