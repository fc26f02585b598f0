import Basics
import Core
import Database

/// Money that came in, and which invoices it settles; what is left is the client's credit.
public struct PaymentDraft: Sendable {
    public var client: Client.ID
    public var method: Payment.Method
    public var day: Day
    public var amount: Amount
    public var reference: String
    public var notes: String
    public var settlements: [PlannedAllocation]

    public init(
        client: Client.ID, method: Payment.Method, day: Day, amount: Amount,
        reference: String = "", notes: String = "", settlements: [PlannedAllocation] = []
    ) {
        self.client = client
        self.method = method
        self.day = day
        self.amount = amount
        self.reference = reference
        self.notes = notes
        self.settlements = settlements
    }
}

extension Transaction {
    @discardableResult
    public func recordPayment(_ draft: PaymentDraft) throws -> Payment {
        let client = try client(draft.client)
        try check(draft.amount, on: draft.day)
        guard draft.settlements.map(\.amount).sum() <= draft.amount else {
            throw Problem.invalid(
                "amount",
                Text(
                    "Les factures réglées dépassent le montant reçu.",
                    "The invoices settled exceed the amount received."))
        }
        try checkSettlements(draft.settlements, of: client.id)
        let id: Payment.ID = newID()
        let number = try nextNumber(.payment, on: today)
        try runLater(
            insertion(
                of: id, number, .received, draft.method, draft.day, draft.amount, client.id,
                reference: draft.reference, notes: draft.notes))
        for settlement in draft.settlements {
            try runLater(
                insertion(of: .payment(id), to: .invoice(settlement.invoice), settlement.amount))
        }
        try record(
            .paymentRecorded, .payment, id.value, label: number,
            details: [
                "client": .string(client.name), "amount": JSON(draft.amount),
                "settled": JSON(draft.settlements.map(\.amount).sum()),
            ])
        try noteSettled(draft.settlements, by: number)
        try noteReceipts(draft.settlements.map { ($0.invoice, $0.amount) }, on: draft.day)
        return try payment(id)
    }

    /// A day that has not come yet is a slip of the keyboard.
    func check(_ amount: Amount, on day: Day) throws {
        var problems: [FieldProblem] = []
        if amount <= .zero || amount > .maximum {
            problems.append(
                FieldProblem(
                    "amount",
                    Text("Le montant doit être positif.", "The amount must be above zero.")
                ))
        }
        if day > today {
            problems.append(
                FieldProblem(
                    "day", Text("Cette date est dans le futur.", "This date is in the future.")))
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
    }

    func insertion(
        of id: Payment.ID, _ number: String, _ direction: Payment.Direction,
        _ method: Payment.Method, _ day: Day, _ amount: Amount, _ client: Client.ID,
        reference: String, notes: String, reversing reversed: Payment.ID? = nil
    ) -> SQL {
        let open = direction == .received && reversed == nil ? amount : .zero
        return """
            INSERT INTO payments (organisation_id, id, number, client_id, direction, method, paid_on,
                amount, currency, reference, notes, reversed_payment_id, open_amount, created_at,
                created_by)
            VALUES (\(organisation), \(id), \(number), \(client), \(direction), \(method), \(day),
                \(amount), \(currency), \(reference), \(notes), \(reversed), \(open), \(now),
                \(scope.user?.id))
            """
    }

    /// The history of each invoice names what settled it.
    func noteSettled(_ settlements: [PlannedAllocation], by number: String) throws {
        for settlement in settlements {
            let invoice = try invoice(settlement.invoice)
            try record(
                .invoiceSettled, .invoice, invoice.id.value,
                label: invoice.journalLabel,
                details: ["amount": JSON(settlement.amount), "by": .string(number)])
        }
    }
}
