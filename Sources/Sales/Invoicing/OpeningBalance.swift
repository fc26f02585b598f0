import Basics
import Core
import Database

/// What a client still owed when Comptoir took over: one invoice of the older program, under its
/// own number. It has no lines; it can be paid like any other.
public struct OpeningBalanceDraft: Sendable {
    public var client: Client.ID
    public var number: String
    public var issuedOn: Day
    public var dueOn: Day
    public var amount: Amount

    public init(client: Client.ID, number: String, issuedOn: Day, dueOn: Day, amount: Amount) {
        self.client = client
        self.number = number
        self.issuedOn = issuedOn
        self.dueOn = dueOn
        self.amount = amount
    }

    static let maximumNumberLength = 40

    /// Nil when a field is missing or wrong; the input then says which.
    init?(_ input: inout Input, client: Client.ID?, currency: Currency, today: Day) {
        let number = input.line("number", required: true, most: Self.maximumNumberLength)
        let issuedOn = input.day("issued_on", required: true)
        let dueOn = input.day("due_on", required: true)
        let amount = input.amount("amount", currency, in: Amount(1)...Amount.maximum)
        if amount == nil { input.refuse("amount", Input.missing) }
        if let issuedOn, issuedOn > today {
            input.refuse(
                "issued_on",
                Text("Cette date est dans le futur.", "This date is in the future."))
        }
        if let issuedOn, let dueOn, dueOn < issuedOn {
            input.refuse(
                "due_on",
                Text(
                    "L’échéance ne peut pas précéder la date de facture.",
                    "The due date cannot precede the invoice date."))
        }
        guard let client, let issuedOn, let dueOn, let amount, input.problems.isEmpty else {
            return nil
        }
        self.init(
            client: client, number: number, issuedOn: issuedOn, dueOn: dueOn, amount: amount)
    }
}

extension Transaction {
    public func recordOpeningBalance(_ draft: OpeningBalanceDraft) throws -> Invoice {
        guard draft.amount > .zero, draft.amount <= .maximum else {
            throw Problem.invalid(
                "amount", Text("Le montant doit être positif.", "The amount must be above zero."))
        }
        let client = try client(draft.client)
        let id: Invoice.ID = newID()
        let seller = Seller(scope.organisation, logo: "")
        try run(
            """
            INSERT INTO invoices (organisation_id, id, kind, series, status, number, client_id,
                issued_on, due_on, payment_days, language, currency, total_net, total_gross,
                open_amount, seller, buyer, mentions, issued_at, issued_by, created_at,
                created_by, updated_at)
            VALUES (\(organisation), \(id), 'opening_balance', 'opening', 'issued',
                \(draft.number), \(client.id), \(draft.issuedOn), \(draft.dueOn), 0,
                \(client.language), \(currency), \(draft.amount), \(draft.amount),
                \(draft.amount), \(seller.json), \(Buyer(client).json), \(JSON.object([])),
                \(now), \(scope.user?.id), \(now), \(scope.user?.id), \(now))
            """)
        try record(
            .openingBalanceRecorded, .invoice, id.value, label: draft.number,
            details: ["client": .string(client.name), "amount": JSON(draft.amount)])
        return try invoice(id)
    }
}
