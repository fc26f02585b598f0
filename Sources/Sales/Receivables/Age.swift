import Basics
import Core
import Database

/// How long an invoice has been waiting beyond its due date. On the due date itself it is not late.
public enum Age: String, Sendable, CaseIterable {
    case notDue = "current"
    case upTo30 = "30"
    case upTo60 = "60"
    case upTo90 = "90"
    case older

    public var label: Text {
        switch self {
        case .notDue: Text("Non échu", "Not due")
        case .upTo30: Text("1 à 30\u{A0}j", "1–30 days")
        case .upTo60: Text("31 à 60\u{A0}j", "31–60 days")
        case .upTo90: Text("61 à 90\u{A0}j", "61–90 days")
        case .older: Text("Plus de 90\u{A0}j", "Over 90 days")
        }
    }

    /// Days beyond the due date, the first and the last of this age.
    var days: (first: Int?, last: Int?) {
        switch self {
        case .notDue: (nil, 0)
        case .upTo30: (1, 30)
        case .upTo60: (31, 60)
        case .upTo90: (61, 90)
        case .older: (91, nil)
        }
    }

    /// A condition on `invoices i`.
    func condition(on today: Day) -> SQL {
        var out: SQL = "true"
        if let first = days.first { out += " AND i.due_on <= \(today.adding(days: -first))" }
        if let last = days.last { out += " AND i.due_on >= \(today.adding(days: -last))" }
        return out
    }
}

/// What is owed, by age.
public struct AgedAmounts: Record, Sendable, Equatable {
    /// In the order of `Age.allCases`.
    public var byAge: [Amount]
    /// How many invoices.
    public var count: Int
    /// How many of them are late.
    public var overdueCount: Int

    public subscript(_ age: Age) -> Amount {
        byAge[Age.allCases.firstIndex(of: age) ?? 0]
    }
    public var total: Amount { byAge.sum() }
    public var overdue: Amount { total - self[.notDue] }

    static let zero = AgedAmounts(
        byAge: Age.allCases.map { _ in .zero }, count: 0, overdueCount: 0)

    init(byAge: [Amount], count: Int, overdueCount: Int) {
        self.byAge = byAge
        self.count = count
        self.overdueCount = overdueCount
    }

    /// From the columns that `columns(on:)` makes.
    public init(row: Row) throws {
        byAge = [
            try row["age_current"], try row["age_30"], try row["age_60"], try row["age_90"],
            try row["age_older"],
        ]
        count = try row["invoice_count"]
        overdueCount = try row["overdue_count"]
    }

    /// Sums over `invoices i` that are open, credit notes left out; or over groups of them, each of
    /// `counted` invoices.
    static func columns(on today: Day, counted: SQL = "1") -> SQL {
        """
        \(sum(.notDue, today)) AS age_current, \(sum(.upTo30, today)) AS age_30,
        \(sum(.upTo60, today)) AS age_60, \(sum(.upTo90, today)) AS age_90,
        \(sum(.older, today)) AS age_older,
        coalesce(sum(\(counted)) FILTER (WHERE i.kind <> 'credit_note'), 0)::bigint
            AS invoice_count,
        coalesce(sum(\(counted)) FILTER (WHERE i.kind <> 'credit_note' AND i.due_on < \(today)),
            0)::bigint AS overdue_count
        """
    }

    private static func sum(_ age: Age, _ today: Day) -> SQL {
        """
        coalesce(sum(i.open_amount) FILTER (WHERE i.kind <> 'credit_note'
            AND \(age.condition(on: today))), 0)::bigint
        """
    }
}
