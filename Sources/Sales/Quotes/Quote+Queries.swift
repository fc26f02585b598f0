import Basics
import Core
import Database

extension Quote {
    /// The columns that `init(row:)` reads, from `quotes q` and `clients c`.
    static let columns: SQL = """
        q.id, q.number, q.client_id, c.name AS client_name, q.contact_id, q.status, q.subject,
        q.reference, q.sector, q.quoted_on, q.valid_until, q.deposit_percentage, q.message,
        shown('notes', q.notes) AS notes, q.currency,
        q.total_net, q.total_vat, q.total_gross, q.sent_at, q.decided_at, q.decision_note,
        q.version, q.created_at
        """
}

extension Transaction {
    public func quote(_ id: Quote.ID) throws -> Quote {
        try one(
            """
            SELECT \(Quote.columns) FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) AND q.id = \(id)
            """)
    }

    /// The quote, kept from every other change until this transaction ends.
    func lockedQuote(_ id: Quote.ID) throws -> Quote {
        let found = try run(
            """
            SELECT id FROM quotes
            WHERE organisation_id = \(organisation) AND id = \(id) FOR UPDATE
            """)
        guard found == 1 else { throw Problem.notFound }
        return try quote(id)
    }

    /// One page of quotes, one row more than a page when there is a next one.
    func quotes(_ filter: QuoteFilter) throws -> Listing<QuoteRow> {
        let rows: [QuoteRow] = try all(
            """
            SELECT \(Quote.columns), \(filter.sortColumn)::text AS sort_value FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) \(filter.conditions(today)) \(filter.position)
            ORDER BY \(filter.sorting) LIMIT \(PagePosition.rowsPerPage + 1)
            """)
        return Listing(rows) { PagePosition(value: $0.sortValue, id: $0.quote.id.value) }
    }

    /// Sent quotes whose validity ends within these days, the first to end on top.
    public func quotesThatExpire(withinDays days: Int, most: Int) throws -> [Quote] {
        try all(
            """
            SELECT \(Quote.columns) FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) AND q.status = 'sent'
                AND q.valid_until BETWEEN \(today) AND \(today.adding(days: days))
            ORDER BY q.valid_until, q.id LIMIT \(most)
            """)
    }

    /// A client's quotes, the newest first.
    public func quotes(of client: Client.ID, most: Int) throws -> [Quote] {
        try all(
            """
            SELECT \(Quote.columns) FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) AND q.client_id = \(client)
            ORDER BY q.quoted_on DESC, q.id DESC LIMIT \(most)
            """)
    }

    func exportQuotes(_ filter: QuoteFilter, to file: TableFile, _ say: Language) throws {
        try each(
            """
            SELECT \(Quote.columns) FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) \(filter.conditions(today))
            ORDER BY q.quoted_on, q.id
            """
        ) { row in
            let quote = try Quote(row: row)
            func money(_ amount: Amount) -> TableCell { .amount(amount, quote.currency) }
            try file.add([
                .text(quote.number), .text(quote.clientName), .text(quote.head.subject),
                .text(quote.head.reference), .text(say(quote.status(on: today).label)),
                .day(quote.quotedOn), .day(quote.validUntil), money(quote.totalNet),
                money(quote.totalVAT), money(quote.totalGross), .text(quote.currency.code),
            ])
        }
    }
}

/// A quote in a list, with the value that its page was sorted by.
struct QuoteRow: Record, Sendable {
    let quote: Quote
    let sortValue: String

    init(row: Row) throws {
        quote = try Quote(row: row)
        sortValue = try row["sort_value"]
    }
}
