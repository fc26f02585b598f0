import Basics

/// Who arrives and what begins on which day, drawn before anything happens, so that the numbers of
/// clients, quotes and orders come out as wished.
struct Plan {
    enum QuoteFate { case accepted, refused, unanswered, waiting, draft }
    enum OrderFate {
        case usual, late, cancelled, paused, reopened
        /// How the youngest orders stand today.
        case draft, dueToday, overdue, suspended, underWay, done
    }

    struct QuoteStart {
        var number: Int
        var day: Day
        var fate: QuoteFate
        var sentAfter: Int
        var decidedAfter: Int
    }

    struct OrderStart {
        var number: Int
        var day: Day
        var fate: OrderFate
    }

    struct Arrival {
        var member: Int
        var day: Day
    }

    let firstDay: Day
    /// The last day on which anything happens: the working day before today.
    let lastDay: Day
    private(set) var arrivals: [Arrival] = []
    private(set) var quotes: [QuoteStart] = []
    /// Those that no quote precedes.
    private(set) var orders: [OrderStart] = []

    /// Of a hundred orders, so many quotes are written.
    static let quotesPerHundredOrders = 45
    /// The youngest documents, of which one of each kind is wanted.
    private static let youngest = 24
    private static let youngestQuotes = 12
    /// Of a hundred clients, so many were there before the program.
    private static let inheritedPerHundred = 35

    init(_ size: Demonstration.Size, today: Day) {
        firstDay = WorkingDays.onOrAfter(today.adding(months: -24))
        lastDay = WorkingDays.onOrBefore(today.adding(days: -1))
        let weights = WorkingDays.weights(from: firstDay, to: lastDay)
        planArrivals(size.clients, weights)
        planQuotes(size.orders * Plan.quotesPerHundredOrders / 100, weights)
        let accepted = quotes.count { $0.fate == .accepted && decisionDay(of: $0) <= lastDay }
        planOrders(max(0, size.orders - accepted), weights)
    }

    func sendingDay(of quote: QuoteStart) -> Day {
        WorkingDays.onOrAfter(quote.day.adding(days: quote.sentAfter))
    }
    func decisionDay(of quote: QuoteStart) -> Day {
        WorkingDays.onOrAfter(sendingDay(of: quote).adding(days: quote.decidedAfter))
    }

    private mutating func planArrivals(_ count: Int, _ weights: [WorkingDays.Weight]) {
        var dice = Dice("arrivals")
        let inherited = count * Plan.inheritedPerHundred / 100
        // The last month brings nobody, so that even the youngest client has ordered something.
        let days = Plan.days(count - inherited, weights.dropLast(24), &dice)
        arrivals = (0..<count).map {
            Arrival(member: $0, day: $0 < inherited ? firstDay : days[$0 - inherited])
        }
    }

    private mutating func planQuotes(_ count: Int, _ weights: [WorkingDays.Weight]) {
        var dice = Dice("quotes")
        let youngest = min(Plan.youngestQuotes, count / 3)
        let days =
            Plan.days(count - youngest, weights.dropLast(youngest), &dice)
            + weights.suffix(youngest).map(\.day)
        quotes = days.enumerated().map { number, day in
            let age = count - number
            let fate: QuoteFate =
                age <= youngest
                ? Plan.youngestQuoteFates[age % Plan.youngestQuoteFates.count]
                : dice.pick([.accepted: 60, .refused: 20, .unanswered: 20])
            return QuoteStart(
                number: number, day: day, fate: fate,
                sentAfter: age <= youngest ? 0 : dice.pick([0: 60, 1: 25, 2: 10, 4: 5]),
                decidedAfter: age <= youngest ? 1 : dice.number(1...23))
        }
    }

    private mutating func planOrders(_ count: Int, _ weights: [WorkingDays.Weight]) {
        var dice = Dice("orders")
        let youngest = min(Plan.youngest, count / 2)
        let lastDays = weights.suffix(youngest / 2).flatMap { [$0.day, $0.day] }
        let days =
            Plan.days(count - lastDays.count, weights.dropLast(lastDays.count / 2), &dice)
            + lastDays
        orders = days.enumerated().map { number, day in
            let place = number - (days.count - lastDays.count)
            let fate: OrderFate =
                place >= 0
                ? Plan.youngestOrderFates[place % Plan.youngestOrderFates.count]
                : dice.pick([.usual: 84, .late: 6, .cancelled: 5, .paused: 4, .reopened: 1])
            return OrderStart(number: number, day: day, fate: fate)
        }
    }

    /// From the oldest of the youngest to today's.
    private static let youngestOrderFates: [OrderFate] = [
        .overdue, .done, .overdue, .suspended, .done, .cancelled, .overdue, .done, .suspended,
        .underWay, .usual, .done, .dueToday, .underWay, .done, .dueToday, .usual, .done,
        .underWay, .dueToday, .draft, .usual, .draft, .draft,
    ]
    private static let youngestQuoteFates: [QuoteFate] = [
        .waiting, .draft, .waiting, .accepted, .draft, .waiting, .refused, .accepted,
    ]

    /// So many days in their order, drawn by weight.
    private static func days(
        _ count: Int, _ weights: some Collection<WorkingDays.Weight>, _ dice: inout Dice
    ) -> [Day] {
        let weights = Array(weights)
        var sums: [Int] = []
        for weight in weights { sums.append((sums.last ?? 0) + weight.weight) }
        guard let total = sums.last else { return [] }
        return (0..<max(0, count)).map { _ in
            let hit = dice.number(1...total)
            // The first sum that reaches it, found by halving.
            var (low, high) = (0, sums.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] < hit { low = middle + 1 } else { high = middle }
            }
            return weights[low].day
        }.sorted()
    }
}
