import Core
import Database
import HTTP

/// How a list is sorted and where its page begins, from the address of the page: `sort=-day&after=…`.
struct ListOrder<Column: RawRepresentable & Sendable>: Sendable where Column.RawValue == String {
    let column: Column
    let isDescending: Bool
    let after: PagePosition?

    /// Without a sort of its own the list begins with what is highest in `usual`.
    init(_ query: Fields, usual: Column) {
        let wanted = query["sort"].flatMap { $0.isEmpty ? nil : $0 } ?? "-" + usual.rawValue
        isDescending = wanted.hasPrefix("-")
        column = Column(rawValue: String(wanted.drop { $0 == "-" })) ?? usual
        after = PagePosition(query["after"])
    }

    /// As the address says it.
    var text: String { (isDescending ? "-" : "") + column.rawValue }

    /// Behind `ORDER BY`: equal values stand in the order of their ids.
    func sorting(by value: SQL, id: SQL) -> SQL {
        isDescending ? "\(value) DESC, \(id) DESC" : "\(value), \(id)"
    }

    /// A condition for what stands behind the last row of the page before. `last` reads that row's
    /// value; where it is none of this column, the list begins again.
    func position(by value: SQL, id: SQL, last: (String) -> SQL?) -> SQL {
        guard let after, let last = last(after.value) else { return "" }
        return isDescending
            ? " AND (\(value), \(id)) < (\(last), \(after.id))"
            : " AND (\(value), \(id)) > (\(last), \(after.id))"
    }
}
