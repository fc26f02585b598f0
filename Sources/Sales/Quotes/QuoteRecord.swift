import Basics
import Core

/// A quote with what its page shows.
struct QuoteRecord: Sendable {
    var quote: Quote
    var lines: [DocumentLine]
    var order: Order?
    var printed: PrintedDocument
    var history: DocumentHistory
    /// What is known of the client's link.
    var shared: SharedDocument?
}

extension Transaction {
    func quoteRecord(_ id: Quote.ID) throws -> QuoteRecord {
        QuoteRecord(
            quote: try quote(id), lines: try lines(of: .quote, id.value),
            order: try order(ofQuote: id), printed: try printedQuote(id),
            history: try history(of: .quote, id.value),
            shared: try sharedDocument(SharedSubject(kind: .quote, id: id.value)))
    }
}
