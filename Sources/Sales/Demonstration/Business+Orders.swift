import Basics
import Core

/// An order on its way, with what later deeds need of it.
struct Work {
    /// Orders that come from quotes are counted from here.
    static let afterQuotes = 1_000_000

    var number: Int
    var order: Order.ID
    var client: Int
    var fate: Plan.OrderFate
    var dueOn: Day
    var isInvoicedInParts: Bool
    var priority = Order.Priority.normal
}

extension Business {
    func noteOrder(_ start: Plan.OrderStart) {
        var dice = Dice("order", start.number)
        note(dice.hits(75) ? .hugo : .claire, on: start.day, &dice) { [self] transaction in
            try order(start, transaction)
        }
    }

    private func order(_ start: Plan.OrderStart, _ transaction: Transaction) throws {
        var dice = Dice("ordered", start.number)
        let client = choose(&dice)
        let basket = Basket(for: clients[client].client, items: items, dice: &dice) {
            transaction.newID()
        }
        let dueOn = dueDay(start.fate, basket, &dice)
        let priority = start.fate == .dueToday ? .urgent : priority(&dice)
        let order = try transaction.createOrder(
            OrderDraft(
                head: head(of: basket, for: client, &dice), priority: priority,
                orderedOn: transaction.today, dueOn: dueOn, lines: basket.lines))
        guard start.fate != .draft else { return }
        let work = Work(
            number: start.number, order: order.id, client: client, fate: start.fate,
            dueOn: dueOn, isInvoicedInParts: basket.isInvoicedInParts && start.fate == .usual)
        if start.fate == .cancelled, dice.hits(40) {
            note(.hugo, inDays: dice.number(1...6), &dice) { [self] in try cancel(work, $0) }
            return
        }
        note(.hugo, inDays: dice.pick([0: 70, 1: 30]), &dice) { [self] transaction in
            _ = try transaction.moveOrder(work.order, to: .confirmed)
            noteDeposit(work)
            noteWork(work)
        }
    }

    func priority(_ dice: inout Dice) -> Order.Priority {
        dice.pick([.low: 8, .normal: 72, .high: 15, .urgent: 5])
    }

    func dueDay(_ fate: Plan.OrderFate, _ basket: Basket, _ dice: inout Dice) -> Day {
        let day = WorkingDays.day(of: now)
        switch fate {
        case .dueToday: return today
        case .overdue: return max(day, today.adding(days: -dice.number(2...5)))
        case .underWay, .suspended: return WorkingDays.onOrAfter(today.adding(days: 4))
        case .done: return WorkingDays.onOrAfter(day.adding(days: 1))
        default: break
        }
        if basket.isInvoicedInParts, let months = basket.months {
            return WorkingDays.onOrAfter(day.adding(days: months * 30))
        }
        return WorkingDays.onOrAfter(day.adding(days: dice.number(4...24)))
    }

    /// An order that came from a quote gets its date.
    func date(_ work: Work, _ transaction: Transaction) throws {
        let order = try transaction.order(work.order)
        let draft = OrderDraft(
            head: order.head, priority: work.priority, orderedOn: order.orderedOn,
            dueOn: work.dueOn, lines: try transaction.lines(of: .order, order.id.value))
        _ = try transaction.updateOrder(order.id, draft, version: order.version)
        noteWork(work)
    }

    private func noteWork(_ work: Work) {
        var dice = Dice("work", work.number)
        let day = WorkingDays.day(of: now)
        switch work.fate {
        case .draft, .dueToday, .overdue: return
        case .cancelled:
            note(.hugo, inDays: dice.number(1...5), &dice) { [self] in try cancel(work, $0) }
        case .suspended:
            note(.hugo, inDays: 1, &dice) { transaction in
                var dice = Dice("suspension", work.number)
                _ = try transaction.moveOrder(
                    work.order, to: .suspended, note: dice.pick(Business.pauses))
            }
        case .paused: notePause(work, &dice)
        default:
            let lead = work.isInvoicedInParts ? work.dueOn - day - 2 : dice.number(0...3)
            let start = WorkingDays.onOrAfter(max(day, work.dueOn.adding(days: -lead)))
            noteStart(work, inDays: work.fate == .underWay ? 1 : start - day)
        }
    }

    private func notePause(_ work: Work, _ dice: inout Dice) {
        note(.hugo, inDays: dice.number(1...3), &dice) { [self] transaction in
            var dice = Dice("pause", work.number)
            _ = try transaction.moveOrder(
                work.order, to: .suspended, note: dice.pick(Business.pauses))
            noteStart(work, inDays: dice.number(3...15))
        }
    }

    private func noteStart(_ work: Work, inDays days: Int) {
        var dice = Dice("start", work.number)
        note(.hugo, inDays: days, &dice) { [self] transaction in
            _ = try transaction.moveOrder(work.order, to: .inProgress)
            guard work.fate != .underWay else { return }
            if work.isInvoicedInParts { noteMonthlyInvoices(work) }
            noteCompletion(work)
        }
    }

    private func noteCompletion(_ work: Work) {
        var dice = Dice("completion", work.number)
        let delay = work.fate == .late ? dice.number(3...14) : dice.pick([0: 75, -1: 15, 1: 10])
        let days = max(0, work.dueOn.adding(days: delay) - WorkingDays.day(of: now))
        note(.hugo, inDays: days, &dice) { [self] transaction in
            _ = try transaction.moveOrder(work.order, to: .completed)
            noteInvoice(work)
            if work.fate == .reopened { noteReopening(work) }
        }
    }

    /// The client wants something changed after all.
    private func noteReopening(_ work: Work) {
        var dice = Dice("reopening", work.number)
        note(.hugo, inDays: dice.number(1...4), &dice) { [self] transaction in
            var dice = Dice("reopened", work.number)
            _ = try transaction.moveOrder(
                work.order, to: .inProgress, note: "Le client demande un autre habillage.")
            note(.hugo, inDays: dice.number(1...3), &dice) {
                _ = try $0.moveOrder(work.order, to: .completed)
            }
        }
    }

    private func cancel(_ work: Work, _ transaction: Transaction) throws {
        var dice = Dice("cancellation", work.number)
        _ = try transaction.moveOrder(
            work.order, to: .cancelled, note: dice.pick(Business.cancellations))
    }

    private static let pauses = [
        "Vent trop fort, vol reporté.", "Autorisation préfectorale en attente.",
        "Le propriétaire est absent.", "Travaux de façade non terminés.",
    ]
    private static let cancellations = [
        "Bien vendu avant le tournage.", "Mandat retiré à l’agence.", "Commande saisie deux fois.",
        "Survol refusé par la préfecture.",
    ]
}
