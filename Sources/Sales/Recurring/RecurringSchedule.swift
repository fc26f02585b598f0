import Basics
import Core
import Database

/// How often an invoice comes back.
public enum Frequency: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
    case monthly, quarterly, yearly

    public var label: Text {
        switch self {
        case .monthly: Text("Tous les mois", "Every month")
        case .quarterly: Text("Tous les trimestres", "Every quarter")
        case .yearly: Text("Tous les ans", "Every year")
        }
    }

    var months: Int {
        switch self {
        case .monthly: 1
        case .quarterly: 3
        case .yearly: 12
        }
    }
}

/// The days on which an invoice comes back: a day of the month, or the last one of shorter months,
/// counted from the first such day on or after the start.
public struct RecurringSchedule: Sendable, Hashable {
    public var frequency: Frequency
    public var startsOn: Day
    public var endsOn: Day?
    public var dayOfMonth: Int

    public init(_ frequency: Frequency, from start: Day, to end: Day? = nil, dayOfMonth: Int) {
        self.frequency = frequency
        startsOn = start
        endsOn = end
        self.dayOfMonth = dayOfMonth
    }

    /// The first of its days that is not before `day`; nil when it has ended by then.
    public func first(onOrAfter day: Day) -> Day? {
        var index = 0
        while self.day(index) < day { index += 1 }
        let found = self.day(index)
        return endsOn.map { found <= $0 } ?? true ? found : nil
    }

    /// The last day of the period that begins on one of its days.
    public func lastDay(ofPeriod day: Day) -> Day {
        let next = RecurringSchedule(frequency, from: startsOn, dayOfMonth: dayOfMonth)
            .first(onOrAfter: day.adding(days: 1))
        return (next ?? day).adding(days: -1)
    }

    private func day(_ index: Int) -> Day {
        let month = startsOn.firstOfMonth
        let base = day(in: month) < startsOn ? month.adding(months: 1) : month
        return day(in: base.adding(months: index * frequency.months))
    }

    private func day(in month: Day) -> Day {
        month.adding(days: min(dayOfMonth, month.endOfMonth.dayOfMonth) - 1)
    }
}
