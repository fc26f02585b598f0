import Basics
import Core
import Database

extension Transaction {
    /// A new quote, a draft with the next number of its series.
    public func createQuote(_ draft: QuoteDraft) throws -> Quote {
        try checkParty(draft.head, isNew: true)
        let id: Quote.ID = newID()
        let lines = try newLines(draft.lines)
        let totals = DocumentTotals(lines, in: currency)
        let head = draft.head
        // Last of all that is asked: others who want a number wait from here on.
        let number = try nextNumber(.quote, on: draft.quotedOn)
        try runLater(
            """
            INSERT INTO quotes (organisation_id, id, number, client_id, contact_id, subject,
                reference, sector, quoted_on, valid_until, deposit_percentage, message, notes,
                currency, total_net, total_vat, total_gross, created_at, created_by, updated_at)
            VALUES (\(organisation), \(id), \(number), \(head.clientID), \(head.contactID),
                \(head.subject), \(head.reference), \(head.sector), \(draft.quotedOn),
                \(draft.validUntil), \(draft.depositPercentage), \(head.message), \(head.notes),
                \(currency), \(totals.net), \(totals.vat), \(totals.gross), \(now), \(scope.user?.id), \(now))
            """)
        try insertLines(of: .quote, id.value, lines, in: currency)
        try record(.quoteCreated, .quote, id.value, label: number)
        return try quote(id)
    }

    /// The same for another day: its client, words and lines in a new draft.
    public func duplicateQuote(_ id: Quote.ID) throws -> Quote {
        let original = try quote(id)
        let validity = scope.organisation.quoteValidityDays
        var draft = QuoteDraft(
            head: original.head, quotedOn: today, validUntil: today.adding(days: validity),
            lines: try lines(of: .quote, id.value))
        draft.depositPercentage = original.depositPercentage
        return try createQuote(draft)
    }

    func saveLines(ofQuote id: Quote.ID, _ lines: [DocumentLine], in currency: Currency) throws {
        let totals = try saveLines(of: .quote, id.value, lines, in: currency)
        try run(
            """
            UPDATE quotes SET total_net = \(totals.net), total_vat = \(totals.vat),
                total_gross = \(totals.gross)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
    }
}

extension Action {
    static let quoteCreated = Action(
        "quote.created", Text("a créé le devis", "created the quote"), icon: "file-plus")
    static let quoteUpdated = Action(
        "quote.updated", Text("a modifié le devis", "changed the quote"))
    static let quoteSent = Action(
        "quote.sent", Text("a marqué le devis envoyé", "marked the quote as sent"), icon: "send")
    static let quoteAccepted = Action(
        "quote.accepted", Text("a noté l’accord sur le devis", "noted that the quote is accepted"),
        icon: "circle-check")
    static let quoteRefused = Action(
        "quote.refused", Text("a noté le refus du devis", "noted that the quote is refused"),
        icon: "circle-x")
    static let quoteExtended = Action(
        "quote.extended", Text("a prolongé le devis", "extended the quote"), icon: "calendar-clock")
    static let quoteReopened = Action(
        "quote.reopened", Text("a repris le devis en brouillon", "took the quote back to draft"),
        icon: "undo-2")
    static let quoteExpired = Action(
        "quote.expired", Text("a noté l’expiration du devis", "noted that the quote expired"),
        icon: "hourglass")
    static let quoteDeleted = Action(
        "quote.deleted", Text("a supprimé le brouillon de devis", "deleted the draft quote"),
        icon: "trash-2")
}

extension Quotes {
    public static var actions: [Action] {
        [
            .quoteCreated, .quoteUpdated, .quoteSent, .quoteAccepted, .quoteRefused,
            .quoteExtended, .quoteReopened, .quoteExpired, .quoteDeleted,
        ]
    }
}
