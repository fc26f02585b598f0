import Basics
import Core

extension Business {
    /// One opening balance for so many of the first clients.
    static let oneDebtorIn = 6
    /// One invoice in so many is forgotten for good.
    private static let oneForgottenIn = 53
    /// Among those that fell due some weeks ago, more are still open: they fill the older age classes.
    private static let oldestOpen = 100
    private static let youngestOpen = 32
    private static let oneOpenIn = 7
    /// French law allows cash between a company and a person up to 1,000 €.
    private static let mostCash = Amount(1000_00)

    func noteSettlement(of bill: Bill) {
        let days = today - bill.dueOn
        let isOld = (Business.youngestOpen...Business.oldestOpen).contains(days)
        if bill.number % Business.oneForgottenIn == 11 { return }
        if isOld, bill.number % Business.oneOpenIn == 3 { return }
        var dice = Dice("payment", bill.number)
        let payOn = WorkingDays.onOrAfter(
            bill.dueOn.adding(days: delay(clients[bill.client].member.habit, &dice)))
        if clients[bill.client].member.paysTogether {
            notePaymentRun(bill.client, after: payOn)
            return
        }
        let wait = max(0, payOn - WorkingDays.day(of: now))
        let isInTwo = dice.hits(6)
        note(.nadia, inDays: wait, &dice) { [self] transaction in
            try receive(bill, half: isInTwo, transaction)
        }
        if isInTwo {
            note(.nadia, inDays: wait + dice.number(12...40), &dice) { [self] transaction in
                try receive(bill, half: false, transaction)
            }
        }
    }

    private func delay(_ habit: Cast.Habit, _ dice: inout Dice) -> Int {
        switch habit {
        case .prompt: dice.number(-9...1)
        case .usual: dice.number(-2...7)
        case .late: dice.number(8...35)
        case .slow: dice.number(30...110)
        }
    }

    private func receive(
        _ bill: Bill, half: Bool, afterBounce: Bool = false, _ transaction: Transaction
    ) throws {
        var dice = Dice(half ? "half" : "money", bill.number)
        let open = try transaction.invoice(bill.invoice).openAmount
        guard open > .zero else { return }
        let part = half ? Amount(open.minorUnits / 2 / 100 * 100) : open
        guard part > .zero else { return }
        // Some pay a round sum, or the same freight twice: the rest is their credit.
        let extra =
            !half && dice.hits(2) ? Amount(dice.number(1...6) * 10_00) : Amount.zero
        let method =
            afterBounce
            ? .transfer : method(for: clients[bill.client].client, part + extra, &dice)
        let payment = try transaction.recordPayment(
            PaymentDraft(
                client: clients[bill.client].client.id, method: method, day: transaction.today,
                amount: part + extra, reference: reference(of: method, &dice),
                settlements: [PlannedAllocation(bill.invoice, part)]))
        if extra > .zero { noteUse(of: .payment(payment.id), bill.client, bill.number) }
        if method == .cheque, extra == .zero, dice.hits(9) || bill.number % 50 == 7 {
            noteBounce(of: payment, bill)
        }
    }

    /// The bank takes a cheque back, and the client pays again.
    private func noteBounce(of payment: Payment, _ bill: Bill) {
        var dice = Dice("bounce", bill.number)
        note(.nadia, inDays: dice.number(4...9), &dice) { [self] transaction in
            var dice = Dice("bounced", bill.number)
            try transaction.undoPayment(
                payment.id, reason: "Chèque rejeté, provision insuffisante.")
            note(.nadia, inDays: dice.number(9...25), &dice) { [self] transaction in
                try receive(bill, half: false, afterBounce: true, transaction)
            }
        }
    }

    private func method(for client: Client, _ amount: Amount, _ dice: inout Dice)
        -> Payment.Method
    {
        guard client.kind == .person else {
            return dice.pick([.transfer: 80, .cheque: 12, .card: 7, .other: 1])
        }
        let method: Payment.Method = dice.pick([.card: 48, .cheque: 26, .transfer: 16, .cash: 10])
        return method == .cash && amount > Business.mostCash ? .card : method
    }

