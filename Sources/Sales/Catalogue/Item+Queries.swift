import Basics
import Core
import Database

/// An item in a list, with the value that its page was sorted by.
struct ItemRow: Record, Sendable {
    let item: Item
    let sortValue: String

    init(row: Row) throws {
        item = try Item(row: row)
        sortValue = try row["sort_value"]
    }
}

extension Transaction {
    public func item(_ id: Item.ID) throws -> Item {
        try one(
            """
            SELECT \(Item.columns) FROM items
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }

    /// One page of the catalogue, one row more than a page when there is a next one.
    func items(_ filter: ItemFilter) throws -> Listing<ItemRow> {
        let rows: [ItemRow] = try all(
            """
            SELECT \(Item.columns), \(filter.sortColumn)::text AS sort_value FROM items
            WHERE organisation_id = \(organisation) \(filter.conditions) \(filter.position)
            ORDER BY \(filter.order) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.sortValue, id: $0.item.id.value) }
    }

    /// Active items whose label, reference, category or description holds these words; the one whose
    /// reference they are comes first.
    func items(matching words: String, most: Int) throws -> [ItemFacts] {
        guard let query = SearchQuery(words) else { return [] }
        return try all(
            """
            SELECT i.id, i.reference, i.kind, i.label, i.description, i.unit, i.unit_price,
                i.vat_category, i.vat_rate, i.keeps_stock, i.stock_quantity, i.is_active
            FROM search_records('item', \(query.text), 1000) s
            JOIN items i ON i.organisation_id = \(organisation) AND i.id = s.record_id
            WHERE i.is_active
            ORDER BY lower(i.reference) <> lower(\(words)), i.sort_label LIMIT \(most)
            """)
    }

    /// The first active items by name, for browsers that run no script.
    func itemsToOffer(most: Int = 200) throws -> [ItemFacts] {
        try all(
            """
            SELECT id, reference, kind, label, description, unit, unit_price, vat_category,
                vat_rate, keeps_stock, stock_quantity, is_active
            FROM items WHERE organisation_id = \(organisation) AND is_active
            ORDER BY sort_label, id LIMIT \(most)
            """)
    }

    func itemCategories() throws -> [String] {
        try values(
            """
            SELECT DISTINCT category FROM items
            WHERE organisation_id = \(organisation) AND category <> '' ORDER BY 1 LIMIT 200
            """)
    }

    func exportItems(_ filter: ItemFilter, to file: TableFile, _ say: Language) throws {
        try each(
            """
            SELECT \(Item.columns) FROM items
            WHERE organisation_id = \(organisation) \(filter.conditions) ORDER BY sort_label, id
            """
        ) { row in
            let item = try Item(row: row)
            try file.add([
                .text(item.reference), .text(item.label), .text(say(item.kind.label)),
                .text(item.category), .text(item.unitLabel(in: say)),
                .number(item.unitPrice.millionths, decimals: UnitPrice.decimals),
                .text(item.vat.label(in: say)), item.durationMinutes.map(TableCell.count) ?? .empty,
                item.keepsStock
                    ? .number(item.stockQuantity.tenThousandths, decimals: Quantity.decimals)
                    : .empty,
                .text(item.isActive ? say("oui", "yes") : say("non", "no")),
            ])
        }
    }
}

extension ItemFilter {
    static let headings = [
        Text("Référence", "Reference"), Text("Désignation", "Label"), Text("Type", "Kind"),
        Text("Catégorie", "Category"), Text("Unité", "Unit"), Text("Prix HT", "Price"),
        Text("TVA", "VAT"), Text("Durée (min)", "Duration (min)"), Text("Stock", "Stock"),
        Text("Actif", "Active"),
    ]
}
