import Basics
import Core
import Database

extension Transaction {
    /// Gives a draft its number and freezes it: seller, buyer, lines, VAT and mentions stay what they
    /// are on this day. From here on it can only be credited.
    @discardableResult
    public func issueInvoice(_ id: Invoice.ID, on day: Day? = nil) throws -> Invoice {
        let draft = try lockedDraft(id)
        let day = day ?? today
        let replaced = try draft.replacedInvoiceID.map { try lockedForReplacement($0) }
        let candidate = try issueCandidate(draft)
        let facts = try mentionFacts(candidate, correcting: replaced)
        let obstacles = try obstacles(candidate, facts, on: day)
        guard obstacles.isEmpty else { throw Problem.invalid(obstacles.map(\.problem)) }
        // Before the number is taken: from then on others wait.
        try enqueue(EInvoices.keeping, on: id.value)
        let reversal = try replaced.map { try reverse($0, on: day) }
        let issued = try freeze(candidate, facts, on: day, correcting: nil)
        if let reversal { try use(reversal, on: issued) }
        try record(
            .invoiceIssued, .invoice, id.value,
            label: issued.journalLabel,
            details: ["number": JSON(issued.number), "total": JSON(issued.totalGross)])
        return issued
    }

    /// The common part of invoices and credit notes. The number is taken last: its counter is locked
    /// until the transaction ends, and others wait behind it.
    /// `settled` is the VAT of a deposit.
    func freeze(
        _ candidate: IssueCandidate, _ facts: MentionFacts, on day: Day,
        correcting original: Invoice?, settled: [VATRow]? = nil
    ) throws -> Invoice {
        let draft = candidate.invoice
        let totals = try totals(of: candidate, correcting: original, settled)
        try keepLogo()
        for row in totals.vatRows { try runLater(insertion(of: row, into: draft.id)) }
        let taken = try takeNumber(draft.numbers, on: day)
        let due = draft.kind == .creditNote ? day : draft.terms.dueDay(from: day)
        try runLater(
            """
            UPDATE invoices SET status = 'issued', series = \(draft.numbers),
                number = \(taken.number), number_period = \(taken.period),
                number_counter = \(taken.counter), issued_on = \(day), due_on = \(due),
                seller = \(candidate.seller.json), buyer = \(candidate.buyer.json), contact_id = NULL,
                delivery_address_id = NULL,
                mentions = \(Mentions(facts).json), total_net = \(totals.net),
                total_vat = \(totals.vat), total_gross = \(totals.gross),
                open_amount = \(totals.gross), issued_at = \(now), issued_by = \(scope.user?.id),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(draft.id)
            """)
        if !draft.isReversal {
            try openLifeCycle(of: draft.id, candidate.organisation, candidate.buyer)
        }
        return try invoice(draft.id)
    }

    func totals(
        of candidate: IssueCandidate, correcting original: Invoice?, _ settled: [VATRow]?
    ) throws -> DocumentTotals {
        let (lines, currency) = (candidate.lines, candidate.invoice.currency)
        if let settled { return DocumentTotals(lines, in: currency, settled: settled) }
        guard let original else { return DocumentTotals(lines, in: currency) }
        return DocumentTotals(
            lines, in: currency, of: try vatRows(of: original.id),
            after: try creditedVATRows(of: original.id),
            rounding: candidate.invoice.totalRounding)
    }

    /// The next number. Under the lock of the counter the last date is looked at once more: another
    /// person may have issued a later one since the draft was checked.
    private func takeNumber(_ series: NumberSeries, on day: Day) throws -> TakenNumber {
        let pattern = try numberPattern(series)
        // The latest counter first: the number of another period may be given at the same moment.
        try runLater(
            """
            SELECT period FROM number_counters
            WHERE organisation_id = \(organisation) AND series = \(series)
            ORDER BY period DESC LIMIT 1 FOR UPDATE
            """)
        let taken = try takeNumber(series, by: pattern, on: day)
        if let last = try lastIssueDay(series), day < last {
            throw Problem.invalid(
                "day",
                Text(
                    "Une pièce datée du \(Language.french.longDay(last)) vient d’être émise : "
                        + "choisissez ce jour ou un jour suivant.",
                    "A document of \(Language.english.longDay(last)) was just issued: choose that "
                        + "day or a later one."))
        }
        return taken
    }

    private func insertion(of row: VATRow, into invoice: Invoice.ID) -> SQL {
        """
        INSERT INTO invoice_vat_rows
            (organisation_id, invoice_id, vat_category, vat_rate, base_amount, vat_amount)
        VALUES (\(organisation), \(invoice), \(row.rate.category), \(row.rate.percentage),
            \(row.base), \(row.vat))
        """
    }

    /// What the mentions of a document follow from; of a draft, as they would be today.
    func mentionFacts(_ candidate: IssueCandidate, correcting original: Invoice?) throws
        -> MentionFacts
    {
        let items = candidate.lines.filter { $0.kind == .item }
        return MentionFacts(
            kind: candidate.invoice.kind, say: candidate.invoice.language,
            isBilingual: candidate.look.layout.wording == .bilingual,
            organisation: candidate.organisation, buyer: candidate.client.kind,
            buyerCountry: candidate.client.address.country,
            categories: Set(
                DocumentParts(candidate.lines, in: candidate.invoice.currency).parts
                    .map(\.rate.category)),
            exemption: candidate.exemption,
            delivery: try delivery(of: candidate.invoice),
            operation: try operation(of: supply(candidate)),
            orderNumber: try orderNumber(
                of: candidate.invoice.replacedInvoiceID == nil
                    ? candidate.invoice : original ?? candidate.invoice),
            deposits: try depositReferences(in: items),
            correctedNumber: original?.number ?? "", correctedDay: original?.issuedOn)
    }

    /// What is sold: of a deposit, what its order holds.
    private func supply(_ candidate: IssueCandidate) throws -> [DocumentLine] {
        let invoice = candidate.invoice
        guard invoice.kind == .deposit, let order = invoice.orderID else {
            return candidate.lines.filter { $0.kind == .item && $0.deduction == nil }
        }
        return try lines(of: .order, order.value).filter { $0.kind == .item }
    }

    /// Goods, services or both, by the catalogue; what is not in it counts as a service.
    private func operation(of items: [DocumentLine]) throws -> Mentions.Operation {
        let ids = items.compactMap(\.itemID)
        let products: [UniqueID] =
            try ids.isEmpty
            ? []
            : values(
                """
                SELECT id FROM items
                WHERE organisation_id = \(organisation) AND kind = 'product' AND id = ANY (\(ids))
                """)
        let goods = items.filter { $0.itemID.map(products.contains) ?? false }
        if goods.isEmpty { return .services }
        return goods.count == items.count ? .goods : .mixed
    }

    private func orderNumber(of invoice: Invoice) throws -> String {
        let orders = try ordersInvoiced(by: invoice)
        guard !orders.isEmpty else { return "" }
        let numbers: [String] = try values(
            """
            SELECT number FROM orders
            WHERE organisation_id = \(organisation) AND id = ANY (\(orders)) ORDER BY number
            """)
        return numbers.joined(separator: ", ")
    }
}
