import Basics

/// When Alta Vista Drones works: Monday to Saturday, but not on public holidays of a fixed date.
struct WorkingDays {
    static let timeZone = "Europe/Paris"

    /// A day of business and its weight: how much is ordered that day.
    struct Weight {
        var day: Day
        var weight: Int
    }

    static func isWorked(_ day: Day) -> Bool {
        let parts = day.components
        return day.weekday != 7 && !holidays.contains(parts.month * 100 + parts.day)
    }

    /// The day itself, or the first one after it on which people work.
    static func onOrAfter(_ day: Day) -> Day {
        var day = day
        while !isWorked(day) { day = day.adding(days: 1) }
        return day
    }

    static func onOrBefore(_ day: Day) -> Day {
        var day = day
        while !isWorked(day) { day = day.adding(days: -1) }
        return day
    }

    /// So many minutes after midnight in Paris.
    static func moment(_ day: Day, minute: Int, second: Int = 0) -> Instant {
        let clock = Instant(seconds: day.daysSince1970 * 86_400 + minute * 60 + second)
        let offset = TimeZoneRules.named(timeZone)?.offset(at: clock) ?? 3600
        return clock.adding(seconds: -offset)
    }

    /// The day in Paris.
    static func day(of moment: Instant) -> Day {
        TimeZoneRules.named(timeZone)?.local(moment).day ?? LocalTime(moment, offsetSeconds: 0).day
    }

    /// Real estate sleeps in August and wakes up in spring; the company grows by half in two years.
    static func weights(from first: Day, to last: Day) -> [Weight] {
        let length = max(1, last - first)
        return (0...length).map { first.adding(days: $0) }.filter(isWorked).map { day in
            let growth = 100 + 50 * (day - first) / length
            let saturday = day.weekday == 6 ? 40 : 100
            return Weight(day: day, weight: seasons[day.month - 1] * growth * saturday / 10_000)
        }
    }

    /// New Year, Labour Day, 8 May, 14 July, Assumption, All Saints, Armistice, Christmas.
    private static let holidays = [101, 501, 508, 714, 815, 1101, 1111, 1225]
    /// January to December.
    private static let seasons = [62, 74, 100, 118, 130, 134, 96, 44, 122, 128, 98, 70]
}
