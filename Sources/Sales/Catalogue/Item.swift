import Basics
import Core
import Database

/// What is sold: a service or a product of the catalogue.
public struct Item: Record, Sendable {
    public typealias ID = Basics.ID<Item>

    public enum Kind: String, Sendable, CaseIterable, SQLBindable, SQLDecodable {
        case service, product

        public var label: Text {
            switch self {
            case .service: Text("Prestation", "Service")
            case .product: Text("Produit", "Product")
            }
        }
    }

    public var id: ID
    public var reference: String
    public var kind: Kind
    public var label: String
    public var description: String
    public var category: String
    /// The raw value of a `Unit`.
    public var unit: String
    public var unitPrice: UnitPrice
    public var vat: VATRate
    public var durationMinutes: Int?
    public var keepsStock: Bool
    public var stockQuantity: Quantity
    public var isActive: Bool
    public var version: Int

    public init(row: Row) throws {
        id = try row["id"]
        reference = try row["reference"]
        kind = try row["kind"]
        label = try row["label"]
        description = try row["description"]
        category = try row["category"]
        unit = try row["unit"]
        unitPrice = try row["unit_price"]
        vat = VATRate(try row["vat_category"], try row["vat_rate"])
        durationMinutes = try row["duration_minutes"]
        keepsStock = try row["keeps_stock"]
        stockQuantity = try row["stock_quantity"]
        isActive = try row["is_active"]
        version = try row["version"]
    }

    /// The columns that `init(row:)` reads.
    static let columns: SQL = """
        id, reference, kind, label, description, category, unit, unit_price, vat_category,
        vat_rate, duration_minutes, keeps_stock, stock_quantity, is_active, version
        """

    public var path: String { "/items/\(id)" }

    /// `forfait`; a unit of an import that is not one of ours stands as it is.
    public func unitLabel(in say: Language) -> String {
        Unit(rawValue: unit).map { say($0.label) } ?? unit
    }
}

extension Language {
    /// `1 h 30`, `45 min`
    public func duration(minutes: Int) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        if hours == 0 { return "\(rest)\u{A0}min" }
        if rest == 0 { return "\(integer(hours))\u{A0}h" }
        return "\(integer(hours))\u{A0}h\u{A0}\(rest < 10 ? "0" : "")\(rest)"
    }
}
