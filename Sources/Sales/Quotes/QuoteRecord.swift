import Basics
import Core

/// A quote with what its page shows.
struct QuoteRecord: Sendable {
    var quote: Quote
    var lines: [DocumentLine]
    var order: Order?
    var printed: PrintedDocument
    var history: DocumentHistory

    var json: JSON {
        [
            "quote": quote.json, "order_id": JSON(order?.id),
            "lines": .array(lines.map { $0.json(in: quote.currency) }),
        ]
    }
}

extension Transaction {
    func quoteRecord(_ id: Quote.ID) throws -> QuoteRecord {
        QuoteRecord(
            quote: try quote(id), lines: try lines(of: .quote, id.value),
            order: try order(ofQuote: id), printed: try printedQuote(id),
            history: try history(of: .quote, id.value))
    }
}

extension DocumentLine {
    func json(in currency: Currency) -> JSON {
        [
            "id": JSON(id), "kind": .string(kind.rawValue),
            "item_id": itemID.map { .string($0.description) } ?? .null,
            "label": .string(label), "description": .string(description),
            "quantity": .int(quantity.tenThousandths), "unit": .string(unit),
            "unit_price": .int(unitPrice.millionths), "discount_kind": .string(discount.kind),
            "discount_value": .int(discount.value), "vat": .string(vat.code),
            "net_amount": JSON(netAmount(in: currency)),
            "invoiced_quantity": .int(invoicedQuantity.tenThousandths),
        ]
    }
}
