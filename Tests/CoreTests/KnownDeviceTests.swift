import Basics
@testable import Core
import Database
import HTTP
import TestSupport
import Testing

@Suite struct KnownDeviceTests {
    @Test func guessingElsewhereLocksNobodyOutOfTheirOwnBrowser() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.agent]?.email)
        let own = test.browser(as: nil)
        try own.signIn(email)
        try own.post("/sign-out")
        let stranger = test.browser(as: nil)
        for _ in 1...SignIn.failuresPerAccount { try stranger.signIn(email, "a guess of theirs") }
        try stranger.signIn(email)
        #expect(stranger.status == 429, "the right password must wait there too")
        try own.signIn(email)
        #expect(own.isSignedIn)
    }

    @Test func guessingAtASharedAddressMakesNobodyWaitInTheirOwnBrowser() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.agent]?.email)
        let (own, stranger, address) = (test.browser(as: nil), test.browser(as: nil), "10.6.0.1")
        for browser in [own, stranger] { browser.remoteAddress = address }
        try own.signIn(email)
        try own.post("/sign-out")
        for attempt in 1...SignIn.failuresPerAddress {
            let nobody = "nobody-\(attempt)@altavista.example"
            #expect(try test.guess(nobody, from: address).status == 422)
        }
        try stranger.signIn(email)
        #expect(stranger.status == 429, "browsers that nobody used before wait")
        try own.signIn(email)
        #expect(own.isSignedIn)
    }

    @Test func aKnownBrowserMayNotGuessForEver() throws {
        let test = try TestApplication()
        let email = try #require(test.people[.agent]?.email)
        let own = test.browser(as: nil)
        try own.signIn(email)
        try own.post("/sign-out")
        for _ in 1...SignIn.failuresPerDevice { try own.signIn(email, "a guess of theirs") }
        try own.signIn(email)
        #expect(own.status == 429)
    }

    @Test func theCookieOfOnePersonIsNoneOfAnothers() throws {
        let test = try TestApplication()
        let (agent, owner) = (
            try #require(test.people[.agent]), try #require(test.people[.owner])
        )
        let browser = test.browser(as: nil)
        try browser.signIn(agent.email)
        let cookies = browser.cookies
        func request(_ cookies: [String: String]) throws -> Request {
            let header = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
            return Request(
                http: try HTTPRequest(method: .get, target: "/", headers: ["Cookie": header]),
                parameters: [:], application: test.application, now: test.clock.now, signedIn: nil)
        }
        #expect(try KnownDevice.id(of: agent.email, request(cookies)) != nil)
        #expect(try KnownDevice.id(of: owner.email, request(cookies)) == nil)
        let forged = cookies.mapValues { value in
            value.contains(".")
                ? String(value.dropLast()) + (value.hasSuffix("0") ? "1" : "0") : value
        }
        #expect(try KnownDevice.id(of: agent.email, request(forged)) == nil)
    }

    @Test(.enabled(if: SMTPSink.isAvailable, "aiosmtpd cannot be imported"))
    func aSignInFromAnotherBrowserIsToldToThePerson() throws {
        let outbox = try Outbox()
        try outbox.setOrigin()
        let (test, email) = (outbox.test, try outbox.email(.agent))
        let first = test.browser(as: nil)
        try first.signIn(email)
        try first.post("/sign-out")
        try first.signIn(email)
        try outbox.runJobs()
        #expect(try outbox.sink.messages().isEmpty, "neither the first time nor the same browser")
        let other = test.browser(as: nil)
        try other.signIn(email)
        #expect(try outbox.letter(to: email).contains("nouvel appareil") == false)
        #expect(try outbox.letter(to: email).contains("127.0.0.1"))
        let entries = try test.read {
            try $0.journal(of: .user, outbox.test.people[.agent]!.id.value)
        }
        #expect(entries.filter { $0.action == "account.signed_in" }.count == 3)
    }

    @Test func linksBeginWhereAnOwnerSignedInAndNowhereElse() throws {
        let test = try TestApplication()
        func signIn(_ role: Role, at host: String) throws {
            let browser = test.browser(as: nil)
            let email = try #require(test.people[role]?.email)
            try browser.get("/sign-in", headers: ["Host": host])
            try browser.submit("/sign-in", ["email": email, "password": TestApplication.password])
        }
        // Browsers of tests name no host in forms: what counts is that an agent's changes nothing.
        try signIn(.agent, at: "evil.example")
        #expect(try test.organisation.origin == "")
        try signIn(.owner, at: "comptoir.example")
        #expect(try test.organisation.origin == "http://localhost")
    }
}
