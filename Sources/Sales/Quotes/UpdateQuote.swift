import Basics
import Core
import Database

extension Transaction {
    /// Changes a draft. `version` is the one that the person saw: when somebody else changed it since,
    /// nothing is overwritten.
    public func updateQuote(_ id: Quote.ID, _ draft: QuoteDraft, version: Int?) throws -> Quote {
        let before = try lockedQuote(id)
        guard before.version == version ?? before.version else { throw Problem.changedMeanwhile }
        guard before.status == .draft else { throw Problem.quoteIsNoDraft }
        let head = draft.head
        try checkParty(head, isNew: head.clientID != before.clientID)
        try run(
            """
            UPDATE quotes SET client_id = \(head.clientID), contact_id = \(head.contactID),
                subject = \(head.subject), reference = \(head.reference),
                sector = \(head.sector), quoted_on = \(draft.quotedOn),
                valid_until = \(draft.validUntil),
                deposit_percentage = \(draft.depositPercentage), message = \(head.message),
                notes = kept('notes', notes, \(head.notes)), version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try saveLines(ofQuote: id, draft.lines, in: before.currency)
        try record(.quoteUpdated, .quote, id.value, label: before.number)
        return try quote(id)
    }

    /// Only a draft can go: everything else was seen by a client.
    public func deleteQuote(_ id: Quote.ID) throws {
        let quote = try lockedQuote(id)
        guard quote.status == .draft else { throw Problem.quoteIsNoDraft }
        try run("DELETE FROM quotes WHERE organisation_id = \(organisation) AND id = \(id)")
        try record(.quoteDeleted, .quote, id.value, label: quote.number)
    }
}

extension Problem {
    static let quoteIsNoDraft = Problem.conflict(
        Text(
            "Ce devis n’est plus un brouillon : reprenez-le en brouillon pour le modifier.",
            "This quote is no longer a draft: take it back to draft to change it."))
}
