import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing

/// Open pages that hear what happens: through a real server, PostgreSQL and one thread for them all.
@Suite struct LiveTests {
    /// The program of a test at work.
    private final class Running {
        let test: TestApplication
        let server: HTTPServer
        private let channel: LiveChannel

        init() throws {
            test = try TestApplication(Letters.self)
            server = HTTPServer(
                configuration: HTTPServerConfiguration(), handler: test.application.respond)
            channel = LiveChannel(
                test.application, connectionString: TestDatabase.strings.runtime)
            try server.start()
            channel.start()
            // What happens before it listens is counted, and not said.
            while !test.application.liveCounts.isFollowed { pause() }
        }

        deinit {
            server.stop(graceSeconds: 5)
            channel.stop()
        }

        func listen(as role: Role = .owner) throws -> OpenPage {
            try OpenPage(server.port, token: test.people[role]?.token ?? "")
        }

        @discardableResult
        func queueMail() throws -> Mail {
            try test.write(as: .agent) {
                try $0.queueMail(
                    MailDraft(
                        about: Letters.record, recipient: "compta@aubrac.example",
                        subject: "Bonjour", body: "Bonjour"))
            }
        }
    }

    private static let one = #""mails":{"text":"1","urgent":false}"#

    @Test func aPageHearsOfANewMailAndShowsItWithoutAScriptToo() throws {
        let running = try Running()
        let page = try running.listen()
        #expect(try page.receive(until: "\n\n").hasPrefix("HTTP/1.0 200"))
        _ = try page.receive(until: #""mails":{"text":"0""#)
        #expect(try running.test.get("/").text.contains(#"data-counter="mails" hidden>0<"#))
        try running.queueMail()
        _ = try page.receive(until: Self.one)
        #expect(try running.test.get("/").text.contains(#"data-counter="mails">1<"#))
    }

    @Test func whatFailsIsUrgentAndIsSaidInTheReadersLanguage() throws {
        let running = try Running()
        let page = try running.listen()
        _ = try page.receive(until: "data:")
        let mail = try running.queueMail()
        try running.test.write { transaction in
            try transaction.run(
                """
                UPDATE mails SET status = 'failed', failure_kind = 'permanent'
                WHERE organisation_id = \(transaction.organisation) AND id = \(mail.id)
                """)
        }
        _ = try page.receive(until: #""mails":{"text":"1","urgent":true}"#)
        _ = try page.receive(until: "Un courriel n’a pas pu partir.")
    }

    @Test func nobodyHearsOfAnotherOrganisation() throws {
        let running = try Running()
        let other = try TestApplication(Letters.self)
        let stranger = try OpenPage(
            running.server.port, token: #require(other.people[.owner]).token)
        let page = try running.listen()
        _ = try stranger.receive(until: #""mails":{"text":"0""#)
        try running.queueMail()
        _ = try page.receive(until: Self.one)
        // What comes next to the stranger is about their own mail, and nothing came before it.
        try other.write {
            try $0.queueMail(
                MailDraft(
                    about: Letters.record, recipient: "a@b.example", subject: "1", body: "1"))
            try $0.queueMail(
                MailDraft(
                    about: Letters.record, recipient: "a@b.example", subject: "2", body: "2"))
        }
        let heard = try stranger.receive(until: #""mails":{"text":"2""#)
        #expect(!heard.contains(#""mails":{"text":"1""#))
    }

    @Test func aRoleHearsOnlyWhatItMaySee() throws {
        let hidden = LiveCounter(
            "secrets", .manageOrganisation, says: ["secret.told": Text("Chut", "Hush")],
            urgent: "true"
        ) { "journal WHERE organisation_id = \($0)" }
        let event = LiveEvent(
            counters: [hidden], counts: ["secrets": LiveCounter.Count(number: 7, isUrgent: true)],
            happened: ["secret.told"])
        func text(_ role: Role) -> String {
            String(decoding: event.bytes(for: role, .english), as: UTF8.self)
        }
        #expect(text(.owner).contains("secrets") && text(.owner).contains("Hush"))
        #expect(!text(.agent).contains("secrets") && !text(.agent).contains("Hush"))
    }

    @Test func whoSignsOutHearsNothingMore() throws {
        let running = try Running()
        let (page, other) = (try running.listen(), try running.listen(as: .agent))
        _ = try page.receive(until: "data:")
        _ = try other.receive(until: "data:")
        try running.test.post("/sign-out")
        try page.waitUntilClosed()
        try running.queueMail()
        _ = try other.receive(until: Self.one)
    }

    @Test func whoLeavesTheOrganisationHearsNothingMore() throws {
        let running = try Running()
        let page = try running.listen(as: .agent)
        _ = try page.receive(until: "data:")
        let agent = try #require(running.test.people[.agent]).id
        try running.test.write { try $0.archiveColleague(agent) }
        try page.waitUntilClosed()
    }

    @Test func aSessionListensFromSoManyPlacesAndNoMore() throws {
        let running = try Running()
        var pages = try (1...LiveListeners.mostOfASession).map { _ in try running.listen() }
        for page in pages { _ = try page.receive(until: "data:") }
        #expect(try running.listen().receive(until: "\r\n").contains("429"))
        _ = try running.listen(as: .agent).receive(until: "data:")
        pages.removeLast()
        var isAdmitted = false
        for _ in 1...200 where !isAdmitted {
            isAdmitted = try running.listen().receive(until: "\r\n").contains("200")
            if !isAdmitted { pause() }
        }
        #expect(isAdmitted)
    }

    @Test func strangersAreSentToSignIn() throws {
        let running = try Running()
        let answer = try OpenPage(running.server.port, token: "").receive(until: "\r\n")
        #expect(answer.contains("303"))
    }

    @Test func numbersReadBeforeAChangeAreNotKept() {
        let counts = LiveCounts()
        let organisation: Organisation.ID = ID(UniqueID(high: 1, low: 1))
        func number(_ number: Int) -> [String: LiveCounter.Count] {
            ["mails": LiveCounter.Count(number: number, isUrgent: false)]
        }
        #expect(counts.counts(of: organisation) { number(1) } == number(1))
        #expect(counts.counts(of: organisation) { number(2) } == number(2), "nobody follows")
        counts.follow(true)
        let during = counts.counts(of: organisation) {
            counts.forget(organisation)
            return number(3)
        }
        #expect(during == number(3))
        #expect(counts.counts(of: organisation) { number(4) } == number(4))
        #expect(counts.counts(of: organisation) { number(5) } == number(4), "now it is known")
        counts.forget(organisation)
        #expect(counts.counts(of: organisation) { number(6) } == number(6))
        counts.follow(false)
        #expect(counts.counts(of: organisation) { number(7) } == number(7))
    }
}
