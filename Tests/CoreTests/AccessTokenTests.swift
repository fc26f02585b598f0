import Basics
@testable import Core
import HTTP
import TestSupport
import Testing

@Suite struct AccessTokenTests {
    @Test func aTokenIsShownOnceAndOpensTheAPIUntilItIsRemoved() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/account/tokens")
        try browser.submit("/account/tokens", ["name": "Boutique", "scope": "mails:read"])
        #expect(browser.status == 200)
        let secret = try #require(
            browser.text.split(separator: "\"").first { $0.hasPrefix(AccessToken.prefix) })
        let program = TestProgram(test: test, secret: String(secret))
        #expect(try program.get("/mails").status == 200)
        try browser.get("/account/tokens")
        #expect(browser.text.contains("Boutique"))
        #expect(!browser.text.contains(secret))
        let form = try #require(browser.forms.first { $0.action.hasSuffix("/delete") })
        try browser.submit(form.action)
        #expect(try program.get("/mails").status == 401)
    }

    @Test func aFormSentTwiceMakesOneToken() throws {
        let test = try TestApplication()
        let browser = test.browser()
        try browser.get("/account/tokens")
        let form = try #require(browser.forms.first { $0.action == "/account/tokens" })
        var filled = form
        filled.set("name", "Boutique")
        filled.set("scope", "mails:read")
        let fields = filled.fields.map { ($0.name, $0.value) }
        for _ in 0..<2 { _ = try test.respond(.post, "/account/tokens", form: fields) }
        #expect(try test.read { try $0.accessTokens() }.count == 1)
    }

    @Test func aTokenEndsWithItsTimeAndWithTheAccessOfItsPerson() throws {
        let test = try TestApplication()
        let program = try test.program(as: .agent)
        #expect(try program.get("/mails").status == 200)
        let agent = try #require(test.people[.agent]?.id)
        try test.write { try $0.archiveColleague(agent) }
        #expect(try program.get("/mails").status == 401)
        var input = Input(
            Fields([
                .init(name: "name", value: "Court"), .init(name: "days", value: "30"),
                .init(name: "scope", value: "mails:read"),
            ]))
        let draft = AccessTokenDraft(&input)
        let secret = try test.write { try $0.createAccessToken(draft).secret }
        let short = TestProgram(test: test, secret: secret)
        #expect(try short.get("/mails").status == 200)
        test.clock.advance(seconds: 31 * 86_400)
        #expect(try short.get("/mails").status == 401)
    }

    @Test func theDatabaseHoldsNoSecretOfATokenInClear() throws {
        let test = try TestApplication()
        let program = try test.program()
        let found: Int? = try TestDatabase.pool.withConnection { connection in
            try connection.value(
                """
                SELECT count(*) FROM access_tokens t
                WHERE t::text LIKE '%' || \(String(program.secret.dropFirst(12))) || '%'
                """)
        }
        #expect(found == 0)
    }

    @Test func tooManyRequestsWaitForTheNextMinute() throws {
        let limit = RateLimit(requestsPerMinute: 3)
        let token: AccessToken.ID = ID(UniqueID(high: 1, low: 1))
        let start = Instant(seconds: 1_795_253_410)
        let answers = (0..<4).map { _ in limit.take(token, at: start) }
        #expect(answers.map(\.isExceeded) == [false, false, false, true])
        #expect(answers.map(\.left) == [2, 1, 0, 0])
        #expect(answers[3].secondsToReset == 50)
        #expect(!limit.take(token, at: start.adding(seconds: 50)).isExceeded)
    }
}
