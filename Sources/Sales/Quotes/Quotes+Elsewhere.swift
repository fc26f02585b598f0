import Basics
import Core
import Markup

// Quotes on other pages: home, search, and the job that notes what has expired.

extension Quotes {
    /// Days before its end at which a quote asks for attention.
    static let warningDays = 7
    static let mostOnHome = 4

    public static let checks = [LineOwner.quote.totalsCheck]

    public static var searchSources: [SearchSource] {
        [
            SearchSource(
                .quote, Section.quotes.label, icon: "file-text", .readQuotes, list: "/quotes"
            ) { transaction, ids, say in
                try transaction.quotes(withIDs: ids).map { quote in
                    SearchRow(
                        id: quote.id.value, title: quote.number,
                        note: [quote.clientName, quote.head.subject].filter { !$0.isEmpty }
                            .joined(separator: ", "),
                        amount: quote.totalGross)
                }
            }
        ]
    }

    public static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        guard request.may(.readQuotes) else { return }
        let soon = try transaction.quotesThatExpire(withinDays: warningDays, most: 100)
        guard !soon.isEmpty else { return }
        let say = request.say
        let mayExtend = request.may(.writeQuotes)
        home.toDo.append(
            ToDoGroup(
                Text("Devis qui expirent", "Quotes about to expire"), icon: "hourglass",
                tone: .warn, count: soon.count, total: soon.map(\.totalGross).sum(),
                address: "/quotes?view=sent&sort=until",
                items: soon.prefix(mostOnHome).map { quote in
                    let day = say.shortDay(quote.validUntil, today: request.today)
                    return ToDoItem(
                        quote.clientName, address: quote.path,
                        note: "\(quote.number) · \(say("valable jusqu’au", "valid until")) \(day)",
                        amount: quote.totalGross,
                        action: mayExtend ? Text("Prolonger", "Extend") : nil,
                        actionIcon: "calendar-clock",
                        actionAddress: quote.path + "/extend")
                }))
    }

    static let expiry = JobKind(
        "quote.expire", Text("Noter les devis expirés", "Note expired quotes"),
        address: { "/quotes/\($0)" }
    ) { job, application in
        try application.write(for: job.organisation) { transaction in
            try transaction.expireQuotes()
            try transaction.finish(job)
        }
    }

    public static var jobs: [JobKind] { [expiry] }
}

extension Transaction {
    func quotes(withIDs ids: [UniqueID]) throws -> [Quote] {
        try all(
            """
            SELECT \(Quote.columns) FROM quotes q
            JOIN clients c ON c.organisation_id = \(organisation) AND c.id = q.client_id
            WHERE q.organisation_id = \(organisation) AND q.id = ANY (\(ids))
            """)
    }

    /// Has the end of its validity noted on the day after, at a time at which every time zone is there.
    func awaitExpiry(of quote: Quote) throws {
        let noon = Instant(seconds: (quote.validUntil.daysSince1970 + 1) * 86_400 + 43_200)
        try enqueue(Quotes.expiry, on: quote.id.value, at: noon)
    }
}
