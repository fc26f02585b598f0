import Basics
import Core

extension Business {
    /// When prices rise, in hundredths of a percent.
    private static let yearlyRise = 250
    /// Prices of services move in steps of so many cents.
    private static let priceStep = 100

    /// The catalogue on the first morning, a rise each January, and what is no longer sold.
    func noteCatalogue() {
        note(.claire, on: plan.firstDay, minute: 7 * 60 + 30) { [self] transaction in
            for service in Services.all {
                let item = try transaction.createItem(service.draft)
                items[item.reference] = item
            }
        }
        let withdrawal = WorkingDays.onOrAfter(plan.firstDay.adding(months: 8))
        note(.claire, on: withdrawal, minute: 11 * 60) { [self] transaction in
            for service in Services.all where !service.isSold {
                guard let item = items[service.draft.reference] else { continue }
                _ = try transaction.setItem(item.id, active: false)
                items[item.reference] = nil
            }
        }
        for year in plan.firstDay.year + 1...today.year {
            guard let newYear = Day(year: year, month: 1, day: 2) else { continue }
            note(.claire, on: WorkingDays.onOrAfter(newYear), minute: 7 * 60 + 45) {
                [self] transaction in
                try raisePrices(transaction)
            }
        }
    }

    private func raisePrices(_ transaction: Transaction) throws {
        for service in Services.all {
            var draft = service.draft
            guard let item = items[draft.reference], item.kind == .service,
                item.unitPrice >= Services.price(cents: 50_00)
            else { continue }
            let cents = item.unitPrice.millionths / 10_000
            let raised = cents + cents * Business.yearlyRise / 10_000
            draft.unitPrice = Services.price(
                cents: raised / Business.priceStep * Business.priceStep)
            items[item.reference] = try transaction.updateItem(item.id, draft, version: nil)
        }
    }
}
