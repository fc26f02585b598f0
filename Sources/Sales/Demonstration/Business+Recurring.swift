import Basics
import Core

extension Business {
    private struct Subscription {
        var subject: String
        var item: String
        var frequency: Frequency
        var delivery: RecurringInvoice.Delivery
        /// Days before today at which it begins, and at which it is paused.
        var begins: Int
        var pauses: Int?
        /// Months that it lasts.
        var months: Int?
    }

    /// Clients whose buildings are looked at again and again.
    private static let subscriptions = [
        Subscription(
            subject: "Suivi mensuel de la toiture", item: "PHOTO", frequency: .monthly,
            delivery: .issue, begins: 250),
        Subscription(
            subject: "Inspection trimestrielle", item: "PHOTO", frequency: .quarterly,
            delivery: .draft, begins: 380),
        Subscription(
            subject: "Film annuel du domaine", item: "PHOTO", frequency: .yearly, delivery: .issue,
            begins: 420),
        Subscription(
            subject: "Veille du littoral", item: "PHOTO", frequency: .monthly, delivery: .issue,
            begins: 200, pauses: 70),
        Subscription(
            subject: "Suivi de saison", item: "PHOTO", frequency: .monthly, delivery: .issue,
            begins: 300, months: 4),
    ]

    func noteSubscriptions() {
        for (number, subscription) in Business.subscriptions.enumerated() {
            let day = WorkingDays.onOrAfter(today.adding(days: -subscription.begins))
            note(.claire, on: day, minute: Business.closing - 20 + number) {
                [self] transaction in
                try subscribe(subscription, number, transaction)
            }
        }
    }

    /// One of them pays before there is anything to pay.
    func noteAdvance() {
        let day = WorkingDays.onOrBefore(today.adding(days: -6))
        note(.nadia, on: day, minute: 11 * 60) { [self] transaction in
            guard let known = clients.first else { return }
            try transaction.recordPayment(
                PaymentDraft(
                    client: known.client.id, method: .transfer, day: transaction.today,
                    amount: Amount(150_00), reference: "VIR 204518",
                    notes: "Avance sur la prochaine saison."))
        }
    }

    private func subscribe(
        _ subscription: Subscription, _ number: Int, _ transaction: Transaction
    ) throws {
        let loyal = clients.indices.filter {
            clients[$0].leavesOn == nil && !clients[$0].isProspect
                && clients[$0].client.address.country == "FR"
        }
        guard let item = items[subscription.item], !loyal.isEmpty else { return }
        let client = loyal[number * 2 % loyal.count]
        var line = DocumentLine(id: transaction.newID(), kind: .item, label: item.label)
        line.itemID = item.id.value
        line.quantity = .one
        line.unit = item.unit
        line.unitPrice = item.unitPrice
        line.vat = item.vat
        let recurring = try transaction.createRecurringInvoice(
            RecurringInvoiceDraft(
                head: DocumentHead(
                    client: clients[client].client.id, subject: subscription.subject),
                schedule: RecurringSchedule(
                    subscription.frequency, from: transaction.today,
                    to: subscription.months.map { transaction.today.adding(months: $0) },
                    dayOfMonth: min(transaction.today.dayOfMonth + number, 31)),
                delivery: subscription.delivery, lines: [line]))
        noteRun(of: recurring, client)
        if let days = subscription.pauses {
            var dice = Dice("pausing", number)
            note(.claire, inDays: subscription.begins - days, &dice) {
                _ = try $0.pauseRecurringInvoice(recurring.id)
            }
        }
    }

    /// Early on the day of each period, as the program does it.
    private func noteRun(of recurring: RecurringInvoice, _ client: Int) {
        guard recurring.status == .active, let day = recurring.nextOn else { return }
        note(.program, on: day, minute: day == WorkingDays.day(of: now) ? Business.closing + 5 : 60)
        {
            [self] transaction in
            try transaction.runRecurringInvoice(recurring.id)
            let after = try transaction.recurringInvoice(recurring.id)
            guard after.nextOn != day else { return }
            if let id = try transaction.periods(of: recurring.id, most: 1).first?.invoiceID {
                noteRest(of: try transaction.invoice(id), client)
            }
            noteRun(of: after, client)
        }
    }
}
