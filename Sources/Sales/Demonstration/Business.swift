import Basics
import Core

/// Two years of Alta Vista Drones, told in the order of time. Each deed happens at its moment, on
/// behalf of whoever does it, through the verbs that the pages use.
final class Business {
    enum Person { case claire, hugo, nadia, program }
    typealias Deed = (Transaction) throws -> Void
    private typealias Note = (person: Person, deed: Deed)

    let plan: Plan
    let today: Day
    var items: [String: Item] = [:]
    var cast: Cast
    /// Who has arrived, with what is known of each so far.
    var clients: [KnownClient] = []
    /// Arrived, and nothing ordered yet; the first waits longest.
    var newcomers: [Int] = []
    /// Invoices drafted so far.
    var billCount = 0
    /// Those of the last days among them.
    var recentBillCount = 0
    var mailCount = 0

    let transaction: Transaction
    let people: [Role: Scope]
    private let program: Scope
    private var agenda = Agenda<Note>()
    /// When the deed that is under way happens.
    private(set) var now: Instant

    init(_ transaction: Transaction, plan: Plan, clients: Int, today: Day) throws {
        self.transaction = transaction
        self.plan = plan
        self.today = today
        cast = Cast(count: clients)
        now = transaction.now
        let scopes = try transaction.scopes()
        people = Dictionary(scopes.map { ($0.role, $0) }, uniquingKeysWith: { first, _ in first })
        program = Scope(organisation: scopes[0].organisation, user: nil, role: .owner)
    }

    /// Plays everything up to the evening of the last day; `progress` hears days of days.
    func play(progress: (Int, Int) -> Void) throws {
        openAgenda()
        let end = WorkingDays.moment(plan.lastDay, minute: Business.closing + 60)
        let length = plan.lastDay - plan.firstDay
        var shown = -1
        while let (moment, note) = agenda.next(), moment <= end {
            now = max(now, moment)
            try note.deed(transaction.acting(as: scope(of: note.person), at: now))
            let day = WorkingDays.day(of: now) - plan.firstDay
            if day > shown { progress(min(day, length), length) }
            shown = max(shown, day)
        }
    }

    private func openAgenda() {
        noteCatalogue()
        for arrival in plan.arrivals { noteArrival(arrival) }
        noteFarewells()
        for quote in plan.quotes { noteQuote(quote) }
        for order in plan.orders { noteOrder(order) }
        noteSubscriptions()
        noteAdvance()
        noteNights()
        for days in Business.statisticsAfterDays {
            note(.program, on: plan.firstDay.adding(days: days), minute: 0) {
                try $0.refreshStatistics()
            }
        }
    }

    /// When there is several times as much as the last time.
    private static let statisticsAfterDays = [2, 14, 40, 120, 300, 500]

    private func scope(of person: Person) -> Scope {
        switch person {
        case .claire: people[.owner] ?? program
        case .hugo: people[.agent] ?? program
        case .nadia: people[.accountant] ?? program
        case .program: program
        }
    }
}

// When things happen.
extension Business {
    private static let opening = 8 * 60 + 15
    static let closing = 18 * 60 + 30

    /// At some time of a working day.
    func note(_ person: Person, on day: Day, _ dice: inout Dice, _ deed: @escaping Deed) {
        let minute = dice.number(Business.opening...Business.closing)
        note(person, on: day, minute: minute, second: dice.number(0...59), deed)
    }

    func note(
        _ person: Person, on day: Day, minute: Int, second: Int = 0, _ deed: @escaping Deed
    ) {
        let moment = WorkingDays.moment(day, minute: minute, second: second)
        agenda.note((person, deed), at: moment)
    }

    /// So many minutes after what is under way.
    func note(_ person: Person, inMinutes minutes: Int, _ deed: @escaping Deed) {
        agenda.note((person, deed), at: now.adding(seconds: minutes * 60 + 7))
    }

    /// So many days after what is under way, on a working day; within the hour when there are none.
    func note(
        _ person: Person, inDays days: Int, _ dice: inout Dice, _ deed: @escaping Deed
    ) {
        if days <= 0 {
            note(person, inMinutes: dice.number(3...55), deed)
        } else {
            let day = WorkingDays.day(of: now).adding(days: days)
            note(person, on: WorkingDays.onOrAfter(day), &dice, deed)
        }
    }
}
