import Basics
import Core
import Database

/// What a line takes from an item of the catalogue.
public struct ItemFacts: Record, Sendable {
    public var id: Item.ID
    public var reference: String
    public var kind: Item.Kind
    public var label: String
    public var description: String
    public var unit: String
    public var unitPrice: UnitPrice
    public var vat: VATRate
    /// Nil when no stock is kept of it.
    public var stock: Quantity?
    public var isActive: Bool

    public init(row: Row) throws {
        id = try row["id"]
        reference = try row["reference"]
        kind = try row["kind"]
        label = try row["label"]
        description = try row["description"]
        unit = try row["unit"]
        unitPrice = try row["unit_price"]
        vat = VATRate(try row["vat_category"], try row["vat_rate"])
        stock = try row["keeps_stock"] ? row["stock_quantity"] : nil
        isActive = try row["is_active"]
    }
}

/// The items that the lines of one editor name, and no others.
public struct KnownItems: Sendable {
    private let byID: [UniqueID: ItemFacts]
    private let byName: [String: ItemFacts]

    public static let none = KnownItems([])

    public init(_ items: [ItemFacts]) {
        byID = Dictionary(items.map { ($0.id.value, $0) }, uniquingKeysWith: { first, _ in first })
        let active = items.filter(\.isActive)
        let labels = active.map { (KnownItems.folded($0.label), $0) }
        let references = active.map { (KnownItems.folded($0.reference), $0) }
        // Two items of one label are not told apart by it; a reference is unique.
        byName = Dictionary(
            labels.filter { label in labels.count { $0.0 == label.0 } == 1 } + references,
            uniquingKeysWith: { _, reference in reference })
    }

    public subscript(id: UniqueID) -> ItemFacts? { byID[id] }

    /// The active item whose reference or whole label this is.
    public func named(_ text: String) -> ItemFacts? {
        let name = KnownItems.folded(text)
        return name.isEmpty ? nil : byName[name]
    }

    private static func folded(_ text: String) -> String { PlainText.folded(text) }
}

extension Transaction {
    /// The items that these lines name, by id, or by reference or label where nothing else is typed.
    public func knownItems(for drafts: LineDrafts) throws -> KnownItems {
        let ids = drafts.lines.compactMap(\.itemID) + [drafts.newItemID].compactMap(\.self)
        let unpriced = drafts.lines.filter {
            $0.kind == .item && $0.itemID == nil && $0.unitPrice.isEmpty
        }
        let queries = Set(
            ([drafts.newLabel] + unpriced.map(\.label)).compactMap { SearchQuery($0)?.text })
        guard !ids.isEmpty || !queries.isEmpty else { return .none }
        return KnownItems(
            try all(
                """
                SELECT id, reference, kind, label, description, unit, unit_price, vat_category,
                    vat_rate, keeps_stock, stock_quantity, is_active
                FROM items WHERE organisation_id = \(organisation)
                    AND (id = ANY (\(ids)) OR id IN (
                        SELECT s.record_id FROM unnest(\(Array(queries))) AS query,
                            LATERAL search_records('item', query, 1000) s))
                """))
    }
}
