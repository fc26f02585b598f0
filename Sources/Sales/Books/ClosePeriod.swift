import Basics
import Core
import Database

/// Which period to close.
struct ClosingDraft: Sendable {
    var kind: PeriodClosing.Kind
    /// Its first day.
    var startsOn: Day

    var endsOn: Day { kind.end(of: startsOn) }

    init(kind: PeriodClosing.Kind, startsOn: Day) {
        self.kind = kind
        self.startsOn = startsOn
    }

    init?(_ input: inout Input) {
        kind = input.choice("kind", or: .month)
        guard let day = input.day("starts_on", required: true) else { return nil }
        startsOn = kind.start(of: day)
    }
}

extension ClosingDraft: APIBody {
    static let schemaName = "PeriodClosingInput"
    static let body: [BodyField] = [
        BodyField("kind", .choice(of: PeriodClosing.Kind.self), required: true),
        BodyField(
            "starts_on", .day, required: true,
            note: Text("Un jour de la période.", "A day within the period.")),
    ]
}

extension Action {
    static let periodClosed = Action(
        "period_closing.recorded", Text("a clôturé la période", "closed the period"), icon: "lock",
        severity: .high)
}

extension Transaction {
    /// Freezes the totals of a month or a year that has ended. Closings of a kind follow each other
    /// without a gap. Waits for documents that are being issued, and they for this.
    @discardableResult
    func closePeriod(_ draft: ClosingDraft) throws -> PeriodClosing {
        try run("SELECT hold_open_periods(\(organisation))")
        try check(draft)
        let id: PeriodClosing.ID = newID()
        let days = draft.startsOn...draft.endsOn
        let totals = try periodTotals(days)
        let vatRows = try issuedVAT(days)
        try run(
            """
            INSERT INTO period_closings (organisation_id, id, kind, starts_on, ends_on, currency,
                invoice_count, credit_note_count, total_net, total_vat, total_gross, payment_count,
                received_amount, refunded_amount, perpetual_gross, perpetual_received, closed_at,
                closed_by, closed_by_name)
            VALUES (\(organisation), \(id), \(draft.kind), \(draft.startsOn), \(draft.endsOn),
                \(currency), \(totals.invoices), \(totals.creditNotes), \(totals.net),
                \(totals.vat), \(totals.gross), \(totals.payments), \(totals.received),
                \(totals.refunded), \(totals.perpetualGross), \(totals.perpetualReceived), \(now),
                \(scope.user?.id), \(scope.actorName))
            """)
        for row in vatRows {
            try runLater(
                """
                INSERT INTO period_closing_vat_rows (organisation_id, period_closing_id,
                    vat_category, vat_rate, base_amount, vat_amount)
                VALUES (\(organisation), \(id), \(row.category), \(row.percentage), \(row.base),
                    \(row.vat))
                """)
        }
        try record(
            .periodClosed, .periodClosing, id.value,
            label: PeriodClosing.title(draft.kind, draft.startsOn, scope.organisation.language),
            details: ["total": JSON(totals.gross)])
        return try periodClosing(id)
    }

    private func check(_ draft: ClosingDraft) throws {
        guard draft.endsOn < today else {
            throw Problem.invalid(
                "starts_on",
                Text(
                    "Cette période n’est pas terminée : elle se clôture à partir du \(Language.french.longDay(draft.endsOn.adding(days: 1))).",
                    "This period has not ended: it can be closed from \(Language.english.longDay(draft.endsOn.adding(days: 1)))."
                ))
        }
        guard let last = try lastClosedDay(draft.kind) else { return }
        if draft.endsOn <= last {
            throw Problem.invalid(
                "starts_on",
                Text("Cette période est déjà clôturée.", "This period is already closed."))
        }
        let next = last.adding(days: 1)
        if draft.startsOn > next {
            let french = PeriodClosing.title(draft.kind, next, .french)
            let english = PeriodClosing.title(draft.kind, next, .english)
            throw Problem.invalid(
                "starts_on",
                Text("Clôturez d’abord \(french).", "Close \(english) first."))
        }
    }

    /// The periods of a kind that can be closed now, the one proposed first: the next one, or any that
    /// has ended where none was closed yet.
    func closablePeriods(_ kind: PeriodClosing.Kind) throws -> [ClosingDraft] {
        if let last = try lastClosedDay(kind) {
            let next = ClosingDraft(kind: kind, startsOn: last.adding(days: 1))
            return next.endsOn < today ? [next] : []
        }
        guard let first = try firstBookedDay() else { return [] }
        let step = kind == .month ? 1 : 12
        var out: [ClosingDraft] = []
        var start = kind.start(of: today).adding(months: -step)
        while kind.end(of: start) >= first, out.count < Self.mostClosable {
            out.append(ClosingDraft(kind: kind, startsOn: start))
            start = start.adding(months: -step)
        }
        return out
    }

    /// As far back as the first closing may lie, in periods.
    private static let mostClosable = 36
}
