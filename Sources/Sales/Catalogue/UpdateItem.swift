import Basics
import Core
import Database

extension Transaction {
    /// Changes an item; lines that were made from it keep what they say. `version` is the one that the
    /// person saw.
    public func updateItem(_ id: Item.ID, _ draft: ItemDraft, version: Int?) throws -> Item {
        let before = try item(id)
        let reference = draft.reference.isEmpty ? before.reference : draft.reference
        let changed = try run(
            """
            UPDATE items SET reference = \(reference), kind = \(draft.kind),
                label = \(draft.label), description = \(draft.description),
                category = \(draft.category), unit = \(draft.unit.rawValue),
                unit_price = \(draft.unitPrice), vat_category = \(draft.vat.category),
                vat_rate = \(draft.vat.percentage), duration_minutes = \(draft.durationMinutes),
                keeps_stock = \(draft.stockQuantity != nil),
                stock_quantity = \(draft.stockQuantity ?? .zero),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
                AND version = \(version ?? before.version)
            """)
        guard changed == 1 else { throw Problem.changedMeanwhile }
        try record(.itemUpdated, .item, id.value, label: draft.label)
        return try item(id)
    }

    /// An item that is not active is no longer offered; documents keep it.
    public func setItem(_ id: Item.ID, active: Bool) throws -> Item {
        let changed = try run(
            """
            UPDATE items SET is_active = \(active), version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id) AND is_active <> \(active)
            """)
        let item = try item(id)
        if changed == 1 {
            try record(
                active ? .itemActivated : .itemDeactivated, .item, id.value, label: item.label)
        }
        return item
    }
}
