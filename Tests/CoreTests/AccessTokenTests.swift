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

    @Test func thePageSaysWhenATokenWasUsedLast() throws {
        let test = try TestApplication()
        let (program, other) = (try test.program(), try test.program())
        /// Of both tokens, the one that is used first, as the page says it and as it is kept.
        func uses() throws -> (said: [String], kept: [Instant?]) {
            let tokens = try test.read { try $0.accessTokens() }
            let page = try test.get("/account/tokens").text
            let order = [program, other].map { program in
                tokens.firstIndex { program.secret.hasPrefix($0.start) } ?? 0
            }
            let said = page.matches(of: /<br>([^·<]*) ·/).map { String($0.output.1) }
            try #require(said.count == 2)
            return (order.map { said[$0] }, order.map { tokens[$0].lastUsedAt })
        }
        #expect(try uses().said == ["jamais servi", "jamais servi"])
        try program.get("/mails")
        let first = try uses()
        #expect(first.said[0].hasPrefix("servi ") && first.said[1] == "jamais servi")
        #expect(first.kept == [test.clock.now, nil], "at once, not only after a while")
        // Another day, and another hour: pages say "today at half past ten".
        test.clock.advance(seconds: 90_000)
        let kept = try test.read { try $0.accessTokens() }
        let token = try #require(kept.first { program.secret.hasPrefix($0.start) })
        let short = try ShortLivedToken.issue(
            for: token.id, of: test.organisationID, scopes: ["mails:read"], test.application,
            at: test.clock.now)
        #expect(try TestProgram(test: test, secret: short).get("/mails").status == 200)
        let second = try uses()
        #expect(second.said[0].hasPrefix("servi ") && second.said[0] != first.said[0])
        #expect(second.kept == [test.clock.now, nil], "by the short-lived one that stands for it")
        let stranger = TestProgram(test: test, secret: other.secret + "0")
        #expect(try stranger.get("/mails").status == 401)
        #expect(try uses().kept[1] == nil)
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
