import Basics
import Core
import HTTP

/// One line of an editor as it was typed, right or wrong, with the identity that it keeps.
public struct LineDraft: Sendable, Hashable {
    public var id: DocumentLine.ID
    public var kind: DocumentLine.Kind
    public var itemID: UniqueID?
    /// For a free text: all of it, line breaks included.
    public var label = ""
    public var description = ""
    public var quantity = ""
    public var unit = ""
    public var unitPrice = ""
    public var discount = ""
    /// `percent` or `amount`.
    public var discountKind = "percent"
    /// A `VATRate.code`; of an allowance or a charge also `LineDraft.spread`.
    public var vat = ""

    /// In place of a rate: in proportion to the lines of each.
    public static let spread = "spread"

    /// An empty line that waits for its words.
    public init(id: DocumentLine.ID, _ kind: DocumentLine.Kind, _ rules: LineRules) {
        self.id = id
        self.kind = kind
        if isAdjustment {
            vat = LineDraft.spread
            unit = AdjustmentReason.usual(kind).code
            discountKind = kind == .allowance ? "percent" : "amount"
        }
        guard kind == .item else { return }
        quantity = "1"
        unit = Unit.unit.rawValue
        vat = rules.usualVAT.code
    }

    /// A stored line as the form shows it.
    public init(_ line: DocumentLine, _ rules: LineRules) {
        self.init(id: line.id, line.kind, rules)
        label = line.label
        description = line.description
        switch kind {
        case .section: break
        case .text:
            label = description.isEmpty ? label : label + "\n" + description
            description = ""
        case .item: fill(from: line, rules)
        case .allowance, .charge: fill(adjustment: line, rules)
        }
    }

    public var isAdjustment: Bool { kind == .allowance || kind == .charge }

    private mutating func fill(adjustment line: DocumentLine, _ rules: LineRules) {
        unit = line.unit
        vat = line.vatIsSpread ? LineDraft.spread : line.vat.code
        if case .percent(let percentage) = line.discount {
            discount = rules.say.typed(percentage)
            discountKind = "percent"
        } else {
            discount = rules.say.typed(line.grossAmount(in: rules.currency), rules.currency)
            discountKind = "amount"
        }
    }

    private mutating func fill(from line: DocumentLine, _ rules: LineRules) {
        itemID = line.itemID
        quantity = rules.say.typed(line.quantity)
        unit = line.unit
        unitPrice = rules.say.typed(line.unitPrice, rules.currency)
        vat = line.vat.code
        switch line.discount {
        case .none: break
        case .percent(let percentage): discount = rules.say.typed(percentage)
        case .amount(let amount):
            discount = rules.say.typed(amount, rules.currency)
            discountKind = "amount"
        }
    }

    /// Takes words, price and VAT from the catalogue, and keeps the quantity.
    public mutating func take(_ item: ItemFacts, _ rules: LineRules) {
        itemID = item.id.value
        label = item.label
        description = item.description
        unit = item.unit
        let rate = rules.vat(item.vat)
        unitPrice = rules.say.typed(rules.price(item.unitPrice, rate), rules.currency)
        vat = rate.code
    }

    /// Nothing was typed: such a line is left out rather than refused.
    public var isBlank: Bool {
        switch kind {
        case .section: false
        case .allowance, .charge: PlainText.line(label + discount).isEmpty
        case .text: PlainText.line(label).isEmpty
        case .item:
            itemID == nil
                && [label, description, unitPrice, discount].allSatisfy {
                    PlainText.line($0).isEmpty
                }
        }
    }
}

extension LineDraft {
    /// Reads the fields `lines[index][…]`.
    init(_ fields: Fields, _ index: Int, newID: DocumentLine.ID) {
        func field(_ name: String) -> String { fields["lines[\(index)][\(name)]"] ?? "" }
        id = DocumentLine.ID(field("id")) ?? newID
        kind = DocumentLine.Kind(rawValue: field("kind")) ?? .item
        itemID = UniqueID(field("item"))
        label = field("label")
        guard kind == .item || isAdjustment else { return }
        description = field("description")
        quantity = field("quantity")
        unit = field("unit")
        unitPrice = field("unit_price")
        discount = field("discount")
        discountKind = field("discount_kind") == "amount" ? "amount" : "percent"
        vat = field("vat")
    }

    /// The same fields again, under the line's present place.
    func fields(at index: Int) -> [Fields.Field] {
        [
            ("label", label), ("description", description), ("quantity", quantity), ("unit", unit),
            ("unit_price", unitPrice), ("discount", discount), ("vat", vat),
        ].map { Fields.Field(name: LineDrafts.field(index, $0.0), value: $0.1) }
    }
}
