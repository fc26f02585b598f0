import Basics
import Core

// What programs read and write of the catalogue.

extension Item: APIRecord {
    public static let schemaName = "Item"
    public static let members: [Member<Item>] = [
        .id { $0.id }, .text("reference") { $0.reference }, .choice("kind") { $0.kind },
        .text("label") { $0.label }, .text("description") { $0.description },
        .text("category") { $0.category }, .text("unit") { $0.unit },
        .price("unit_price") { $0.unitPrice }, .text("vat", most: 8) { $0.vat.code },
        .integer("duration_minutes") { $0.durationMinutes },
        .flag("keeps_stock") { $0.keepsStock }, .quantity("stock_quantity") { $0.stockQuantity },
        .flag("is_active") { $0.isActive }, .integer("version") { $0.version },
    ]
}

extension ItemRow: APIRecord {
    static let schemaName = Item.schemaName
    static let members: [Member<ItemRow>] = Member.all { $0.item }
}

extension ItemDraft: APIBody {
    public static let schemaName = "ItemInput"
    public static let body: [BodyField] = [
        BodyField("reference", .text(most: 40)), BodyField("kind", .choice(of: Item.Kind.self)),
        BodyField("label", .line, required: true),
        BodyField("description", .text(most: LineDrafts.maximumDescriptionLength)),
        BodyField("category", .text(most: 100)), BodyField("unit", .choice(of: Unit.self)),
        BodyField("unit_price", .price, required: true),
        BodyField("vat", .text(most: 8), note: VATRate.note),
        BodyField(
            "duration_minutes", .nullable(.integer(0...maximumMinutes)), field: "duration"),
        BodyField("keeps_stock", .flag), BodyField("stock_quantity", .quantity),
    ]
}

extension VATRate {
    static let note = Text(
        "Catégorie et taux en centièmes de pour cent : S2000 est 20 %.",
        "Category and rate in hundredths of a percent: S2000 is 20 %.")
}

extension ItemFilter {
    static let parameters: [Property] = [
        Property("q", .line), Property("kind", .choice(of: Item.Kind.self)),
        Property("category", .text(most: 100)), Property("view", .choice(of: View.self)),
        .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
