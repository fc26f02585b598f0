import Basics
import Core
import EInvoice

// What programs read of how totals were made.

extension Calculation: APIRecord {
    static let schemaName = "Calculation"
    static let members: [Member<Calculation>] = [
        .currency { $0.currency },
        Member("prices", TypedPrices.type) { .string($0.pricesIncludeVAT ? "gross" : "net") },
        .choice("settlement") { $0.settlement },
        .list("lines") { $0.lines }, .list("adjustments") { $0.shares },
        .list("vat_rows") { $0.rates },
        .amount("line_net") { $0.totals.lineNet },
        .amount("allowances") { $0.totals.allowances },
        .amount("charges") { $0.totals.charges }, .amount("total_net") { $0.totals.net },
        .amount("total_vat") { $0.totals.vat }, .amount("total_with_vat") { $0.withVAT },
        .amount("prepaid") { $0.prepaid }, .amount("rounding") { $0.totals.rounding },
        .amount("due") { $0.due },
    ]
}

extension Calculation.Line: APIRecord {
    static let schemaName = "CalculationLine"
    static let members: [Member<Calculation.Line>] = [
        .integer("number") { $0.number }, .text("label") { $0.line.label },
        .quantity("quantity") { $0.line.quantity }, .price("unit_price") { $0.line.unitPrice },
        .text("product", most: 60) { $0.product.text() }, .amount("rounded") { $0.rounded },
        .amount("discount") { $0.discount }, .amount("typed_amount") { $0.typed },
        .text("vat", most: 8) { $0.line.vat.code }, .amount("net_amount") { $0.net },
    ]
}

extension Calculation.Share: APIRecord {
    static let schemaName = "CalculationAdjustment"
    static let members: [Member<Calculation.Share>] = [
        .choice("kind") { $0.part.kind }, .text("label") { $0.line.label },
        .text("reason_code", most: 40) { $0.line.unit },
        .text("vat", most: 8) { $0.part.rate.code },
        Member("base_amount", .nullable(.money)) { JSON($0.part.base) },
        .amount("typed_amount") { $0.part.typed }, .amount("net_amount") { $0.part.net },
    ]
}

extension Calculation.Rate: APIRecord {
    static let schemaName = "CalculationRate"
    static let members: [Member<Calculation.Rate>] = [
        .text("vat", most: 8) { $0.row.rate.code },
        Member("typed_amount", .nullable(.money)) { JSON($0.typed) },
        .amount("base_amount") { $0.row.base }, .text("product", most: 60) { $0.product.text() },
        .amount("vat_amount") { $0.row.vat }, .amount("rounding") { $0.rounding },
    ]
}
