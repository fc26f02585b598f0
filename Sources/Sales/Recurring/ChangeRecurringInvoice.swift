import Basics
import Core
import Database

extension Transaction {
    /// A new recurring invoice, which begins at once.
    public func createRecurringInvoice(_ draft: RecurringInvoiceDraft) throws -> RecurringInvoice {
        try draft.check(today: today)
        try checkParty(draft.head, isNew: true)
        let id: RecurringInvoice.ID = newID()
        let lines = try newLines(draft.lines)
        let totals = DocumentTotals(lines, in: currency)
        let (head, schedule) = (draft.head, draft.schedule)
        let number = try nextNumber(.recurringInvoice, on: today)
        try runLater(
            """
            INSERT INTO recurring_invoices (organisation_id, id, number, client_id, contact_id,
                frequency, starts_on, ends_on, day_of_month, delivery, next_on, subject, reference,
                message, notes, currency, total_net, total_vat, total_gross, created_at,
                created_by, updated_at)
            VALUES (\(organisation), \(id), \(number), \(head.clientID), \(head.contactID),
                \(schedule.frequency), \(schedule.startsOn), \(schedule.endsOn),
                \(schedule.dayOfMonth), \(draft.delivery),
                \(schedule.first(onOrAfter: schedule.startsOn)), \(head.subject),
                \(head.reference), \(head.message), \(head.notes), \(currency), \(totals.net),
                \(totals.vat), \(totals.gross), \(now), \(scope.user?.id), \(now))
            """)
        try insertLines(of: .recurringInvoice, id.value, lines, in: currency)
        try record(.recurringInvoiceCreated, .recurringInvoice, id.value, label: number)
        let created = try recurringInvoice(id)
        try awaitRun(of: created)
        return created
    }

    /// What changes holds for the periods to come. `version` is the one that the person saw.
    public func updateRecurringInvoice(
        _ id: RecurringInvoice.ID, _ draft: RecurringInvoiceDraft, version: Int?
    ) throws -> RecurringInvoice {
        let before = try lockedRecurringInvoice(id)
        guard before.version == version ?? before.version else { throw Problem.changedMeanwhile }
        let (head, schedule) = (draft.head, draft.schedule)
        try draft.check(today: today, before: before)
        try checkParty(head, isNew: head.clientID != before.clientID)
        let totals = try saveLines(
            of: .recurringInvoice, id.value, draft.lines, in: before.currency)
        let next = try nextPeriod(of: id, schedule)
        let status: RecurringInvoice.Status =
            next == nil ? .ended : before.status == .ended ? .active : before.status
        try run(
            """
            UPDATE recurring_invoices SET client_id = \(head.clientID),
                contact_id = \(head.contactID), status = \(status),
                frequency = \(schedule.frequency), starts_on = \(schedule.startsOn),
                ends_on = \(schedule.endsOn), day_of_month = \(schedule.dayOfMonth),
                delivery = \(draft.delivery), next_on = \(next), subject = \(head.subject),
                reference = \(head.reference), message = \(head.message),
                notes = kept('notes', notes, \(head.notes)),
                total_net = \(totals.net), total_vat = \(totals.vat),
                total_gross = \(totals.gross), version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        try record(.recurringInvoiceUpdated, .recurringInvoice, id.value, label: before.number)
        let changed = try recurringInvoice(id)
        try awaitRun(of: changed)
        return changed
    }

    /// No invoice comes until it is resumed; periods that pass meanwhile are left out.
    public func pauseRecurringInvoice(_ id: RecurringInvoice.ID, problem: String = "") throws
        -> RecurringInvoice
    {
        let before = try lockedRecurringInvoice(id)
        guard before.status == .active else { throw Problem.recurringInvoiceIsNot(.active) }
        return try move(
            before, to: .paused, next: before.nextOn, problem: problem, .recurringInvoicePaused)
    }

    public func resumeRecurringInvoice(_ id: RecurringInvoice.ID) throws -> RecurringInvoice {
        let before = try lockedRecurringInvoice(id)
        guard before.status == .paused else { throw Problem.recurringInvoiceIsNot(.paused) }
        let next = try nextPeriod(of: id, before.schedule, from: today)
        let resumed = try move(
            before, to: next == nil ? .ended : .active, next: next, .recurringInvoiceResumed)
        try awaitRun(of: resumed)
        return resumed
    }

    private func move(
        _ recurring: RecurringInvoice, to status: RecurringInvoice.Status, next: Day?,
        problem: String = "", _ action: Action
    ) throws -> RecurringInvoice {
        try run(
            """
            UPDATE recurring_invoices SET status = \(status), next_on = \(next),
                problem = \(problem), version = version + 1, updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(recurring.id)
            """)
        try record(
            action, .recurringInvoice, recurring.id.value, label: recurring.number,
            details: problem.isEmpty ? .object([]) : ["note": .string(problem)])
        return try recurringInvoice(recurring.id)
    }

    /// The first period that has no invoice yet, not before `day`, nor before what came last.
    private func nextPeriod(
        of id: RecurringInvoice.ID, _ schedule: RecurringSchedule, from day: Day? = nil
    ) throws -> Day? {
        let last: Day? = try value(
            """
            SELECT max(period_on) FROM recurring_invoice_periods
            WHERE organisation_id = \(organisation) AND recurring_invoice_id = \(id)
            """)
        let first = max(last?.adding(days: 1) ?? schedule.startsOn, schedule.startsOn)
        return schedule.first(onOrAfter: max(first, day ?? first))
    }
}

extension Problem {
    static func recurringInvoiceIsNot(_ status: RecurringInvoice.Status) -> Problem {
        .conflict(
            status == .active
                ? Text(
                    "Cet abonnement n’est pas actif.", "This recurring invoice is not active.")
                : Text(
                    "Cet abonnement n’est pas en pause.", "This recurring invoice is not paused."))
    }
}