    private func reference(of method: Payment.Method, _ dice: inout Dice) -> String {
        switch method {
        case .transfer: "VIR \(dice.number(100_000...999_999))"
        case .cheque: "Chèque nº \(dice.number(1_000_000...9_999_999))"
        case .card: "CB \(dice.number(100_000...999_999))"
        case .cash: dice.hits(50) ? "Reçu à l’agence" : ""
        case .other: "Compensation"
        }
    }
}

// What clients have to use, and those who pay the invoices of a month together.
extension Business {
    /// A credit is used on the next invoice or paid back; some clients leave it for later.
    func noteUse(of credit: CreditSource.ID, _ index: Int, _ number: Int) {
        var dice = Dice("credit use", number)
        guard !dice.hits(25) else { return }
        note(.nadia, inDays: dice.number(6...35), &dice) { [self] transaction in
            var dice = Dice("credit used", number)
            let client = clients[index].client.id
            guard
                let source = try transaction.creditSources(of: client).first(where: {
                    $0.id == credit
                })
            else { return }
            let open = try transaction.openInvoices(of: client)
            if dice.hits(60), !open.isEmpty {
                try transaction.allocateCredit(
                    credit, to: PlannedAllocation.proposed(source.openAmount, over: open))
            } else {
                try transaction.refundCredit(
                    credit,
                    RefundDraft(
                        method: .transfer, day: transaction.today, amount: source.openAmount,
                        reference: "VIR \(dice.number(100_000...999_999))",
                        notes: "Remboursement à la demande du client."))
            }
        }
    }

    /// The first working day after the tenth of the month.
    private func notePaymentRun(_ index: Int, after day: Day) {
        let tenth = day.firstOfMonth.adding(days: 9)
        let run = WorkingDays.onOrAfter(tenth >= day ? tenth : tenth.adding(months: 1))
        if let next = clients[index].nextPaymentRun, next >= run { return }
        clients[index].nextPaymentRun = run
        var dice = Dice("payment run", index * 100_000 + run.daysSince1970)
        note(.nadia, on: run, &dice) { [self] transaction in
            try payTogether(index, transaction)
        }
    }

    private func payTogether(_ index: Int, _ transaction: Transaction) throws {
        let client = clients[index].client.id
        var dice = Dice("together", index * 100_000 + transaction.today.daysSince1970)
        let due = try transaction.openInvoices(of: client).filter {
            $0.dueOn <= transaction.today && $0.kind == .invoice
        }
        let amount = due.map(\.openAmount).sum()
        guard amount > .zero else { return }
        try transaction.recordPayment(
            PaymentDraft(
                client: client, method: .transfer, day: transaction.today, amount: amount,
                reference: "VIR \(dice.number(100_000...999_999))",
                notes: "\(due.count) factures réglées ensemble.",
                settlements: due.map { PlannedAllocation($0.id, $0.openAmount) }))
    }

    /// What some clients still owed to the older program.
    func noteOpeningBalance(_ index: Int) {
        guard WorkingDays.day(of: now) == plan.firstDay else { return }
        var dice = Dice("opening", index)
        let issuedOn = plan.firstDay.adding(days: -dice.number(35...90))
        let amount = Amount(dice.number(180...2400) * 100 + dice.number(0...99))
        let number = "ANC-\(issuedOn.year)-\(210 + index)"
        note(.claire, on: plan.firstDay, minute: Business.closing + 20) { [self] transaction in
            let client = clients[index].client.id
            let balance = try transaction.recordOpeningBalance(
                OpeningBalanceDraft(
                    client: client, number: number, issuedOn: issuedOn,
                    dueOn: issuedOn.adding(days: 30), amount: amount))
            // The first one is a debt that nobody believes in any more.
            guard index > Business.oneDebtorIn else { return }
            var dice = Dice("opening paid", index)
            note(.nadia, inDays: dice.number(4...70), &dice) { [self] transaction in
                try receive(
                    Bill(
                        number: 1_000_000 + index, invoice: balance.id, client: index,
                        dueOn: transaction.today),
                    half: false, transaction)
            }
        }
    }
}
