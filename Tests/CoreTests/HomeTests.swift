import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

@Suite struct HomeTests {
    @Test func theHomePageGreetsAndShowsWhatCapabilitiesPutThere() throws {
        let test = try TestApplication(Example.self)
        let page = try test.get("/")
        #expect(page.status == 200)
        #expect(page.text.contains("samedi 21 novembre 2026"))
        #expect(page.text.contains("Bonjour Claire"))
        #expect(page.text.contains("En retard"))
        #expect(page.text.contains("2\u{A0}actions vous attendent."))
        #expect(page.text.contains("Aubrac &amp; &lt;Fils&gt;"))
        #expect(page.text.contains("Créances par âge"))
        #expect(faultsOfMarkup(page.text) == [])
    }

    @Test func whatIsLateStandsBeforeWhatCanWait() throws {
        let text = try TestApplication(Example.self, Patience.self).get("/").text
        let late = try #require(text.firstRange(of: "Factures à relancer"))
        let waiting = try #require(text.firstRange(of: "Brouillons"))
        #expect(late.lowerBound < waiting.lowerBound)
        #expect(text.contains("Et 1 autre<"))
        // Both capabilities named their things the other way round.
        let turned = try TestApplication(Patience.self, Example.self).get("/").text
        let first = try #require(turned.firstRange(of: "Factures à relancer"))
        let second = try #require(turned.firstRange(of: "Brouillons"))
        #expect(first.lowerBound < second.lowerBound)
    }

    @Test func firstStepsLeadOnlyToPagesThatAreThereAndSeeWhatIsDone() throws {
        let test = try TestApplication(Example.self)
        let fresh = try test.get("/")
        #expect(fresh.text.contains("Pour commencer"))
        #expect(fresh.text.contains("href=\"/clients/new\""))
        #expect(!fresh.text.contains("/quotes/new"), "there is no such page here")
        try test.write { try $0.record(.profileUpdated, .client, UniqueID.make(at: $0.now)) }
        #expect(!(try test.get("/").text.contains("Pour commencer")), "the only step is done")
        #expect(!(try test.get("/", as: .accountant).text.contains("/clients/new")))
    }

    @Test func searchFindsRecordsAndActionsByTheStartOfTheirWords() throws {
        let test = try TestApplication(Example.self)
        let id = UniqueID.make(at: test.clock.now)
        try test.write { transaction in
            try transaction.run(
                """
                SELECT write_search_entry(\(transaction.organisation), 'client', \(id),
                    'Élise Aubrac', search_terms('Élise Aubrac', 'Lyon'))
                """)
        }
        let page = try test.get("/search?q=lyo+elis")
        #expect(page.text.contains("href=\"/clients/\(id)\""))
        #expect(page.text.contains("Élise Aubrac"))
        let list = try test.get("/search/suggest?q=aub")
        #expect(list.text.contains("data-href=\"/clients/\(id)\""))
        #expect(try test.get("/search/suggest?q=nouv").text.contains("data-href=\"/clients/new\""))
        #expect(try test.get("/search/suggest?q=zzz").text.contains("Rien ne correspond"))
        let other = try TestApplication(Example.self)
        #expect(!(try other.get("/search?q=aub").text.contains("Élise")), "other organisations")
    }

    @Test func wherePagesOrActionsMatchThePageDoesNotSayThatNothingDoes() throws {
        let test = try TestApplication(Example.self)
        let page = try test.get("/search?q=nouv")
        #expect(page.text.contains("href=\"/clients/new\""))
        #expect(!page.text.contains("Rien ne correspond"))
        #expect(try test.get("/search?q=zzz").text.contains("Rien ne correspond"))
    }

    @Test(arguments: ["'", "'':*", "& | !", "\\", "a b c d e f g h i j k", "%00".lowercased()])
    func nothingTypedBreaksSearch(words: String) throws {
        let test = try TestApplication(Example.self)
        let answer = try test.get("/search?q=" + PercentEncoding.encoded(words))
        #expect(answer.status == 200)
        #expect(faultsOfMarkup(answer.text) == [])
    }

    @Test func theJournalFiltersAndGoesOn() throws {
        let test = try TestApplication()
        try test.write(as: .agent) { transaction in
            for number in 1...60 {
                try transaction.record(
                    .profileUpdated, .client, UniqueID.make(at: transaction.now),
                    label: "client \(number).")
            }
        }
        try test.write { try $0.record(.passwordChanged, .user, nil, label: "by the owner") }
        let browser = test.browser(as: .accountant)
        try browser.get("/journal?kind=client")
        #expect(browser.text.contains("client 60."))
        #expect(!browser.text.contains("client 10."))
        #expect(!browser.text.contains("by the owner"))
        let next = try #require(
            browser.text.firstMatch(of: /rel="next" href="([^"]+)"/)
        ).output.1
        try browser.get(String(next).split(separator: "&amp;").joined(separator: "&"))
        #expect(browser.text.contains("client 10."))
        #expect(!browser.text.contains("client 11."))
        let owner = try #require(test.people[.owner]).id
        try browser.get("/journal?person=\(owner)")
        #expect(browser.text.contains("by the owner"))
        #expect(!browser.text.contains("client 60."))
        try browser.get("/journal?kind=zzz&person=x&after=y&view=z")
        #expect(browser.status == 200)
        #expect(faultsOfMarkup(browser.text) == [])
    }
}

/// A capability whose things to do can wait.
enum Patience: Capability {
    static func routes(_ routes: inout Routes) {}

    static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        home.toDo.append(
            ToDoGroup(
                Text("Brouillons", "Drafts"), icon: "file-pen", tone: .info, count: 2,
                address: "/invoices", items: [ToDoItem("Aubrac", address: "/x", note: "F-2")]))
    }
}

/// A capability that puts something everywhere.
enum Example: Capability {
    static func routes(_ routes: inout Routes) {
        routes.get("clients/new", .writeClients) { _ in .fragment("new") }
    }

    static let searchSources = [
        SearchSource(
            .client, Text("Clients", "Clients"), icon: "users", .readClients, list: "/clients")
    ]

    static func addToHome(
        _ home: inout Home, _ request: Request, _ transaction: Transaction
    ) throws {
        home.figures.append(
            KeyFigure(Text("En retard", "Overdue"), "10 €", address: "/invoices", tone: .bad))
        home.toDo.append(
            ToDoGroup(
                Text("Factures à relancer", "To chase"), icon: "clock-alert", tone: .bad, count: 2,
                total: Amount(12_345), address: "/invoices",
                items: [
                    ToDoItem(
                        "Aubrac & <Fils>", address: "/invoices/1", note: "F-1",
                        amount: Amount(100), action: Text("Relancer", "Chase"))
                ]))
        let buckets = [
            AgeCard.Bucket(Text("Non échu", "Not due"), Amount(7_900)),
            AgeCard.Bucket(Text("1 à 30 jours", "1 to 30 days"), Amount(2_100), address: "/x"),
            AgeCard.Bucket(Text("31 à 60 jours", "31 to 60 days"), .zero),
        ]
        home.asideCards.append(AgeCard(buckets, count: 3, address: "/receivables", request).html)
    }
}
