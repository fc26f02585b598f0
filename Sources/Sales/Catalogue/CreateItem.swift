import Basics
import Core
import Database

extension Transaction {
    /// A new item of the catalogue. Without a reference it gets the next `ART-0001`.
    public func createItem(_ draft: ItemDraft) throws -> Item {
        let id: Item.ID = newID()
        let reference = draft.reference.isEmpty ? try nextReference() : draft.reference
        try run(
            """
            INSERT INTO items (organisation_id, id, reference, kind, label, description, category,
                unit, unit_price, vat_category, vat_rate, duration_minutes, keeps_stock,
                stock_quantity, created_at, updated_at)
            VALUES (\(organisation), \(id), \(reference), \(draft.kind), \(draft.label),
                \(draft.description), \(draft.category), \(draft.unit.rawValue),
                \(draft.unitPrice), \(draft.vat.category), \(draft.vat.percentage),
                \(draft.durationMinutes), \(draft.stockQuantity != nil),
                \(draft.stockQuantity ?? .zero), \(now), \(now))
            """)
        try record(.itemCreated, .item, id.value, label: draft.label)
        return try item(id)
    }

    private func nextReference() throws -> String {
        let last: Int? = try value(
            """
            SELECT max(substring(reference from '^ART-([0-9]{1,9})$')::bigint) FROM items
            WHERE organisation_id = \(organisation)
            """)
        let number = String((last ?? 0) + 1)
        return "ART-" + String(repeating: "0", count: max(0, 4 - number.count)) + number
    }
}

extension Action {
    static let itemCreated = Action(
        "item.created", Text("a ajouté l’article", "added the item"), icon: "package")
    static let itemUpdated = Action(
        "item.updated", Text("a modifié l’article", "changed the item"))
    static let itemActivated = Action(
        "item.activated", Text("a réactivé l’article", "activated the item"), icon: "undo-2")
    static let itemDeactivated = Action(
        "item.deactivated", Text("a désactivé l’article", "deactivated the item"), icon: "archive")
}

extension Catalogue {
    public static var actions: [Action] {
        [.itemCreated, .itemUpdated, .itemActivated, .itemDeactivated]
    }
}
