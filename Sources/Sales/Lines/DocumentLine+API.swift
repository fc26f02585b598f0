import Basics
import Core

// What programs read and write of the lines of quotes, orders and invoices.

/// A line with the currency of its document.
struct PricedLine: Sendable {
    var line: DocumentLine
    var currency: Currency

    private var isItem: Bool { line.kind == .item }

    /// All the words of a free text: the editor keeps them in one field.
    fileprivate var label: String {
        line.kind == .text && !line.description.isEmpty
            ? line.label + "\n" + line.description : line.label
    }
    fileprivate var discountPercent: JSON {
        guard case .percent(let percentage) = line.discount else { return .null }
        return .string(
            ScaledDecimal.plain(
                percentage.hundredths, decimals: Percentage.decimals, minimumDecimals: 0))
    }
    fileprivate var discountAmount: JSON {
        if line.isAdjustment, line.discount == .none {
            return JSON(line.grossAmount(in: currency))
        }
        guard case .amount(let amount) = line.discount else { return .null }
        return JSON(amount)
    }
}

extension PricedLine: APIRecord {
    static let schemaName = "Line"
    static let members: [Member<PricedLine>] = [
        .id { $0.line.id }, .choice("kind") { $0.line.kind },
        Member("item_id", .nullable(.id)) { JSON($0.line.itemID?.description) },
        .text("label", most: 6000) { $0.label },
        .text("description") { $0.line.kind == .text ? "" : $0.line.description },
        .quantity("quantity") { $0.line.quantity }, .text("unit") { $0.line.unit },
        .price("unit_price") { $0.line.unitPrice },
        Member("discount_percent", .nullable(.percentage)) { $0.discountPercent },
        Member("discount_amount", .nullable(.money)) { $0.discountAmount },
        .text("vat", most: 8) { $0.line.vatIsSpread ? LineDraft.spread : $0.line.vat.code },
        .amount("net_amount") { $0.line.netAmount(in: $0.currency) },
        .quantity("invoiced_quantity") { $0.line.invoicedQuantity },
    ]
}

/// How prices of a document are typed.
enum TypedPrices {
    static let type = Shape.choice(["net", "gross"])

    static func json(_ lines: [DocumentLine]) -> JSON {
        .string(lines.pricesIncludeVAT == true ? "gross" : "net")
    }
}

extension [DocumentLine] {
    func priced(in currency: Currency) -> [PricedLine] {
        map { PricedLine(line: $0, currency: currency) }
    }
}

extension LineDraft {
    /// As programs send lines. What a line answers beyond these is computed, and may be sent back.
    static let bodyFields: [BodyField] = [
        BodyField(
            "id", .id,
            note: Text(
                "Celui d’une ligne à garder ; sans lui la ligne est nouvelle.",
                "That of a line to keep; without it the line is new.")),
        BodyField("kind", .choice(of: DocumentLine.Kind.self)),
        BodyField("item_id", .nullable(.id), field: "item"),
        BodyField("label", .text(most: 6000)),
        BodyField("description", .text(most: LineDrafts.maximumDescriptionLength)),
        BodyField("quantity", .quantity), BodyField("unit", .text(most: 40)),
        BodyField("unit_price", .price),
        BodyField(
            "discount_percent", .nullable(.percentage), field: "discount",
            also: ["discount_kind": "percent"]),
        BodyField(
            "discount_amount", .nullable(.paid), field: "discount",
            also: ["discount_kind": "amount"]),
        BodyField("vat", .text(most: 8), note: VATRate.note),
        .ignored("net_amount", .money), .ignored("invoiced_quantity", .quantity),
    ]

    static let body = BodyField.rows("lines", bodyFields, most: LineDrafts.maximumLines)
}

extension DocumentHead {
    static let bodyFields: [BodyField] = [
        BodyField("client_id", .id, field: "client", required: true),
        BodyField("contact_id", .nullable(.id), field: "contact"),
        BodyField("subject", .line), BodyField("reference", .text(most: 100)),
        BodyField("message", .text(most: 2000)), BodyField("notes", .text(most: 5000)),
        BodyField(
            "prices", TypedPrices.type,
            note: Text(
                "Prix, remises et frais hors taxes (`net`) ou TTC (`gross`) ; sans elle, comme l’organisation.",
                "Prices, allowances and charges without VAT (`net`) or with it (`gross`); without it, as the organisation does."
            )),
    ]
}
