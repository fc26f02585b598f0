import Basics
import Database
import HTTP
import Sales
import Testing

@testable import Core
@testable import TestSupport
@testable import comptoir

/// The demonstration, made small: what holds for it holds for the whole one.
struct DemonstrationTests {
    /// Saturday, 21 November 2026, when the tests' clock stands at 10:30.
    static let today = Day(daysSince1970: 20_778)

    /// A database with nothing but a demonstration in it.
    struct Made {
        var connectionString: String
        var pool: Pool
        var scope: Scope

        init() throws {
            connectionString = try TestDatabase.make().runtime
            pool = Pool(connectionString: connectionString, size: 4)
            try Demonstration.create(
                in: pool, vault: testVault(pool), passwords: TestApplication.passwords,
                today: today, size: .small)
            guard
                let organisation = try pool.withConnection({
                    try $0.organisation(slug: Demonstration.slug)
                })
            else { throw Problem.notFound }
            scope = Scope(
                organisation: organisation, user: nil, role: .owner, vault: testVault(pool))
        }

        func read<Answer>(_ body: (Transaction) throws -> Answer) throws -> Answer {
            try pool.transaction(scope, at: TestClock.usual, readOnly: true, body)
        }
    }

    static let made = Result { try Made() }

    /// What two demonstrations of the same day must agree in: everything but identities and salts.
    private func digest(_ made: Made) throws -> [String] {
        let own = made.scope.organisation.id
        return try made.read { transaction in
            try transaction.values(
                """
                SELECT concat_ws(' ', number, name, email, phone, siren, city, open_amount,
                    credit_amount, created_at) FROM clients WHERE organisation_id = \(own)
                UNION ALL SELECT concat_ws(' ', number, status, subject, quoted_on, total_gross,
                    sent_at, decided_at) FROM quotes WHERE organisation_id = \(own)
                UNION ALL SELECT concat_ws(' ', number, status, subject, priority, ordered_on,
                    due_on, total_gross) FROM orders WHERE organisation_id = \(own)
                UNION ALL SELECT concat_ws(' ', kind, number, issued_on, total_gross, paid_amount,
                    open_amount, sent_at) FROM invoices WHERE organisation_id = \(own)
                UNION ALL SELECT concat_ws(' ', number, method, paid_on, amount, open_amount,
                    reference) FROM payments WHERE organisation_id = \(own)
                UNION ALL SELECT concat_ws(' ', status_before, status_after, changed_at,
                    changed_by_name) FROM status_changes WHERE organisation_id = \(own)
                UNION ALL SELECT concat_ws(' ', action, subject_label, recorded_at, actor_name)
                    FROM journal_entries WHERE organisation_id = \(own)
                        AND action NOT IN ('data.exported', 'document.opened', 'account.signed_in')
                ORDER BY 1
                """)
        }
    }

    @Test func aSecondOneOfTheSameDayIsTheSameToTheCent() throws {
        let first = try digest(DemonstrationTests.made.get())
        let second = try digest(Made())
        #expect(first.count > 1000)
        #expect(first == second)
    }

    @Test func whereItIsAlreadyNothingChanges() throws {
        let made = try DemonstrationTests.made.get()
        let before = try digest(made)
        let logins = try Demonstration.create(
            in: made.pool, vault: testVault(made.pool), passwords: TestApplication.passwords,
            today: DemonstrationTests.today.adding(days: 30), size: .small)
        #expect(logins.map(\.role) == Role.builtIn)
        #expect(try digest(made) == before)
    }

    @Test func itHoldsAsManyClientsAndOrdersAsAskedFor() throws {
        let made = try DemonstrationTests.made.get()
        let own = made.scope.organisation.id
        let (clients, orders): (Int?, Int?) = try made.read {
            (
                try $0.value("SELECT count(*) FROM clients WHERE organisation_id = \(own)"),
                try $0.value("SELECT count(*) FROM orders WHERE organisation_id = \(own)")
            )
        }
        #expect(clients == Demonstration.Size.small.clients)
        #expect(orders == Demonstration.Size.small.orders)
    }

