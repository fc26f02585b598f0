import Basics
import Core
import Database

extension Transaction {
    /// Takes back an issued invoice, whole or in part. The credit note settles the invoice at once, as
    /// far as it is open; the rest is the client's, to use or to be refunded.
    public func issueCreditNote(
        of id: Invoice.ID, _ draft: CreditNoteDraft, on day: Day? = nil
    ) throws -> Invoice {
        let original = try lockedInvoice(id)
        let (issued, used) = try takeBack(original, draft, on: day, as: .creditNote)
        try recordCreditNote(issued, of: original, used: used)
        return try invoice(issued.id)
    }

    /// What takes it back, issued, and how much of it settled the invoice at once.
    func takeBack(
        _ original: Invoice, _ draft: CreditNoteDraft, on day: Day?, as series: NumberSeries
    ) throws -> (Invoice, used: Amount) {
        guard original.isCreditable else {
            throw Problem.onlyInvoicesAreCredited
        }
        let day = day ?? today
        let lines = try creditLines(of: original, draft)
        let note = try insertCreditNote(of: original, lines, draft, series)
        try noteCorrectedLines(lines)
        try releaseDeductions(ofDraftsBeside: original)
        var candidate = try issueCandidate(note)
        takeBuyer(of: original, into: &candidate)
        let facts = try mentionFacts(candidate, correcting: original)
        try check(candidate, facts, correcting: original, on: day)
        if series == .creditNote { try enqueue(EInvoices.keeping, on: note.id.value) }
        let issued = try freeze(candidate, facts, on: day, correcting: original)
        try refreshDeductions(ofDraftsBeside: original)
        let used = min(original.openAmount, issued.totalGross)
        if used > .zero { try settle(original.id, with: issued.id, used) }
        return (issued, used)
    }

    typealias LinePair = (original: DocumentLine.ID?, credit: DocumentLine)

    /// Lines for what is taken back, each with the line that it corrects.
    private func creditLines(of original: Invoice, _ draft: CreditNoteDraft) throws -> [LinePair] {
        var problems: [FieldProblem] = []
        var pairs: [LinePair] = []
        let parts = try creditableLines(of: original)
        for part in parts where part.line.deduction == nil {
            if part.line.isAdjustment { continue }
            guard part.line.kind == .item else {
                if part.line.kind == .section {
                    var title = part.line
                    title.id = newID()
                    pairs.append((nil, title))
                }
                continue
            }
            let wanted =
                draft.quantities.map { $0[part.line.id] ?? .zero } ?? part.leftQuantity
            if wanted > part.leftQuantity {
                problems.append(Problem.tooMuchCredited(part))
            } else if wanted > .zero {
                let credit = part.credit(wanted, id: newID(), in: original.currency)
                pairs.append((part.line.id, credit))
            }
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
        pairs = withoutEmptySections(pairs)
        guard pairs.contains(where: { $0.original != nil }) else {
            throw Problem.invalid(
                "lines",
                Text(
                    "Choisissez au moins une ligne à créditer, avec sa quantité.",
                    "Choose at least one line to credit, with its quantity."))
        }
        let isWhole = draft.takesEverything(parts)
        let taken = pairs.map { LineTaken(original: $0.original, net: $0.credit.settledNet) }
        let adjustments = try adjustmentsGivenBack(
            of: original, parts, taken, takesEverything: isWhole)
        return pairs + adjustments + (isWhole ? deductionsGivenBack(parts) : [])
    }

    /// Deposits that the invoice deducts can be deducted again once all of it is taken back.
    private func deductionsGivenBack(_ parts: [CreditableLine]) -> [LinePair] {
        parts.filter { $0.line.deduction != nil && $0.leftQuantity != .zero }.map { part in
            var line = part.line
            line.id = newID()
            return (part.line.id, line)
        }
    }

    private func withoutEmptySections(_ pairs: [LinePair]) -> [LinePair] {
        pairs.indices.filter { index in
            guard pairs[index].original == nil else { return true }
            return index + 1 < pairs.count && pairs[index + 1].original != nil
        }.map { pairs[$0] }
    }

    private func insertCreditNote(
        of original: Invoice, _ pairs: [LinePair], _ draft: CreditNoteDraft,
        _ series: NumberSeries
    ) throws -> Invoice {
        let id: Invoice.ID = newID()
        var lines = pairs.map(\.credit)
        // What replaces an invoice stands for what it took of its order.
        if series == .reversal {
            for index in lines.indices { lines[index].orderLineID = nil }
        }
        let isWhole = draft.takesEverything(try creditableLines(of: original))
        let totals = DocumentTotals(
            lines, in: original.currency, of: try vatRows(of: original.id),
            after: try creditedVATRows(of: original.id),
            rounding: isWhole ? original.totalRounding : .zero)
        try run(
            """
            INSERT INTO invoices (organisation_id, id, kind, series, client_id, order_id,
                corrected_invoice_id, subject, reference, message, payment_days,
                vat_exemption, language,
                currency, total_net, total_vat, total_gross, created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), 'credit_note', \(series), \(original.clientID),
                \(original.orderID), \(original.id), \(original.subject), \(original.reference),
                \(draft.reason), 0, \(original.exemption), \(original.language),
                \(original.currency), \(totals.net), \(totals.vat), \(totals.gross), \(now), \(scope.user?.id), \(now))
            """)
        try replaceLines(of: .invoice, id.value, with: lines, in: original.currency)
        return try invoice(id)
    }

    private func noteCorrectedLines(_ pairs: [LinePair]) throws {
        try run(
            all: pairs.compactMap { pair in
                pair.original.map { original in
                    """
                    UPDATE invoice_lines SET corrected_line_id = \(original)
                    WHERE organisation_id = \(organisation) AND id = \(pair.credit.id)
                    """
                }
            })
    }
}
