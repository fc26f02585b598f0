import Basics
import Core
import Database

extension LineOwner {
    /// Proves that the totals of these documents are those of their lines, as the program computes them.
    var totalsCheck: Check {
        switch self {
        case .quote: .organisation("quotes.totals") { try $0.wrongTotals(of: .quote) }
        case .order: .organisation("orders.totals") { try $0.wrongTotals(of: .order) }
        case .invoice: .organisation("invoices.totals") { try $0.wrongTotals(of: .invoice) }
        case .recurringInvoice:
            .organisation("recurring_invoices.totals") {
                try $0.wrongTotals(of: .recurringInvoice)
            }
        }
    }
}

extension Transaction {
    /// Most findings of one check that are worth reading.
    private static let mostFindings = 20

    fileprivate func wrongTotals(of owner: LineOwner) throws -> [Finding] {
        var findings: [Finding] = []
        var credited: [UniqueID: [VATRow]] = [:]
        var names: [UniqueID: String] = [:]
        try eachExamined(owner) { document in
            if let fault = document.fault {
                findings.append(Finding("\(owner) \(document.name): \(fault)"))
            }
            if let invoice = document.correctedID {
                credited[invoice, default: []] += document.settledRows ?? []
                names[invoice] = document.name
            }
        }
        let invoiced = try vatRows(ofInvoices: Array(credited.keys))
        for (invoice, rows) in credited where !isRoundedOnce(rows, of: invoiced[invoice] ?? []) {
            let name = names[invoice] ?? ""
            findings.append(
                Finding("\(owner) \(name): its VAT and that of earlier credit notes is not exact"))
        }
        return Array(findings.sorted { $0.message < $1.message }.prefix(Self.mostFindings))
    }

    /// Credit notes of one invoice: their VAT together is that of what they take back together.
    private func isRoundedOnce(_ rows: [VATRow], of invoiced: [VATRow]) -> Bool {
        Set(rows.map(\.rate)).allSatisfy { rate in
            let same = rows.filter { $0.rate == rate }
            let whole = invoiced.first { $0.rate == rate }
            return same.map(\.vat).sum()
                == VATRow.credited(same.map(\.base).sum(), of: whole, rate)
        }
    }

    /// By invoice, the highest rate first.
    func vatRows(ofInvoices ids: [UniqueID]) throws -> [UniqueID: [VATRow]] {
        var rows: [UniqueID: [VATRow]] = [:]
        try each(
            """
            SELECT invoice_id, vat_category, vat_rate, base_amount, vat_amount
            FROM invoice_vat_rows
            WHERE organisation_id = \(organisation) AND invoice_id = ANY (\(ids))
            ORDER BY vat_rate DESC, vat_category
            """
        ) { row in
            rows[try row["invoice_id"], default: []].append(try StoredVATRow(row: row).row)
        }
        return rows
    }
}