    @Test func nobodyCouldBeReachedByIt() throws {
        let made = try DemonstrationTests.made.get()
        let own = made.scope.organisation.id
        let emails: [String] = try made.read {
            try $0.values(
                """
                SELECT email FROM clients WHERE organisation_id = \(own) AND email <> ''
                UNION ALL SELECT email FROM contacts WHERE organisation_id = \(own)
                UNION ALL SELECT email FROM organisations WHERE id = \(own)
                UNION ALL SELECT recipient FROM mails WHERE organisation_id = \(own)
                UNION ALL SELECT email FROM users
                """)
        }
        #expect(emails.count > 60)
        #expect(emails.filter { !$0.hasSuffix(".example") } == [])
        let phones: [String] = try made.read {
            try $0.values(
                """
                SELECT phone FROM clients WHERE organisation_id = \(own) AND phone <> ''
                UNION ALL SELECT phone FROM contacts WHERE organisation_id = \(own)
                UNION ALL SELECT phone FROM organisations WHERE id = \(own)
                """)
        }
        #expect(phones.count > 60)
        let fictional = ["+3319900", "+3363998"]
        #expect(phones.filter { phone in !fictional.contains { phone.hasPrefix($0) } } == [])
        let server: String? = try made.read {
            try $0.value("SELECT smtp_host FROM organisations WHERE id = \(own)")
        }
        #expect(server == "", "mails would leave")
    }

    @Test func theDoctorFindsNothing() throws {
        let made = try DemonstrationTests.made.get()
        for check in capabilities.flatMap({ $0.checks }) {
            guard case .organisation(let run) = check.subject else { continue }
            let findings = try made.read(run)
            #expect(findings == [], "\(check.name)")
        }
    }

    /// Without a server no mail is on its way; nothing was imported from another program.
    private static let emptyViews = ["/mails?view=queued", "/invoices?view=imported"]

    @Test func noListIsEmptyInAnyOfItsViews() throws {
        let browser = try signedIn()
        let lists = [
            "/", "/clients", "/items", "/quotes", "/orders", "/invoices", "/payments",
            "/deposit-requests", "/recurring-invoices", "/receivables", "/mails", "/journal",
            "/settings/colleagues",
        ]
        var seen: Set<String> = []
        var waiting = lists
        while let address = waiting.popLast() {
            guard seen.insert(address).inserted else { continue }
            guard !DemonstrationTests.emptyViews.contains(where: address.hasPrefix) else {
                continue
            }
            let answer = try browser.get(address)
            #expect(answer.status == 200, "\(address) answers \(answer.status)")
            let isEmpty = answer.text.contains("card empty")
            #expect(!isEmpty, "\(address) shows an empty list")
            waiting += views(in: answer.text)
        }
        #expect(seen.count > 25)
    }

    /// The addresses of the tabs that narrow a list.
    private func views(in page: String) -> [String] {
        page.split(separator: "href=\"").dropFirst()
            .compactMap { $0.split(separator: "\"", maxSplits: 1).first }
            .map { String($0).replacing("&amp;", with: "&") }
            .filter { $0.contains("?view=") }
    }

    /// The page that everybody opens first, with something to show in every part of it.
    @Test func homeAsksTheDatabaseFewTimes() throws {
        let made = try DemonstrationTests.made.get()
        // One connection, so that all statements of the page are counted.
        let pool = Pool(connectionString: made.connectionString, size: 1)
        let browser = try signedIn(pool: pool)
        func count() throws -> Int { try pool.withConnection { $0.queryCount } }
        let before = try count()
        #expect(try browser.get("/").status == 200)
        let asked = try count() - before
        for heading in ["Factures à émettre", "Factures à envoyer", "Factures en retard"] {
            #expect(browser.text.contains(heading))
        }
        #expect(asked <= 20, "\(asked) statements")
    }

    @Test func eachOfItsPeopleCanSignIn() throws {
        for login in Demonstration.logins {
            let browser = try signedIn(login.email)
            #expect(try browser.get("/").status == 200)
            #expect(browser.text.contains("Alta Vista Drones"))
        }
    }

    private func signedIn(
        _ email: String = "claire@altavista.example", pool: Pool? = nil
    ) throws -> Browser {
        let made = try DemonstrationTests.made.get()
        let application = Application(
            pool: pool ?? made.pool, capabilities: capabilities,
            assets: try TestApplication.makeAssets(),
            secretKey: TestApplication.secretKey, clock: TestClock().clock,
            passwords: TestApplication.passwords)
        let browser = Browser(application, token: nil)
        try browser.get("/sign-in")
        try browser.submit(
            "/sign-in", ["email": email, "password": "demonstration"])
        return browser
    }
}
