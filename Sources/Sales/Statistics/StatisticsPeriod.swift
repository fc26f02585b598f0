import Basics
import Core
import HTTP

/// The days that the figures are about, from the address of the page.
struct StatisticsPeriod: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case month, quarter, year, custom

        var label: Text {
            switch self {
            case .month: Text("Mois", "Month")
            case .quarter: Text("Trimestre", "Quarter")
            case .year: Text("Année", "Year")
            case .custom: Text("Dates", "Dates")
            }
        }
    }

    /// Days beyond these are a slip of the hand.
    static let offered = Day(year: 1900, month: 1, day: 1)!...Day(year: 2999, month: 12, day: 31)!
    /// Longer stretches of one's own are cut.
    static let mostMonths = 600

    let kind: Kind
    let days: ClosedRange<Day>
    /// Whether imported history counts as revenue.
    let withImported: Bool

    /// `period` and a day `on` within it, or `from` and `to`; this year when the address says nothing.
    init(_ query: Fields, today: Day) {
        func day(_ name: String) -> Day? {
            query[name].flatMap { Day($0) }.flatMap { Self.offered.contains($0) ? $0 : nil }
        }
        let (from, to) = (day("from"), day("to"))
        withImported = query["imported"] == "yes"
        let usual: Kind = from == nil && to == nil ? .year : .custom
        kind = query["period"].flatMap(Kind.init) ?? usual
        let on = day("on") ?? today
        switch kind {
        case .month: days = on.firstOfMonth...on.endOfMonth
        case .quarter: days = on.firstOfQuarter...on.firstOfQuarter.adding(months: 2).endOfMonth
        case .year: days = on.firstOfYear...on.firstOfYear.adding(months: 11).endOfMonth
        case .custom:
            let last = to ?? max(today, from ?? today)
            let first = from ?? min(last, today).firstOfYear
            let end = max(first, last)
            days = max(min(first, last), end.adding(months: -Self.mostMonths))...end
        }
    }

    /// Which invoices count.
    var origins: [String] {
        Self.origins(withImported)
    }
    static func origins(_ withImported: Bool) -> [String] {
        [Invoice.Origin.comptoir.rawValue]
            + (withImported ? [Invoice.Origin.imported.rawValue] : [])
    }

    /// The period of the same kind before this one, or after it.
    func neighbour(_ step: Int) -> ClosedRange<Day> {
        let months: Int
        switch kind {
        case .month: months = step
        case .quarter: months = 3 * step
        case .year: months = 12 * step
        case .custom:
            let length = (days.upperBound - days.lowerBound + 1) * step
            return days.lowerBound.adding(days: length)...days.upperBound.adding(days: length)
        }
        return days.lowerBound.adding(
            months: months)...days.upperBound.firstOfMonth.adding(months: months).endOfMonth
    }

    /// What the period is compared with: the one before it, up to the same day while it is running.
    func before(today: Day) -> ClosedRange<Day> {
        let whole = neighbour(-1)
        guard days.contains(today), kind != .custom else { return whole }
        let months = kind == .month ? 1 : kind == .quarter ? 3 : 12
        return whole.lowerBound...min(whole.upperBound, today.adding(months: -months))
    }

    /// `novembre 2026`, `2026`, `1 janv. – 15 févr. 2026`.
    func label(_ say: Language) -> String {
        let first = days.lowerBound
        switch kind {
        case .month: return "\(say.month(first.month)) \(first.year)"
        case .quarter:
            let number = (first.month + 2) / 3
            return say("\(number)ᵉ trimestre \(first.year)", "quarter \(number) of \(first.year)")
        case .year: return String(first.year)
        case .custom: return say.span(days)
        }
    }

    /// The twelve months that the chart shows: up to the last of the period.
    func months(today: Day) -> [Day] {
        let last = min(days.upperBound, max(today, days.lowerBound)).firstOfMonth
        return (0..<12).map { last.adding(months: $0 - 11) }
    }
}

extension Day {
    var firstOfQuarter: Day { firstOfMonth.adding(months: -((month - 1) % 3)) }
}

extension Language {
    /// `1 janv. – 15 févr. 2026`
    func span(_ days: ClosedRange<Day>) -> String {
        let (first, last) = (days.lowerBound, days.upperBound)
        let end = "\(last.dayOfMonth)\u{A0}\(shortMonth(last.month)) \(last.year)"
        if first == last { return end }
        let year = first.year == last.year ? "" : " \(first.year)"
        return "\(first.dayOfMonth)\u{A0}\(shortMonth(first.month))\(year) – \(end)"
    }
}

extension Amount {
    /// How much more than `before`, in whole percent; nil where there was nothing to compare with.
    func change(since before: Amount) -> Int? {
        guard before > .zero else { return nil }
        return roundedQuotient(
            Int128(minorUnits - before.minorUnits) * 100, Int128(before.minorUnits))
    }
}
