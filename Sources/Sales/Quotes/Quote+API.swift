import Basics
import Core

// What programs read and write of quotes.

/// A quote with its lines.
struct QuoteDetails: Sendable {
    var quote: Quote
    var lines: [DocumentLine]
    var orderID: Order.ID?
    var today: Day
}

extension Transaction {
    func quoteDetails(_ id: Quote.ID) throws -> QuoteDetails {
        QuoteDetails(
            quote: try quote(id), lines: try lines(of: .quote, id.value),
            orderID: try order(ofQuote: id)?.id, today: today)
    }
}

extension QuoteDetails: APIRecord {
    static let schemaName = "Quote"
    static let members: [Member<QuoteDetails>] = [
        .id { $0.quote.id }, .text("number") { $0.quote.number },
        .choice("status") { $0.quote.status(on: $0.today) },
        .id("client_id") { $0.quote.head.clientID }, .text("client_name") { $0.quote.clientName },
        .id("contact_id") { $0.quote.head.contactID }, .text("subject") { $0.quote.head.subject },
        .text("reference") { $0.quote.head.reference }, .text("sector") { $0.quote.head.sector },
        .text("message") { $0.quote.head.message }, .text("notes") { $0.quote.head.notes },
        .day("quoted_on") { $0.quote.quotedOn }, .day("valid_until") { $0.quote.validUntil },
        .percentage("deposit_percent") { $0.quote.depositPercentage },
        .currency { $0.quote.currency }, .amount("total_net") { $0.quote.totalNet },
        .amount("total_vat") { $0.quote.totalVAT }, .amount("total_gross") { $0.quote.totalGross },
        .instant("sent_at") { $0.quote.sentAt }, .instant("decided_at") { $0.quote.decidedAt },
        .text("decision_note") { $0.quote.decisionNote }, .id("order_id") { $0.orderID },
        Member("prices", TypedPrices.type) { TypedPrices.json($0.lines) },
        .list("lines") { $0.lines.priced(in: $0.quote.currency) },
        .integer("version") { $0.quote.version }, .instant("created_at") { $0.quote.createdAt },
    ]
}

extension QuoteRow: APIRecord {
    static let schemaName = "QuoteSummary"
    static let members: [Member<QuoteRow>] = [
        .id { $0.quote.id }, .text("number") { $0.quote.number },
        .choice("status") { $0.quote.status }, .id("client_id") { $0.quote.clientID },
        .text("client_name") { $0.quote.clientName }, .text("subject") { $0.quote.head.subject },
        .day("quoted_on") { $0.quote.quotedOn }, .day("valid_until") { $0.quote.validUntil },
        .currency { $0.quote.currency }, .amount("total_net") { $0.quote.totalNet },
        .amount("total_vat") { $0.quote.totalVAT }, .amount("total_gross") { $0.quote.totalGross },
    ]
}

extension QuoteDraft: APIBody {
    public static let schemaName = "QuoteInput"
    public static let body: [BodyField] =
        DocumentHead.bodyFields + [
            BodyField("sector", .text(most: 100)), BodyField("quoted_on", .day, required: true),
            BodyField("valid_until", .day, required: true),
            BodyField(
                "deposit_percent", .percentage,
                note: Text(
                    "Acompte demandé à l’acceptation, en % du total TTC.",
                    "Deposit asked for on acceptance, in % of the total with VAT.")),
            LineDraft.body,
        ]
}

/// Why a quote was refused.
enum RefusalBody: APIBody {
    static let schemaName = "Refusal"
    static let body = [BodyField("note", .text(most: 1000))]
}

/// Until when a quote holds.
enum ExtensionBody: APIBody {
    static let schemaName = "Extension"
    static let body = [BodyField("valid_until", .day, required: true)]
}

extension QuoteFilter {
    static let parameters: [Property] = [
        Property("q", .line),
        Property(
            "view",
            .choice(Quote.Status.allCases.map(\.rawValue) + Outcome.allCases.map(\.rawValue))),
        Property("client", .id), Property("period", .choice(of: Period.self)),
        Property("from", .day), Property("to", .day), .sort(Sort.allCases.map(\.rawValue)), .after,
    ]
}
