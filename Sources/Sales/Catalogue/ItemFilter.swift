import Basics
import Core
import Database
import HTTP

/// What the catalogue is narrowed to, from the address of the page.
struct ItemFilter: Sendable {
    enum Sort: String, CaseIterable { case label, reference, category, price, stock }
    enum View: String, CaseIterable { case inactive, all, stock }

    let words: String
    let kind: Item.Kind?
    let category: String
    /// Nil: what is sold today.
    let view: View?
    let sort: Sort
    let isDescending: Bool
    let after: PagePosition?
    let query: Fields

    init(_ query: Fields) {
        self.query = query
        words = PlainText.line(query["q"] ?? "")
        kind = query["kind"].flatMap(Item.Kind.init)
        category = query["category"] ?? ""
        view = query["view"].flatMap(View.init)
        let wanted = query["sort"] ?? Sort.label.rawValue
        isDescending = wanted.hasPrefix("-")
        sort = Sort(rawValue: String(wanted.drop { $0 == "-" })) ?? .label
        after = PagePosition(query["after"])
    }

    var address: ListAddress {
        ListAddress("/items", query, keeping: ["q", "kind", "category", "view", "sort"])
    }
    var sortText: String { (isDescending ? "-" : "") + sort.rawValue }
    var isNarrowed: Bool { !words.isEmpty || kind != nil || !category.isEmpty || view != nil }

    var conditions: SQL {
        var out: SQL =
            switch view {
            case nil: "AND is_active"
            case .inactive: "AND NOT is_active"
            case .stock: "AND is_active AND keeps_stock"
            case .all: ""
            }
        if let found = SearchQuery(words) {
            out += " AND id IN (SELECT record_id FROM search_records('item', \(found.text), 5000))"
        }
        if let kind { out += " AND kind = \(kind)" }
        if !category.isEmpty { out += " AND category = \(category)" }
        return out
    }

    var sortColumn: SQL {
        switch sort {
        case .label: "sort_label"
        case .reference: "reference"
        case .category: "category"
        case .price: "unit_price"
        case .stock: "stock_quantity"
        }
    }

    var order: SQL { isDescending ? "\(sortColumn) DESC, id DESC" : "\(sortColumn), id" }

    /// Behind the last row of the page before.
    var position: SQL {
        guard let after, let value = sortValue(after.value) else { return "" }
        return isDescending
            ? " AND (\(sortColumn), id) < (\(value), \(after.id))"
            : " AND (\(sortColumn), id) > (\(value), \(after.id))"
    }

    private func sortValue(_ text: String) -> SQL? {
        switch sort {
        case .label, .reference, .category: "\(text)"
        case .price, .stock: Int(text).map { "\($0)" }
        }
    }
}
