import Basics
import Core
import Database
import HTTP

extension RecurringInvoices {
    /// Makes the invoices that are due, one period after the other, each in a transaction of its own:
    /// whenever it is killed, it goes on where it stopped.
    static let running = JobKind(
        "recurring_invoice.run", Text("Facturer un abonnement", "Make a recurring invoice"),
        address: { "/recurring-invoices/\($0)" },
        givenUp: { job, application, reason in
            guard let subject = job.subject else { return }
            try application.write(for: job.organisation) { transaction in
                let recurring = try transaction.recurringInvoice(ID(subject))
                guard recurring.status == .active else { return }
                _ = try transaction.pauseRecurringInvoice(recurring.id, problem: reason)
            }
        }
    ) { job, application in
        guard let subject = job.subject else { return }
        var isMoreDue = true
        while isMoreDue {
            isMoreDue = try application.write(for: job.organisation) { transaction in
                let isMore = try transaction.runRecurringInvoice(ID(subject))
                if !isMore {
                    try transaction.finish(job)
                    try transaction.awaitRun(of: transaction.recurringInvoice(ID(subject)))
                }
                return isMore
            }
        }
    }

    public static var jobs: [JobKind] { [running] }
}

extension Transaction {
    /// Makes the invoice of the next period if its day has come; answers whether another one is due.
    /// The key of the period lets it happen once.
    @discardableResult
    public func runRecurringInvoice(_ id: RecurringInvoice.ID) throws -> Bool {
        let recurring = try lockedRecurringInvoice(id)
        guard recurring.status == .active, let period = recurring.nextOn, period <= today else {
            return false
        }
        let isNew = try run(
            """
            INSERT INTO recurring_invoice_periods
                (organisation_id, recurring_invoice_id, period_on, created_at)
            VALUES (\(organisation), \(id), \(period), \(now)) ON CONFLICT DO NOTHING
            """)
        if isNew == 1 { try makeInvoice(of: recurring, period) }
        let next = recurring.schedule.first(onOrAfter: period.adding(days: 1))
        try run(
            """
            UPDATE recurring_invoices SET next_on = \(next),
                status = \(next == nil ? RecurringInvoice.Status.ended : .active),
                updated_at = \(now)
            WHERE organisation_id = \(organisation) AND id = \(id)
            """)
        return next.map { $0 <= today } ?? false
    }

    /// Leaves a job for the next period, unless one waits already. At midnight of UTC that day has begun
    /// in some time zones and not in others: where it has not, the job looks again every hour.
    func awaitRun(of recurring: RecurringInvoice) throws {
        guard recurring.status == .active, let next = recurring.nextOn else { return }
        let midnight = Instant(seconds: next.daysSince1970 * 86_400)
        let moment = midnight > now || next <= today ? midnight : now.adding(seconds: 3600)
        let isAwaited: Bool? = try value(
            """
            SELECT EXISTS (SELECT FROM jobs
                WHERE organisation_id = \(organisation) AND kind = \(RecurringInvoices.running.name)
                    AND subject_id = \(recurring.id) AND finished_at IS NULL
                    AND failed_at IS NULL AND run_at <= \(moment))
            """)
        guard isAwaited != true else { return }
        try enqueue(RecurringInvoices.running, on: recurring.id.value, at: moment)
    }

    private func makeInvoice(of recurring: RecurringInvoice, _ period: Day) throws {
        let client = try client(recurring.clientID)
        var draft = InvoiceDraft(
            for: client.id, lines: try lines(of: .recurringInvoice, recurring.id.value))
        draft.contact = recurring.head.contactID
        draft.subject = recurring.head.subject
        draft.reference = recurring.head.reference
        draft.notes = recurring.head.notes
        draft.message = [
            RecurringInvoice.words(recurring.schedule, period, client.language),
            recurring.head.message,
        ].filter { !$0.isEmpty }.joined(separator: "\n")
        let invoice = try insertDraft(draft, for: client, currency: recurring.currency)
        let problem = try deliver(invoice, recurring, to: client)
        try run(
            """
            UPDATE recurring_invoice_periods SET invoice_id = \(invoice.id), problem = \(problem)
            WHERE organisation_id = \(organisation) AND recurring_invoice_id = \(recurring.id)
                AND period_on = \(period)
            """)
        try record(
            .recurringInvoiceMade, .recurringInvoice, recurring.id.value, label: recurring.number,
            details: [
                "day": JSON(period), "total": JSON(invoice.totalGross), "note": .string(problem),
            ])
    }

    /// As far as it goes by itself; answers what keeps it from going on, in words.
    private func deliver(
        _ invoice: Invoice, _ recurring: RecurringInvoice, to client: Client
    ) throws -> String {
        guard recurring.delivery != .draft else { return "" }
        let say = scope.organisation.language
        if client.isArchived {
            return say("Le client est archivé.", "The client is archived.")
        }
        let obstacles = try issueObstacles(invoice.id, on: today)
        guard obstacles.isEmpty else {
            return obstacles.map { say($0.message) }.joined(separator: " ")
        }
        try issueInvoice(invoice.id)
        return recurring.delivery == .send ? try send(invoice.id, say) : ""
    }

    private func send(_ id: Invoice.ID, _ say: Language) throws -> String {
        let parcel = try parcel(ofInvoice: id)
        let recipient = parcel.values["recipient"] ?? ""
        guard !recipient.isEmpty else {
            return say(
                "Émise, mais ce client n’a pas d’adresse e-mail.",
                "Issued, but this client has no e-mail address.")
        }
        var input = Input(
            Fields(parcel.values.map { Fields.Field(name: $0.key, value: $0.value) }))
        let mail = MailDraft(
            &input, about: parcel.record, suggestions: parcel.suggestions,
            attachment: MailAttachment(
                name: parcel.printed.fileName,
                bytes: try keptDocument(of: invoice(id)).content))
        do {
            try input.check()
        } catch let problem as Problem {
            return say(problem.detail)
        }
        try queueMail(mail)
        return ""
    }
}

extension RecurringInvoice {
    /// `Période du 1er novembre 2026 au 30 novembre 2026.`
    fileprivate static func words(
        _ schedule: RecurringSchedule, _ period: Day, _ say: Language
    ) -> String {
        let last = schedule.lastDay(ofPeriod: period)
        return say(
            "Période du \(say.longDay(period)) au \(say.longDay(last)).",
            "Period from \(say.longDay(period)) to \(say.longDay(last)).")
    }
}
