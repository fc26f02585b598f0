import Basics
@testable import Core
import Database
import TestSupport
import Testing

@Suite(.enabled(if: SMTPSink.isAvailable, "aiosmtpd cannot be imported"))
struct PasswordResetTests {
    private static let new = "encore une phrase à retenir"

    private func outbox() throws -> Outbox {
        let outbox = try Outbox()
        try outbox.setOrigin()
        return outbox
    }

    private func ask(_ email: String, _ test: TestApplication) throws -> Browser {
        let browser = test.browser(as: nil)
        // All tests share the counts of addresses.
        browser.remoteAddress = "2001:db8:\(test.organisationID.description.suffix(4))::1"
        try browser.get("/password-reset")
        try browser.submit("/password-reset", ["email": email])
        return browser
    }

    @Test func aForgottenPasswordIsReplacedByTheLinkOfAMail() throws {
        let outbox = try outbox()
        let (test, email) = (outbox.test, try outbox.email(.agent))
        #expect(try ask(email, test).status == 200)
        let browser = test.browser(as: nil)
        let link = try outbox.link(to: email)
        try browser.get(link)
        try browser.submit("/password-reset/new", ["new_password": Self.new])
        #expect(browser.address == "/sign-in")
        #expect(browser.text.contains("Mot de passe changé"))
        #expect(try test.get("/account", as: .agent).status == 303, "other sessions are over")
        try browser.signIn(email)
        #expect(!browser.isSignedIn, "the old one is gone")
        try browser.signIn(email, Self.new)
        #expect(browser.isSignedIn)
        let again = test.browser(as: nil)
        #expect(try again.get(link).status == 410, "the link works once")
        #expect(try outbox.letter(to: email).contains("mot de passe a changé"))
    }

    @Test func noAnswerRevealsWhetherAnAddressHasAnAccount() throws {
        let outbox = try outbox()
        let unknown = "nobody-\(UniqueID.make(at: outbox.test.clock.now))@altavista.example"
        let answers = try [outbox.email(.agent), unknown].map { try ask($0, outbox.test).text }
        let token = /content="[0-9a-f]{64}"/
        #expect(answers[0].replacing(token, with: "") == answers[1].replacing(token, with: ""))
        try outbox.runJobs()
        #expect(try outbox.sink.messages().count == 1)
    }

    @Test func aLinkEndsAfterAnHourAndWhenALaterOneIsSent() throws {
        let outbox = try outbox()
        let (test, email) = (outbox.test, try outbox.email(.agent))
        _ = try ask(email, test)
        let first = try outbox.link(to: email)
        _ = try ask(email, test)
        let second = try outbox.link(to: email)
        #expect(first != second)
        #expect(try test.browser(as: nil).get(first).status == 410)
        #expect(try test.browser(as: nil).get(second).status == 200)
        test.clock.advance(seconds: 3_601)
        #expect(try test.browser(as: nil).get(second).status == 410)
    }

    @Test func nothingThatOpensAnAccountStandsInTheDatabase() throws {
        let outbox = try outbox()
        _ = try ask(outbox.email(.agent), outbox.test)
        let link = try outbox.link(to: outbox.email(.agent))
        let token = try #require(link.split(separator: "=").last).description
        let (mails, jobs): (String?, String?) = try outbox.test.read { transaction in
            (
                try transaction.value("SELECT string_agg(a::text, '') FROM account_mails a"),
                try transaction.value(
                    """
                    SELECT string_agg(j::text, '') FROM jobs j
                    WHERE organisation_id = \(transaction.organisation)
                    """)
            )
        }
        #expect(mails?.contains(token) == false && jobs?.contains(token) == false)
        let kept: [[UInt8]] = try TestDatabase.pool.withConnection {
            try $0.values("SELECT token_hash FROM password_resets")
        }
        #expect(kept.contains(Session.hash(token)))
        #expect(!kept.contains(Array(token.utf8)))
    }

    @Test func aPersonOfSeveralOrganisationsGetsNoLinkFromTheMailServerOfOne() throws {
        let (outbox, other) = (try outbox(), try TestApplication())
        let agent = try #require(outbox.test.people[.agent])
        try TestDatabase.pool.withConnection {
            try $0.addMembership(agent.id, to: other.organisationID, as: .agent)
        }
        #expect(try ask(agent.email, outbox.test).status == 200)
        try outbox.runJobs()
        #expect(try outbox.sink.messages().isEmpty)
        let asked = try outbox.test.post("/settings/colleagues/\(agent.id)/password-reset")
        #expect(asked.status == 409, "nor does an owner send one")
    }

    @Test func aLinkMadeBeforeSomebodyJoinsAnotherOrganisationOpensNothingAfter() throws {
        let (outbox, other) = (try outbox(), try TestApplication())
        let agent = try #require(outbox.test.people[.agent])
        _ = try ask(agent.email, outbox.test)
        let link = try outbox.link(to: agent.email)
        try TestDatabase.pool.withConnection {
            try $0.addMembership(agent.id, to: other.organisationID, as: .agent)
        }
        #expect(try outbox.test.browser(as: nil).get(link).status == 410)
    }

    @Test func anAddressThatAsksOftenMustWaitAndAnAccountGetsThreeMailsAnHour() throws {
        let outbox = try outbox()
        for _ in 1...20 { #expect(try ask(outbox.email(.owner), outbox.test).status == 200) }
        #expect(try ask(outbox.email(.owner), outbox.test).status == 429)
        try outbox.runJobs()
        #expect(try outbox.sink.messages().count == 3)
    }

    @Test func aCommonPasswordIsRefusedAndTheLinkStaysGood() throws {
        let outbox = try outbox()
        let (test, email) = (outbox.test, try outbox.email(.agent))
        _ = try ask(email, test)
        let browser = test.browser(as: nil)
        try browser.get(try outbox.link(to: email))
        for common in ["motdepasse123", "AZERTYUIOP!2", "aaaaaaaaaaaaaaa", "1qaz2wsx3edc"] {
            try browser.submit("/password-reset/new", ["new_password": common])
            #expect(browser.status == 422)
            #expect(browser.text.contains("trop répandu"))
            #expect(!browser.text.contains(common))
        }
        try browser.submit("/password-reset/new", ["new_password": Self.new])
        #expect(browser.address == "/sign-in")
    }
}
