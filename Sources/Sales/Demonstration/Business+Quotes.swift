import Basics
import Core

extension Business {
    private static let validityDays = 30
    /// Of a hundred quotes that come to nothing, so many were for prospects.
    private static let prospectsPerHundred = 30

    func noteQuote(_ start: Plan.QuoteStart) {
        var dice = Dice("quote", start.number)
        note(dice.hits(60) ? .hugo : .claire, on: start.day, &dice) { [self] transaction in
            try quote(start, transaction)
        }
    }

    private func quote(_ start: Plan.QuoteStart, _ transaction: Transaction) throws {
        var dice = Dice("quoted", start.number)
        var index: Int?
        if start.fate != .accepted, dice.hits(Business.prospectsPerHundred) {
            index = chooseProspect(&dice)
        }
        let client = index ?? choose(&dice)
        let basket = Basket(for: clients[client].client, items: items, dice: &dice) {
            transaction.newID()
        }
        let day = transaction.today
        var draft = QuoteDraft(
            head: head(of: basket, for: client, &dice), quotedOn: day,
            validUntil: day.adding(days: Business.validityDays), lines: basket.lines)
        var depositDice = Dice("quoted deposit", start.number)
        if depositDice.hits(Business.depositsPerHundredQuotes) {
            draft.depositPercentage = Business.quotedDeposit
        }
        let quote = try transaction.createQuote(draft)
        if start.fate != .draft { noteSending(of: quote, start, client, basket) }
    }

    private func noteSending(
        of quote: Quote, _ start: Plan.QuoteStart, _ client: Int, _ basket: Basket
    ) {
        var dice = Dice("sending", start.number)
        let send: Deed = { [self] transaction in
            if isMailing { try mail(quote: quote.id, transaction) }
            _ = try transaction.markQuoteSent(quote.id)
            noteDecision(on: quote, start, client, basket)
        }
        let day = plan.sendingDay(of: start)
        if day <= start.day {
            note(.hugo, inMinutes: dice.number(4...40), send)
        } else {
            note(.hugo, on: day, &dice, send)
        }
    }

    private func noteDecision(
        on quote: Quote, _ start: Plan.QuoteStart, _ client: Int, _ basket: Basket
    ) {
        var dice = Dice("decision", start.number)
        let day = plan.decisionDay(of: start)
        switch start.fate {
        case .accepted:
            note(.hugo, on: day, &dice) { [self] transaction in
                try accept(quote, start, client, basket, transaction)
            }
        case .refused:
            note(.claire, on: day, &dice) { transaction in
                var dice = Dice("refusal", start.number)
                _ = try transaction.refuseQuote(quote.id, note: dice.pick(Business.refusals))
            }
        case .unanswered, .waiting, .draft: break
        }
    }

    private func accept(
        _ quote: Quote, _ start: Plan.QuoteStart, _ client: Int, _ basket: Basket,
        _ transaction: Transaction
    ) throws {
        var dice = Dice("acceptance", start.number)
        let order = try transaction.acceptQuote(
            quote.id, note: dice.pick(Business.agreements))
        let fate: Plan.OrderFate = dice.pick([.usual: 90, .late: 6, .paused: 4])
        var work = Work(
            number: Work.afterQuotes + start.number, order: order.id, client: client,
            fate: fate, dueOn: dueDay(fate, basket, &dice),
            isInvoicedInParts: basket.isInvoicedInParts)
        work.priority = priority(&dice)
        for request in try transaction.depositRequests(of: order.id) {
            noteReceipt(of: request, inDays: dice.number(1...3))
        }
        note(.hugo, inMinutes: dice.number(2...25)) { [self] transaction in
            try date(work, transaction)
        }
    }

    /// Sent quotes that nobody answered are noted as expired each night.
    func noteNights() {
        var day = plan.firstDay.adding(days: Business.validityDays)
        while day <= plan.lastDay {
            note(.program, on: day, minute: 5) { _ = try $0.expireQuotes() }
            day = day.adding(days: 1)
        }
    }

    private static let agreements = [
        "", "", "Accord par téléphone.", "Devis signé reçu par e-mail.", "Signé au rendez-vous.",
    ]
    private static let refusals = [
        "Trop cher.", "Le bien est vendu.", "Projet reporté à l’an prochain.",
        "A choisi un confrère.", "Le propriétaire préfère des photos au sol.", "",
    ]
}
