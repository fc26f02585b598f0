/// A calendar day of the Gregorian calendar, without a time zone.
public struct Day: Hashable, Sendable, Comparable {
    public var daysSince1970: Int
    public init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// Nil when the day does not exist (30 February), or the year is not 1…9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Day.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        daysSince1970 = Day.number(year, month, day)
    }

    /// Reads the ten bytes of `2026-11-21`, as databases write it.
    public init?(isoBytes bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count == 10 else { return nil }
        var numbers = (0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 7 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard isDigit(byte) else { return nil }
            let digit = Int(byte - UInt8(ascii: "0"))
            switch index {
            case 0..<4: numbers.0 = numbers.0 * 10 + digit
            case 5..<7: numbers.1 = numbers.1 * 10 + digit
            default: numbers.2 = numbers.2 * 10 + digit
            }
        }
        self.init(year: numbers.0, month: numbers.1, day: numbers.2)
    }

    /// Reads `2026-11-21` and, as people type it in French, `21/11/2026` or `21.11.2026`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(omittingEmptySubsequences: false) { "-/.".contains($0) }
        guard parts.count == 3,
            parts.allSatisfy({ (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) })
        else { return nil }
        let numbers = parts.map { Int($0)! }
        if parts[0].utf8.count == 4 {
            self.init(year: numbers[0], month: numbers[1], day: numbers[2])
        } else {
            guard parts[2].utf8.count == 4 else { return nil }
            self.init(year: numbers[2], month: numbers[1], day: numbers[0])
        }
    }

    public var components: (year: Int, month: Int, day: Int) {
        // Howard Hinnant's civil_from_days, with eras of 400 years that begin on 1 March.
        let shifted = daysSince1970 + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    public var year: Int { components.year }
    public var month: Int { components.month }
    public var dayOfMonth: Int { components.day }

    /// 1 for Monday … 7 for Sunday.
    public var weekday: Int { (daysSince1970 + 3) - (daysSince1970 + 3).flooredQuotient(7) * 7 + 1 }

    /// `2026-11-21`
    public var iso: String {
        let parts = components
        return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    }

    public func adding(days: Int) -> Day { Day(daysSince1970: daysSince1970 + days) }

    /// The same day of a later month, or that month's last day: 31 January + 1 month is 28 February.
    public func adding(months: Int) -> Day {
        let parts = components
        let index = parts.year * 12 + parts.month - 1 + months
        let (year, month) = (index.flooredQuotient(12), index - index.flooredQuotient(12) * 12 + 1)
        let day = min(parts.day, Day.length(ofMonth: month, year: year))
        return Day(daysSince1970: Day.number(year, month, day))
    }

    public var firstOfMonth: Day { adding(days: 1 - dayOfMonth) }
    public var endOfMonth: Day { firstOfMonth.adding(months: 1).adding(days: -1) }
    public var firstOfYear: Day { Day(daysSince1970: Day.number(year, 1, 1)) }

    public static func < (left: Day, right: Day) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }

    /// Whole days from `start` to `end`, negative when `end` comes first.
    public static func - (end: Day, start: Day) -> Int { end.daysSince1970 - start.daysSince1970 }

    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.flooredQuotient(400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
