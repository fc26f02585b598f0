import Basics
import Core

/// What a person says of a recurring invoice, read and checked.
public struct RecurringInvoiceDraft: Sendable {
    public var head: DocumentHead
    public var schedule: RecurringSchedule
    public var delivery: RecurringInvoice.Delivery
    public var lines: [DocumentLine]

    public init(
        head: DocumentHead, schedule: RecurringSchedule,
        delivery: RecurringInvoice.Delivery = .draft, lines: [DocumentLine]
    ) {
        self.head = head
        self.schedule = schedule
        self.delivery = delivery
        self.lines = lines
    }

    /// Reads the form's fields around the lines. Without a day of the month it is that of the start.
    init(_ input: inout Input, lines: [DocumentLine], today: Day) {
        head = DocumentHead(&input)
        let frequency: Frequency = input.choice("frequency", or: .monthly)
        let start = input.day("starts_on", required: true)
        let end = input.day("ends_on")
        let day = input.whole("day_of_month", in: 1...31)
        schedule = RecurringSchedule(
            frequency, from: start ?? today, to: end,
            dayOfMonth: day ?? start?.dayOfMonth ?? today.dayOfMonth)
        delivery = input.choice("delivery", or: .draft)
        self.lines = lines
        if let start, let end, end < start {
            input.refuse(
                "ends_on",
                Text("La fin ne peut précéder le début.", "The end cannot precede the start."))
        }
    }

    /// What is wrong with it today. `before` is what it was, and may have begun already.
    func check(today: Day, before: RecurringInvoice? = nil) throws {
        var problems: [FieldProblem] = []
        if schedule.startsOn < today, schedule.startsOn != before?.schedule.startsOn {
            problems.append(
                FieldProblem(
                    "starts_on",
                    Text(
                        "Aujourd’hui au plus tôt : rien n’est facturé pour le passé.",
                        "Today at the earliest: nothing is invoiced for the past.")))
        }
        if schedule.first(onOrAfter: schedule.startsOn) == nil {
            problems.append(
                FieldProblem(
                    "ends_on",
                    Text(
                        "Aucune facture ne tombe avant cette fin.",
                        "No invoice falls before this end.")))
        }
        if !lines.holdsItems, case .invalid(let fields) = Problem.noLines { problems += fields }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
    }
}

extension RecurringInvoice {
    var formValues: [String: String] {
        head.formValues.merging([
            "frequency": schedule.frequency.rawValue, "starts_on": schedule.startsOn.iso,
            "ends_on": schedule.endsOn?.iso ?? "", "day_of_month": String(schedule.dayOfMonth),
            "delivery": delivery.rawValue, "version": String(version),
        ]) { $1 }
    }
}
