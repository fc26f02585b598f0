import Basics
import Core
import Database

extension Quote.Status {
    /// What may follow. Accepting is a verb of its own, because it makes the order.
    func allows(_ next: Quote.Status) -> Bool {
        switch (self, next) {
        case (.draft, .sent), (.draft, .accepted): true
        case (.sent, .draft), (.sent, .accepted), (.sent, .refused), (.sent, .expired): true
        case (.sent, .sent), (.expired, .sent), (.expired, .draft), (.expired, .refused): true
        case (.refused, .draft): true
        default: false
        }
    }
}

extension Transaction {
    /// Notes that the client has it, by whatever way.
    public func markQuoteSent(_ id: Quote.ID) throws -> Quote {
        let quote = try quote(id, before: .sent)
        guard try lines(of: .quote, id.value).holdsItems else { throw Problem.noLines }
        guard quote.validUntil >= today else { throw Problem.quoteIsExpired }
        let sent = try move(quote, to: .sent, .quoteSent)
        try awaitExpiry(of: sent)
        return sent
    }

    /// Notes the client's refusal with the reason, if there is one.
    public func refuseQuote(_ id: Quote.ID, note: String) throws -> Quote {
        let quote = try quote(id, before: .refused)
        return try move(quote, to: .refused, .quoteRefused, note: note)
    }

    /// Takes a quote back to work on it; it is sent again afterwards.
    public func reopenQuote(_ id: Quote.ID) throws -> Quote {
        let quote = try quote(id, before: .draft)
        return try move(quote, to: .draft, .quoteReopened)
    }

    /// A later end of validity; an expired quote is open again.
    public func extendQuote(_ id: Quote.ID, until day: Day) throws -> Quote {
        let quote = try quote(id, before: .sent)
        guard quote.status != .draft else { throw Problem.quoteCannotBecome(.sent, from: .draft) }
        guard day >= today, day > quote.validUntil,
            day - quote.quotedOn <= QuoteDraft.maximumValidityDays
        else {
            throw Problem.invalid(
                "valid_until",
                Text(
                    "Une date à venir, après l’actuelle fin de validité.",
                    "A day to come, after the present end of validity."))
        }
        try run(
            """
            UPDATE quotes SET valid_until = \(day)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        let extended = try move(
            quote, to: .sent, .quoteExtended, details: ["valid_until": JSON(day)])
        try awaitExpiry(of: extended)
        return extended
    }

    /// Notes which sent quotes are no longer valid; the daily job runs it. Answers how many.
    @discardableResult
    public func expireQuotes() throws -> Int {
        let overdue: [Quote] = try all(
            """
            SELECT \(Quote.columns) FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) AND q.status = 'sent'
                AND q.valid_until < \(today)
            ORDER BY q.id FOR UPDATE OF q
            """)
        for quote in overdue { _ = try move(quote, to: .expired, .quoteExpired) }
        return overdue.count
    }

    /// Locked, and in a status from which `next` may follow.
    func quote(_ id: Quote.ID, before next: Quote.Status) throws -> Quote {
        let quote = try lockedQuote(id)
        guard quote.status.allows(next) else {
            throw Problem.quoteCannotBecome(next, from: quote.status)
        }
        return quote
    }

    func move(
        _ quote: Quote, to status: Quote.Status, _ action: Action, note: String = "",
        details: JSON = .object([])
    ) throws -> Quote {
        let isDecided = status == .accepted || status == .refused
        let sentAt = status == .sent ? now : quote.sentAt
        try run(
            """
            UPDATE quotes SET status = \(status), sent_at = \(status == .draft ? nil : sentAt),
                decided_at = \(isDecided ? now : nil), decision_note = \(note),
                version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(quote.id)
            """)
        let all = note.isEmpty ? details : ["note": .string(note)]
        try record(action, .quote, quote.id.value, label: quote.number, details: all)
        return try self.quote(quote.id)
    }
}

extension Problem {
    static let quoteIsExpired = Problem.conflict(
        Text(
            "La validité de ce devis est dépassée : prolongez-la d’abord.",
            "This quote is no longer valid: extend it first."))

    static func quoteCannotBecome(_ next: Quote.Status, from status: Quote.Status) -> Problem {
        func sentence(_ say: Language) -> String {
            let (now, wanted) = (say(status.label).lowercased(), say(next.label).lowercased())
            return say(
                "Ce devis est « \(now) » : il ne peut pas devenir « \(wanted) ».",
                "This quote is “\(now)” and cannot become “\(wanted)”.")
        }
        return .conflict(Text(sentence(.french), sentence(.english)))
    }
}
