import Basics
import Core
import Database

/// How much a deposit is: a part of the order's total, or an amount that includes VAT.
public enum DepositSize: Sendable, Hashable {
    case percent(Percentage)
    case amount(Amount)

    func amount(of order: Order) -> Amount {
        switch self {
        case .percent(let percentage): order.totalGross.share(percentage)
        case .amount(let amount): amount
        }
    }
    var percentage: Percentage {
        if case .percent(let percentage) = self { percentage } else { .zero }
    }
    /// The field of the form that it was typed into.
    var field: String { if case .percent = self { "percent" } else { "amount" } }

    /// From the fields `percent` and `amount`, of which one is filled in.
    init?(_ input: inout Input, _ currency: Currency) {
        let percent = input.percentage("percent")
        let amount = input.amount("amount", currency)
        switch (percent, amount) {
        case (let percent?, nil): self = .percent(percent)
        case (nil, let amount?): self = .amount(amount)
        case (.some, .some):
            input.refuse(
                "amount",
                Text(
                    "Un pourcentage ou un montant, pas les deux.",
                    "A percentage or an amount, not both."))
            return nil
        case (nil, nil):
            if input.problems.isEmpty {
                input.refuse(
                    "percent",
                    Text(
                        "Indiquez un pourcentage ou un montant.", "Enter a percentage or an amount."
                    )
                )
            }
            return nil
        }
    }
}

/// What a person says of a deposit request.
public struct DepositRequestDraft: Sendable {
    public var size: DepositSize
    public var dueOn: Day
    public var message: String

    public init(_ size: DepositSize, dueOn: Day, message: String = "") {
        self.size = size
        self.dueOn = dueOn
        self.message = message
    }

    /// Nil when a field is missing or wrong; the input then says which.
    init?(_ input: inout Input, _ currency: Currency) {
        let size = DepositSize(&input, currency)
        let due = input.day("due_on", required: true)
        let message = input.text("message", most: 2000)
        guard let size, let due, input.problems.isEmpty else { return nil }
        self.init(size, dueOn: due, message: message)
    }
}

extension Transaction {
    /// Asks for a deposit on a confirmed order, never for more than what is left of its total.
    public func requestDeposit(on id: Order.ID, _ draft: DepositRequestDraft) throws
        -> DepositRequest
    {
        let order = try lockedOrder(id)
        let amount = draft.size.amount(of: order)
        try checkDeposit(amount, on: order, field: draft.size.field)
        guard draft.dueOn >= today else {
            throw Problem.invalid(
                "due_on",
                Text("L’échéance est déjà passée.", "The due date is in the past."))
        }
        let id: DepositRequest.ID = newID()
        let number = try nextNumber(.depositRequest, on: today)
        try runLater(
            """
            INSERT INTO deposit_requests (organisation_id, id, number, order_id, client_id,
                percentage, amount, currency, requested_on, due_on, message, created_at,
                created_by, updated_at)
            VALUES (\(organisation), \(id), \(number), \(order.id), \(order.clientID),
                \(draft.size.percentage), \(amount), \(order.currency), \(today), \(draft.dueOn),
                \(draft.message), \(now), \(scope.user?.id), \(now))
            """)
        try record(
            .depositRequested, .depositRequest, id.value, label: number,
            details: ["order": .string(order.number), "amount": JSON(amount)])
        return try depositRequest(id)
    }

    /// Refuses by its field an amount for which the order leaves no room. `request`: one whose own
    /// amount is meant.
    func checkDeposit(
        _ amount: Amount, on order: Order, field: String, of request: DepositRequest? = nil
    ) throws {
        guard order.status.canBeInvoiced else { throw Problem.orderTakesNoDeposit(order) }
        guard amount > .zero else {
            throw Problem.invalid(
                field, Text("Le montant doit être positif.", "The amount must be above zero."))
        }
        let others = try depositsAskedFor(on: order.id) - (request?.leftToInvoice ?? .zero)
        let left = max(try depositRoom(of: order).total - others, .zero)
        guard amount <= left else {
            func most(_ say: Language) -> String { say.money(left, order.currency) }
            throw Problem.invalid(
                field,
                Text(
                    "Il reste \(most(.french)) TTC à demander sur cette commande.",
                    "\(most(.english)) with VAT is left to ask for on this order."))
        }
    }

    /// Nothing more is expected of it; what was received stays.
    public func cancelDepositRequest(_ id: DepositRequest.ID, note: String = "") throws
        -> DepositRequest
    {
        let (request, _) = try lockedDepositRequest(id)
        guard request.status == .requested else { throw Problem.depositIsNotExpected }
        try run(
            """
            UPDATE deposit_requests SET status = 'cancelled', version = version + 1,
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(
            .depositRequestCancelled, .depositRequest, id.value, label: request.number,
            details: note.isEmpty ? .object([]) : ["note": .string(note)])
        return try depositRequest(id)
    }

    /// An order can only be cancelled once its deposits are taken back; what is asked for is no more.
    func cancelDeposits(of order: Order) throws {
        guard try depositsHeld(on: order.id).allSatisfy({ $0.base == .zero }) else {
            throw Problem.conflict(
                Text(
                    "Un acompte de cette commande est facturé : faites d’abord un avoir sur sa facture.",
                    "A deposit of this order is invoiced: make a credit note on its invoice first.")
            )
        }
        for request in try depositRequests(of: order.id) where request.status == .requested {
            _ = try cancelDepositRequest(request.id)
        }
    }
}

extension Problem {
    static func orderTakesNoDeposit(_ order: Order) -> Problem {
        .conflict(
            Text(
                "La commande \(order.number) n’est pas confirmée : elle ne reçoit pas d’acompte.",
                "Order \(order.number) is not confirmed and takes no deposit."))
    }
    static let depositIsNotExpected = Problem.conflict(
        Text(
            "Cet acompte n’est plus attendu : il est payé ou annulé.",
            "This deposit is no longer expected: it is paid or cancelled."))
}
