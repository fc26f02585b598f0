import Basics
import Core
import Database
import HTTP

/// What every list of documents can be narrowed to: words, one client, days.
struct DocumentScope: Sendable {
    let words: String
    let client: Client.ID?
    let period: Period?
    /// Both included.
    let from: Day?
    let to: Day?

    /// Lists without a choice of periods leave `period` of the address alone.
    init(_ query: Fields, hasPeriods: Bool = true) {
        words = PlainText.line(query["q"] ?? "")
        client = query["client"].flatMap { Client.ID($0) }
        period = hasPeriods ? query["period"].flatMap(Period.init) : nil
        from = query["from"].flatMap { Day($0) }
        to = query["to"].flatMap { Day($0) }
    }

    var isNarrowed: Bool {
        !words.isEmpty || client != nil || period != nil || from != nil || to != nil
    }

    /// Every condition is a literal of its own, so that equal filters share one prepared statement.
    /// `id`, `client` and `day` are the columns of the documents' table.
    func conditions(
        _ kind: SubjectKind, id: SQL, client column: SQL, day: SQL, today: Day
    ) -> SQL {
        var out: SQL = ""
        if let found = SearchQuery(words) {
            out +=
                """
                 AND \(id) IN (SELECT record_id FROM search_records(\(kind), \(found.text), 5000))
                """
        }
        if let client { out += " AND \(column) = \(client)" }
        if let days = period?.days(today) {
            out += " AND \(day) BETWEEN \(days.lowerBound) AND \(days.upperBound)"
        }
        if let from { out += " AND \(day) >= \(from)" }
        if let to { out += " AND \(day) <= \(to)" }
        return out
    }
}
