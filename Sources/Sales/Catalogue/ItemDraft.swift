import Basics
import Core

/// What a person says of an item, read and checked.
public struct ItemDraft: Sendable {
    /// Empty: the next free one is given.
    public var reference: String
    public var kind: Item.Kind
    public var label: String
    public var description: String
    public var category: String
    public var unit: Unit
    public var unitPrice: UnitPrice
    public var vat: VATRate
    public var durationMinutes: Int?
    /// Nil: no stock is kept.
    public var stockQuantity: Quantity?

    static let maximumMinutes = 100_000

    public init(
        reference: String = "", kind: Item.Kind, label: String, unit: Unit = .unit,
        unitPrice: UnitPrice, vat: VATRate
    ) {
        self.reference = reference
        self.kind = kind
        self.label = label
        self.unit = unit
        self.unitPrice = unitPrice
        self.vat = vat
        description = ""
        category = ""
        durationMinutes = nil
        stockQuantity = nil
    }

    public init(_ input: inout Input, _ organisation: Organisation) {
        reference = input.line("reference", most: 40)
        kind = input.choice("kind", or: .service)
        label = input.line("label", required: true)
        description = input.text("description", most: LineDrafts.maximumDescriptionLength)
        category = input.line("category", most: 100)
        unit = input.choice("unit", or: .unit)
        unitPrice = ItemDraft.price(&input)
        vat = ItemDraft.vat(&input, organisation)
        durationMinutes = ItemDraft.duration(&input)
        stockQuantity = nil
        if input.flag("keeps_stock") { stockQuantity = input.quantity("stock_quantity") ?? .zero }
        if kind == .service, stockQuantity != nil {
            input.refuse(
                "keeps_stock",
                Text("Une prestation n’a pas de stock.", "A service has no stock."))
        }
    }

    private static func price(_ input: inout Input) -> UnitPrice {
        let before = input.problems.count
        let price = input.price("unit_price")
        if price == nil, input.problems.count == before {
            input.refuse("unit_price", Input.missing)
        }
        return price ?? UnitPrice(millionths: 0)
    }

    private static func vat(_ input: inout Input, _ organisation: Organisation) -> VATRate {
        let usual = VATRate.usual(for: organisation)
        let code = input.typed["vat"] ?? ""
        guard !code.isEmpty else { return usual }
        guard let rate = VATRate(code: code) else {
            input.refuse("vat", Text("Taux de TVA inconnu.", "Unknown VAT rate."))
            return usual
        }
        if let objection = rate.objection(in: organisation, on: nil) {
            input.refuse("vat", objection)
        }
        return rate
    }

    private static func duration(_ input: inout Input) -> Int? {
        // Programs give it whole.
        if input.has("duration") { return input.whole("duration", in: 0...maximumMinutes) }
        let hours = input.whole("duration_hours", in: 0...(maximumMinutes / 60))
        let minutes = input.whole("duration_minutes", in: 0...59)
        if hours == nil, minutes == nil { return nil }
        return (hours ?? 0) * 60 + (minutes ?? 0)
    }
}
