import Basics
import Core

/// A stretch of days that a list can be narrowed to, counted from today.
enum Period: String, CaseIterable, Sendable {
    case month, lastMonth = "last_month", quarter, year, lastYear = "last_year"

    var label: Text {
        switch self {
        case .month: Text("Ce mois-ci", "This month")
        case .lastMonth: Text("Le mois dernier", "Last month")
        case .quarter: Text("90 derniers jours", "Last 90 days")
        case .year: Text("Cette année", "This year")
        case .lastYear: Text("L’an dernier", "Last year")
        }
    }

    func days(_ today: Day) -> ClosedRange<Day> {
        switch self {
        case .month: return today.firstOfMonth...today.endOfMonth
        case .lastMonth:
            let last = today.firstOfMonth.adding(days: -1)
            return last.firstOfMonth...last
        case .quarter: return today.adding(days: -90)...today
        case .year: return today.firstOfYear...today.firstOfYear.adding(months: 12).adding(days: -1)
        case .lastYear:
            let last = today.firstOfYear.adding(days: -1)
            return last.firstOfYear...last
        }
    }
}
