import Basics
import Core
import Database

/// A deposit about to be invoiced.
struct DepositToIssue {
    var order: Order
    /// VAT included.
    var amount: Amount
    var percentage = Percentage.zero
    var request: DepositRequest?
    /// When the money came, if it is there.
    var receivedOn: Day?
    var dueOn: Day?
}

extension Transaction {
    /// A deposit invoice without a request, to be paid later.
    public func issueDepositInvoice(
        on id: Order.ID, _ size: DepositSize, dueOn: Day? = nil, day: Day? = nil
    ) throws -> Invoice {
        let order = try lockedOrder(id)
        let amount = size.amount(of: order)
        try checkDeposit(amount, on: order, field: size.field)
        return try issue(
            DepositToIssue(
                order: order, amount: amount, percentage: size.percentage, dueOn: dueOn),
            on: day ?? today)
    }

    /// The deposit invoice of what is left of a request, to be paid later.
    public func issueDepositInvoice(of id: DepositRequest.ID, day: Day? = nil) throws -> Invoice {
        let (request, order) = try lockedDepositRequest(id)
        guard request.leftToInvoice > .zero else { throw Problem.depositIsInvoiced }
        try checkDeposit(request.leftToInvoice, on: order, field: "amount", of: request)
        return try issue(
            DepositToIssue(
                order: order, amount: request.leftToInvoice, percentage: request.percentage,
                request: request, dueOn: request.dueOn), on: day ?? today)
    }

    /// Drafts, numbers and freezes it in one go: a deposit is what was received or asked for, and no
    /// line of it is typed.
    func issue(_ deposit: DepositToIssue, on day: Day) throws -> Invoice {
        let order = deposit.order
        let client = try client(order.clientID)
        let rows = try depositRoom(of: order).rows(of: deposit.amount)
        let id: Invoice.ID = newID()
        try insert(deposit, id, for: client, rows, on: day)
        let draft = try lockedDraft(id)
        let candidate = try issueCandidate(draft)
        let facts = try mentionFacts(candidate, correcting: nil)
        let obstacles = try obstacles(candidate, facts, on: day, settled: rows)
        guard obstacles.isEmpty else { throw Problem.invalid(obstacles.map(\.problem)) }
        try enqueue(EInvoices.keeping, on: id.value)
        let issued = try freeze(candidate, facts, on: day, correcting: nil, settled: rows)
        try record(
            .invoiceIssued, .invoice, id.value,
            label: issued.journalLabel,
            details: ["number": JSON(issued.number), "total": JSON(issued.totalGross)])
        try record(
            .depositInvoiced, .order, order.id.value, label: order.number,
            details: ["number": JSON(issued.number), "amount": JSON(issued.totalGross)])
        try refreshDeductions(ofDraftsBeside: issued)
        return issued
    }

    private func insert(
        _ deposit: DepositToIssue, _ id: Invoice.ID, for client: Client, _ rows: [VATRow],
        on day: Day
    ) throws {
        let (order, say) = (deposit.order, client.language)
        let lines = rows.map { line(deposit, $0, say) }
        let totals = DocumentTotals(lines, in: order.currency, settled: rows)
        let days = max(0, min((deposit.dueOn ?? day) - day, PaymentTerms.maximumDays))
        try runLater(
            """
            INSERT INTO invoices (organisation_id, id, kind, client_id, contact_id, order_id,
                deposit_request_id, service_on, subject, reference, message, payment_days, language,
                currency, total_net, total_vat, total_gross, created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), 'deposit', \(client.id), \(order.head.contactID),
                \(order.id), \(deposit.request?.id), \(deposit.receivedOn), \(order.head.subject),
                \(order.head.reference), '', \(days), \(say), \(order.currency), \(totals.net),
                \(totals.vat), \(totals.gross), \(now), \(scope.user?.id), \(now))
            """)
        try insertLines(of: .invoice, id.value, lines, in: order.currency)
    }

    private func line(_ deposit: DepositToIssue, _ row: VATRow, _ say: Language) -> DocumentLine {
        let number = deposit.order.number
        let share =
            deposit.percentage > .zero ? say.percentage(deposit.percentage) + say(" ", " ") : ""
        let label =
            share.isEmpty
            ? say("Acompte sur la commande \(number)", "Deposit on order \(number)")
            : say(
                "Acompte de \(share)sur la commande \(number)", "\(share)deposit on order \(number)"
            )
        var line = DocumentLine(id: newID(), kind: .item, label: label)
        line.quantity = .one
        line.unitPrice = UnitPrice(row.base, in: deposit.order.currency)
        line.vat = row.rate
        return line
    }
}

extension UnitPrice {
    /// The price of one that costs so much.
    init(_ amount: Amount, in currency: Currency) {
        self.init(millionths: amount.minorUnits * (1_000_000 / currency.minorUnitsPerUnit))
    }
}

extension Problem {
    static let depositIsInvoiced = Problem.conflict(
        Text(
            "Tout est déjà facturé de cette demande : enregistrez le paiement sur sa facture d’acompte.",
            "All of this request is invoiced: record the payment on its deposit invoice."))
}
