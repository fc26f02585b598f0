import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing

@Suite struct GuardTests {
    @Test func aFormIsRefusedWithoutItsTokenOrWithAnothersOne() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        for token in ["", "0", test.formToken(of: agent.token)] {
            let answer = try test.respond(
                .post, "/account", form: [("_token", token), ("name", "Eve")])
            #expect(answer.status == 400)
        }
        #expect(try test.scope().user?.name == "Claire Monnier")
    }

    @Test func aFormFromAnotherSiteIsRefusedEvenWithItsToken() throws {
        let test = try TestApplication()
        let foreign: [HTTPHeaders] = [
            ["Origin": "https://evil.example", "Host": "comptoir.example"],
            ["Origin": "http://comptoir.example:8080", "Host": "comptoir.example"],
            ["Sec-Fetch-Site": "cross-site", "Host": "comptoir.example"],
        ]
        for headers in foreign {
            #expect(try test.post("/account", ["name": "Eve"], headers: headers).status == 400)
        }
        let own: HTTPHeaders = [
            "Origin": "https://comptoir.example", "Host": "comptoir.example",
            "Sec-Fetch-Site": "same-origin",
        ]
        #expect(try test.post("/account", ["name": "Claire"], headers: own).status == 303)
    }

    @Test func signingInNeedsTheVisitorsOwnCookie() throws {
        let test = try TestApplication()
        let owner = try #require(test.people[.owner])
        let answer = try test.respond(
            .post, "/sign-in",
            form: [
                ("_token", FormToken.word("", key: TestApplication.secretKey)),
                ("email", owner.email), ("password", TestApplication.password),
            ], as: nil)
        #expect(answer.status == 400)
        #expect(answer.response.headers.all(named: "Set-Cookie").isEmpty)
    }

    @Test(arguments: [
        "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)",
        "evil", "/a\u{9}//b", "",
    ])
    func signingInNeverLeadsToAnotherSite(next: String) throws {
        let test = try TestApplication()
        let owner = try #require(test.people[.owner])
        let browser = test.browser(as: nil)
        try browser.get("/sign-in")
        try browser.submit(
            "/sign-in",
            ["email": owner.email, "password": TestApplication.password, "next": next])
        #expect(browser.address == "/")
        #expect(browser.status == 200)
    }

    @Test func signingInLeadsBackToThePageThatWasAskedFor() throws {
        let test = try TestApplication()
        let owner = try #require(test.people[.owner])
        let browser = test.browser(as: nil)
        try browser.get("/settings/numbering?x=1")
        #expect(browser.address.hasPrefix("/sign-in?next="))
        try browser.submit(
            "/sign-in", ["email": owner.email, "password": TestApplication.password])
        #expect(browser.address == "/settings/numbering?x=1")
    }

    @Test func guessingAPasswordMustWaitAndSaysNothingOfTheAccount() throws {
        let test = try TestApplication()
        let known = try #require(test.people[.agent]?.email)
        let unknown = "nobody-\(UniqueID.make(at: test.clock.now))@altavista.example"
        var answers: [[Int]] = []
        var pages: [String] = []
        for email in [known, unknown] {
            var statuses: [Int] = []
            let address = "10.0.0.\(pages.count + 1)"
            for attempt in 0...SignIn.failuresPerAccount {
                let answer = try test.guess(email, from: address + ".\(attempt)")
                statuses.append(answer.status)
                if attempt == 0 { pages.append(answer.text) }
                if answer.status == 429 {
                    #expect(answer.response.headers["Retry-After"] == "900")
                }
            }
            answers.append(statuses)
        }
        let expected = Array(repeating: 422, count: SignIn.failuresPerAccount) + [429]
        #expect(answers == [expected, expected])
        // The word of a form looks different each time.
        let (first, second) = (
            pages[0].replacing(/[0-9a-f]{64}/, with: ""),
            pages[1].replacing(/[0-9a-f]{64}/, with: "")
        )
        #expect(first.split(separator: known).joined() == second.split(separator: unknown).joined())
    }

    @Test func failuresNotedWhileTheClockWasAheadLockNobodyOut() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        let truth = test.clock.now
        test.clock.advance(seconds: 366 * 86_400)
        for attempt in 0..<SignIn.failuresPerAccount {
            #expect(try test.guess(agent.email, from: "10.3.0.\(attempt)").status == 422)
        }
        #expect(try test.guess(agent.email, from: "10.3.0.99").status == 429)
        test.clock.now = truth
        #expect(
            try test.guess(agent.email, from: "10.3.0.99", TestApplication.password).status == 303)
    }

    @Test func aFullDiskIsCalledByItsName() throws {
        let test = try TestApplication()
        do {
            try test.write { _ = try $0.run("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$") }
            Issue.record("nothing was raised")
        } catch {
            #expect((error as? DatabaseError).flatMap(Problem.init) == .storageFull)
        }
        #expect(Problem.storageFull.status == 503)
    }

    @Test func theWaitEnds() throws {
        let test = try TestApplication()
        let agent = try #require(test.people[.agent])
        for attempt in 0..<SignIn.failuresPerAccount {
            _ = try test.guess(agent.email, from: "10.1.0.\(attempt)")
        }
        #expect(
            try test.guess(agent.email, from: "10.1.1.1", TestApplication.password).status == 429)
        test.clock.advance(seconds: ThrottleKey.windowSeconds + 1)
        #expect(
            try test.guess(agent.email, from: "10.1.1.1", TestApplication.password).status == 303)
    }

    @Test func whatPeopleWriteIsNeverMarkup() throws {
        let hostile = "<script>alert('x')</script>\"&"
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/settings/company")
        try browser.submit(
            "/settings/company",
            ["name": hostile, "legal_form": hostile, "trade_register": hostile])
        #expect(try test.organisation.name == hostile)
        try browser.get("/account")
        try browser.submit("/account", ["name": hostile])
        let pages = [
            "/", "/settings/company", "/settings/invoicing", "/settings/logo",
            "/settings/numbering", "/settings/colleagues", "/account", "/journal",
            "/search?q=" + PercentEncoding.encoded(hostile), "/search/suggest?q=x",
            "/settings/colleagues/new", "/nothing",
        ]
        for path in pages {
            try browser.get(path)
            #expect(!browser.text.contains("<script>alert"), "\(path)")
            #expect(faultsOfMarkup(browser.text) == [], "\(path)")
        }
    }
}

extension TestApplication {
    /// Tries to sign in from an address, with a visitor's cookie and its token.
    func guess(
        _ email: String, from address: String, _ password: String = "guess"
    ) throws -> Answer {
        let form = [
            ("_token", FormToken.word("visitor", key: TestApplication.secretKey)),
            ("email", email), ("password", password),
        ]
        var headers: HTTPHeaders = ["Cookie": "\(FormToken.visitorCookie)=visitor"]
        let body = form.map { "\($0.0)=\(PercentEncoding.encoded($0.1))" }.joined(separator: "&")
        headers.set("Content-Type", "application/x-www-form-urlencoded")
        return answer(
            to: try HTTPRequest(
                method: .post, target: "/sign-in", headers: headers, body: Array(body.utf8),
                remoteAddress: address))
    }
}
