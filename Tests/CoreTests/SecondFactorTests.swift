import Basics
@testable import Core
import Database
import TestSupport
import Testing

@Suite struct SecondFactorTests {
    private let test: TestApplication

    init() throws { test = try TestApplication() }

    private func password(_ role: Role) throws -> OneTimePassword {
        let user = try #require(test.people[role]?.id)
        let factor = try TestDatabase.pool.withConnection { try $0.secondFactor(of: user) }
        return try #require(factor?.password(test.application.ownKeys, of: user))
    }

    private func code(_ role: Role) throws -> String {
        try password(role).password(step: OneTimePassword.step(at: test.clock.now))
    }

    /// Sets one up as a person does; answers the recovery codes.
    private func turnOn(_ role: Role) throws -> [String] {
        let browser = test.browser(as: role)
        try browser.get("/account/second-factor")
        try browser.submit(
            "/account/second-factor", ["current_password": TestApplication.password])
        #expect(browser.text.contains("<svg class=\"qr\""))
        try browser.submit("/account/second-factor/confirm", ["code": try code(role)])
        let codes = browser.text.matches(of: /<li><code>([a-z0-9-]+)<\/code>/).map {
            String($0.output.1)
        }
        #expect(codes.count == SecondFactor.recoveryCodes)
        test.clock.advance(seconds: 60)
        return codes
    }

    @Test func afterThePasswordACodeIsAskedForAndEachOpensOnce() throws {
        _ = try turnOn(.agent)
        let email = try #require(test.people[.agent]?.email)
        let browser = test.browser(as: nil)
        try browser.signIn(email)
        #expect(browser.address == "/sign-in/code" && !browser.isSignedIn)
        try browser.submit("/sign-in/code", ["code": "000000"])
        #expect(browser.status == 422 && !browser.isSignedIn)
        let right = try code(.agent)
        try browser.submit("/sign-in/code", ["code": right])
        #expect(browser.isSignedIn && browser.address == "/")
        let another = test.browser(as: nil)
        try another.signIn(email)
        try another.submit("/sign-in/code", ["code": right])
        #expect(another.status == 422 && !another.isSignedIn, "somebody looked over a shoulder")
    }

    @Test func aRecoveryCodeOpensOnceHoweverItIsTyped() throws {
        let codes = try turnOn(.agent)
        let email = try #require(test.people[.agent]?.email)
        for (code, opens) in [(codes[0].uppercased(), true), (codes[0], false), (codes[1], true)] {
            let browser = test.browser(as: nil)
            try browser.signIn(email)
            try browser.submit(
                "/sign-in/code", ["code": code.replacing("-", with: " ")])
            #expect(browser.isSignedIn == opens)
        }
    }

    @Test func codesCannotBeGuessedByTrying() throws {
        _ = try turnOn(.agent)
        let email = try #require(test.people[.agent]?.email)
        let browser = test.browser(as: nil)
        try browser.signIn(email)
        for _ in 1...10 { try browser.submit("/sign-in/code", ["code": "123456"]) }
        try browser.get("/sign-in/code")
        try browser.submit("/sign-in/code", ["code": try code(.agent)])
        #expect(browser.status == 429 && !browser.isSignedIn)
        test.clock.advance(seconds: ThrottleKey.windowSeconds + 1)
        try browser.signIn(email)
        try browser.submit("/sign-in/code", ["code": try code(.agent)])
        #expect(browser.isSignedIn, "nobody is locked out for ever")
    }

    @Test func theStepBetweenNeitherOpensAnythingNorOutlivesThePassword() throws {
        _ = try turnOn(.agent)
        let agent = try #require(test.people[.agent])
        let browser = test.browser(as: nil)
        #expect(try browser.get("/sign-in/code").status == 200)
        #expect(browser.address == "/sign-in", "without a password there is no second step")
        try browser.signIn(agent.email)
        try browser.get("/journal")
        #expect(browser.address.hasPrefix("/sign-in"))
        try TestDatabase.pool.withConnection {
            try $0.replacePassword(of: agent.id, with: "other", at: test.clock.now)
        }
        try browser.get("/sign-in/code")
        #expect(browser.address == "/sign-in")
    }

    @Test func anOrganisationThatAsksForItLetsNobodyWorkWithout() throws {
        let browser = test.browser()
        try browser.get("/settings/security")
        try browser.submit("/settings/security", ["requires_second_factor": "on"])
        #expect(browser.address == "/account/second-factor")
        let agent = test.browser(as: .agent)
        try agent.get("/journal")
        #expect(agent.address == "/account/second-factor")
        _ = try turnOn(.agent)
        try agent.get("/journal")
        #expect(agent.address == "/journal" && agent.status == 200)
        try agent.get("/account/second-factor")
        let off = try test.post(
            "/account/second-factor/delete", ["current_password": TestApplication.password],
            as: .agent)
        #expect(off.status == 409)
    }

    @Test func whoLostThePhoneIsHelpedByTheOwner() throws {
        _ = try turnOn(.agent)
        let agent = try #require(test.people[.agent])
        #expect(
            try test.post("/settings/colleagues/\(agent.id)/second-factor/delete").status == 303)
        let browser = test.browser(as: nil)
        try browser.signIn(agent.email)
        #expect(browser.isSignedIn)
    }

    @Test func turningItOffAndNewCodesAskForThePassword() throws {
        let codes = try turnOn(.owner)
        let owner = try #require(test.people[.owner])
        let own = try test.post("/settings/colleagues/\(owner.id)/second-factor/delete")
        #expect(own.status == 409, "not by the way of colleagues")
        for verb in ["codes", "delete"] {
            let answer = try test.post(
                "/account/second-factor/\(verb)", ["current_password": "wrong"])
            #expect(answer.status == 422)
        }
        let renewed = try test.post(
            "/account/second-factor/codes", ["current_password": TestApplication.password])
        #expect(renewed.status == 200 && !renewed.text.contains(codes[0]))
        let off = try test.post(
            "/account/second-factor/delete", ["current_password": TestApplication.password])
        #expect(off.status == 303)
    }

    @Test func theSecretIsSealedForItsPersonAlone() throws {
        _ = try turnOn(.agent)
        let (agent, owner) = (
            try #require(test.people[.agent]), try #require(test.people[.owner])
        )
        let factor = try #require(
            try TestDatabase.pool.withConnection { try $0.secondFactor(of: agent.id) })
        let keys = try test.application.ownKeys
        #expect(factor.password(keys, of: owner.id) == nil)
        let secret = try password(.agent).secret
        #expect(!factor.sealedSecret.contains(secret))
    }
}
