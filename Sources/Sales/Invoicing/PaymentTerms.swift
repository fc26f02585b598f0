import Basics
import Core

/// When an invoice must be paid, counted from its date.
public struct PaymentTerms: Sendable, Hashable {
    /// What the law allows between professionals is less; this is what the database takes.
    public static let maximumDays = 120

    public var days: Int
    /// The days are counted first, then the end of the month that they reach.
    public var endOfMonth: Bool

    public init(days: Int, endOfMonth: Bool = false) {
        self.days = days
        self.endOfMonth = endOfMonth
    }

    /// The client's own terms, or the organisation's where the client has none.
    public init(of client: Client, in organisation: Organisation) {
        if let days = client.paymentDays {
            self.init(days: days, endOfMonth: client.paymentEndOfMonth)
        } else {
            self.init(
                days: organisation.paymentDays, endOfMonth: organisation.paymentEndOfMonth)
        }
    }

    public func dueDay(from issueDay: Day) -> Day {
        let day = issueDay.adding(days: days)
        return endOfMonth ? day.endOfMonth : day
    }

    /// `à réception`, `à 30 jours`, `à 30 jours fin de mois`
    public func label(in say: Language) -> String {
        switch (days, endOfMonth) {
        case (0, false): say("à réception", "on receipt")
        case (0, true): say("fin de mois", "end of month")
        case (_, false): say("à \(days)\u{A0}jours", "within \(days)\u{A0}days")
        case (_, true):
            say("à \(days)\u{A0}jours fin de mois", "within \(days)\u{A0}days, end of month")
        }
    }
}
